package extract

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

var today = time.Date(2026, 2, 12, 6, 0, 0, 0, time.UTC)

// site serves pages by path; what it does not know is a 404.
type site struct {
	*httptest.Server
	asked atomic.Int32
}

func serve(t *testing.T, pages map[string]http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			s.asked.Add(1)
		}
		if h, ok := pages[r.URL.Path]; ok {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func send(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		fmt.Fprint(w, body)
	}
}

func extractor(t *testing.T) *Extractor {
	t.Helper()
	c := fetch.New(fetch.Options{Now: func() time.Time { return today }, Interval: -1, Retries: -1, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(c.Close)
	return New(c, Options{Now: func() time.Time { return today }, Zone: paris(t)})
}

func TestFillGoesTheRealWay(t *testing.T) {
	whole := "<p>" + strings.Repeat("The feed gave the whole text along, sentence by sentence. ", 8) + "</p>"
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": send("text/plain", "User-agent: *\nDisallow: /forbidden"),
		"/fr":         send("text/html", string(readFile(t, "testdata/page.fr.html"))),
		"/wall":       send("text/html; charset=utf-8", "<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>"),
		"/short":      send("text/html; charset=utf-8", "<title>Brève du port de Brest</title><article><h1>Brève du port de Brest</h1><p>Le ferry partira avec une heure de retard.</p></article>"),
		"/empty":      send("text/html; charset=utf-8", "<title>Rien</title>"),
		"/pdf":        send("application/pdf", "%PDF-1.7"),
		"/note.txt":   send("text/plain; charset=utf-8", "A note\n\n"+strings.Repeat("It is plain text, and it is read as such. ", 10)),
		"/busy":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"/forbidden":  send("text/html", "<p>secret</p>"),
		"/moved":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/fr", http.StatusFound) },
	})
	type result struct {
		Kind  digest.ArticleKind
		State digest.ArticleState
		Note  string
		Text  string // its beginning
	}
	feed := digest.Raw{Type: "text/html", Body: []byte(whole)}
	cases := []struct {
		name string
		in   digest.Article
		want result
	}{
		{"a page", digest.Article{URL: s.URL + "/fr"}, result{digest.KindArticle, digest.ArticleExtracted, "", "Depuis lundi"}},
		{"a redirect", digest.Article{URL: s.URL + "/moved"}, result{digest.KindArticle, digest.ArticleExtracted, "", "Depuis lundi"}},
		{"gone", digest.Article{URL: s.URL + "/gone"}, result{digest.KindError, digest.ArticleExtracted, "page.unreachable", ""}},
		{"gone, but the feed has it", digest.Article{URL: s.URL + "/gone", Raw: feed}, result{digest.KindArticle, digest.ArticleExtracted, "", "The feed gave"}},
		{"a wall", digest.Article{URL: s.URL + "/wall"}, result{digest.KindWall, digest.ArticleExtracted, "page.wall", ""}},
		{"a wall, but the feed has it", digest.Article{URL: s.URL + "/wall", Raw: feed}, result{digest.KindArticle, digest.ArticleExtracted, "", "The feed gave"}},
		{"short", digest.Article{URL: s.URL + "/short"}, result{digest.KindArticle, digest.ArticleExtracted, "page.short", "Le ferry"}},
		{"empty", digest.Article{URL: s.URL + "/empty"}, result{digest.KindArticle, digest.ArticleExtracted, "page.empty", ""}},
		{"no text at all", digest.Article{URL: s.URL + "/pdf"}, result{digest.KindError, digest.ArticleExtracted, "page.type", ""}},
		{"plain text", digest.Article{URL: s.URL + "/note.txt"}, result{digest.KindArticle, digest.ArticleExtracted, "", "It is plain"}},
		{"a passing fault", digest.Article{URL: s.URL + "/busy"}, result{"", digest.ArticleFound, "page.retry", ""}},
		{"a passing fault, but the feed has it", digest.Article{URL: s.URL + "/busy", Raw: feed}, result{digest.KindArticle, digest.ArticleExtracted, "", "The feed gave"}},
		{"robots.txt", digest.Article{URL: s.URL + "/forbidden"}, result{digest.KindError, digest.ArticleExtracted, "page.robots", ""}},
		{"a file", digest.Article{Raw: digest.Raw{Type: "text/plain", Body: readFile(t, "testdata/pasted.fr.txt")}}, result{digest.KindArticle, digest.ArticleExtracted, "", "À Nantes"}},
		{"a page as a file", digest.Article{Raw: digest.Raw{Type: "text/html", Body: readFile(t, "testdata/page.fr.html")}}, result{digest.KindArticle, digest.ArticleExtracted, "", "Depuis lundi"}},
		{"Markdown", digest.Article{Raw: digest.Raw{Type: "text/markdown", Body: []byte("# A note\n\n" + strings.Repeat("It is *marked* text. ", 20))}}, result{digest.KindArticle, digest.ArticleExtracted, "", "It is marked"}},
		{"done before", digest.Article{URL: s.URL + "/gone", State: digest.ArticleExtracted, Text: "old"}, result{"", digest.ArticleExtracted, "", "old"}},
	}
	var in []digest.Article
	for _, c := range cases {
		a := c.in
		if a.State == "" {
			a.State = digest.ArticleFound
		}
		a.ID, a.Seen = c.name, c.name
		in = append(in, a)
	}
	out, notes, err := extractor(t).Fill(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	byWhere := map[string][]digest.Note{}
	for _, n := range notes {
		byWhere[n.Where] = append(byWhere[n.Where], n)
	}
	for i, c := range cases {
		a := out[i]
		got := result{a.Kind, a.State, "", ""}
		if c.want.Text != "" && strings.HasPrefix(a.Text, c.want.Text) {
			got.Text = c.want.Text
		} else {
			got.Text = a.Text
		}
		if c.want.Note != "" {
			for _, n := range byWhere[in[i].URL] {
				if n.Code == c.want.Note {
					got.Note = n.Code
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" || a.ID != c.name {
			t.Errorf("%s: %s", c.name, diff)
		}
		if a.State == digest.ArticleExtracted && c.in.State == "" && (len(a.Raw.Body) > 0 || a.Text != "" && a.Key == "") {
			t.Errorf("%s: key %q, %d raw bytes", c.name, a.Key, len(a.Raw.Body))
		}
		if a.State == digest.ArticleFound && a.Key != "" {
			t.Errorf("%s: a key before it is read", c.name)
		}
	}
	if n := len(notes); n != 7 {
		t.Errorf("%d notes: %+v", n, notes)
	}
}

func TestFillKeepsWhatTheFeedKnowsBetter(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/fr": send("text/html; charset=utf-8", string(readFile(t, "testdata/page.fr.html")))})
	at := time.Date(2026, 2, 10, 6, 31, 0, 0, time.UTC)
	in := digest.Article{ID: "1", URL: s.URL + "/fr", Title: "GRUES", Published: at, Excerpt: "Extrait du flux", SourceName: "La Gazette", State: digest.ArticleFound, Weight: 2}
	out, notes, err := extractor(t).Fill(t.Context(), []digest.Article{in})
	if err != nil || len(notes) != 0 {
		t.Fatal(err, notes)
	}
	a := out[0]
	if !a.Published.Equal(at) || a.Excerpt != "Extrait du flux" || a.SourceName != "La Gazette" || a.Weight != 2 || a.Site != "La Gazette des Quais" || a.Picture.Width != 1200 || a.Picture.Alt != "Un portique, vu du quai" || a.Modified.Location() != time.UTC {
		t.Errorf("%+v", a)
	}
	if a.Title != "Le port du Havre confie ses grues à un modèle ouvert" || a.URL != s.URL+"/economie/grues-le-havre" || cmp.Diff(a.Aliases, []string{s.URL + "/fr"}) != "" || a.Key != a.URL {
		t.Errorf("%q %q %q %q", a.Title, a.URL, a.Aliases, a.Key)
	}
}

func TestADayWithoutATimeGetsThePagesTime(t *testing.T) {
	page := string(readFile(t, "testdata/page.fr.html"))
	s := serve(t, map[string]http.HandlerFunc{"/fr": send("text/html; charset=utf-8", page)})
	said, err := Page([]byte(page), s.URL+"/fr", Hint{})
	if err != nil || said.Published.IsZero() {
		t.Fatal(said.Published, err)
	}
	day := said.Published.UTC().Truncate(24 * time.Hour)
	for given, want := range map[time.Time]time.Time{
		day:                          said.Published,
		day.Add(12 * time.Hour):      said.Published,
		day.Add(7 * time.Minute):     day.Add(7 * time.Minute),
		day.Add(-9 * 24 * time.Hour): day.Add(-9 * 24 * time.Hour),
	} {
		in := digest.Article{ID: "1", URL: s.URL + "/fr", Published: given, State: digest.ArticleFound}
		out, _, err := extractor(t).Fill(t.Context(), []digest.Article{in})
		if err != nil || !out[0].Published.Equal(want) {
			t.Errorf("%v: %v, want %v; %v", given, out[0].Published, want, err)
		}
	}
}

func TestAPageThatOnlySendsItsReadersOnIsNotTheArticle(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/fr":    send("text/html; charset=utf-8", string(readFile(t, "testdata/page.fr.html"))),
		"/short": send("text/html", `<head><noscript><META http-equiv="refresh" content="0;URL=/nowhere"></noscript><meta http-equiv="refresh" content="0; url='/fr'"><title>/fr</title></head><script>location.replace("/fr")</script>`),
		"/t.co":  send("text/html", `<head><meta name="referrer" content="always"><noscript><META http-equiv="refresh" content="0;URL=/fr"></noscript><title>/fr</title></head><script>location.replace("/fr")</script>`),
		"/loop":  send("text/html", `<meta http-equiv="refresh" content="0;url=/loop"><title>x</title>`),
		"/slow":  send("text/html", `<meta http-equiv="refresh" content="300"><title>x</title><p>Bonjour.</p>`),
	})
	for path, title := range map[string]string{"/short": "Le port du Havre confie ses grues à un modèle ouvert", "/t.co": "Le port du Havre confie ses grues à un modèle ouvert", "/loop": "", "/slow": ""} {
		out, _, err := extractor(t).Fill(t.Context(), []digest.Article{{ID: "1", URL: s.URL + path, State: digest.ArticleFound}})
		if err != nil || title != "" && (out[0].Title != title || !slices.Contains(out[0].Aliases, s.URL+path)) || title == "" && length(out[0].Text) > 20 {
			t.Errorf("%s: %+v, %v", path, out[0], err)
		}
	}
}

func TestAPageThatItsSiteSendsHomeIsMissing(t *testing.T) {
	home := send("text/html; charset=utf-8", string(readFile(t, "testdata/page.fr.html")))
	to := func(at string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, at, http.StatusMovedPermanently) }
	}
	s := serve(t, map[string]http.HandlerFunc{"/": home, "/gone": to("/"), "/back": to("/gone"), "/number": to("/?p=7"), "/moved": to("/fr"), "/fr": home})
	whole := digest.Raw{Type: "text/html", Body: []byte("<p>" + strings.Repeat("The feed gave the whole text along. ", 12) + "</p>")}
	for _, c := range []struct {
		in   digest.Article
		kind digest.ArticleKind
		code string
	}{
		{digest.Article{URL: s.URL + "/gone"}, digest.KindError, "page.missing"},
		{digest.Article{URL: s.URL + "/back"}, digest.KindError, "page.missing"},
		{digest.Article{URL: s.URL + "/gone", Raw: whole}, digest.KindArticle, ""},
		{digest.Article{URL: s.URL + "/"}, digest.KindArticle, ""},
		{digest.Article{URL: s.URL + "/number"}, digest.KindArticle, ""},
		{digest.Article{URL: s.URL + "/moved"}, digest.KindArticle, ""},
	} {
		c.in.ID, c.in.State = "1", digest.ArticleFound
		out, notes, err := extractor(t).Fill(t.Context(), []digest.Article{c.in})
		code := ""
		if len(notes) > 0 {
			code = notes[0].Code
		}
		if err != nil || out[0].Kind != c.kind || code != c.code || c.kind == digest.KindError && out[0].Key != c.in.URL {
			t.Errorf("%s: %q under %s, %q, %v", c.in.URL, out[0].Kind, out[0].Key, code, err)
		}
	}
	for got, want := range map[string]bool{
		"https://www.phare.example": true, "https://phare.example/": true, "https://phare.example/?p=7": false, "https://labo.example/": false,
	} {
		if sentHome("https://phare.example/2026/a", got) != want {
			t.Errorf("sent to %s: %v", got, !want)
		}
	}
}

