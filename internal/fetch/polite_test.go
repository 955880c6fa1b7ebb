package fetch

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// failing answers with the code until it was asked n times, then with "ok".
func failing(n int32, code int, headers ...string) http.HandlerFunc {
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) <= n {
			status(code, headers...)(w, r)
			return
		}
		_, _ = io.WriteString(w, "ok")
	}
}

func TestWhatMayPassIsTriedAgain(t *testing.T) {
	var reset atomic.Int32
	s := newSite(t, map[string]http.HandlerFunc{
		"/429": failing(1, 429), "/502": failing(2, 502), "/503": failing(1, 503, "Retry-After", "0"), "/504": failing(2, 504),
		"/500": failing(1, 500), "/reset": func(w http.ResponseWriter, _ *http.Request) {
			if reset.Add(1) == 1 {
				conn, _, _ := w.(http.Hijacker).Hijack()
				conn.Close()
				return
			}
			_, _ = io.WriteString(w, "ok")
		},
	})
	c := client(t)
	for path, ok := range map[string]bool{"/429": true, "/502": true, "/503": true, "/504": true, "/reset": true, "/500": false} {
		page, err := c.Get(context.Background(), Request{URL: s.URL + path})
		if (err == nil) != ok || ok && string(page.Body) != "ok" {
			t.Errorf("%s: got %q, %v", path, page.Body, err)
		}
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": failing(1, 429, "Retry-After", "1")})
	start := time.Now()
	if _, err := client(t).Get(context.Background(), Request{URL: s.URL}); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(start); d < time.Second || d > time.Minute {
		t.Errorf("waited %v, want a second", d)
	}
}

func TestAHostThatAsksForMoreThanOurPatienceIsLeftAlone(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	date := now.Add(2 * time.Hour).Format(http.TimeFormat)
	s := newSite(t, map[string]http.HandlerFunc{"/a": status(429, "Retry-After", date), "/b": text("b")})
	c := client(t, func(o *Options) { o.Now = func() time.Time { return now } })
	_, err := c.Get(context.Background(), Request{URL: s.URL + "/a"})
	if f := failure(t, err); f.Status != 429 || f.RetryAfter != 2*time.Hour {
		t.Fatalf("got %+v", f)
	}
	_, err = c.Get(context.Background(), Request{URL: s.URL + "/b"})
	if f := failure(t, err); f.Status != 429 || f.URL != s.URL+"/b" {
		t.Errorf("got %+v", f)
	}
	if s.count("/a") != 1 || s.count("/b") != 0 {
		t.Error("the host was asked again")
	}
}

func TestADeadHostIsAskedOnceAndSlowsNobody(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + listener.Addr().String()
	listener.Close()
	block := make(chan struct{})
	slow := newSite(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) { <-block }})
	good := newSite(t, map[string]http.HandlerFunc{"/": text("ok")})
	c := client(t)

	var waiting sync.WaitGroup
	for range 5 {
		waiting.Go(func() { _, _ = c.Get(context.Background(), Request{URL: slow.URL}) })
	}
	for range 3 {
		_, err := c.Get(context.Background(), Request{URL: dead})
		if f := failure(t, err); f.Kind != KindRefused {
			t.Errorf("got %v (%s)", err, f.Kind)
		}
	}
	start := time.Now()
	if _, err := c.Get(context.Background(), Request{URL: good.URL}); err != nil {
		t.Error(err)
	}
	if d := time.Since(start); d > 30*time.Second {
		t.Errorf("a good host took %v", d)
	}
	close(block)
	waiting.Wait()
}

