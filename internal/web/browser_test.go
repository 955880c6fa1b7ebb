package web

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browser is a visitor: it keeps cookies and says where its requests come
// from, as browsers do.
type browser struct {
	t      *testing.T
	client *http.Client
	base   string
	lang   string
	header http.Header
}

// open serves the pages over a real connection.
func open(t *testing.T, h *house, change ...func(*Options)) *browser {
	t.Helper()
	o := Options{PublicURL: public, Links: links(t), Views: h.renderer, Control: h, Now: func() time.Time { return monday }}
	for _, c := range change {
		c(&o)
	}
	handler, err := New(h, h, h, h, o)
	if err != nil {
		t.Fatal(err)
	}
	return visit(t, handler)
}

func visit(t *testing.T, handler http.Handler) *browser {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &browser{t: t, client: client, base: server.URL, lang: "fr", header: http.Header{"Sec-Fetch-Site": {"same-origin"}}}
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
}

func (b *browser) do(method, path, kind, body string) answer {
	b.t.Helper()
	r, err := http.NewRequest(method, b.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header = b.header.Clone()
	r.Header.Set("Accept-Language", b.lang)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{resp.StatusCode, string(text), resp.Header}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.do("GET", path, "", "")
}

// post sends a form of names and values.
func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, "application/x-www-form-urlencoded", form.Encode())
}

// logIn enters the desk.
func (b *browser) logIn() *browser {
	b.t.Helper()
	a := b.post("/desk/login", "address", "ada@example.org", "password", password)
	a.want(b.t, http.StatusSeeOther)
	return b
}

func (a answer) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d; location %q; body:\n%.800s", a.status, status, a.header.Get("Location"), a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page does not say %q:\n%.3000s", text, a.body)
		}
	}
}

func (a answer) wantGone(t *testing.T, to string) {
	t.Helper()
	if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != to {
		t.Fatalf("status %d to %q, want %d to %q\n%.500s", a.status, got, http.StatusSeeOther, to, a.body)
	}
}
