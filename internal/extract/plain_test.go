package extract

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// mustNot fails for every line that stands in a text where it must not.
func mustNot(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if strings.Contains(text, l) {
			t.Errorf("the text holds %q", l)
		}
	}
}

func must(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !strings.Contains(text, l) {
			t.Errorf("missing: %q", l)
		}
	}
}

// wellFormed checks what every text promises.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	for _, p := range strings.Split(text, "\n\n") {
		if p == "" || strings.ContainsAny(p, "\n\t\r") || strings.TrimSpace(p) != p {
			t.Errorf("not one clean line between empty lines: %q", p)
		}
	}
}

func TestAPastedArticleWithPortraitTeasersTrailerAndFAQ(t *testing.T) {
	a := PlainText(readFile(t, shared(t, "eval/seed/article.fr.txt")), Hint{Zone: paris(t)})
	if a.Title != "Intelligence artificielle : la guerre des modèles open source" {
		t.Errorf("title %q", a.Title)
	}
	if diff := cmp.Diff([]string{"Hugo Mollet"}, a.Authors); diff != "" {
		t.Error(diff)
	}
	at := time.Date(2025, 3, 14, 8, 6, 0, 0, paris(t))
	if !a.Published.Equal(at) || !a.Modified.Equal(at) || a.Language != digest.French || a.Kind != digest.KindArticle {
		t.Errorf("%v, %v, %s, %s", a.Published, a.Modified, a.Language, a.Kind)
	}
	wellFormed(t, a.Text)
	must(t, a.Text, "L’intelligence artificielle s’affirme comme", "Ascension des modèles open source", "des partenariats avec des start-ups innovantes.")
	mustNot(t, a.Text, "Hugo Mollet", "Rédacteur en chef", "découvrez", "actu.iaNews", "Une réunion d’Apple", "Alibaba s’attaque", "Foire aux questions", "Publié le", "Qu’est-ce qu’un modèle open source en")
	must(t, a.FAQ, "Qu’est-ce qu’un modèle open source en intelligence artificielle ?", "effectuer des tests approfondis avant de déployer")
	if n := strings.Count(a.FAQ, "\n\n"); n != 8 {
		t.Errorf("%d questions, want 9", n+1)
	}
	mustNot(t, a.FAQ, "Hugo Mollet", "découvrez", "Conclusion")
}

func TestPastedArticlesWithOtherWords(t *testing.T) {
	for name, want := range map[string]struct {
		article   digest.Article
		paragraph int
		begin     string
		end       string
		absent    []string
		faq       int
	}{
		"pasted.fr.txt": {
			article: digest.Article{
				Title: "Robots en cuisine : ce que changent les bras articulés dans les cantines", Authors: []string{"Léa Fontanel"}, Language: digest.French,
				Published: time.Date(2026, 2, 3, 17, 45, 0, 0, paris(t)), Modified: time.Date(2026, 2, 4, 9, 0, 0, 0, paris(t)),
			},
			paragraph: 6, begin: "À Nantes, trois cantines", end: "dont elle publiera le compte en juin.", faq: 3,
			absent: []string{"Fontanel", "Journaliste", "Accueil", "vignobles", "facteur électrique", "explorez", "plongez", "découvrez", "lecture", "Questions fréquentes"},
		},
		"pasted.en.txt": {
			article: digest.Article{
				Title: "Speech models: why small teams now train their own", Authors: []string{"Priya Raman"}, Language: digest.English,
				Published: time.Date(2026, 3, 3, 21, 15, 0, 0, paris(t)), Modified: time.Date(2026, 3, 4, 10, 0, 0, 0, paris(t)),
			},
			paragraph: 6, begin: "Two years ago", end: "missed one word in four.", faq: 3,
			absent: []string{"Priya", "Tekwire", "tekwire", "leaked memo", "rival", "discover", "learn how", "find out", "Frequently"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := PlainText(readFile(t, "testdata/"+name), Hint{Zone: paris(t)})
			wellFormed(t, a.Text)
			if n := strings.Count(a.Text, "\n\n") + 1; n != want.paragraph || !strings.HasPrefix(a.Text, want.begin) || !strings.HasSuffix(a.Text, want.end) {
				t.Errorf("%d blocks:\n%s", n, a.Text)
			}
			mustNot(t, a.Text, want.absent...)
			if n := strings.Count(a.FAQ, "\n\n") + 1; a.FAQ == "" || n != want.faq {
				t.Errorf("%d questions:\n%s", n, a.FAQ)
			}
			if a.Title != want.article.Title || cmp.Diff(a.Authors, want.article.Authors) != "" || a.Language != want.article.Language ||
				!a.Published.Equal(want.article.Published) || !a.Modified.Equal(want.article.Modified) {
				t.Errorf("%q %q %s %v %v", a.Title, a.Authors, a.Language, a.Published, a.Modified)
			}
		})
	}
}

