package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxRedirects is how many a request follows; RFC 9110 gives no number, ten is
// what browsers and feed readers agree on within a factor of two.
const maxRedirects = 10

// attempt follows one request to its end. Its hops have Options.Timeout between
// them, for ten slow ones are no better than one; waiting for a turn at a host is
// not counted. With an error, the page is what came of it before the connection broke.
func (c *Client) attempt(ctx context.Context, start *url.URL, r Request) (Page, error) {
	var (
		at        = start
		been      = []string{at.String()}
		permanent = true
		moved     string
		left      = c.options.Timeout
	)
	for hop := 0; ; hop++ {
		pace := c.options.Interval
		if r.Robots && !c.options.IgnoreRobots {
			asked, err := c.allowed(ctx, at)
			if err != nil {
				return Page{}, err
			}
			pace = max(pace, asked)
		}
		page, next, err := c.exchange(ctx, at, r, pace, &left)
		if err != nil || next == nil {
			page.PermanentURL = moved
			return page, err
		}
		permanent = permanent && (page.Status == http.StatusMovedPermanently || page.Status == http.StatusPermanentRedirect)
		if permanent {
			moved = Public(next.String())
		}
		switch {
		case slices.Contains(been, next.String()):
			return Page{}, redirected(at, page.Status, "the site redirects in a circle")
		case hop+1 >= maxRedirects:
			return Page{}, redirected(at, page.Status, fmt.Sprintf("more than %d redirects", maxRedirects))
		}
		at, been = next, append(been, next.String())
	}
}

// exchange is one HTTP request and its answer, pace after which the host may be
// asked again. It takes no longer than what is left of the try, and takes that
// off. next is set when the answer is a redirect.
func (c *Client) exchange(ctx context.Context, u *url.URL, r Request, pace time.Duration, left *time.Duration) (page Page, next *url.URL, err error) {
	release, err := c.hosts.enter(ctx, laneOf(u), pace)
	if err != nil {
		return Page{}, nil, c.hosts.explain(u, err)
	}
	defer release()
	// From here the clock runs: waiting for one's turn is not the site's fault.
	begun := c.now()
	defer func() { *left -= c.now().Sub(begun) }()
	ctx, cancel := context.WithTimeout(ctx, *left)
	defer cancel()

	resp, err := c.http.RoundTrip(c.request(ctx, u, r))
	if err != nil {
		return Page{}, nil, c.trouble(ctx, u, err)
	}
	defer resp.Body.Close()
	page = Page{
		URL: Public(u.String()), Status: resp.StatusCode, ContentType: resp.Header.Get("Content-Type"),
		ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), Fresh: fresh(resp.Header, c.now()),
	}
	c.log.Debug("fetch: answer", "host", u.Host, "status", resp.StatusCode)
	switch {
	case resp.StatusCode == http.StatusNotModified && (r.ETag != "" || r.LastModified != ""):
		page.NotModified = true
		page.ETag, page.LastModified = or(page.ETag, r.ETag), or(page.LastModified, r.LastModified)
		return page, nil, nil
	case redirect(resp.StatusCode):
		drain(resp.Body)
		next, err = target(u, resp)
		return page, next, err
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		drain(resp.Body)
		return Page{}, nil, Failure{URL: page.URL, Status: resp.StatusCode, Kind: KindStatus, RetryAfter: c.retryAfter(resp)}
	}
	page.Body, err = body(resp, or(r.MaxBytes, c.options.MaxBytes))
	if err != nil {
		page.Partial = errors.Is(err, io.ErrUnexpectedEOF) && len(page.Body) > 0
		return page, nil, c.trouble(ctx, u, err)
	}
	return page, nil, nil
}

func (c *Client) request(ctx context.Context, u *url.URL, r Request) *http.Request {
	req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}}).WithContext(ctx)
	req.Header.Set("User-Agent", c.options.UserAgent)
	req.Header.Set("Accept", or(r.Accept, "*/*"))
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
	if u.User != nil {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	return req
}

// trouble makes a Failure of an error of the exchange.
func (c *Client) trouble(ctx context.Context, u *url.URL, err error) error {
	var known Failure
	if errors.As(err, &known) {
		known.URL = Public(u.String())
		return known
	}
	f := broken(u, err)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		f.Kind = KindTimeout
		if !dialling(err) {
			f.Err = fmt.Errorf("no complete answer within %v", c.options.Timeout)
		}
	}
	return f
}

func redirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func redirected(u *url.URL, status int, why string) Failure {
	return Failure{URL: Public(u.String()), Status: status, Kind: KindRedirect, Err: errors.New(why)}
}

// target is where a redirect leads. User information in it is dropped: a site
// does not tell the client who to be.
func target(u *url.URL, resp *http.Response) (*url.URL, error) {
	place := strings.TrimSpace(resp.Header.Get("Location"))
	if place == "" {
		return nil, redirected(u, resp.StatusCode, "a redirect without a target")
	}
	to, err := u.Parse(place)
	if err != nil {
		return nil, redirected(u, resp.StatusCode, "a redirect to what is no URL")
	}
	to.User, to.Fragment = nil, ""
	if to.Host == u.Host && to.Scheme == u.Scheme {
		to.User = u.User
	}
	if err := acceptable(to); err != nil {
		return nil, Failure{URL: Public(u.String()), Status: resp.StatusCode, Kind: KindRedirect, Err: err}
	}
	return to, nil
}

// acceptable refuses what is not an http(s) URL with a host.
func acceptable(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("only http and https addresses can be fetched, not %q", u.Scheme)
	}
	if u.Hostname() == "" {
		return errors.New("the address names no host")
	}
	return nil
}

// drain reads what little may be left, so that the connection can be used again.
func drain(r io.Reader) { _, _ = io.CopyN(io.Discard, r, 16<<10) }
