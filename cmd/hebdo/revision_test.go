package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// What is edited after it was found is the same article, revised: a file, a
// page that its sitemap dates anew, and a page nobody says anything of.
func TestWhatIsEditedAfterItWasFoundIsTheSameArticle(t *testing.T) {
	t.Chdir(t.TempDir())
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	says, dated := "first", "2026-11-20T07:00:00Z"
	paragraph := func() string {
		return strings.Repeat("The laboratory says it was the "+says+" to publish such a model. ", 6)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/notes/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>%s</title></head><body><main><article><h1>A note called %[1]s</h1><p>%[2]s</p><p>%[2]s</p></article></main></body></html>`, r.PathValue("name"), paragraph())
	})
	mux.HandleFunc("/list", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<!doctype html><html><body><h2><a href="/notes/one-of-the-page">A note that a page lists</a></h2></body></html>`)
	})
	mux.HandleFunc("/map.xml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/notes/one-of-the-map</loc><lastmod>%s</lastmod></url></urlset>`, dated)
	})
	web := httptest.NewServer(mux)
	defer web.Close()
	file := filepath.Join("texts", "one.md")
	if err := os.Mkdir("texts", 0o700); err != nil {
		t.Fatal(err)
	}
	put := func() {
		if err := os.WriteFile(file, []byte("# A note in a file\n\n"+paragraph()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put()
	env := map[string]string{"HEBDO_FETCH_ALLOW_PRIVATE": "127.0.0.0/8", "HEBDO_FETCH_EVERY": "0s"}
	config, _, err := newConsole(nil, io.Discard, io.Discard, func(name string) string { return env[name] }).configure()
	if err != nil {
		t.Fatal(err)
	}
	world := theWorld()
	world.now = func() time.Time { return now }
	h, err := build(t.Context(), config, world, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.store.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "week", Name: "Week", Sources: []digest.Source{
		{Kind: digest.SourceFolder, URL: "texts"}, {Kind: digest.SourcePage, URL: web.URL + "/list"}, {Kind: digest.SourceSitemap, URL: web.URL + "/map.xml"},
	}}); err != nil {
		t.Fatal(err)
	}
	collect := func(found int) map[string]digest.Article {
		t.Helper()
		nl, err := h.store.Newsletter(t.Context(), "week")
		if err != nil {
			t.Fatal(err)
		}
		harvest, err := h.pipeline.Collect(t.Context(), nl)
		if err != nil || harvest.Found != found {
			t.Fatalf("%+v, %v", harvest, err)
		}
		articles, err := h.store.Material(t.Context(), digest.Issue{Newsletter: "week", To: now})
		if err != nil || len(articles) != 3 {
			t.Fatalf("%d articles, %v", len(articles), err)
		}
		byID := map[string]digest.Article{}
		for _, a := range articles {
			byID[a.ID] = a
		}
		return byID
	}
	before := collect(3)
	now = now.Add(24 * time.Hour)
	says, dated = "second", "2026-11-20T09:00:00Z"
	put()
	for id, a := range collect(2) { // nobody says that the page of the list was edited
		was, ok := before[id]
		if !ok || !strings.Contains(was.Text, "the first to") || !strings.Contains(a.Text, "the second to") || a.Title != was.Title {
			t.Errorf("%s: %q became %q", a.Seen, was.Text, a.Text)
		}
		said, err := h.store.Revisions(t.Context(), id)
		if err != nil || len(said) != 1 || said[0].Text != was.Text {
			t.Errorf("%s: %+v, %v", a.Seen, said, err)
		}
	}
}
