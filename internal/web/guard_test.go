package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, s := range texts {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}

func TestWhatAnotherSiteSendsIsRefused(t *testing.T) {
	h, l := furnished(t), links(t)
	b := open(t, h).logIn()
	paths := []string{
		"/semaine-ia/subscribe", "/c/" + l.Token(track.Confirm, reader), "/p/" + l.Token(track.Preferences, reader), "/desk/login", "/desk/logout",
		"/desk/issues/" + h.in(digest.InReview).ID + "/approve", "/desk/issues/" + h.in(digest.InReview).ID + "/test", "/desk/issues/" + h.in(digest.Sending).ID + "/cancel",
	}
	for _, header := range []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"https://evil.example"}}, {"Origin": {"null"}},
	} {
		b.header = header
		for _, path := range paths {
			b.post(path, "version", "3", "address", "a@example.net", "password", password).want(t, http.StatusForbidden, "Cette demande venait d’un autre site")
		}
	}
	if h.writes != 0 {
		t.Errorf("%d changes", h.writes)
	}
	// A proxy may have rewritten Host; the public address is ours.
	b.header = http.Header{"Origin": {"https://news.example.org"}, "Sec-Fetch-Site": {"cross-site"}}
	b.post(paths[0], "address", "a@example.net").want(t, http.StatusSeeOther)
}

func TestEveryAnswerIsHardened(t *testing.T) {
	h := furnished(t)
	b := open(t, h).logIn()
	for path := range everyPage(t, h) {
		head := b.get(path).header
		csp := head.Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "default-src 'none'") ||
			head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Referrer-Policy") != "same-origin" || head.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", path, head)
		}
		mine := !strings.HasPrefix(path, "/semaine-ia/") && !strings.HasPrefix(path, "/nothing")
		if mine && (head.Get("Cache-Control") != "no-store" && !strings.Contains(head.Get("Cache-Control"), "no-cache=") || head.Get("X-Robots-Tag") == "") {
			t.Errorf("%s belongs to one person, yet may be kept: %v", path, head)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	b.post("/semaine-ia/subscribe", "address", strings.Repeat("a", maxBody)).want(t, http.StatusRequestEntityTooLarge, "C’est trop")
	b.do("POST", "/semaine-ia/subscribe", "application/x-www-form-urlencoded", "address=%zz").want(t, http.StatusBadRequest)
}

func TestAFaultBecomesAnAnswerAndALineWithoutTheToken(t *testing.T) {
	h, l := furnished(t), links(t)
	var lines strings.Builder
	o := Options{PublicURL: public, Links: l, Views: h.renderer, Now: func() time.Time { return monday }, Logger: slog.New(slog.NewTextHandler(&lines, nil))}
	handler, err := New(h, h, faulty{h}, h, o)
	if err != nil {
		t.Fatal(err)
	}
	b := visit(t, handler)
	token := l.Token(track.Unsubscribe, reader)
	b.post("/u/"+token).want(t, http.StatusInternalServerError)
	b.get("/u/"+token).want(t, http.StatusInternalServerError, "Un incident s’est produit chez nous")
	if log := lines.String(); strings.Contains(log, token) || !strings.Contains(log, "the disk is on fire") || !strings.Contains(log, "/u/{token}") {
		t.Errorf("log:\n%s", log)
	}
}

// faulty are readers of a broken house.
type faulty struct{ *house }

func (faulty) Unsubscribe(context.Context, string) (digest.Subscription, error) { panic("on purpose") }

func (faulty) Subscription(context.Context, string) (digest.Subscription, error) {
	return digest.Subscription{}, errors.New("the disk is on fire")
}

