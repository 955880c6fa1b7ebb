package story_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// said is a headline of the default taxonomy's kind, and where it belongs.
type said struct{ theme, fr, en string }

var headlines = []said{
	{"models", "L’IA ouverte gagne un modèle de langage de 9 milliards de paramètres sous licence Apache", "A 9-billion-parameter open-weight language model joins the field"},
	{"research", "Des chercheurs en intelligence artificielle publient une étude sur l’apprentissage par renforcement", "AI researchers publish a study of reinforcement learning"},
	{"companies", "La jeune pousse d’intelligence artificielle lève 40 millions d’euros auprès d’investisseurs", "AI start-up raises 40 million euros from investors in a funding round"},
	{"regulation", "Le tribunal juge que le chatbot viole le droit d’auteur des éditeurs", "Court rules that the chatbot infringes the publishers’ copyright"},
	{"hardware", "Une puce pour l’IA et un centre de données de 200 mégawatts", "A chip for AI and a data centre of 200 megawatts"},
	{"security", "Une faille du chatbot permet une attaque par injection de prompt", "A flaw in the chatbot allows a prompt injection attack"},
	{"geopolitics", "Washington étend le contrôle des exportations de puces d’IA vers la Chine", "Washington widens export controls on AI models bound for China"},
}

func TestHeadlinesOfBothLanguagesFindTheirTheme(t *testing.T) {
	themer := story.NewThemer(story.Taxonomy(), nil)
	for _, h := range headlines {
		for lang, s := range map[digest.Language]string{"fr": h.fr, "en": h.en} {
			if got := themer.Assign(s, "", lang); got.Theme != h.theme || got.Score <= 0 || got.Evidence <= 0 {
				t.Errorf("%q: %+v, want %s", s, got, h.theme)
			}
		}
	}
}

// general is news of no field of ours. Much of it speaks of laws, companies,
// attacks, studies and applications, as the themes do.
var general = []said{
	{fr: "Un train de marchandises déraille près de Rennes, le trafic est interrompu"},
	{fr: "Le Sénat adopte la loi sur l’eau", en: "Parliament passes the water bill"},
	{fr: "Le boulanger du quartier rachète la crêperie voisine"},
	{fr: "Une étude montre que les abeilles dorment mieux à la campagne"},
	{fr: "L’application des horaires de bus est disponible sur smartphone"},
	{fr: "Le procès de l’incendie du port s’ouvre au tribunal"},
	{fr: "Grève dans les écoles : un enseignant sur trois absent"},
	{en: "A freight train derails near Leeds and blocks the line"},
	{en: "The striker joins the club on a four-year contract"},
	{en: "Scientists find a new species of frog in the cloud forest"},
	{en: "The government announces a summit on fishing rights"},
	{en: "Shares in the airline fall after a bad winter"},
	{en: "Thieves stole three paintings from the town museum"},
	{en: "The power station will close in March"},
}

func TestGeneralNewsBelongsToNoThemeAboutAI(t *testing.T) {
	themer := story.NewThemer(story.Taxonomy(), nil)
	var all []story.Text
	for _, g := range general {
		for lang, s := range map[digest.Language]string{"fr": g.fr, "en": g.en} {
			if s == "" {
				continue
			}
			all = append(all, story.Text{Title: s, Language: lang})
			if got := themer.Assign(s, "", lang); got.Theme != digest.OtherTheme || got.Score != 0 {
				t.Errorf("alone, %q: %+v", s, got)
			}
			if got := themer.Assign("", s+".", lang); got.Theme != digest.OtherTheme {
				t.Errorf("as a text, %q: %+v", s, got)
			}
		}
	}
	for i, got := range themer.Sort(all) {
		if got.Theme != digest.OtherTheme {
			t.Errorf("together, %q: %+v", all[i].Title, got)
		}
	}
}

func TestThemesOfOnesOwnHaveAFloorToo(t *testing.T) {
	words := func(s string) map[digest.Language]digest.ThemeWords {
		return map[digest.Language]digest.ThemeWords{"en": {Label: s}}
	}
	themer := story.NewThemer([]digest.Theme{{ID: "sea", Words: words("Fishing")}, {ID: "sky", Words: words("Ballooning")}}, nil)
	for s, want := range map[string]string{"Fishing off the coast": "sea", "A ballooning record": "sky", "The mayor opens a school": digest.OtherTheme, "": digest.OtherTheme} {
		if got := themer.Assign(s, "", "en"); got.Theme != want {
			t.Errorf("%q: %+v, want %s", s, got, want)
		}
	}
}

