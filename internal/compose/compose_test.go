package compose_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hebdo/internal/compose"
	"hebdo/internal/digest"
)

var day = time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC)

func themes(ids ...string) []digest.Theme {
	var out []digest.Theme
	for _, id := range ids {
		out = append(out, digest.Theme{ID: id, Words: map[digest.Language]digest.ThemeWords{"fr": {Label: strings.ToUpper(id)}}})
	}
	return out
}

func made(id, theme, source string, score float64) digest.Story {
	sentence := digest.Sentence{Text: "La phrase de " + id + " dit l’essentiel de cette affaire.", Article: id, Language: "fr"}
	return digest.Story{
		ID: id, Theme: theme, Score: score,
		Articles: []digest.Article{{ID: id, SourceID: source, SourceName: source, Title: "Titre de " + id, URL: "https://news.example/" + id, Language: "fr", Kind: digest.KindArticle, Text: sentence.Text, Image: "https://news.example/i.png", Picture: digest.Picture{Alt: "Un quai"}, Site: source}},
		Wordings: map[digest.Language]digest.Wording{"fr": {Headline: "Titre de " + id, HeadlineLanguage: "fr", Sentences: []digest.Sentence{sentence}}},
	}
}

func plan() compose.Plan {
	return compose.Plan{Newsletter: "ia", Themes: themes("models", "research", "security", digest.OtherTheme), Languages: []digest.Language{"fr"}, Date: day, To: day, From: day.AddDate(0, 0, -7), PerSource: -1}
}

// outline is an issue in short: theme: stories.
func outline(i digest.Issue) []string {
	var out []string
	for _, s := range i.Sections {
		line := s.Theme.ID + ":"
		for _, it := range s.Items {
			line += " " + it.Story
		}
		out = append(out, line)
	}
	return out
}

func reasons(i digest.Issue) map[string]string {
	out := map[string]string{}
	for _, l := range i.LeftOut {
		out[strings.TrimPrefix(l.Title, "Titre de ")] = l.Reason
	}
	return out
}

func TestIssueKeepsToItsBudget(t *testing.T) {
	p := plan()
	p.Budget = digest.Budget{Themes: 2, StoriesPerTheme: 2}
	stories := []digest.Story{
		made("m1", "models", "a", .5), made("m2", "models", "b", .4), made("m3", "models", "c", .3),
		made("r1", "research", "a", .2), made("s1", "security", "b", .9), made("x1", "unheard-of", "c", .95),
	}
	i := compose.Issue(stories, p)
	if d := cmp.Diff([]string{"models: m1 m2", "security: s1"}, outline(i)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"m3": "budget", "r1": "budget", "x1": "budget"}, reasons(i)); d != "" {
		t.Error(d)
	}
	if !i.Sections[0].Items[0].Lead || i.Sections[0].Items[1].Lead {
		t.Error("the first of a section leads it, and no other")
	}
	p.ByWeight = true
	if got := outline(compose.Issue(stories, p)); got[0] != "security: s1" {
		t.Errorf("by weight: %v", got)
	}
}

func TestIssueSaysWhyItLeavesOut(t *testing.T) {
	p := plan()
	p.PerSource = 1
	off, mute := made("off", "models", "z", .99), made("mute", "models", "y", .98)
	off.LeftOut = "off-topic"
	mute.Wordings = map[digest.Language]digest.Wording{"fr": {Headline: "Titre de mute"}}
	i := compose.Issue([]digest.Story{off, mute, made("a1", "models", "a", .5), made("a2", "research", "a", .4)}, p)
	if d := cmp.Diff(map[string]string{"off": "off-topic", "mute": "unreadable", "a2": "source-cap"}, reasons(i)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"models: a1"}, outline(i)); d != "" {
		t.Error(d)
	}
}

func TestOtherComesLast(t *testing.T) {
	i := compose.Issue([]digest.Story{made("x", "unheard-of", "a", .9), made("m", "models", "b", .1)}, plan())
	if d := cmp.Diff([]string{"models: m", "other: x"}, outline(i)); d != "" {
		t.Error(d)
	}
}

func TestFrontIsMadeOfTheLeadingStories(t *testing.T) {
	var stories []digest.Story
	for n := range 5 {
		stories = append(stories, made(fmt.Sprint("n", n), []string{"models", "research"}[n%2], fmt.Sprint(n), 1-float64(n)/10))
	}
	f := compose.Issue(stories, plan()).Fronts["fr"]
	if f.Subject != "Titre de n0 · Titre de n1" {
		t.Errorf("subject %q", f.Subject)
	}
	if f.Preheader != "Titre de n2 · Titre de n3 · Titre de n4" {
		t.Errorf("preheader %q", f.Preheader)
	}
	if len(f.Essentials) != 3 || f.Essentials[2].Article != "n2" {
		t.Errorf("essentials %+v", f.Essentials)
	}
	if f.Minutes != 1 {
		t.Errorf("minutes %d", f.Minutes)
	}
}

