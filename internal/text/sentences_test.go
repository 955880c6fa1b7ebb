package text_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

func sentences(s string, lang digest.Language) []string {
	out := []string{}
	for _, p := range text.Sentences(s, lang) {
		out = append(out, p.In(s))
	}
	return out
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		name string
		lang digest.Language
		want []string // joined by a space
	}{
		{"title before a name", "fr", []string{"M. Dupont et Mme. Roy ont vu le Dr. Lenoir.", "Il les attendait."}},
		{"abbreviations", "fr", []string{"Voir p. ex. cf. p. 12 et art. 5 du texte.", "Rien d’autre."}},
		{"etc. ends or goes on", "fr", []string{"Des puces, des serveurs, etc. sont livrés.", "Des câbles, etc.", "Tout arrive lundi."}},
		{"decimal comma", "fr", []string{"Il a levé 3,5 millions d’euros.", "Puis 1.000 de plus."}},
		{"version", "en", []string{"OpenAI released GPT-4.5 in May.", "Version 2.0.1 followed."}},
		{"acronym with dots", "fr", []string{"L’I.A. progresse vite.", "Elle inquiète l’O.N.U. Selon un rapport, elle manque d’eau."}},
		{"U.S. inside and at the end", "en", []string{"The U.S. Senate met.", "They live in the U.S.", "It is large."}},
		{"initials", "en", []string{"Yann A. LeCun spoke.", "So did J. K. Rowling."}},
		{"guillemets", "fr", []string{"« C’est fait. Nous y sommes ! », a dit Maud.", "« Vraiment ? »", "Elle rit."}},
		{"curly quotes", "en", []string{"“It works. We tested it,” she said.", "“Good.”", "He left."}},
		{"straight quotes", "en", []string{`She said: "This is new. It works." and left.`, `"Fine."`, "He agreed."}},
		{"brackets", "en", []string{"The test (it ran twice. Both passed.) was short.", "(See the note.)", "Done."}},
		{"ellipsis", "fr", []string{"Il hésite… puis signe.", "Et après…", "Rien."}},
		{"several marks", "en", []string{"Really?!", "Yes!!", "No..."}},
		{"web address", "en", []string{"Read https://www.example.org/a.html?x=1. Then reply to jo.doe@example.org."}},
		{"names that begin small", "en", []string{"It was a start.", "xAI replied.", "iPhone sales fell."}},
		{"dates", "en", []string{"On Jan. 20 it rained.", "By Dec. 3rd it snowed."}},
		{"clock", "en", []string{"At 5 p.m. Mr. Low left.", "She arrived in town at 6 p.m.", "Nobody came."}},
		{"no-break space before the stop", "fr", []string{"Est-ce vrai\u00a0?", "Oui\u00a0!", "Bien."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := strings.Join(c.want, " ")
			got := sentences(in, c.lang)
			if c.name == "acronym with dots" || c.name == "web address" {
				if strings.Join(got, " ") != in {
					t.Errorf("lost something: %q", got)
				}
				for _, s := range got {
					if strings.HasSuffix(s, "I.") || strings.HasSuffix(s, "www.") {
						t.Errorf("cut inside: %q", got)
					}
				}
				return
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSentencesGluedByAFeed(t *testing.T) {
	got := sentences("Il rentre chez lui.Elle part avec OpenAI.Le site ASP.Net et example.Com restent.", "fr")
	want := []string{"Il rentre chez lui.", "Elle part avec OpenAI.", "Le site ASP.Net et example.Com restent."}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAMarkedHeadingIsOneWhateverItEndsWith(t *testing.T) {
	s := "## C’est fait. Et maintenant ?\n\nLe modèle est sorti.\n\n## La suite\n\nElle vient."
	var headings []string
	for _, p := range text.Sentences(s, "fr") {
		if p.Heading {
			headings = append(headings, p.In(s))
		}
	}
	if got := strings.Join(headings, "|"); got != "C’est fait.|Et maintenant ?|La suite" {
		t.Errorf("%q", got)
	}
	if got := sentences(s, "fr"); strings.Contains(strings.Join(got, " "), "#") {
		t.Errorf("%q", got)
	}
}

func TestHeadingsStandAlone(t *testing.T) {
	s := "Un titre sans point\n\nUne phrase, dans son paragraphe. Une autre.\n\nLe sous-titre\nUne ligne qui suit son titre.\n\nEst-ce un titre ?\n\nOui."
	var got []string
	for _, p := range text.Sentences(s, "fr") {
		if p.Heading {
			got = append(got, p.In(s))
		}
	}
	if d := cmp.Diff([]string{"Un titre sans point", "Le sous-titre", "Est-ce un titre ?"}, got); d != "" {
		t.Error(d)
	}
	if p := text.Sentences("Un titre seul", "fr"); len(p) != 1 || p[0].Heading {
		t.Error("a text of one line is no heading")
	}
}

func TestListsArePartedAtTheirNumbers(t *testing.T) {
	got := sentences("Trois étapes : 1. Télécharger le modèle 2. Lancer le serveur 3. Poser une question", "fr")
	if len(got) != 4 || got[1] != "1. Télécharger le modèle" {
		t.Errorf("%q", got)
	}
}

func TestWrappedLinesAreOneSentence(t *testing.T) {
	got := text.Sentences("It was a cold \nnight in the city.", "en")
	if len(got) != 1 {
		t.Errorf("%d sentences", len(got))
	}
}

// What is cut out of a text must be found in it, in order, and nothing but
// space may be lost.
func TestSentencesAreVerbatimAndLoseNothing(t *testing.T) {
	piece := rapid.SampledFrom([]string{"M. ", "Le mot", ". ", "\n", "\n\n", "« ", " »", "“", "”", "\"", "(", ")", "3,5", " ", "\u00a0", "U.S.", "…", "?", "!", "é", "\xff", "1. ", "a) ", "http://x.fr/a.b", "’", "'", "• "})
	rapid.Check(t, func(r *rapid.T) {
		s := strings.Join(rapid.SliceOf(piece).Draw(r, "s"), "")
		at, kept := 0, ""
		for _, p := range text.Sentences(s, "fr") {
			if p.Start < at || p.End <= p.Start || p.End > len(s) {
				r.Fatalf("span %+v after %d in %q", p, at, s)
			}
			if strings.TrimSpace(p.In(s)) != p.In(s) {
				r.Fatalf("%q is not trimmed", p.In(s))
			}
			at = p.End
			kept += p.In(s)
		}
		if squeeze(kept) != squeeze(s) {
			r.Fatalf("%q became %q", s, kept)
		}
	})
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func FuzzSentences(f *testing.F) {
	f.Add("M. Dupont a dit « oui. » Puis 3.5.")
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, p := range text.Sentences(s, "en") {
			if p.Start < at || p.End > len(s) {
				t.Fatalf("%+v", p)
			}
			at = p.End
		}
		var r text.Reader
		text.Proper(s, r.Words(s, "en"))
	})
}

func TestAMarkOfAListOrQuotationIsNoPartOfItsSentence(t *testing.T) {
	in := "Le port a choisi.\n\n- Un premier point. Il continue.\n\n> « Nous jugerons sur pièces. »\n\n- 3 °C de moins - 4 de plus."
	var got []string
	for _, s := range text.Sentences(in, digest.French) {
		got = append(got, s.In(in))
	}
	want := []string{"Le port a choisi.", "Un premier point.", "Il continue.", "« Nous jugerons sur pièces. »", "- 3 °C de moins - 4 de plus."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
