package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/collect"
	"hebdo/internal/digest"
)

// friday is when the tests look at the week.
func friday() time.Time { return time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC) }

func start(t *testing.T) *World {
	t.Helper()
	w, err := Start(context.Background(), Options{Now: friday})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return w
}

type answer struct {
	status int
	header http.Header
	body   string
}

// get asks for an address, by way of the world's transport where one is given.
func get(t *testing.T, road http.RoundTripper, address string, fields ...string) answer {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		req.Header.Set(fields[i], fields[i+1])
	}
	resp, err := (&http.Client{Transport: road}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func roadTo(t *testing.T, w *World) http.RoundTripper {
	t.Helper()
	r := w.Transport()
	t.Cleanup(func() { (&http.Client{Transport: r}).CloseIdleConnections() })
	return r
}

func TestEveryFeedParsesAndListsItsArticles(t *testing.T) {
	w := start(t)
	r := roadTo(t, w)
	for _, o := range w.week.outlets {
		if o.Kind == plain {
			continue
		}
		t.Run(o.Key, func(t *testing.T) {
			a := get(t, r, o.Home()+o.Feed)
			f, err := collect.ParseFeed([]byte(a.body), o.Home()+o.Feed)
			if err != nil {
				t.Fatalf("%v\n%s", err, a.body)
			}
			if f.Title != o.Name || f.Language != o.Language {
				t.Errorf("feed is %q in %q", f.Title, f.Language)
			}
			entries := w.week.of(o.Key)
			if len(f.Entries) != len(entries) {
				t.Fatalf("%d entries, want %d", len(f.Entries), len(entries))
			}
			for i, got := range f.Entries {
				want := entries[i]
				if got.Title != breakable(want.Title) || got.URL != want.URL() || got.Authors[0] != want.Author {
					t.Errorf("entry %d: %q %s %v", i, got.Title, got.URL, got.Authors)
				}
				if want.Special == undated != got.Published.IsZero() || !got.Published.IsZero() && !got.Published.Equal(want.Published) {
					t.Errorf("entry %d: published %v, want %v", i, got.Published, want.Published)
				}
				if got.Summary == "" && got.Content == "" {
					t.Errorf("entry %d says nothing of its article", i)
				}
			}
		})
	}
}

func TestFeedsAnswerConditionalRequests(t *testing.T) {
	w := start(t)
	r := roadTo(t, w)
	o := w.week.outlets[0]
	first := get(t, r, o.Home()+o.Feed)
	etag, modified := first.header.Get("ETag"), first.header.Get("Last-Modified")
	if etag == "" || modified == "" {
		t.Fatalf("validators %q and %q", etag, modified)
	}
	for name, fields := range map[string][]string{"ETag": {"If-None-Match", etag}, "date": {"If-Modified-Since", modified}} {
		if a := get(t, r, o.Home()+o.Feed, fields...); a.status != http.StatusNotModified || a.body != "" {
			t.Errorf("by %s: %d with %d bytes, want 304 with none", name, a.status, len(a.body))
		}
	}
}

func TestEveryArticleAnswersAsItShould(t *testing.T) {
	w := start(t)
	r := roadTo(t, w)
	for _, e := range w.week.entries {
		a := get(t, r, e.URL())
		switch e.Special {
		case gone:
			if a.status != http.StatusNotFound {
				t.Errorf("%s answers %d, want 404", e.URL(), a.status)
			}
			continue
		case wall:
			if !strings.Contains(a.body, "847 partenaires") || strings.Contains(a.body, e.Lead()) {
				t.Errorf("%s is no wall", e.URL())
			}
		case latin1:
			continue // has a test of its own
		default:
			for _, b := range e.Blocks {
				if !strings.Contains(a.body, escaped(b.Text)) {
					t.Errorf("%s lacks %q", e.URL(), b.Text)
				}
			}
		}
		if a.status != http.StatusOK {
			t.Errorf("%s answers %d", e.URL(), a.status)
		}
	}
}

// breakable is a text as collect gives it: with plain spaces.
func breakable(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

// escaped is a text as html/template writes it.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "'", "&#39;", `"`, "&#34;", "+", "&#43;").Replace(s)
}

func TestThePageInISO88591IsThatInBytesAndHeader(t *testing.T) {
	w := start(t)
	for _, e := range w.week.entries {
		if e.Special != latin1 {
			continue
		}
		a := get(t, roadTo(t, w), e.URL())
		if got := a.header.Get("Content-Type"); got != "text/html; charset=ISO-8859-1" {
			t.Errorf("Content-Type %q", got)
		}
		if !strings.Contains(a.body, `<meta charset="ISO-8859-1">`) {
			t.Error("the page itself does not name its character set")
		}
		if !strings.Contains(a.body, "a cru reconna\xeetre la voix") || strings.Contains(a.body, "reconnaî") {
			t.Error("the page is not in ISO-8859-1")
		}
		if !strings.Contains(a.body, "d&#8217;intelligence") {
			t.Error("what the set lacks should be a character reference")
		}
	}
}

func TestPlainOutletsLinkToTheirArticlesFromTheFrontPage(t *testing.T) {
	w := start(t)
	r := roadTo(t, w)
	for _, o := range w.week.outlets {
		index := get(t, r, o.Home()+"/")
		for _, e := range w.week.of(o.Key) {
			if got, want := strings.Contains(index.body, `href="./`+e.Path()[1:]+`"`), e.Special != gone; got != want {
				t.Errorf("front page of %s links to %s: %v, want %v", o.Name, e.Slug, got, want)
			}
		}
		for _, path := range o.service {
			if a := get(t, r, o.Home()+path); a.status != http.StatusOK {
				t.Errorf("%s%s answers %d", o.Host, path, a.status)
			}
		}
		if a := get(t, r, o.Home()+"/robots.txt"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "User-agent: *") {
			t.Errorf("robots.txt of %s: %d %q", o.Host, a.status, a.body)
		}
	}
}

func TestABrowserFindsEveryPageOnTheLocalSite(t *testing.T) {
	w := start(t)
	for _, e := range w.week.entries {
		public, local := get(t, roadTo(t, w), e.URL()), get(t, nil, w.Local(e.URL()))
		if public.status != local.status || public.body != local.body {
			t.Errorf("%s: the local site shows another page (%d) than the public host (%d)", e.URL(), local.status, public.status)
		}
	}
	for _, path := range []string{"/", "/robots.txt", "/echo/", "/echo/feed/", privacyPath} {
		if a := get(t, nil, w.SiteURL()+path); a.status != http.StatusOK {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
	if got := w.Local(w.Newsletter().PrivacyURL); got != w.SiteURL()+privacyPath {
		t.Errorf("privacy page at %s", got)
	}
	if a := get(t, nil, w.SiteURL()+"/nowhere/at/all"); a.status != http.StatusNotFound {
		t.Errorf("what is not there answers %d", a.status)
	}
}

func TestTheTransportLeadsNowhereElse(t *testing.T) {
	w := start(t)
	for _, address := range []string{"https://example.org/", "http://127.0.0.1:1/", "https://" + publicHost + "/"} {
		resp, err := (&http.Client{Transport: roadTo(t, w)}).Get(address)
		if err == nil {
			resp.Body.Close()
			t.Errorf("%s was answered", address)
		}
	}
}

func TestTheSameClockGivesTheSameBytes(t *testing.T) {
	a, b := start(t), start(t)
	for _, e := range a.week.entries {
		if diff := cmp.Diff(get(t, roadTo(t, a), e.URL()).body, get(t, roadTo(t, b), e.URL()).body); diff != "" {
			t.Errorf("%s differs: %s", e.URL(), diff)
		}
	}
	for _, o := range a.week.outlets {
		if diff := cmp.Diff(get(t, roadTo(t, a), o.Home()+o.Feed).body, get(t, roadTo(t, b), o.Home()+o.Feed).body); diff != "" {
			t.Errorf("feed of %s differs: %s", o.Name, diff)
		}
	}
	if diff := cmp.Diff(a.Newsletter(), b.Newsletter()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(a.Subscribers(), b.Subscribers()); diff != "" {
		t.Error(diff)
	}
}

func TestTheNewsletterReadsEveryOutlet(t *testing.T) {
	w := start(t)
	n := w.Newsletter()
	if len(n.Sources) != 8 || n.MainLanguage() != digest.French || n.Review.Mode != digest.ReviewRequired {
		t.Errorf("newsletter: %+v", n)
	}
	for i, s := range n.Sources {
		o := w.week.outlets[i]
		want := digest.SourceFeed
		if o.Kind == plain {
			want = digest.SourcePage
		}
		if s.Kind != want || s.Name != o.Name || s.Language != o.Language || s.Newsletter != n.Slug {
			t.Errorf("source %d: %+v", i, s)
		}
		if a := get(t, roadTo(t, w), s.URL); a.status != http.StatusOK {
			t.Errorf("%s answers %d", s.URL, a.status)
		}
	}
}

func TestEventsNameAddressesOfArticles(t *testing.T) {
	w := start(t)
	for event, addresses := range w.Events() {
		if len(addresses) < 2 {
			t.Errorf("%s: %v", event, addresses)
		}
		for _, address := range addresses {
			if a := get(t, roadTo(t, w), address); a.status != http.StatusOK {
				t.Errorf("%s: %s answers %d", event, address, a.status)
			}
		}
	}
}

// post hands a mail to the world's server as any program would.
func post(w *World, to, message string) error {
	host, port := w.SMTP()
	return smtp.SendMail(fmt.Sprintf("%s:%d", host, port), nil, "bounce@"+publicHost, []string{to}, []byte(strings.ReplaceAll(message, "\n", "\r\n")))
}

func TestFiveReadersOfWhomOneIsRefusedAndOneHasLeft(t *testing.T) {
	w := start(t)
	languages, refused, left := map[digest.Language]int{}, 0, 0
	for _, s := range w.Subscribers() {
		err := post(w, s.Subscriber.Address, "Subject: Bonjour\n\nTexte.\n")
		var no *textproto.Error
		switch {
		case errors.As(err, &no):
			if refused++; no.Code != 550 || !strings.HasPrefix(no.Msg, "5.1.1 ") {
				t.Errorf("refused with %v", no)
			}
		case err != nil:
			t.Fatal(err)
		case s.State == digest.Unsubscribed:
			left++
		default:
			languages[s.Language]++
		}
	}
	if languages[digest.French] != 2 || languages[digest.English] != 1 || refused != 1 || left != 1 {
		t.Errorf("languages %v, refused %d, left %d", languages, refused, left)
	}
	mail := w.Mail()
	if len(mail) != 4 || !bytes.Contains(mail[0].Data, []byte("Subject: Bonjour\r\n")) || !mail[0].At.Equal(friday()) {
		t.Errorf("%d mails, the first %+v", len(mail), mail[0])
	}
}

func TestCloseEndsEverything(t *testing.T) {
	w, err := Start(context.Background(), Options{Now: friday})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if resp, err := http.Get(w.SiteURL()); err == nil {
		resp.Body.Close()
		t.Error("the site still answers")
	}
	if err := post(w, "a@b.example", "Subject: x\n\nx\n"); err == nil {
		t.Error("the mail server still answers")
	}
}

func TestAnAddressInUseIsSaidPlainly(t *testing.T) {
	w := start(t)
	_, err := Start(context.Background(), Options{Now: friday, Listen: strings.TrimPrefix(w.SiteURL(), "http://")})
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("error %v", err)
	}
}