func TestTheClientIsWhoTrustedProxiesSayItIs(t *testing.T) {
	s := &site{Options: Options{TrustedProxies: prefixes("10.0.0.0/8", "::1/128")}}
	for _, c := range []struct {
		remote string
		hops   []string
		want   string
	}{
		{"203.0.113.9:55", nil, "203.0.113.9"},
		{"203.0.113.9:55", []string{"198.51.100.1"}, "203.0.113.9"}, // anybody can write a header
		{"10.0.0.1:55", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:55", []string{"6.6.6.6, 198.51.100.1, 10.0.0.7"}, "198.51.100.1"},
		{"10.0.0.1:55", []string{"6.6.6.6", "198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:55", []string{"nonsense"}, "10.0.0.1"},
		{"10.0.0.1:55", []string{""}, "10.0.0.1"},
		{"[::1]:55", []string{"2001:db8::5"}, "2001:db8::5"},
		{"[::ffff:10.0.0.1]:55", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.hops
		if got := s.client(r).String(); got != c.want {
			t.Errorf("%s via %q: got %s, want %s", c.remote, c.hops, got, c.want)
		}
	}
}

func TestOneSubscriberOfIPv6IsOneHousehold(t *testing.T) {
	a, b := household(netip.MustParseAddr("2001:db8::1")), household(netip.MustParseAddr("2001:db8::ffff:2"))
	if a != b || a == household(netip.MustParseAddr("2001:db8:0:1::1")) || household(netip.MustParseAddr("203.0.113.9")) != "203.0.113.9" {
		t.Errorf("%s, %s", a, b)
	}
}

func TestTheLimiterForgetsButStaysBounded(t *testing.T) {
	l := newLimiter(2, time.Minute)
	l.most = 100
	now := monday
	for n, want := range []bool{true, true, false} {
		if got := l.allow("a", now); got != want {
			t.Errorf("act %d: %v", n, got)
		}
	}
	if !l.allow("a", now.Add(time.Minute)) {
		t.Error("a minute later: still refused")
	}
	l.pardon("a")
	for range 2 {
		if !l.allow("a", now.Add(time.Minute)) {
			t.Error("pardoned, yet refused")
		}
	}
	for n := range 1000 {
		l.allow(fmt.Sprint(n), now.Add(time.Duration(n)*time.Second))
	}
	if len(l.keys) > 100 {
		t.Errorf("%d keys kept", len(l.keys))
	}
	if l.keys[hashed("a")] != nil || l.keys[hashed("999")] == nil {
		t.Error("the newest was forgotten, or the oldest kept")
	}
}

// The address of a log-in is a part of its form, or all of it: ten thousand
// forms are no small memory.
func TestTheLimiterHoldsOnToNoForm(t *testing.T) {
	l := newLimiter(2, time.Minute)
	inUse := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := inUse()
	for n := range 64 {
		form := fmt.Sprint(n, strings.Repeat("@", 1<<20))
		l.allow(form[:8], monday)
		l.allow(form, monday)
	}
	if grown := int64(inUse()) - int64(before); grown > 16<<20 {
		t.Errorf("128 keys keep %d MB", grown>>20)
	}
	runtime.KeepAlive(l)
}

func TestHealth(t *testing.T) {
	h := furnished(t)
	var down error
	b := open(t, h, func(o *Options) { o.Ready = func(context.Context) error { return down } })
	b.get("/healthz").want(t, http.StatusOK, "ok")
	b.get("/readyz").want(t, http.StatusOK, "ready")
	down = errors.New("no database")
	b.get("/readyz").want(t, http.StatusServiceUnavailable, "not ready")
	b.get("/healthz").want(t, http.StatusOK, "ok")
	b.get("/robots.txt").want(t, http.StatusOK, "Disallow: /desk/")
}

func TestAssetsAreKeptAsLongAsTheyAreTheSame(t *testing.T) {
	b := open(t, furnished(t))
	page := b.get("/semaine-ia/subscribe").body
	_, rest, ok := strings.Cut(page, `href="/assets/site.css`)
	query, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal("no style sheet")
	}
	a := b.get("/assets/site.css" + query)
	a.want(t, http.StatusOK, ".edition")
	if got := a.header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("cache %q", got)
	}
	if got := b.get("/assets/site.css?v=old").header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("another version: cache %q", got)
	}
	if got := b.get("/assets/progress.js").header.Get("Content-Type"); !strings.Contains(got, "javascript") {
		t.Errorf("type %q", got)
	}
	b.get("/assets/").want(t, http.StatusNotFound)
	b.get("/assets/../site/issue.html").want(t, http.StatusTemporaryRedirect)
}

func TestReservedSlugsAreTheProgramsOwnPages(t *testing.T) {
	for _, slug := range []string{"desk", "assets", "c", "u", "p", "healthz"} {
		if !Reserved(slug) {
			t.Errorf("%s would hide a newsletter", slug)
		}
	}
	if Reserved("semaine-ia") {
		t.Error("semaine-ia is reserved")
	}
}
