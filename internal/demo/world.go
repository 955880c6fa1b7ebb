package demo

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
	_ "time/tzdata" // the newsroom's clock, on machines without zone files too

	"hebdo/internal/mail/smtptest"
)

// newsroomZone is where the made-up week happens.
const newsroomZone = "Europe/Paris"

// Options of a World. The zero value of each field but Now is a sensible default.
type Options struct {
	Now    func() time.Time // asked once for the dates of the week, and for each mail that comes in
	Listen string           // of the site; empty: 127.0.0.1:0, a port of its own
	Logger *slog.Logger     // nil: none
}

// World is a running site and a running mail server.
type World struct {
	now      time.Time
	week     week
	listener net.Listener
	server   *http.Server
	served   chan error
	mail     *smtptest.Server
	pages    *template.Template // of the inbox
	log      *slog.Logger
}

// Start brings up the site and the mail server; both answer when it returns.
// The dates of the week count back from Now and stay as they are until Close.
// It fails when the address cannot be listened on.
func Start(ctx context.Context, o Options) (*World, error) {
	zone, err := time.LoadLocation(newsroomZone)
	if err != nil {
		return nil, err
	}
	w := &World{now: o.Now().In(zone), served: make(chan error, 1), log: o.Logger}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	if w.week, err = openWeek(w.now); err != nil {
		return nil, fmt.Errorf("the made-up week: %w", err)
	}
	site, err := newSite(w.week)
	if err != nil {
		return nil, fmt.Errorf("the made-up site: %w", err)
	}
	if w.pages, err = template.ParseFS(inboxFiles, "inbox/*.html"); err != nil {
		return nil, fmt.Errorf("the pages of the inbox: %w", err)
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if w.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", o.Listen); err != nil {
		return nil, fmt.Errorf("the made-up site: %w", err)
	}
	if w.mail, err = smtptest.Start(smtptest.Options{Now: o.Now}); err != nil {
		return nil, errors.Join(fmt.Errorf("the local inbox: %w", err), w.listener.Close())
	}
	w.mail.Answer(smtptest.Answer{To: goneAddress, Code: 550, Enhanced: "5.1.1", Text: "no such mailbox here"})
	w.server = &http.Server{Handler: site, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	go func() { w.served <- w.server.Serve(w.listener) }()
	w.log.Info("demo: a made-up week is served", "site", w.SiteURL(), "smtp", fmt.Sprintf("%s:%d", w.mail.Host(), w.mail.Port()))
	return w, nil
}

// Close ends both and waits for them.
func (w *World) Close() error {
	err := w.server.Close()
	if served := <-w.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, w.mail.Close())
}

// SiteURL is where a browser finds the outlets, without a final slash:
// http://127.0.0.1:34567. Each stands below its key.
func (w *World) SiteURL() string { return "http://" + w.listener.Addr().String() }

// SMTP is where the mail server listens, without TLS or log-in.
func (w *World) SMTP() (host string, port int) { return w.mail.Host(), w.mail.Port() }

// Local maps the public address of an outlet's page, or of the privacy page,
// to the one on the local site; any other address comes back as it is.
func (w *World) Local(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return address
	}
	local := url.URL{Scheme: "http", Host: w.listener.Addr().String(), Path: u.Path, RawQuery: u.RawQuery, Fragment: u.Fragment}
	o, ours := w.week.byHost(u.Host)
	switch {
	case ours:
		local.Path = "/" + o.Key + u.Path
	case u.Host != publicHost || u.Path != privacyPath:
		return address
	}
	return local.String()
}

// Transport carries requests for the outlets' hosts to the local site, over
// HTTP and with the host's name kept, and refuses all others: the
// demonstration touches nothing outside this machine.
func (w *World) Transport() http.RoundTripper {
	return road{world: w, local: &http.Transport{MaxIdleConnsPerHost: 8, IdleConnTimeout: 10 * time.Second}}
}

// road is the way from made-up hosts to the site.
type road struct {
	world *World
	local *http.Transport
}

// RoundTrip implements http.RoundTripper.
func (r road) RoundTrip(req *http.Request) (*http.Response, error) {
	if _, ok := r.world.week.byHost(req.URL.Host); !ok {
		return nil, fmt.Errorf("%s is not part of the made-up week", req.URL.Hostname())
	}
	there := req.Clone(req.Context())
	there.Host = req.URL.Host
	there.URL.Scheme, there.URL.Host = "http", r.world.listener.Addr().String()
	resp, err := r.local.RoundTrip(there)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// CloseIdleConnections lets an http.Client give back what it holds.
func (r road) CloseIdleConnections() { r.local.CloseIdleConnections() }

// Events maps a label to the public URLs of the articles that report on one
// event. The labels are for tests: nothing else may look at them.
func (w *World) Events() map[string][]string { return w.week.events() }
