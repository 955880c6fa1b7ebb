package locale

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goccy/go-yaml"

	"hebdo/internal/digest"
	"hebdo/templates"
)

// read gives the keys of one language's file and their texts; a plural has one text a form.
func read(t *testing.T, lang digest.Language) map[string]map[string]string {
	t.Helper()
	body, err := fs.ReadFile(templates.FS, "locales/"+string(lang)+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := yaml.UnmarshalWithOptions(body, &raw, yaml.Strict()); err != nil {
		t.Fatalf("%s.yaml: %v", lang, err)
	}
	keys := map[string]map[string]string{}
	for key, value := range raw {
		keys[key] = map[string]string{}
		switch v := value.(type) {
		case string:
			keys[key]["other"] = v
		case map[string]any:
			for form, text := range v {
				keys[key][form], _ = text.(string)
			}
		default:
			t.Errorf("%s.yaml: %s is neither a text nor forms of a plural", lang, key)
		}
	}
	return keys
}

var field = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

func fields(forms map[string]string) []string {
	var names []string
	for _, m := range field.FindAllStringSubmatch(forms["other"], -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestLanguagesHaveTheSameKeysAndFields(t *testing.T) {
	french, english := read(t, digest.French), read(t, digest.English)
	for key, forms := range english {
		if _, ok := french[key]; !ok {
			t.Errorf("fr.yaml lacks %s", key)
		} else if a, b := fields(forms), fields(french[key]); !slices.Equal(a, b) {
			t.Errorf("%s: English names %v, French %v", key, a, b)
		}
		for form, text := range forms {
			if strings.TrimSpace(text) == "" {
				t.Errorf("en.yaml: %s.%s is empty", key, form)
			}
		}
	}
	for key := range french {
		if _, ok := english[key]; !ok {
			t.Errorf("en.yaml lacks %s", key)
		}
	}
}

func TestWordsOfEachLanguage(t *testing.T) {
	if got := For(digest.French).T("language.in.en"); got != "en anglais" {
		t.Errorf("got %q", got)
	}
	if got := For("de").T("language.in.fr"); got != "in French" {
		t.Errorf("a language without words gave %q, want English", got)
	}
	if got := For(digest.English).T("no.such.key"); got != "no.such.key" {
		t.Errorf("a missing key gave %q", got)
	}
}

func TestPluralsAndFields(t *testing.T) {
	files := fstest.MapFS{
		"l/en.yaml": {Data: []byte("a.stories:\n  one: \"{{.Count}} story for {{.Name}}\"\n  other: \"{{.Count}} stories for {{.Name}}\"\n")},
		"l/fr.yaml": {Data: []byte("a.stories:\n  one: \"{{.Count}} sujet pour {{.Name}}\"\n  other: \"{{.Count}} sujets pour {{.Name}}\"\n")},
	}
	all, err := open(files, "l")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang digest.Language
		n    int
		want string
	}{
		{"en", 0, "0 stories for you"}, {"en", 1, "1 story for you"}, {"en", 2, "2 stories for you"},
		{"fr", 0, "0 sujet pour you"}, {"fr", 1, "1 sujet pour you"}, {"fr", 2, "2 sujets pour you"},
	} {
		if got := all[c.lang].T("a.stories", "Count", c.n, "Name", "you"); got != c.want {
			t.Errorf("%s %d: got %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

func TestBrokenWordsNameTheirFile(t *testing.T) {
	_, err := open(fstest.MapFS{"l/en.yaml": {Data: []byte("a: [")}}, "l")
	if err == nil || !strings.Contains(err.Error(), "l/en.yaml") {
		t.Errorf("got %v", err)
	}
}

func TestDates(t *testing.T) {
	first := time.Date(2027, 3, 1, 7, 5, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{For("fr").Date(first), "lundi 1er mars 2027"},
		{For("en").Date(first), "Monday 1 March 2027"},
		{For("fr").DateTime(first), "lundi 1er mars 2027 à 7\u00a0h\u00a005"},
		{For("en").DateTime(first), "Monday 1 March 2027 at 07:05"},
		{For("fr").ShortDate(first.AddDate(0, 0, 1)), "2 mars 2027"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAWordInATextGoesWithItsCount(t *testing.T) {
	if !For(digest.French).Has("cli.collect.done") || For(digest.French).Has("cli.collect.undone") {
		t.Error("Has does not tell what is there")
	}
	for _, c := range []struct {
		lang digest.Language
		read int
		want string
	}{
		{digest.English, 0, "0 new articles from 1 source, 0 read."},
		{digest.English, 1, "1 new article from 1 source, 1 read."},
		{digest.French, 0, "0 article nouveau de 1 source, 0 lu."},
		{digest.French, 2, "2 articles nouveaux de 1 source, 2 lus."},
	} {
		got := For(c.lang).T("cli.collect.done", "Found", c.read, "Read", c.read, "Sources", 1)
		if strings.ReplaceAll(got, "\u00a0", " ") != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Half of the French texts once had typewriters' apostrophes, and spaces at
// which a line broke before its colon.
func TestTextsAreSetAsTheirLanguageIs(t *testing.T) {
	placeholder := regexp.MustCompile(`{{.*?}}`)
	wrong := map[digest.Language]*regexp.Regexp{
		digest.French:  regexp.MustCompile(`\pL'[\pL«]| [:;!?»]|« `),
		digest.English: regexp.MustCompile(`\pL'\pL`),
	}
	for lang, bad := range wrong {
		for key, forms := range read(t, lang) {
			for _, text := range forms {
				if at := bad.FindString(placeholder.ReplaceAllString(text, "X")); at != "" {
					t.Errorf("%s: %s has %q in: %s", lang, key, at, text)
				}
			}
		}
	}
}