func TestRequestsToOneHostKeepTheirDistance(t *testing.T) {
	var under, most atomic.Int32
	s := newSite(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) {
		n := under.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(50 * time.Millisecond)
		under.Add(-1)
	}})
	c := client(t, func(o *Options) { o.Interval, o.PerHost = 20*time.Millisecond, 2 })
	var all sync.WaitGroup
	start := time.Now()
	for range 6 {
		all.Go(func() {
			if _, err := c.Get(context.Background(), Request{URL: s.URL}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if d := time.Since(start); d < 5*20*time.Millisecond {
		t.Errorf("six requests took only %v", d)
	}
	if most.Load() > 2 {
		t.Errorf("%d requests at the same time, want at most 2", most.Load())
	}
	remembered := func() int {
		c.hosts.mu.Lock()
		defer c.hosts.mu.Unlock()
		return len(c.hosts.lanes)
	}
	for begun := time.Now(); remembered() > 0 && time.Since(begun) < time.Minute; {
		time.Sleep(5 * time.Millisecond)
	}
	if n := remembered(); n != 0 {
		t.Errorf("%d hosts are still remembered", n)
	}
}

func TestRobotsAreAskedOnceAndObeyed(t *testing.T) {
	rules := "User-agent: *\nDisallow: /\n\nUser-agent: hebdotest\nDisallow: /private\nDisallow: /*?print=\n"
	s := newSite(t, map[string]http.HandlerFunc{
		"/robots.txt": text(rules), "/": text("ok"), "/private/x": text("no"), "/page": text("ok"),
		"/hop": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/private/x", http.StatusFound) },
	})
	c := client(t)
	for path, ok := range map[string]bool{"/": true, "/page": true, "/private/x": false, "/page?print=1": false, "/hop": false} {
		_, err := c.Get(context.Background(), Request{URL: s.URL + path, Robots: true})
		if ok != (err == nil) {
			t.Errorf("%s: %v", path, err)
		}
		if !ok && failure(t, err).Kind != KindRobots {
			t.Errorf("%s: %v", path, err)
		}
	}
	if s.count("/robots.txt") != 1 || s.count("/private/x") != 0 {
		t.Errorf("robots.txt asked %d times, the private page %d times", s.count("/robots.txt"), s.count("/private/x"))
	}
	if _, err := c.Get(context.Background(), Request{URL: s.URL + "/private/x"}); err != nil {
		t.Errorf("without Robots the file is not asked: %v", err)
	}
	if _, err := client(t, func(o *Options) { o.IgnoreRobots = true }).Get(context.Background(), Request{URL: s.URL + "/private/x", Robots: true}); err != nil {
		t.Errorf("IgnoreRobots: %v", err)
	}
}

func TestASiteThatAsksForADelayGetsIt(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/robots.txt": text("User-agent: *\nCrawl-delay: 0.1\n"), "/": text("ok")})
	c := client(t)
	start := time.Now()
	for range 4 {
		if _, err := c.Get(t.Context(), Request{URL: s.URL, Robots: true}); err != nil {
			t.Error(err)
		}
	}
	if d := time.Since(start); d < 300*time.Millisecond {
		t.Errorf("four pages took only %v", d)
	}
}

func TestRobotsThatCannotBeRead(t *testing.T) {
	tests := []struct {
		name   string
		robots http.HandlerFunc
		kind   Kind // empty: the page is read
	}{
		{"missing: no rules (RFC 9309, 2.3.1.3)", status(404), ""},
		{"forbidden: no rules", status(403), ""},
		{"broken: no page (RFC 9309, 2.3.1.4)", status(500), KindRobots},
		{"overloaded: no page", status(503), KindRobots},
		{"a web page: no rules", text("<!doctype html><p>Bienvenue"), ""},
		{"noise: no rules", text("\x00\xff:::\nDisallow"), ""},
		{"endless: no rules", text(strings.Repeat("Disallow: /x\n", 60000)), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/robots.txt": tt.robots, "/": text("ok")})
			c := client(t)
			for range 2 {
				_, err := c.Get(context.Background(), Request{URL: s.URL, Robots: true})
				if tt.kind == "" && err != nil || tt.kind != "" && failure(t, err).Kind != tt.kind {
					t.Errorf("got %v, want %q", err, tt.kind)
				}
			}
			if n := s.count("/robots.txt"); n > 3 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

func TestRobotsAreAskedAgainWhenTheFirstAskerGaveUp(t *testing.T) {
	release := make(chan struct{})
	var asked atomic.Int32
	s := newSite(t, map[string]http.HandlerFunc{"/": text("ok"), "/robots.txt": func(http.ResponseWriter, *http.Request) {
		if asked.Add(1) == 1 {
			<-release
		}
	}})
	c := client(t)
	hasty, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := c.Get(hasty, Request{URL: s.URL, Robots: true}); err == nil {
			t.Error("the hasty one got a page")
		}
	})
	for asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	all.Go(func() {
		if _, err := c.Get(context.Background(), Request{URL: s.URL, Robots: true}); err != nil {
			t.Error(err)
		}
	})
	time.Sleep(10 * time.Millisecond)
	cancel()
	all.Wait()
	close(release)
}

func TestACertificateNobodySignedIsATLSFailure(t *testing.T) {
	s := httptest.NewTLSServer(text("ok"))
	defer s.Close()
	s.Config.ErrorLog = nil
	_, err := client(t).Get(context.Background(), Request{URL: s.URL})
	if f := failure(t, err); f.Kind != KindTLS {
		t.Errorf("got %v (%s)", err, f.Kind)
	}
	plain := newSite(t, map[string]http.HandlerFunc{"/": text("ok")})
	_, err = client(t).Get(context.Background(), Request{URL: strings.Replace(plain.URL, "http:", "https:", 1)})
	if f := failure(t, err); f.Kind != KindTLS {
		t.Errorf("no TLS at all: got %v (%s)", err, f.Kind)
	}
}

func TestAnUnknownNameIsADNSFailure(t *testing.T) {
	err := fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x.invalid", IsNotFound: true}})
	if k := kindOf(err); k != KindDNS {
		t.Errorf("got %s", k)
	}
	if k := kindOf(&net.DNSError{IsTimeout: true}); k != KindTimeout {
		t.Errorf("a resolver that does not answer: got %s", k)
	}
}

func TestTheClientSaysWhoItIs(t *testing.T) {
	var got http.Header
	s := newSite(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		http.SetCookie(w, &http.Cookie{Name: "spy", Value: "1"})
	}})
	c := client(t)
	for range 2 {
		if _, err := c.Get(context.Background(), Request{URL: s.URL, Accept: "text/html"}); err != nil {
			t.Fatal(err)
		}
	}
	if got.Get("User-Agent") != "HebdoTest/1.0 (+https://example.org/bot)" || got.Get("Accept") != "text/html" {
		t.Errorf("got %v", got)
	}
	if got.Get("Cookie") != "" || got.Get("Referer") != "" {
		t.Errorf("told too much: %v", got)
	}
}