func TestAHeadingIsKnownByWhatGoesWithIt(t *testing.T) {
	words := func(lang digest.Language, s string) map[digest.Language]digest.ThemeWords {
		return map[digest.Language]digest.ThemeWords{lang: {Label: s}}
	}
	themer := story.NewThemer([]digest.Theme{
		{ID: "vision", Words: words("en", "Computer vision")}, {ID: "forecast", Words: words("fr", "Prévision")}, {ID: "speech", Words: words("en", "Speech")},
	}, nil)
	for s, want := range map[string]string{
		"Counting sheep in satellite images": "vision", "How we predict demand with seasonality": "forecast", "Transcription of phone calls": "speech",
	} {
		if got := themer.Assign(s, "", "en"); got.Theme != want {
			t.Errorf("%q: %+v, want %s", s, got, want)
		}
	}
	if got := themer.Assign("Compter les moutons sur des images aériennes", "", "fr"); got.Theme != "vision" {
		t.Errorf("French under an English heading: %+v", got)
	}
}

func TestAThemesOwnExamplesTeachIt(t *testing.T) {
	theme := func(id string, examples ...string) digest.Theme {
		return digest.Theme{ID: id, Words: map[digest.Language]digest.ThemeWords{"en": {Label: id, Examples: examples}}}
	}
	themer := story.NewThemer([]digest.Theme{
		theme("alpha", "Trawlers land cod in the harbour", "Nets full of cod and lobster", "Lobster pots in the harbour"),
		theme("beta", "Gliders ride thermals", "Clouds and thermals over the hills", "Balloons above the clouds"),
	}, nil)
	for s, want := range map[string]string{"Lobster and cod": "alpha", "Gliders in the clouds": "beta"} {
		if got := themer.Assign(s, "", "en"); got.Theme != want {
			t.Errorf("%q: %+v, want %s", s, got, want)
		}
	}
}

func TestOneMoveDisturbsNoOtherTheme(t *testing.T) {
	moved := []story.Example{{Title: "La mairie équipe ses bus d’un assistant vocal", Text: "Les voyageurs posent leurs questions à voix haute.", Language: "fr", Theme: "regulation"}}
	before, after := story.NewThemer(story.Taxonomy(), nil), story.NewThemer(story.Taxonomy(), moved)
	for _, h := range headlines {
		if a, b := before.Assign(h.fr, "", "fr"), after.Assign(h.fr, "", "fr"); a.Theme != b.Theme {
			t.Errorf("%q went from %s to %s", h.fr, a.Theme, b.Theme)
		}
	}
}

