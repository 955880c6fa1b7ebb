package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func full() digest.Newsletter {
	return digest.Newsletter{
		Slug: "semaine-ia", Name: "La Semaine IA", Description: "L'essentiel: chaque lundi", Topic: digest.AnyTopic, Publisher: "Association Exemple",
		PostalAddress: "1 rue du Port\n44000 Nantes", PrivacyURL: "https://example.org/privacy",
		Sender: "La Semaine IA <lettre@example.org>", ReplyTo: "redaction@example.org", Editor: "editor@example.org",
		Languages: []digest.Language{"fr", "en"}, Zone: "Europe/Paris", DraftAt: "0 16 * * 5", SendAt: "0 7 * * 1",
		Window: 7 * 24 * time.Hour, MinStories: 5,
		Budget: digest.Budget{Themes: 5, StoriesPerTheme: 4, WordsPerStory: 60},
		Rank:   digest.Weights{Sources: 4, Freshness: 3, Prominence: .5, Novelty: 1, Length: .25, Weight: 2},
		Review: digest.Review{Mode: digest.ReviewAuto, After: 4 * time.Hour},
		Themes: []digest.Theme{{ID: "models", Words: map[digest.Language]digest.ThemeWords{
			"fr": {Label: "Modèles", Keywords: []string{"modèle", "poids ouverts"}, Examples: []string{"Un modèle : ouvert.", "« Oui »"}}, "en": {Label: "Models"}}}},
		Sources: []digest.Source{
			{Newsletter: "semaine-ia", Kind: "feed", URL: "https://example.org/feed.xml", Name: "Exemple", Language: "fr", Weight: 1.5},
			{Newsletter: "semaine-ia", Kind: "folder", URL: "articles"},
		},
	}
}

func TestNewsletterFileReadsBackAsItWasWritten(t *testing.T) {
	want := full()
	body, err := writeNewsletter(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readNewsletter("n.yaml", body)
	if err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("lost on the way (-want +got):\n%s\n%s", d, body)
	}
	again, _ := writeNewsletter(got)
	if string(again) != string(body) {
		t.Errorf("written twice, it differs:\n%s", cmp.Diff(string(body), string(again)))
	}
}

func TestFaultsNameFileAndLine(t *testing.T) {
	body, err := writeNewsletter(full())
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.NewReplacer("Europe/Paris", "Europe/Parys", "0 16 * * 5", "0 99 * * 5", "https://example.org/feed.xml", "example.org", "label: Models", "label: \"\"", "kind: folder", "kind: fold").Replace(string(body))
	_, err = readNewsletter("n.yaml", []byte(bad))
	if exitCode(err) != exitUsage {
		t.Fatalf("got %v", err)
	}
	lines := strings.Split(bad, "\n")
	for _, want := range []string{"zone", "themes[0].en.label", "sources[0].url", "sources[1].kind"} {
		found := false
		for _, line := range strings.Split(err.Error(), "\n") {
			var n int
			if !strings.Contains(line, " "+want+":") {
				continue
			}
			found = true
			if _, e := sscan(line, &n); e != nil || n < 1 || n > len(lines) || !strings.Contains(lines[n-1], last(want)) {
				t.Errorf("%s: the message does not name its line: %s", want, line)
			}
		}
		if !found {
			t.Errorf("%s is not reported in:\n%v", want, err)
		}
	}
}

// A field that does not exist, and a word where a number is wanted, used to be
// told alone, in Go's words, and hid what else was wrong.
func TestFaultsOfShapeAreToldWithAllOthers(t *testing.T) {
	body, err := writeNewsletter(full())
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.NewReplacer("min_stories: 5", "min_stories: five", "weight: 1.5", "weight: heavy", "languages: [fr, en]", "languages: fr",
		"kind: folder", "kynd: folder", "Europe/Paris", "Europe/Parys").Replace(string(body)) + "colour: red\nfreshness:\n  - deep: [1, 2]\n"
	_, err = readNewsletter("n.yaml", []byte(bad))
	if exitCode(err) != exitUsage {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{
		`min_stories: "five": write a whole number`, `sources[0].weight: "heavy": write a number`, "languages: must be a list",
		"sources[1].kynd: there is no such field; here are kind, url, name", "colour: there is no such field", "freshness: there is no such field", `zone: "Europe/Parys" is no zone`,
	} {
		if n := strings.Count(err.Error(), want); n != 1 {
			t.Errorf("%q stands %d times in:\n%v", want, n, err)
		}
	}
	if strings.Contains(err.Error(), "languages: is missing") || strings.Contains(err.Error(), "newsletterFile") {
		t.Errorf("misleads:\n%v", err)
	}
}

func TestAnEmptyFileNamesWhatIsMissing(t *testing.T) {
	for _, body := range []string{"", "# nothing yet\n", "name: A\n--- \n"} {
		if _, err := readNewsletter("n.yaml", []byte(body)); exitCode(err) != exitUsage || !strings.Contains(err.Error(), "slug") {
			t.Errorf("%q: got %v", body, err)
		}
	}
}

func TestSpans(t *testing.T) {
	for text, want := range map[string]time.Duration{"7d": 168 * time.Hour, "36h": 36 * time.Hour, "90m": 90 * time.Minute, "": 0} {
		got, err := span(text)
		if err != nil || got != want {
			t.Errorf("%q: got %s, %v", text, got, err)
		}
		if back, _ := span(writeSpan(want)); back != want {
			t.Errorf("%s is written %q", want, writeSpan(want))
		}
	}
	if _, err := span("a week"); err == nil {
		t.Error("a week was read")
	}
}

// sscan reads the line number of "file:N: …".
func sscan(message string, n *int) (int, error) {
	return fmt.Sscanf(message[strings.Index(message, ":")+1:], "%d:", n)
}

// last is the innermost name of a field: "url" of "sources[0].url".
func last(field string) string { return field[strings.LastIndex(field, ".")+1:] }
