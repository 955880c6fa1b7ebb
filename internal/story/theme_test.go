package story_test

import (
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

func TestThemeOfTheWeek(t *testing.T) {
	rows := week(t)
	of := byArticle(story.Theme(story.Relevant(story.Cluster(articles(rows), nil, story.Options{})), nil))
	for _, r := range rows {
		s := of[r.ID]
		if r.theme == "off" {
			if s.LeftOut == "" {
				t.Errorf("%s: not about AI and not left out", r.ID)
			}
			continue
		}
		if s.LeftOut != "" {
			t.Errorf("%s: left out as %q", r.ID, s.LeftOut)
		}
		if s.Theme != r.theme {
			t.Errorf("%s: theme %q, want %q", r.ID, s.Theme, r.theme)
		}
	}
}

func TestTaxonomySpeaksBothLanguages(t *testing.T) {
	themes := story.Taxonomy()
	if len(themes) != 9 || themes[len(themes)-1].ID != digest.OtherTheme {
		t.Fatalf("%d themes, last %q", len(themes), themes[len(themes)-1].ID)
	}
	for _, th := range themes {
		for _, l := range []digest.Language{digest.French, digest.English} {
			w := th.Words[l]
			if w.Label == "" || w.Description == "" {
				t.Errorf("%s has no words in %s", th.ID, l)
			}
			if th.ID != digest.OtherTheme && len(w.Keywords) < 25 {
				t.Errorf("%s has %d keywords in %s", th.ID, len(w.Keywords), l)
			}
		}
	}
	themes[0].Words[digest.French].Keywords[0] = "changed"
	if story.Taxonomy()[0].Words[digest.French].Keywords[0] == "changed" {
		t.Error("a caller changed the built-in taxonomy")
	}
}

func TestWhatFitsNothingIsOther(t *testing.T) {
	s := []digest.Story{{Articles: []digest.Article{{Title: "Le temps qu’il fera", Text: "Il pleuvra.", Language: "fr", Kind: digest.KindArticle}}}}
	if got := story.Theme(s, nil)[0].Theme; got != digest.OtherTheme {
		t.Errorf("theme %q", got)
	}
}

func TestThemerLearnsFromExamples(t *testing.T) {
	words := func(label string) map[digest.Language]digest.ThemeWords {
		return map[digest.Language]digest.ThemeWords{"en": {Label: label}}
	}
	themes := []digest.Theme{{ID: "sea", Words: words("Sea")}, {ID: "sky", Words: words("Sky")}}
	examples := []story.Example{
		{Text: "trawlers harbour cod nets", Language: "en", Theme: "sea"}, {Text: "cod lobster harbour", Language: "en", Theme: "sea"},
		{Text: "gliders clouds thermals", Language: "en", Theme: "sky"}, {Text: "clouds balloons wind", Language: "en", Theme: "sky"},
	}
	if fit := story.NewThemer(themes, nil).Assign("", "lobster and cod", "en"); fit.Theme != digest.OtherTheme {
		t.Errorf("untaught: %+v", fit)
	}
	if fit := story.NewThemer(themes, examples).Assign("", "lobster and cod", "en"); fit.Theme != "sea" || fit.Score <= 0 {
		t.Errorf("taught: %+v", fit)
	}
}

func TestRelevanceTellsAIFromTheRest(t *testing.T) {
	about := []digest.Article{
		{Title: "L’IA entre au lycée"},
		{Title: "OpenAI delays its next model"},
		{Title: "Mistral lève 2 milliards", Text: "La start-up d’intelligence artificielle boucle son tour de table."},
	}
	not := []digest.Article{
		{Title: "J’ai vu le Mistral souffler", Text: "Le vent a soufflé toute la nuit sur Marseille."},
		{Title: "Claude Monet exposé à Rouen", Text: "Le musée montre quarante toiles du peintre."},
		{Title: "Budget : le Sénat recule", Text: "Le Sénat a renoncé à la taxe. Un amendement sur l’intelligence artificielle a été rejeté, comme douze autres. " + filler(300)},
	}
	for _, a := range about {
		a.Kind = digest.KindArticle
		if r := story.Relevance(a); r < 1 {
			t.Errorf("%q: %.2f", a.Title, r)
		}
	}
	for _, a := range not {
		a.Kind = digest.KindArticle
		if r := story.Relevance(a); r >= 1 {
			t.Errorf("%q: %.2f", a.Title, r)
		}
	}
}

func filler(n int) string {
	s := ""
	for range n {
		s += "mot "
	}
	return s
}

func TestRankCountsIndependentSourcesAndSaysWhy(t *testing.T) {
	stories := story.Rank(story.Cluster(articles(week(t)), nil, story.Options{}), story.RankOptions{Now: monday.AddDate(0, 0, 6)})
	if got := stories[0].Articles[0].ID; got != "orion-fr1" && got != "orion-fr2" && got != "orion-en" {
		t.Errorf("the story of four sources is not first: %s", got)
	}
	of := byArticle(stories)
	if of["fine-fr1"].Score >= of["orion-en"].Score {
		t.Error("a copy counted as an independent source")
	}
	for i, s := range stories {
		sum := 0.0
		for _, e := range s.Evidence {
			sum += e.Value
		}
		if len(s.Evidence) != 6 || sum != s.Score {
			t.Errorf("evidence %v adds up to %v, score %v", s.Evidence, sum, s.Score)
		}
		if i > 0 && s.Score > stories[i-1].Score {
			t.Error("not in order")
		}
	}
}

func TestRankPrefersFreshNews(t *testing.T) {
	old := digest.Story{ID: "a", Articles: []digest.Article{{Published: monday}}}
	fresh := digest.Story{ID: "b", Articles: []digest.Article{{Published: monday.Add(100 * time.Hour)}}}
	if got := story.Rank([]digest.Story{old, fresh}, story.RankOptions{}); got[0].ID != "b" {
		t.Error("the older one is first")
	}
}