func TestSortingIsTheSameEveryTime(t *testing.T) {
	var texts []story.Text
	for _, h := range headlines {
		texts = append(texts, story.Text{Title: h.fr, Language: "fr"}, story.Text{Title: h.en, Language: "en"})
	}
	want := story.NewThemer(story.Taxonomy(), nil).Sort(texts)
	for range 5 {
		if diff := cmp.Diff(want, story.NewThemer(story.Taxonomy(), nil).Sort(texts)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// issuesOf makes three issues whose editor uses words that the themes do not say.
func issuesOf() (themes []digest.Theme, all []story.Labelled) {
	for id, label := range map[string]string{"sea": "Sea", "sky": "Sky"} {
		themes = append(themes, digest.Theme{ID: id, Words: map[digest.Language]digest.ThemeWords{"en": {Label: label}}})
	}
	for n := range 3 {
		for _, s := range []string{"trawlers and cod", "lobster and cod nets", "a harbour of trawlers", "nets in the harbour", "the sea"} {
			all = append(all, story.Labelled{Example: story.Example{Text: s, Language: "en", Theme: "sea"}, Group: fmt.Sprint(n)})
		}
		for _, s := range []string{"gliders and clouds", "balloons in clouds", "thermals for gliders", "balloons on thermals"} {
			all = append(all, story.Labelled{Example: story.Example{Text: s, Language: "en", Theme: "sky"}, Group: fmt.Sprint(n)})
		}
	}
	return themes, all
}

func TestCrossValidationSaysWhatLearningBrings(t *testing.T) {
	themes, all := issuesOf()
	j := story.CrossValidate(themes, all, nil)
	if j.Texts != 27 || j.Groups != 3 || len(j.Themes) != 2 || j.Worst > j.Best {
		t.Errorf("%+v", j)
	}
	if j.Alone.Accuracy > .2 || j.Learned.Accuracy < .9 || j.Learned.MacroF1 < .9 {
		t.Errorf("alone %+v, learned %+v", j.Alone, j.Learned)
	}
	n := 0
	for _, row := range j.Confusion {
		for _, k := range row {
			n += k
		}
	}
	if n != j.Texts {
		t.Errorf("%d texts in the confusion of %d", n, j.Texts)
	}
}

// Were the groups not kept apart, twins would teach each other.
func TestNothingIsJudgedByItsOwnIssue(t *testing.T) {
	themes, all := issuesOf()
	one := all[:9]
	for i := range one {
		one[i].Group = "only"
	}
	j := story.CrossValidate(themes, one, one)
	if diff := cmp.Diff(j.Alone, j.Learned); diff != "" {
		t.Errorf("an issue learned from itself: %s", diff)
	}
}

// TestThemesKeepTheirFigures holds themes to floors a little under what was measured.
func TestThemesKeepTheirFigures(t *testing.T) {
	for _, set := range []struct {
		name         string
		accuracy, f1 float64
		learning     bool
	}{
		{"dair", .60, .60, false}, {"applied-ml", .58, .52, false}, {"dair-learn", .62, .60, true}, {"applied-ml-learn", .64, .55, true},
	} {
		t.Run(set.name, func(t *testing.T) {
			dir := shared(t, "eval/corpus/themes/"+set.name)
			var examples []story.Example
			if set.learning {
				for _, r := range themeRows(t, filepath.Join(dir, "learn.jsonl")) {
					examples = append(examples, story.Example{Title: r.Title, Text: r.Text, Language: r.Language, Theme: r.Theme})
				}
			}
			rows := themeRows(t, filepath.Join(dir, "input.jsonl"))
			right := map[string]string{}
			for _, r := range themeRows(t, filepath.Join(dir, "gold.jsonl")) {
				right[r.ID] = r.Theme
			}
			var texts []story.Text
			for _, r := range rows {
				texts = append(texts, story.Text{Title: r.Title, Body: r.Text, Language: r.Language})
			}
			hit, wanted, given := map[string]float64{}, map[string]float64{}, map[string]float64{}
			var hits, f1 float64
			for i, f := range story.NewThemer(kitThemes(t, dir), examples).Sort(texts) {
				want := right[rows[i].ID]
				wanted[want]++
				given[f.Theme]++
				if f.Theme == want {
					hit[want]++
					hits++
				}
			}
			for theme, n := range wanted {
				f1 += 2 * hit[theme] / (n + given[theme]) / float64(len(wanted))
			}
			accuracy := hits / float64(len(rows))
			t.Logf("accuracy %.3f, macro-F1 %.3f", accuracy, f1)
			if accuracy < set.accuracy || f1 < set.f1 {
				t.Errorf("accuracy %.3f (at least %.2f), macro-F1 %.3f (at least %.2f)", accuracy, set.accuracy, f1, set.f1)
			}
		})
	}
}

type themeRow struct {
	ID, Title, Text, Theme string
	Language               digest.Language
}

func themeRows(t *testing.T, name string) (rows []themeRow) {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	jsonLines(t, f, func(r themeRow) { rows = append(rows, r) })
	return rows
}

func kitThemes(t *testing.T, dir string) (themes []digest.Theme) {
	raw, err := os.ReadFile(filepath.Join(dir, "themes.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Key                string
		Label, Description map[digest.Language]string
		Keywords           map[digest.Language][]string
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		theme := digest.Theme{ID: l.Key, Words: map[digest.Language]digest.ThemeWords{}}
		for lang, label := range l.Label {
			theme.Words[lang] = digest.ThemeWords{Label: label, Description: l.Description[lang], Keywords: l.Keywords[lang]}
		}
		themes = append(themes, theme)
	}
	return themes
}