func TestAWallsTitleDoesNotReplaceTheFeeds(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/wall": send("text/html; charset=utf-8", "<html lang=en><title>Just a moment...</title><meta property=og:image content=/lock.png><p>Checking your browser before accessing the site.</p></html>")})
	in := digest.Article{ID: "1", URL: s.URL + "/wall", Title: "Le pont rouvre lundi", Authors: []string{"Inès Daoud"}, Language: digest.French, State: digest.ArticleFound}
	out, _, err := extractor(t).Fill(t.Context(), []digest.Article{in})
	if err != nil {
		t.Fatal(err)
	}
	if a := out[0]; a.Kind != digest.KindWall || a.Title != in.Title || len(a.Authors) != 1 || a.Language != digest.French || a.Image != "" || a.URL != in.URL {
		t.Errorf("%+v", a)
	}
}

func TestFillEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, map[string]http.HandlerFunc{"/slow": func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }})
	in := make([]digest.Article, 20)
	for i := range in {
		in[i] = digest.Article{URL: s.URL + "/slow", State: digest.ArticleFound}
	}
	if _, _, err := extractor(t).Fill(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTwoFilesWithTheSameTextHaveTheSameKey(t *testing.T) {
	text := "Un titre\n\n" + strings.Repeat("Le même texte, enregistré deux fois. ", 12)
	in := []digest.Article{
		{Seen: "a", Raw: digest.Raw{Type: "text/plain", Body: []byte(text)}},
		{Seen: "b", Raw: digest.Raw{Type: "text/plain", Body: []byte("\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"))}},
	}
	out, _, err := extractor(t).Fill(t.Context(), in)
	if err != nil || out[0].Key != out[1].Key || !strings.HasPrefix(out[0].Key, "sha256:") {
		t.Errorf("%q, %q, %v", out[0].Key, out[1].Key, err)
	}
}

