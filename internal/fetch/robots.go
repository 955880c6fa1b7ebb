package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

const (
	robotsBytes   = 500 << 10      // RFC 9309, 2.5
	robotsKept    = 24 * time.Hour // RFC 9309, 2.4
	robotsBadKept = 10 * time.Minute
	robotsSites   = 2000             // kept at the same time
	longestDelay  = 10 * time.Second // between two requests, however long a site asks for
)

// robots remembers what each site's robots.txt says (RFC 9309).
type robots struct {
	agent string
	now   func() time.Time

	mu    sync.Mutex
	sites map[string]*rules
}

// rules are those of one site. ready is closed when the others are set.
type rules struct {
	ready chan struct{}
	until time.Time
	group *robotstxt.Group // nil: everything is allowed
	err   error            // the file could not be had: nothing is allowed
}

func newRobots(userAgent string, now func() time.Time) *robots {
	agent, _, _ := strings.Cut(userAgent, "/")
	agent, _, _ = strings.Cut(strings.TrimSpace(agent), " ")
	return &robots{agent: agent, now: now, sites: map[string]*rules{}}
}

// allowed fails with a Failure of KindRobots when the site does not want u to
// be fetched, and with the trouble met when robots.txt could not be read. Else
// it tells how long the site wants between two requests (Crawl-delay, which
// RFC 9309 does not know and many sites write; at most ten seconds).
func (c *Client) allowed(ctx context.Context, u *url.URL) (delay time.Duration, err error) {
	var r *rules
	for {
		var first bool
		if r, first = c.robots.of(u.Scheme + "://" + u.Host); first {
			r.group, r.until, r.err = c.askRobots(ctx, u)
			close(r.ready)
		}
		select {
		case <-r.ready:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		var f Failure
		if r.err == nil || errors.As(r.err, &f) {
			break
		}
		// The one who asked gave up before there was an answer: ask again.
	}
	switch {
	case r.err != nil:
		return 0, c.noRobots(u, r.err)
	case r.group == nil:
		return 0, nil
	case r.group.Test(u.RequestURI()):
		return min(r.group.CrawlDelay, longestDelay), nil
	}
	return 0, Failure{URL: Public(u.String()), Kind: KindRobots, settled: true,
		Err: fmt.Errorf("the site's robots.txt does not allow %s to read this page", c.robots.agent)}
}

// of gives the rules of a site; first tells the caller that it is to fill them.
func (m *robots) of(site string) (r *rules, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.sites[site]; r != nil {
		select {
		case <-r.ready:
			if m.now().Before(r.until) {
				return r, false
			}
		default:
			return r, false
		}
	}
	if len(m.sites) >= robotsSites {
		clear(m.sites)
	}
	r = &rules{ready: make(chan struct{})}
	m.sites[site] = r
	return r, true
}

func (c *Client) askRobots(ctx context.Context, u *url.URL) (*robotstxt.Group, time.Time, error) {
	place := (&url.URL{Scheme: u.Scheme, Host: u.Host, User: u.User, Path: "/robots.txt"}).String()
	page, err := c.Get(ctx, Request{URL: place, MaxBytes: robotsBytes, Accept: "text/plain,*/*;q=0.5"})
	var f Failure
	switch {
	case errors.As(err, &f) && (f.Status >= 400 && f.Status < 500 && f.Status != 429 || f.Kind == KindRedirect || f.Kind == KindTooLarge || f.Kind == KindContent):
		// "Unavailable": the site has no rules (RFC 9309, 2.3.1.3). A file that
		// leads in circles or has no end is none either.
		return nil, c.now().Add(robotsKept), nil
	case ctx.Err() != nil:
		return nil, c.now(), ctx.Err() // known to nobody: the next one asks again
	case err != nil:
		return nil, c.now().Add(robotsBadKept), err
	}
	data, err := robotstxt.FromBytes(page.Body)
	if err != nil {
		return nil, c.now().Add(robotsKept), nil //nolint:nilerr // what cannot be read forbids nothing
	}
	return data.FindGroup(c.robots.agent), c.now().Add(robotsKept), nil
}

// noRobots explains why a page is not asked for. A site that cannot be reached
// at all keeps its own trouble; one that answers with 5xx or 429 forbids
// everything for the time being (RFC 9309, 2.3.1.4).
func (c *Client) noRobots(u *url.URL, err error) error {
	var f Failure
	errors.As(err, &f)
	if f.Kind == KindStatus {
		f.Kind, f.Err = KindRobots, fmt.Errorf("robots.txt cannot be read: HTTP %d", f.Status)
	}
	f.URL, f.settled = Public(u.String()), true
	return f
}
