// Package fetch is the one way out to the web: a client that is polite to the
// sites it visits (pace, conditional requests, robots.txt, Retry-After) and
// safe for the machine it runs on (no private addresses, no endless bodies,
// redirects or waits).
//
// It keeps no cookies, sends no referrer and uses no proxy: behind one, the
// address that is checked would be the proxy's and not the site's.
package fetch

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Options say how a Client behaves. The zero value of each field but UserAgent
// is a sensible default.
type Options struct {
	UserAgent    string         // "Hebdo/1.0 (+https://example.org/bot)"; its first word is the name robots.txt is asked for
	MaxBytes     int64          // of a body, counted after decompression; 0: 10 MiB
	Timeout      time.Duration  // of one try: connection, redirects and body; 0: 20 s
	Interval     time.Duration  // between the starts of two requests to one host; 0: 1 s; negative: none
	PerHost      int            // requests to one host at the same time; 0: 2
	Retries      int            // after the first try; 0: 2; negative: none
	Backoff      time.Duration  // before the first retry, doubled for each further one; 0: 1 s
	Patience     time.Duration  // longest wait a server may ask for in Retry-After; 0: 30 s
	AllowPrivate []netip.Prefix // addresses that are reached although they are not public, such as 127.0.0.0/8
	IgnoreRobots bool           // do not ask robots.txt even when a Request says so
	// Transport carries the requests in place of the guarded one, to a world
	// that is not the web: then nothing keeps private addresses out. nil: none.
	Transport http.RoundTripper
	Now       func() time.Time
	Logger    *slog.Logger // nil: none
}

// Request is one page to get.
type Request struct {
	URL          string
	ETag         string // of the copy already had: makes the request conditional (RFC 9110, 13)
	LastModified string
	Robots       bool   // ask the site's robots.txt first
	Accept       string // media types; empty: any
	MaxBytes     int64  // of this body; 0: the client's
	Partial      bool   // a body that breaks off is better than none, once no further try is due
}

// Page is what came back. When NotModified is set, Body is empty and the
// validators are those to keep.
type Page struct {
	URL          string // after redirects, without user information
	Status       int
	ContentType  string // header as sent
	ETag         string
	LastModified string
	Body         []byte
	NotModified  bool
	Fresh        time.Duration // how long the server says it stays as it is; 0: it does not say
	PermanentURL string        // where the site says it moved for good (301, 308); empty: it did not
	Partial      bool          // Body broke off before the end that the server announced
}

// Client gets pages. It is safe for concurrent use.
type Client struct {
	options Options
	http    http.RoundTripper
	hosts   *hosts
	robots  *robots
	now     func() time.Time
	log     *slog.Logger
}

// New makes a client. Options.Now is needed.
func New(o Options) *Client {
	o.MaxBytes = or(o.MaxBytes, 10<<20)
	o.Timeout = or(o.Timeout, 20*time.Second)
	o.Interval = or(o.Interval, time.Second)
	o.PerHost = or(o.PerHost, 2)
	o.Retries = or(o.Retries, 2)
	o.Backoff = or(o.Backoff, time.Second)
	o.Patience = or(o.Patience, 30*time.Second)
	o.UserAgent = or(o.UserAgent, "Hebdo")
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Transport == nil {
		o.Transport = transport(o)
	}
	return &Client{
		options: o,
		http:    o.Transport,
		hosts:   newHosts(o.PerHost),
		robots:  newRobots(o.UserAgent, o.Now),
		now:     o.Now,
		log:     o.Logger,
	}
}

// Close gives back idle connections.
func (c *Client) Close() {
	if idle, ok := c.http.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// Get brings a page, or 304 for a conditional request. It fails with a
// Failure when the page could not be had, and with the error of ctx when ctx
// ended first.
//
// Network trouble and 429, 502, 503 and 504 are tried again; a host that
// cannot be connected to is then left alone for a minute, and one that asks
// for more patience than the client has, for as long as it asks (at most an
// hour): meanwhile requests to it fail at once with the same Failure.
func (c *Client) Get(ctx context.Context, r Request) (Page, error) {
	u, err := parse(r.URL)
	if err != nil {
		return Page{}, Failure{URL: Public(r.URL), Kind: KindAddress, Err: err}
	}
	for try := 0; ; try++ {
		page, err := c.attempt(ctx, u, r)
		if err == nil {
			return page, nil
		}
		if ctx.Err() != nil {
			return Page{}, ctx.Err()
		}
		var f Failure
		if !errors.As(err, &f) {
			return Page{}, err
		}
		wait, again := c.again(f, try)
		switch {
		case again:
		case r.Partial && page.Partial:
			return page, nil
		default:
			return Page{}, f
		}
		host := hostOf(f.URL)
		c.log.Debug("fetch: trying again", "host", host, "after", wait, "kind", f.Kind, "status", f.Status)
		if err := c.hosts.pause(ctx, host, wait); err != nil {
			return Page{}, err
		}
	}
}

// parse accepts absolute http and https URLs only.
func parse(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, bare(err)
	}
	if err := acceptable(u); err != nil {
		return nil, err
	}
	u.Fragment = ""
	return u, nil
}

func or[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}
