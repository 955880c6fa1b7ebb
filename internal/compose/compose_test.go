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
	sentence := digest.Sentence{Text: "Chez " + id + ", on tient " + id + "x pour " + id + "y, et de plus " + id + "z avec " + id + "w.", Article: id, Language: "fr"}
	return digest.Story{
		ID: id, Theme: theme, Score: score,
		Articles: []digest.Article{{ID: id, SourceID: source, SourceName: source, Title: "Titre de " + id, URL: "https://news.example/" + id, Language: "fr", Kind: digest.KindArticle, Text: sentence.Text, Image: "https://news.example/i.png", Picture: digest.Picture{Alt: "Un quai", Width: 800, Height: 600}, Site: source}},
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
	if d := cmp.Diff([]string{"security: s1", "models: m1 m2"}, outline(i)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"m3": "budget", "r1": "budget", "x1": "budget"}, reasons(i)); d != "" {
		t.Error(d)
	}
	if !i.Sections[1].Items[0].Lead || i.Sections[1].Items[1].Lead {
		t.Error("the first of a section leads it, and no other")
	}
}

// The theme of the leading story opens the letter; the others keep their order.
func TestTheLeadingThemeComesFirst(t *testing.T) {
	p := plan()
	stories := []digest.Story{made("m", "models", "a", .4), made("r", "research", "b", .9), made("s", "security", "c", .5)}
	if d := cmp.Diff([]string{"research: r", "models: m", "security: s"}, outline(compose.Issue(stories, p))); d != "" {
		t.Error(d)
	}
	p.ByWeight = true
	if d := cmp.Diff([]string{"research: r", "security: s", "models: m"}, outline(compose.Issue(stories, p))); d != "" {
		t.Error("by weight: ", d)
	}
}