func TestPlainTextForms(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want digest.Article
	}{
		"hard-wrapped lines are one paragraph": {
			"A title that stands alone\n\nThe first paragraph runs over several lines, each of which was\nbroken at seventy characters by an editor that was made for\nterminals, long ago, and which people still like to write\nletters and articles with, as this one shows quite plainly.\n\nThe second one is like it: it begins here, goes on to the\nnext line, and ends before the file does, with a full stop.\n",
			digest.Article{Title: "A title that stands alone", Text: "The first paragraph runs over several lines, each of which was broken at seventy characters by an editor that was made for terminals, long ago, and which people still like to write letters and articles with, as this one shows quite plainly.\n\nThe second one is like it: it begins here, goes on to the next line, and ends before the file does, with a full stop.", Language: digest.English},
		},
		"fields on top": {
			"Title: A letter\r\nAuthor: Ada Lovelace\r\nDate: 2026-02-01\r\n\r\nThe weather is fine and the engine runs.",
			digest.Article{Title: "A letter", Authors: []string{"Ada Lovelace"}, Published: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), Text: "The weather is fine and the engine runs.", Language: digest.English},
		},
		"a heading of two capitalised words is no author": {
			"The title of it\n\nMachine Learning\n\nIt is a field of study, and a long one to describe in a few words, so the text does not even try to do it here and now.",
			digest.Article{Title: "The title of it", Text: "Machine Learning\n\nIt is a field of study, and a long one to describe in a few words, so the text does not even try to do it here and now.", Language: digest.English},
		},
		"no title": {
			strings.Repeat("This text begins at once and has no title at all, which happens to the best of us. ", 4),
			digest.Article{Title: "This text begins at once and has no title at all, which happens to the best of us. This…", Text: strings.TrimSpace(strings.Repeat("This text begins at once and has no title at all, which happens to the best of us. ", 4)), Language: digest.English},
		},
		"an interview keeps its questions": {
			"A talk with the engineer\n\nWhy did you build it?\n\nBecause nobody else did, and because the old one had been broken for a year.\n\nWas it hard?\n\nThe first week was. After that it was a matter of patience, and of tea.",
			digest.Article{Title: "A talk with the engineer", Text: "Why did you build it?\n\nBecause nobody else did, and because the old one had been broken for a year.\n\nWas it hard?\n\nThe first week was. After that it was a matter of patience, and of tea.", Language: digest.English},
		},
		"empty": {"\n\n", digest.Article{}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Kind = digest.KindArticle
			if diff := cmp.Diff(c.want, PlainText([]byte(c.in), Hint{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	in := "---\ntitle: \"Un essai\"\nauthors:\n  - Ada Lovelace\n  - Charles Babbage\ndate: 2026-02-01T10:00:00+01:00\nlang: fr\ntags: [a, b]\n---\n\n# Un essai\n\nLe *premier* paragraphe a **deux** lignes\net un [lien](https://example.org/x_y).\n\n![image](x.png)\n\n```go\nfunc main() {}\n```\n\nSous-titre\n----------\n\n- un point\n- un `autre`\n\n> Une citation\n> sur deux lignes.\n\nsnake_case_reste\\_ici, et 2 * 3 * 4 aussi.\n\n[ref]: https://example.org\n"
	got := Markdown([]byte(in), Hint{})
	want := digest.Article{
		Kind: digest.KindArticle, Title: "Un essai", Authors: []string{"Ada Lovelace", "Charles Babbage"}, Language: digest.French,
		Published: time.Date(2026, 2, 1, 10, 0, 0, 0, time.FixedZone("", 3600)),
		Text:      "Le premier paragraphe a deux lignes et un lien.\n\n## Sous-titre\n\n- un point\n\n- un autre\n\n> Une citation sur deux lignes.\n\nsnake_case_reste_ici, et 2 * 3 * 4 aussi.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheBeginningOfAnArticleForSubscribersIsNoTextOfItsFeed(t *testing.T) {
	begins := "<p>Le port du Havre confie quatre portiques à un modèle ouvert, qui décide de l’ordre des manœuvres. Les grutiers gardent la main.</p>"
	for line, kind := range map[string]digest.ArticleKind{
		"Cet article est réservé aux abonnés.":                                         digest.KindWall,
		"Il vous reste 82 % de cet article à lire. La suite est réservée aux abonnés.": digest.KindWall,
		"Abonnez-vous à notre infolettre.":                                             digest.KindArticle,
	} {
		if a := Fragment([]byte(begins+"<p>"+line+"</p>"), "https://gazette.example/a", Hint{}); a.Kind != kind || strings.Contains(a.Text, line) {
			t.Errorf("%q: a %s: %q", line, a.Kind, a.Text)
		}
	}
}