// BenchmarkPage is one page; compare its ns/op before and
// after a change:
//
//	go test ./internal/extract -run '^$' -bench 'Page$' -count 6
func BenchmarkPage(b *testing.B) {
	page := readFile(b, "testdata/page.fr.html")
	for b.Loop() {
		if _, err := Page(page, gazette, Hint{}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAPartOfAPageIsWhatItsFeedSays(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/log": send("text/html; charset=utf-8", "<title>Journal des versions</title><article><h1>Journal des versions</h1>"+sized("La version 2.0 du pilote règle enfin la panne de la version 1.9, disent les grutiers.", 8)+"</article>")})
	part := func(version, text string) digest.Article {
		return digest.Article{ID: version, URL: s.URL + "/log#v" + version, Title: "Pilote " + version, Raw: digest.Raw{Type: "text/html", Body: []byte(text)}}
	}
	got, notes, err := extractor(t).Fill(context.Background(), []digest.Article{part("2", "<p>La panne des grues est réglée.</p>"), part("1", "<p>Les grues suivent le vent.</p>"), part("0", "")})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ title, text, url string }{
		{"Pilote 2", "La panne des grues est réglée.", "/log#v2"}, {"Pilote 1", "Les grues suivent le vent.", "/log#v1"},
		{"Journal des versions", "", "/log"}, // its feed says nothing: the page is all there is
	} {
		a := got[i]
		if a.Title != want.title || want.text != "" && a.Text != want.text || a.Text == "" || a.URL != s.URL+want.url || a.Key != a.URL || !a.Readable() {
			t.Errorf("%s: %q at %s, key %s: %q", a.ID, a.Title, a.URL, a.Key, a.Text)
		}
	}
	if n := s.asked.Load(); n != 1 || len(notes) > 0 {
		t.Errorf("the page was asked for %d times; %v", n, notes)
	}
}