// A theme that is left out once held its stories' share of their source: the
// source's next story, which had a place, was turned away.
func TestWhatIsLeftOutTakesNoPlace(t *testing.T) {
	p := plan()
	p.PerSource = 1
	p.Budget = digest.Budget{Themes: 2, StoriesPerTheme: 2}
	i := compose.Issue([]digest.Story{
		made("m1", "models", "a", .9), made("r1", "research", "b", .8),
		made("s1", "security", "c", .5), made("m2", "models", "c", .4), made("m3", "models", "a", .3),
	}, p)
	if d := cmp.Diff([]string{"models: m1 m2", "research: r1"}, outline(i)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"s1": "budget", "m3": "budget"}, reasons(i)); d != "" {
		t.Error(d)
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

// A subject once ended in "a 70-billion-parameter…": it lacked room for two
// words that every reader's program has, or cuts by itself.
func TestALongHeadlineIsASubjectWhole(t *testing.T) {
	lead := made("a", "models", "x", .9)
	w := lead.Wordings["fr"]
	w.Headline = "Un laboratoire français libère Corvus 3, un modèle de langue de 70 milliards de paramètres"
	lead.Wordings["fr"] = w
	if got := compose.Issue([]digest.Story{lead, made("b", "models", "y", .5)}, plan()).Fronts["fr"].Subject; got != w.Headline {
		t.Errorf("subject %q", got)
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

// A reader whose language no story has opens the letter for its subject too.
func TestASubjectInAnotherLanguageOpensTheLetterAsWell(t *testing.T) {
	p := plan()
	p.Languages = []digest.Language{"fr", "en"}
	stories := []digest.Story{made("best", digest.OtherTheme, "a", .9), made("first", "models", "b", .5)}
	for _, s := range stories {
		s.Wordings["en"] = s.Wordings["fr"]
	}
	if got := compose.Issue(stories, p).Fronts["en"].Subject; got != "Titre de first · Titre de best" {
		t.Errorf("subject %q", got)
	}
}

func TestTheShortEditionIsSooner(t *testing.T) {
	var stories []digest.Story
	for n := range 4 {
		s := made(fmt.Sprint("n", n), "models", fmt.Sprint(n), .5)
		w := s.Wordings["fr"]
		w.Matters = digest.Sentence{Text: strings.Repeat("important ", 200), Article: s.ID, Language: "fr"}
		for range 9 {
			w.Sentences = append(w.Sentences, digest.Sentence{Text: strings.Repeat("détail ", 20), Article: s.ID, Language: "fr"})
		}
		s.Wordings["fr"] = w
		stories = append(stories, s)
	}
	if f := compose.Issue(stories, plan()).Fronts["fr"]; f.ShortMinutes != 1 || f.Minutes < 5 {
		t.Errorf("%d minutes, short %d", f.Minutes, f.ShortMinutes)
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
	if d := cmp.Diff([]string{"models: fr en"}, outline(i)); d != "" {
		t.Error(d)
	}
}

// What an editor reads in one language is put in order for that; readers of
// another find a subject in theirs, where a story in the issue has one.
func TestTheSecondLanguageHasASubjectOfItsOwn(t *testing.T) {
	own, both := made("own", "models", "a", .9), made("both", "models", "b", .5)
	own.Wordings["en"] = own.Wordings["fr"]
	both.Wordings["en"] = digest.Wording{Headline: "A title in English", HeadlineLanguage: "en", Sentences: []digest.Sentence{{Text: "An English sentence tells of this.", Article: "both", Language: "en"}}}
	p := plan()
	p.Languages = []digest.Language{"fr", "en"}
	i := compose.Issue([]digest.Story{own, both}, p)
	if d := cmp.Diff([]string{"models: own both"}, outline(i)); d != "" {
		t.Error(d)
	}
	if fr, en := i.Fronts["fr"].Subject, i.Fronts["en"].Subject; fr != "Titre de own · Titre de both" || en != "Titre de own · A title in English" {
		t.Errorf("subjects %q, %q", fr, en)
	}
	own.Score, both.Score = .55, .5
	if en := compose.Issue([]digest.Story{own, both}, p).Fronts["en"].Subject; en != "A title in English · Titre de own" {
		t.Errorf("subject %q", en)
	}
}

func worded(id, theme string, score float64, headline string, sentences ...string) digest.Story {
	s := made(id, theme, id, score)
	w := digest.Wording{Headline: headline, HeadlineLanguage: "fr"}
	for _, text := range sentences {
		w.Sentences = append(w.Sentences, digest.Sentence{Text: text, Article: id, Language: "fr"})
	}
	s.Wordings["fr"] = w
	return s
}

// The essentials say the issue in three sentences: each what its story's
// headline says, none somebody's words, none twice, and not all of one theme.
func TestEssentialsSayTheIssue(t *testing.T) {
	stories := []digest.Story{
		worded("a", "models", .9, "Pélican publie Orion 4", "« Nous en sommes fiers », dit la directrice de Pélican.", "Pélican a publié Orion 4, un modèle de trente milliards de paramètres."),
		worded("b", "models", .8, "Orion 4 est là", "Orion 4, un modèle de trente milliards de paramètres, a été publié par Pélican."),
		worded("c", "models", .7, "Une puce pour les serres", "La serre de Brest ouvre ses vannes selon les calculs d’une puce."),
		worded("d", "models", .6, "Un hôpital compte ses erreurs", "L’hôpital de Vannes compte neuf erreurs du logiciel en un an."),
		worded("e", "research", .2, "Des chercheurs mesurent la pluie", "Trois chercheurs mesurent la pluie par les ondes des téléphones."),
	}
	var got []string
	for _, s := range compose.Issue(stories, plan()).Fronts["fr"].Essentials {
		got = append(got, s.Text)
	}
	want := []string{
		"Pélican a publié Orion 4, un modèle de trente milliards de paramètres.",
		"La serre de Brest ouvre ses vannes selon les calculs d’une puce.",
		"Trois chercheurs mesurent la pluie par les ondes des téléphones.",
	}
	if d := cmp.Diff(want, got); d != "" {
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
		{Article: "m", Title: "Titre de m", URL: "https://news.example/m", Source: "a", Language: "fr", Minutes: 1, Image: "https://news.example/i.png", ImageAlt: "Un quai", ImageWidth: 800, ImageHeight: 600},
		{Article: "twice", Title: "Titre de m", URL: "https://news.example/again", Source: "a", Language: "fr", Minutes: 1, Image: "https://news.example/i.png", ImageAlt: "Un quai", ImageWidth: 800, ImageHeight: 600, Further: true},
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
		if size := utf8.RuneCountInString(f.Subject); size == 0 || size > 95 || strings.ContainsAny(f.Subject, "\r\n") {
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

// Whatever the week, no theme has more than its stories and no source leads
// more than its share; what is not in the issue has a reason, and that reason
// is true: nothing is left out for want of room where there is room.
func TestCapsHoldAndReasonsAreTrue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := plan()
		p.Budget = digest.Budget{Themes: rapid.IntRange(1, 4).Draw(r, "themes"), StoriesPerTheme: rapid.IntRange(1, 4).Draw(r, "each")}
		p.PerSource = rapid.IntRange(1, 3).Draw(r, "share")
		var stories []digest.Story
		by := map[string]digest.Story{}
		for k := range rapid.IntRange(0, 30).Draw(r, "n") {
			s := made(fmt.Sprint("s", k), rapid.SampledFrom([]string{"models", "research", "security", "none"}).Draw(r, "theme"), rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(r, "source"), rapid.Float64Range(0, 1).Draw(r, "score"))
			if rapid.Bool().Draw(r, "off") {
				s.LeftOut = "off-topic"
			}
			stories = append(stories, s)
			by[s.ID] = s
		}
		i := compose.Issue(stories, p)
		leads, in := map[string]int{}, map[string]int{}
		if len(i.Sections) > p.Budget.Themes {
			r.Fatalf("%d themes", len(i.Sections))
		}
		none, all := 0, 0
		for _, s := range stories {
			if s.LeftOut == "" {
				all++
				if s.Theme == "none" {
					none++
				}
			}
		}
		capOf := func(theme string) int {
			if theme == digest.OtherTheme && none*2 > all {
				return p.Budget.StoriesPerTheme * max(1, p.Budget.Themes-1)
			}
			return p.Budget.StoriesPerTheme
		}
		if i.Stories() > p.Budget.Themes*p.Budget.StoriesPerTheme {
			r.Fatalf("%d stories", i.Stories())
		}
		for _, s := range i.Sections {
			if len(s.Items) == 0 || len(s.Items) > capOf(s.Theme.ID) {
				r.Fatalf("%s has %d stories", s.Theme.ID, len(s.Items))
			}
			in[s.Theme.ID] = len(s.Items)
			for _, it := range s.Items {
				leads[by[it.Story].Articles[0].SourceID]++
			}
		}
		for source, n := range leads {
			if n > p.PerSource {
				r.Fatalf("%s leads %d stories", source, n)
			}
		}
		for id, reason := range reasons(i) {
			theme := by[id].Theme
			if theme == "none" {
				theme = digest.OtherTheme
			}
			room := in[theme] > 0 && in[theme] < capOf(theme) && i.Stories() < p.Budget.Themes*p.Budget.StoriesPerTheme
			switch {
			case (reason == "off-topic") != (by[id].LeftOut != ""):
				r.Fatalf("%s: %s", id, reason)
			case reason == "budget" && room, reason == "source-cap" && leads[by[id].Articles[0].SourceID] < p.PerSource:
				r.Fatalf("%s is out for %s, and there was room: %v %v", id, reason, in, leads)
			}
		}
		if f := i.Fronts["fr"]; i.Stories() > 0 && !strings.HasPrefix(f.Subject, i.Sections[0].Items[0].Wordings["fr"].Headline) {
			r.Fatalf("the subject %q is not of the first story", f.Subject)
		}
	})
}

// A letter about everything, with themes about one field, lost most of its
// week: what fits no theme had the room of one, and went first.
func TestAWeekThatFitsNoThemeIsToldAllTheSame(t *testing.T) {
	p := plan()
	p.Budget = digest.Budget{Themes: 3, StoriesPerTheme: 2}
	var stories []digest.Story
	for i := range 9 {
		stories = append(stories, made(fmt.Sprint("o", i), digest.OtherTheme, fmt.Sprint("s", i), 10-float64(i)))
	}
	stories = append(stories, made("m", "models", "a", 5.5), made("r", "research", "b", 2.5), made("x", "security", "c", 1.5))
	issue := compose.Issue(stories, p)
	if n := issue.Stories(); n != 6 || len(issue.Sections) != 3 {
		t.Errorf("%d stories: %v", n, outline(issue))
	}
	last := issue.Sections[len(issue.Sections)-1]
	if last.Theme.ID != digest.OtherTheme || len(last.Items) != 4 {
		t.Errorf("%v", outline(issue))
	}
}

// A letter of three stories said each of them twice, word for word.
func TestAFewStoriesNeedNoEssentials(t *testing.T) {
	var stories []digest.Story
	for n := range 4 {
		stories = append(stories, made(fmt.Sprint("n", n), "models", fmt.Sprint(n), .9))
	}
	for n, want := range map[int]int{1: 0, 3: 0, 4: 3} {
		f := compose.Issue(stories[:n], plan()).Fronts["fr"]
		if len(f.Essentials) != want || len([]rune(f.Preheader)) < 35 {
			t.Errorf("%d stories: %d essentials, preheader %q", n, len(f.Essentials), f.Preheader)
		}
	}
}

// The third thing an English reader was told in short stood in French, although
// the letter had more to tell in English.
func TestEssentialsSpeakTheReadersLanguageWhileTheyCan(t *testing.T) {
	english := func(s digest.Story) digest.Story {
		said := digest.Sentence{Text: "The " + s.ID + " people tell " + s.ID + "y of " + s.ID + "w and " + s.ID + "z.", Article: s.ID, Language: "en"}
		s.Wordings["en"] = digest.Wording{Headline: "All about " + s.ID, HeadlineLanguage: "en", Sentences: []digest.Sentence{said}}
		return s
	}
	french := func(s digest.Story) digest.Story { s.Wordings["en"] = s.Wordings["fr"]; return s }
	p := plan()
	p.Languages = []digest.Language{"fr", "en"}
	stories := []digest.Story{
		english(made("lead", "models", "a", .9)), french(made("loud", "research", "b", .85)),
		english(made("quiet", "models", "c", .4)), french(made("late", "security", "e", .35)), english(made("calm", "security", "d", .3)),
	}
	told := func(stories []digest.Story) (ids []string) {
		for _, s := range compose.Issue(stories, p).Fronts["en"].Essentials {
			ids = append(ids, s.Article)
		}
		return ids
	}
	if d := cmp.Diff([]string{"lead", "quiet", "calm"}, told(stories)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"lead", "quiet", "loud"}, told(stories[:4])); d != "" {
		t.Errorf("where no other is left: %s", d)
	}
}
