package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// ledger is a Memory in memory: small, but it keeps every promise.
type ledger struct {
	mu     sync.Mutex
	states map[string]digest.SourceState
	seen   map[string]map[string]bool
	kept   []digest.Article
	marks  map[string]string
	moved  map[string]string
	fail   error
}

func newLedger() *ledger {
	return &ledger{states: map[string]digest.SourceState{}, seen: map[string]map[string]bool{}, marks: map[string]string{}, moved: map[string]string{}}
}

func (l *ledger) SourceState(_ context.Context, id string) (digest.SourceState, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.states[id]
	s.SourceID = id
	return s, l.fail
}

func (l *ledger) Unseen(_ context.Context, id string, names []string) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, n := range names {
		if !l.seen[id][n] {
			out = append(out, n)
		}
	}
	return out, l.fail
}

func (l *ledger) Edited(_ context.Context, id string, marks map[string]string) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for name, mark := range marks {
		if was := l.marks[id+name]; was != "" && mark != "" && was != mark {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, l.fail
}

func (l *ledger) MoveSource(_ context.Context, id, to string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, at := range l.moved {
		if at == to {
			return digest.ErrConflict
		}
	}
	l.moved[id] = to
	return nil
}

func (l *ledger) KeepFound(_ context.Context, s digest.SourceState, found []digest.Article) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail
	}
	l.states[s.SourceID] = s
	for _, a := range found {
		if a.SourceID != s.SourceID {
			return fmt.Errorf("article of source %q kept with state of %q", a.SourceID, s.SourceID)
		}
		if l.seen[s.SourceID] == nil {
			l.seen[s.SourceID] = map[string]bool{}
		}
		l.marks[s.SourceID+a.Seen] = a.Mark
		if a.State == digest.ArticleRevised {
			l.kept = append(l.kept, a)
		}
		if !l.seen[s.SourceID][a.Seen] {
			l.seen[s.SourceID][a.Seen] = true
			l.kept = append(l.kept, a)
		}
	}
	return nil
}

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func newCollector(t *testing.T, m Memory) *Collector {
	t.Helper()
	client := fetch.New(fetch.Options{
		UserAgent: "HebdoTest/1.0", Interval: -1, Backoff: time.Millisecond, Timeout: time.Minute,
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Now: func() time.Time { return monday },
	})
	t.Cleanup(client.Close)
	var mu sync.Mutex
	n := 0
	return New(client, m, Options{Now: func() time.Time { return monday }, NewID: func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("id-%02d", n)
	}})
}

func serve(t *testing.T, pages map[string]http.HandlerFunc) string {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range pages {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func text(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

func codes(notes []digest.Note) []string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Code)
	}
	slices.Sort(out)
	return out
}

