package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// shared is the folder of data beside the project; where it is absent the test
// is skipped, and fails if CI is set.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			continue
		}
		at := filepath.Join(dir, "..", "shared", filepath.FromSlash(name))
		if _, err := os.Stat(at); err == nil {
			return at
		}
		break
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("../shared/%s is absent", name)
	}
	t.Skipf("../shared/%s is absent", name)
	return ""
}

var slugEnd = regexp.MustCompile(`-CNT\w+$`)

// pressReview serves the pages of a manifest at the paths they had, and one
// feed of them all. Titles are unknown: the feed has the words of the address.
func pressReview(t *testing.T, dir string) (server *httptest.Server, last time.Time) {
	t.Helper()
	manifest, err := os.Open(filepath.Join(dir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	mux := http.NewServeMux()
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	var feed []page
	served := map[string]bool{}
	for lines := bufio.NewScanner(manifest); lines.Scan(); {
		var entry struct {
			URL, Path string
			Published time.Time
		}
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(entry.URL)
		if err != nil || served[u.Path] {
			continue
		}
		served[u.Path] = true
		body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(entry.Path)))
		if err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc("GET "+u.EscapedPath(), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(body)
		})
		words := slugEnd.ReplaceAllString(strings.TrimSuffix(path.Base(u.Path), ".html"), "")
		feed = append(feed, page{Slug: strings.TrimPrefix(u.EscapedPath(), "/"), Title: strings.ReplaceAll(words, "-", " "), Language: "fr", Published: entry.Published})
		if entry.Published.After(last) {
			last = entry.Published
		}
	}
	body := rss("La semaine", server.URL, "", feed)
	mux.HandleFunc("GET /feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write(body)
	})
	return server, last
}

func TestARealWeekOfNewsBecomesAnIssue(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: reads 170 pages")
	}
	server, last := pressReview(t, shared(t, "eval/corpus/week/orangesum"))
	p := newPress(t, "")
	config, _, err := newConsole(nil, io.Discard, io.Discard, func(name string) string { return p.env[name] }).configure()
	if err != nil {
		t.Fatal(err)
	}
	h, err := build(t.Context(), config, fixed(last.Add(time.Hour)), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	err = h.store.SaveNewsletter(t.Context(), digest.Newsletter{
		Slug: "semaine", Name: "La semaine", Topic: digest.AnyTopic, Publisher: "Association Exemple", PostalAddress: "1 rue du Port, 44000 Nantes",
		PrivacyURL: "https://example.org/privacy", Sender: "La semaine <lettre@news.example.org>", ReplyTo: "redaction@example.org",
		Languages: []digest.Language{digest.French}, Zone: "Europe/Paris", Review: digest.Review{Mode: digest.ReviewRequired}, MinStories: 10,
		Budget: digest.DefaultBudget, Sources: []digest.Source{{Newsletter: "semaine", Kind: digest.SourceFeed, URL: server.URL + "/feed.xml", Language: digest.French}},
	})
	if err != nil {
		t.Fatal(err)
	}
	nl, err := h.store.Newsletter(t.Context(), "semaine")
	if err != nil {
		t.Fatal(err)
	}
	harvest, err := h.pipeline.Collect(t.Context(), nl)
	if err != nil {
		t.Fatal(err)
	}
	if harvest.Found < 150 || harvest.Read < 150 || len(harvest.Notes) > 5 {
		t.Errorf("found %d, read %d, notes %+v", harvest.Found, harvest.Read, harvest.Notes)
	}
	issue, err := h.pipeline.Draft(t.Context(), nl, "week", harvest.Notes)
	if err != nil {
		t.Fatal(err)
	}
	if issue.State != digest.InReview || issue.Stories() < 10 || len(issue.Sections) < 2 {
		t.Errorf("the issue is %s, with %d stories under %d themes", issue.State, issue.Stories(), len(issue.Sections))
	}
	articles, err := h.store.Material(t.Context(), issue)
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, a := range articles {
		text[a.ID] = a.Text
	}
	told := map[string]bool{}
	for _, section := range issue.Sections {
		for _, item := range section.Items {
			for _, c := range item.Citations {
				if told[c.Article] {
					t.Errorf("%s stands in two stories", c.URL)
				}
				told[c.Article] = true
			}
			w := item.Wordings[digest.French]
			if w.Headline == "" || len(w.Sentences) == 0 {
				t.Errorf("%s has no words", item.Citations[0].URL)
			}
			for _, s := range w.Sentences {
				if text[s.Article][s.Start:s.End] != s.Text {
					t.Errorf("not verbatim: %q", s.Text)
				}
				if wallWords.MatchString(s.Text) {
					t.Errorf("this is no news: %q", s.Text)
				}
			}
		}
	}
	body, err := h.show(t.Context(), nl, issue, digest.Variant{Language: digest.French, Length: digest.Full}, "text")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte("\ufffd")) || len(body) < 3000 {
		t.Errorf("the letter:\n%s", body)
	}
	if to := os.Getenv("HEBDO_TEST_LETTER"); to != "" { // to read it as an editor would
		if err := os.WriteFile(to, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d articles, %d stories, %d themes, %d left out", len(articles), issue.Stories(), len(issue.Sections), len(issue.LeftOut))
}

// wallWords are of what surrounds an article, not of news.
var wallWords = regexp.MustCompile(`(?i)cookies|abonnez-vous|javascript|adblock|se connecter|mentions légales|publicité|lire aussi|newsletter|retrouvez toute`)