func TestFrontPrefersTheReadersLanguage(t *testing.T) {
	foreign, own := made("en", "models", "a", .6), made("fr", "models", "b", .5)
	w := foreign.Wordings["fr"]
	w.HeadlineLanguage = "en"
	foreign.Wordings["fr"] = w
	i := compose.Issue([]digest.Story{foreign, own}, plan())
	if got := i.Fronts["fr"].Subject; got != "Titre de fr · Titre de en" {
		t.Errorf("subject %q", got)
	}
	if d := cmp.Diff([]string{"models: en fr"}, outline(i)); d != "" {
		t.Error(d)
	}
}

func TestCitationsAreWhatTheLetterNeeds(t *testing.T) {
	s := made("m", "models", "a", .5)
	gone := s.Articles[0]
	gone.ID, gone.Kind, gone.URL, gone.SourceName = "gone", digest.KindError, "https://b.example/", "b"
	twice := s.Articles[0]
	twice.ID, twice.URL = "twice", "https://news.example/again"
	english := digest.Article{ID: "e", SourceName: "c", URL: "https://c.example/", Language: "en", Kind: digest.KindWall, Image: "https://c.example/i.png", Site: "C, the paper"}
	s.Articles = append(s.Articles, gone, twice, english)
	p := plan()
	p.Images = map[string]bool{"a": true}
	got := compose.Issue([]digest.Story{s}, p).Sections[0].Items[0].Citations
	want := []digest.Citation{
		{Article: "m", Title: "Titre de m", URL: "https://news.example/m", Source: "a", Language: "fr", Minutes: 1, Image: "https://news.example/i.png", ImageAlt: "Un quai"},
		{Article: "e", URL: "https://c.example/", Source: "c", Language: "en", Site: "C, the paper"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAnEmptyWeekBlocks(t *testing.T) {
	n, blocked := compose.Issue(nil, plan()).Blocked()
	if !blocked || n.Code != "issue.empty" {
		t.Errorf("%+v", n)
	}
}

func TestOneSourceTooManyIsNoted(t *testing.T) {
	var stories []digest.Story
	for n := range 4 {
		stories = append(stories, made(fmt.Sprint("n", n), "models", "a", .5))
	}
	i := compose.Issue(stories, plan())
	if len(i.Notes) != 1 || i.Notes[0].Code != "issue.one-source" || i.Notes[0].Where != "a" {
		t.Errorf("%+v", i.Notes)
	}
}

// Whatever the headlines, the subject fits its line, the preheader its box, and
// every story is either in the issue or left out with a reason.
func TestIssueHoldsForAnyStories(t *testing.T) {
	word := rapid.SampledFrom([]string{"modèle", "Orion", "l’IA", "à", "extraordinairement-long-mot-composé-sans-espace-aucun", "\n", "·", "…", "12,5 %"})
	rapid.Check(t, func(r *rapid.T) {
		var stories []digest.Story
		n := rapid.IntRange(1, 30).Draw(r, "n")
		for k := range n {
			s := made(fmt.Sprint(k), rapid.SampledFrom([]string{"models", "research", "security", "none"}).Draw(r, "theme"), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "source"), rapid.Float64Range(0, 1).Draw(r, "score"))
			w := s.Wordings["fr"]
			w.Headline = "T " + strings.Join(rapid.SliceOf(word).Draw(r, "headline"), " ")
			s.Wordings["fr"] = w
			stories = append(stories, s)
		}
		p := plan()
		p.PerSource = 0
		i := compose.Issue(stories, p)
		f := i.Fronts["fr"]
		if size := utf8.RuneCountInString(f.Subject); size == 0 || size > 70 || strings.ContainsAny(f.Subject, "\r\n") {
			r.Fatalf("subject %q", f.Subject)
		}
		if size := utf8.RuneCountInString(f.Preheader); size < 35 || size > 150 || strings.ContainsAny(f.Preheader, "\r\n") {
			r.Fatalf("preheader %q", f.Preheader)
		}
		if i.Stories()+len(i.LeftOut) != n {
			r.Fatalf("%d in, %d out of %d", i.Stories(), len(i.LeftOut), n)
		}
	})
}