func rss(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>Le Relais</title><language>fr-FR</language>` + strings.Join(items, "") + `</channel></rss>`
}

func item(n int) string {
	return fmt.Sprintf(`<item><title>Article %d</title><link>/a/%d?utm_source=rss</link><guid isPermaLink="false">tag:relais,%d</guid><pubDate>Fri, 20 Nov 2026 09:%02d:00 GMT</pubDate></item>`, n, n, n, n)
}

func TestOnlyWhatIsNewIsBrought(t *testing.T) {
	body, version, full := rss(item(1), item(2)), `"1"`, 0
	url := serve(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", version)
		if r.Header.Get("If-None-Match") == version {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full++
		_, _ = io.WriteString(w, body)
	}})
	memory := newLedger()
	c := newCollector(t, memory)
	sources := []digest.Source{{ID: "s1", Kind: digest.SourceFeed, URL: url + "/feed", Weight: 2}}
	visit := func(want ...string) {
		t.Helper()
		articles, notes, err := c.Articles(context.Background(), sources)
		if err != nil || len(notes) != 0 {
			t.Fatalf("notes %v, error %v", notes, err)
		}
		var got []string
		for _, a := range articles {
			got = append(got, a.Title)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	visit("Article 1", "Article 2")
	visit() // 304
	if full != 1 {
		t.Errorf("the feed was sent %d times, want once", full)
	}
	body, version = rss(item(3), item(2), item(1)), `"2"`
	visit("Article 3")

	want := digest.Article{
		ID: "id-01", SourceID: "s1", SourceName: "Le Relais", Seen: "tag:relais,1", URL: url + "/a/1", Title: "Article 1", Language: "fr",
		Published: time.Date(2026, 11, 20, 9, 1, 0, 0, time.UTC), Found: monday, Weight: 2, State: digest.ArticleFound,
		Mark: memory.kept[0].Mark,
	}
	if diff := cmp.Diff(want, memory.kept[0]); diff != "" {
		t.Error(diff)
	}
	state := digest.SourceState{SourceID: "s1", Title: "Le Relais", ETag: `"2"`, Checked: monday, Changed: monday,
		NextVisit: memory.states["s1"].NextVisit, Rhythm: time.Minute, Newest: time.Date(2026, 11, 20, 9, 3, 0, 0, time.UTC), Entries: 3}
	if diff := cmp.Diff(state, memory.states["s1"]); diff != "" {
		t.Error(diff)
	}
}

func TestADeadSourceIsANoteAndStopsNobody(t *testing.T) {
	page := `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/good"></head><body>Bonjour</body></html>`
	url := serve(t, map[string]http.HandlerFunc{
		"/good": text("application/rss+xml", rss(item(1))), "/gone": status(410), "/forbidden": status(403), "/error": status(500),
		"/busy": status(429, "Retry-After", "1"), "/html": text("text/html", page), "/json": text("application/json", `{"error":"none"}`),
		"/blank": text("text/xml", " \n "), "/noitems": text("text/xml", rss()), "/inside": status(302, "Location", "http://127.0.0.2:1/"),
		"/circle": status(302, "Location", "/circle"), "/moved": status(301, "Location", "/good"),
		"/cut":     text("text/xml", strings.TrimSuffix(rss(item(1)), "</channel></rss>")+"<item><title>Half an arti"),
		"/future":  text("text/xml", rss(strings.Replace(item(1), "2026", "2062", 1))),
		"/listing": text("text/html", page), "/plain.pdf": text("application/pdf", "%PDF-"), "/notmap": text("text/xml", "<rss/>"),
		"/robots.txt": text("text/plain", "User-agent: *\nDisallow: /closed"),
		"/huge":       func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "999999999") },
	})
	tests := []struct {
		kind     digest.SourceKind
		path     string
		articles int
		failed   bool
		codes    []string
	}{
		{digest.SourceFeed, "/good", 1, false, nil},
		{digest.SourceFeed, "/gone", 0, true, []string{"source.gone"}},
		{digest.SourceFeed, "/nothing-here", 0, true, []string{"source.missing"}},
		{digest.SourceFeed, "/forbidden", 0, true, []string{"source.forbidden"}},
		{digest.SourceFeed, "/error", 0, true, []string{"source.status"}},
		{digest.SourceFeed, "/html", 0, true, []string{"source.feedhint", "source.notfeed"}},
		{digest.SourceFeed, "/json", 0, true, []string{"source.notfeed"}},
		{digest.SourceFeed, "/blank", 0, true, []string{"source.notfeed"}},
		{digest.SourceFeed, "/noitems", 0, false, []string{"source.empty"}},
		{digest.SourceFeed, "/inside", 0, true, []string{"source.private-address"}},
		{digest.SourceFeed, "/circle", 0, true, []string{"source.redirect"}},
		{digest.SourceFeed, "/moved", 1, false, []string{"source.moved"}},
		{digest.SourceFeed, "/cut", 1, false, []string{"feed.truncated"}},
		{digest.SourceFeed, "/future", 1, false, []string{"date.future"}},
		{digest.SourceFeed, "/huge", 0, true, []string{"source.too-large"}},
		{digest.SourcePage, "/listing", 0, false, []string{"source.empty", "source.feedhint"}},
		{digest.SourcePage, "/plain.pdf", 0, true, []string{"source.notpage"}},
		{digest.SourcePage, "/closed", 0, true, []string{"source.robots"}},
		{digest.SourceSitemap, "/notmap", 0, true, []string{"source.notsitemap"}},
		{digest.SourceMailbox, "/x", 0, true, []string{"source.unread"}},
		{digest.SourceFeed, "/busy", 0, true, []string{"source.busy"}},
	}
	memory := newLedger()
	c := newCollector(t, memory)
	for _, tt := range tests {
		t.Run(string(tt.kind)+tt.path, func(t *testing.T) {
			id := string(tt.kind) + tt.path
			articles, notes, err := c.Articles(context.Background(), []digest.Source{{ID: id, Kind: tt.kind, URL: url + tt.path}})
			if err != nil || len(articles) != tt.articles {
				t.Fatalf("%d articles, error %v", len(articles), err)
			}
			if diff := cmp.Diff(tt.codes, codes(notes)); diff != "" {
				t.Error(diff)
			}
			state := memory.states[id]
			if (state.Failures == 1) != tt.failed || (state.Trouble != "") != tt.failed || state.Checked != monday {
				t.Errorf("state %+v", state)
			}
			for _, a := range articles {
				if a.Published.After(monday) {
					t.Errorf("dated %v", a.Published)
				}
			}
		})
	}
}

