package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// site is a local web site that misbehaves on request. It counts what it was
// asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
}

func newSite(t *testing.T, pages map[string]http.HandlerFunc) *site {
	t.Helper()
	s := &site{asked: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path]++
		s.mu.Unlock()
		if h := pages[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// client is one for tests: loopback allowed, no waiting.
func client(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		UserAgent: "HebdoTest/1.0 (+https://example.org/bot)", Interval: -1, Backoff: time.Millisecond,
		Timeout: time.Minute, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: time.Now,
	}
	for _, c := range change {
		c(&o)
	}
	c := New(o)
	t.Cleanup(c.Close)
	return c
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

// encoded sends body with a Content-Encoding of its own.
func encoded(coding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		_, _ = w.Write(body)
	}
}

func packed(t *testing.T, w interface {
	io.WriteCloser
}, out *bytes.Buffer, body []byte) []byte {
	t.Helper()
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gzipped(t *testing.T, body []byte) []byte {
	var b bytes.Buffer
	return packed(t, gzip.NewWriter(&b), &b, body)
}

func zlibbed(t *testing.T, body []byte) []byte {
	var b bytes.Buffer
	return packed(t, zlib.NewWriter(&b), &b, body)
}

func deflated(t *testing.T, body []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, 6)
	if err != nil {
		t.Fatal(err)
	}
	return packed(t, w, &b, body)
}

func failure(t *testing.T, err error) Failure {
	t.Helper()
	var f Failure
	if !errors.As(err, &f) {
		t.Fatalf("want a Failure, got %v", err)
	}
	return f
}

func TestPagesThatFailSayWhy(t *testing.T) {
	bomb := gzipped(t, make([]byte, 8<<20))
	done := make(chan struct{})
	s := newSite(t, map[string]http.HandlerFunc{
		"/circle":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle2", http.StatusFound) },
		"/circle2": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) },
		"/endless": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/endless?"+r.URL.RawQuery+"x", http.StatusFound)
		},
		"/nowhere":    status(http.StatusFound),
		"/ftp":        status(http.StatusFound, "Location", "ftp://example.org/x"),
		"/file":       status(http.StatusFound, "Location", "file:///etc/passwd"),
		"/badtarget":  status(http.StatusFound, "Location", "http://[::1"),
		"/inside":     status(http.StatusFound, "Location", "http://127.0.0.2:9/secret"),
		"/mapped":     status(http.StatusFound, "Location", "http://[::ffff:10.0.0.1]/"),
		"/metadata":   status(http.StatusFound, "Location", "http://169.254.169.254/latest/meta-data/"),
		"/bomb":       encoded("gzip", bomb),
		"/doublebomb": encoded("gzip, gzip", gzipped(t, bomb)),
		"/large":      text(string(make([]byte, 2<<20))),
		"/brotli":     encoded("br", []byte("x")),
		"/notgzip":    encoded("gzip", []byte("plain text")),
		"/gone":       status(http.StatusGone),
		"/missing":    status(http.StatusNotFound),
		"/error":      status(http.StatusInternalServerError),
		"/overload":   status(http.StatusServiceUnavailable),
		"/304":        status(http.StatusNotModified),
		"/slow":       func(_ http.ResponseWriter, r *http.Request) { <-done },
		"/trickle": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "a")
			w.(http.Flusher).Flush()
			<-done
		},
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "<rss>")
			w.(http.Flusher).Flush() // else the transport itself asks once more on a connection it had
			panic(http.ErrAbortHandler)
		},
	})
	defer close(done)
	within := func(patience time.Duration) *Client {
		return client(t, func(o *Options) {
			o.MaxBytes, o.Timeout = 1<<20, patience
			o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		})
	}
	patient, hasty := within(time.Minute), within(300*time.Millisecond)
	tests := []struct {
		path   string
		kind   Kind
		status int
		tries  int
	}{
		{"/circle", KindRedirect, 302, 1}, {"/endless", KindRedirect, 302, 10}, {"/nowhere", KindRedirect, 302, 1},
		{"/ftp", KindRedirect, 302, 1}, {"/file", KindRedirect, 302, 1}, {"/badtarget", KindRedirect, 302, 1},
		{"/inside", KindPrivate, 0, 1}, {"/mapped", KindPrivate, 0, 1}, {"/metadata", KindPrivate, 0, 1},
		{"/bomb", KindTooLarge, 0, 1}, {"/doublebomb", KindTooLarge, 0, 1}, {"/large", KindTooLarge, 0, 1},
		{"/brotli", KindContent, 0, 1}, {"/notgzip", KindContent, 0, 1},
		{"/gone", KindStatus, 410, 1}, {"/missing", KindStatus, 404, 1}, {"/error", KindStatus, 500, 1},
		{"/overload", KindStatus, 503, 3}, {"/304", KindStatus, 304, 1},
		{"/slow", KindTimeout, 0, 1}, {"/trickle", KindTimeout, 0, 1}, {"/cut", KindNetwork, 0, 3},
	}
	for _, tt := range tests {
		t.Run(tt.path[1:], func(t *testing.T) {
			c := patient
			if tt.kind == KindTimeout {
				c = hasty
			}
			_, err := c.Get(context.Background(), Request{URL: s.URL + tt.path})
			f := failure(t, err)
			if f.Kind != tt.kind || f.Status != tt.status {
				t.Errorf("got kind %q status %d (%v), want %q %d", f.Kind, f.Status, err, tt.kind, tt.status)
			}
			if n := s.count(tt.path); n != tt.tries {
				t.Errorf("asked %d times, want %d", n, tt.tries)
			}
			if f.Gone() != (tt.status == 410) {
				t.Error("Gone is for 410 only")
			}
		})
	}
}

func TestContentCodingsAreUndone(t *testing.T) {
	body := []byte("des mots, des mots, des mots")
	s := newSite(t, map[string]http.HandlerFunc{
		"/gzip": encoded("gzip", gzipped(t, body)), "/x-gzip": encoded("x-gzip", gzipped(t, body)),
		"/twice": encoded("gzip, gzip", gzipped(t, gzipped(t, body))),
		"/zlib":  encoded("deflate", zlibbed(t, body)), "/raw": encoded("deflate", deflated(t, body)),
		"/identity": encoded("identity", body),
	})
	c := client(t)
	for _, path := range []string{"/gzip", "/x-gzip", "/twice", "/zlib", "/raw", "/identity"} {
		page, err := c.Get(context.Background(), Request{URL: s.URL + path})
		if err != nil || !bytes.Equal(page.Body, body) {
			t.Errorf("%s: got %q, %v", path, page.Body, err)
		}
	}
}

func TestAVisitIsConditional(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Last-Modified", "Mon, 02 Nov 2026 08:00:00 GMT")
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = io.WriteString(w, "<rss/>")
	}})
	c := client(t)
	first, err := c.Get(context.Background(), Request{URL: s.URL + "/feed#top"})
	if err != nil || first.ETag != `"v1"` || first.LastModified == "" || first.ContentType != "application/rss+xml" || string(first.Body) != "<rss/>" {
		t.Fatalf("got %+v, %v", first, err)
	}
	again, err := c.Get(context.Background(), Request{URL: s.URL + "/feed", ETag: first.ETag, LastModified: first.LastModified})
	if err != nil || !again.NotModified || len(again.Body) != 0 {
		t.Fatalf("got %+v, %v", again, err)
	}
	if again.ETag != first.ETag || again.LastModified != first.LastModified {
		t.Errorf("a 304 without validators must keep the old ones, got %q %q", again.ETag, again.LastModified)
	}
}

func TestRedirectsSayWhereThePageMoved(t *testing.T) {
	to := func(code int, place string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, place, code) }
	}
	s := newSite(t, map[string]http.HandlerFunc{
		"/old": to(301, "/new"), "/older": to(308, "/old"), "/detour": to(302, "/new"), "/mixed": to(301, "/detour"),
		"/new": text("here"),
	})
	c := client(t)
	for path, moved := range map[string]string{"/old": "/new", "/older": "/new", "/detour": "", "/mixed": "/detour", "/new": ""} {
		page, err := c.Get(context.Background(), Request{URL: s.URL + path})
		if err != nil || page.URL != s.URL+"/new" {
			t.Fatalf("%s: got %+v, %v", path, page, err)
		}
		want := ""
		if moved != "" {
			want = s.URL + moved
		}
		if page.PermanentURL != want {
			t.Errorf("%s: moved to %q, want %q", path, page.PermanentURL, want)
		}
	}
}

func TestThePasswordOfAnAddressIsUsedAndNeverTold(t *testing.T) {
	var user, password string
	s := newSite(t, map[string]http.HandlerFunc{
		"/feed": func(w http.ResponseWriter, r *http.Request) { user, password, _ = r.BasicAuth() },
		"/away": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://localhost:1/?x", http.StatusFound)
		},
	})
	u, _ := url.Parse(s.URL)
	c := client(t)
	page, err := c.Get(context.Background(), Request{URL: "http://anna:geheim@" + u.Host + "/feed"})
	if err != nil || user != "anna" || password != "geheim" || page.URL != s.URL+"/feed" {
		t.Fatalf("got %+v %q %q, %v", page, user, password, err)
	}
	for _, raw := range []string{
		"http://anna:geheim@" + u.Host + "/missing", "http://anna:geheim@127.0.0.1:1/", "http://anna:geheim@bad host/", "ftp://anna:geheim@x/",
		"http://anna:geheim@" + u.Host + "/away", "//anna:geheim@ho st", "anna:geheim@%zz",
	} {
		_, err := c.Get(context.Background(), Request{URL: raw})
		if f := failure(t, err); bytes.Contains([]byte(f.Error()+f.URL), []byte("geheim")) {
			t.Errorf("told: %v", f)
		}
	}
}

func TestPrivateAddressesAreRefusedByDefault(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": text("inside")})
	c := client(t, func(o *Options) { o.AllowPrivate = nil })
	u, _ := url.Parse(s.URL)
	for _, host := range []string{u.Host, "localhost:" + u.Port(), "[::1]:" + u.Port(), "[::ffff:127.0.0.1]:" + u.Port(), "0.0.0.0:" + u.Port(), "10.1.2.3", "100.64.0.1", "[fe80::1]", "[64:ff9b::a00:1]"} {
		_, err := c.Get(context.Background(), Request{URL: "http://" + host + "/"})
		if f := failure(t, err); f.Kind != KindPrivate {
			t.Errorf("%s: got %v (%s)", host, err, f.Kind)
		}
	}
	if s.count("/") != 0 {
		t.Error("the site was reached")
	}
}

func TestATimeoutOfTheCallerIsNoFailureOfTheSite(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	defer close(release)
	s := newSite(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) { asked.Add(1); <-release }})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := client(t).Get(ctx, Request{URL: s.URL})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	var f Failure
	if errors.As(err, &f) {
		t.Error("it must not be a Failure")
	}
}