func TestATruncatedFeedIsAskedForWholeNextTime(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		_, _ = io.WriteString(w, strings.TrimSuffix(rss(item(1)), "</rss>"))
	}})
	memory := newLedger()
	c := newCollector(t, memory)
	if _, _, err := c.Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: url}}); err != nil {
		t.Fatal(err)
	}
	if memory.states["s"].ETag != "" {
		t.Error("the validator of a truncated feed was kept")
	}
}

func TestAFeedWhoseConnectionBreaksGivesWhatCameWhole(t *testing.T) {
	doc, said := rss(item(1), item(2)), 0
	url := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Length", strconv.Itoa(len(doc)+100))
		_, _ = io.WriteString(w, doc[:said])
	}})
	for _, c := range []struct {
		said, articles int
		notes          []string
	}{
		{len(doc), 2, nil}, // it is the length that is wrong
		{len(doc) - len("</item></channel></rss>"), 1, []string{"feed.truncated"}},
		{40, 0, []string{"source.unreachable"}},
	} {
		said = c.said
		memory := newLedger()
		articles, notes, err := newCollector(t, memory).Articles(t.Context(), []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: url}})
		if err != nil || len(articles) != c.articles || cmp.Diff(c.notes, codes(notes)) != "" || memory.states["s"].ETag != "" {
			t.Errorf("after %d bytes: %d articles, %v, %v, %+v", c.said, len(articles), notes, err, memory.states["s"])
		}
	}
}

func TestAnEntryWithoutAPageIsItsSummaryOrNothing(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/": text("text/xml", rss(
		"<item><title>Brève</title><description>&lt;b&gt;Tout&lt;/b&gt; est là.</description></item>", "<item><title>Rien</title></item>"))})
	articles, _, err := newCollector(t, newLedger()).Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: url}})
	if err != nil || len(articles) != 1 {
		t.Fatal(articles, err)
	}
	if a := articles[0]; string(a.Raw.Body) != "<b>Tout</b> est là." || a.Raw.Type != "text/html" || a.Excerpt != "Tout est là." || a.URL != "" {
		t.Errorf("got %+v", a)
	}
}

func TestFailuresAreCountedUntilAVisitGoesWell(t *testing.T) {
	broken := true
	url := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		if broken {
			w.WriteHeader(404)
			return
		}
		_, _ = io.WriteString(w, rss(item(1)))
	}})
	memory := newLedger()
	c := newCollector(t, memory)
	visit := func(failures int, trouble string) {
		t.Helper()
		if _, _, err := c.Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: url}}); err != nil {
			t.Fatal(err)
		}
		if s := memory.states["s"]; s.Failures != failures || s.Trouble != trouble {
			t.Errorf("got %+v", s)
		}
	}
	visit(1, "source.missing")
	visit(2, "source.missing")
	broken = false
	visit(0, "")
}

func TestOnlyTheMemoryCanFail(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/": text("text/xml", rss(item(1)))})
	memory := newLedger()
	memory.fail = errors.New("disk full")
	_, _, err := newCollector(t, memory).Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: url}})
	if !errors.Is(err, memory.fail) {
		t.Errorf("got %v", err)
	}
}

func TestACancelledVisitIsNoTroubleOfTheSource(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	memory := newLedger()
	_, notes, err := newCollector(t, memory).Articles(ctx, []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: url}})
	if !errors.Is(err, context.DeadlineExceeded) || len(notes) != 0 || len(memory.states) != 0 {
		t.Errorf("got %v, notes %v, states %v", err, notes, memory.states)
	}
}

func TestManySourcesComeBackInTheirOrder(t *testing.T) {
	pages := map[string]http.HandlerFunc{}
	var sources []digest.Source
	for i := range 30 {
		path := fmt.Sprintf("/feed%d", i)
		pages[path] = func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Duration(30-i) * time.Millisecond / 10)
			_, _ = io.WriteString(w, rss(item(i+1)))
		}
		sources = append(sources, digest.Source{ID: path, Kind: digest.SourceFeed})
	}
	url := serve(t, pages)
	for i := range sources {
		sources[i].URL = url + sources[i].ID
	}
	articles, _, err := newCollector(t, newLedger()).Articles(context.Background(), sources)
	if err != nil || len(articles) != 30 {
		t.Fatalf("%d articles, %v", len(articles), err)
	}
	for i, a := range articles {
		if a.Title != fmt.Sprintf("Article %d", i+1) {
			t.Errorf("place %d: %s", i, a.Title)
		}
	}
}
