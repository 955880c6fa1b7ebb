package text_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

func TestLanguage(t *testing.T) {
	for s, want := range map[string]digest.Language{
		"Le gouvernement annonce un plan pour l’intelligence artificielle":   "fr",
		"The government announces a plan for artificial intelligence":        "en",
		"Quand l’IA s’invite à l’école":                                      "fr",
		"OpenAI is in talks with Microsoft":                                  "en",
		"Die Regierung hat gestern einen Plan für die Forschung vorgestellt": "de",
		"El gobierno presentó ayer un plan para la investigación del país":   "es",
		"Правительство объявило о новом плане развития искусственного интеллекта": "ru",
		"":       "",
		"GPT-5":  "",
		"12 345": "",
	} {
		if got := text.Language(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestWordsFoldStemAndMark(t *testing.T) {
	s := "L’éthique des modèles d’OpenAI : 1 000 règles."
	var got []string
	for _, w := range text.Words(s, "fr") {
		mark := ""
		if w.Stop {
			mark = "-"
		}
		if w.Number {
			mark = "#"
		}
		got = append(got, mark+w.Stem)
		if !w.Number && text.Fold(s[w.Start:w.End]) != w.Fold {
			t.Errorf("%q is not at its place", w.Fold)
		}
	}
	want := []string{"-l", "ethiqu", "-de", "model", "-d", "openai", "#1000", "regl"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if text.Stem("chercheurs", "fr") != text.Stem("chercheur", "fr") || text.Stem("models", "en") != text.Stem("model", "en") {
		t.Error("plural and singular have different stems")
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]string{
		"3,5 millions":           "3.5",
		"1 000 puces":            "1000",
		"1,000 chips":            "1000",
		"12\u202f500\u00a0euros": "12500",
		"$1,234,567.50":          "1234567.5",
		"en 2025, 300 articles":  "2025 300",
		"20 % et 007":            "20 7",
		"GPT-4.5 puis 0,24":      "4.5 0.24",
		"rien":                   "",
	} {
		var r text.Reader
		var got []string
		for _, w := range r.Words(s, "fr") {
			if w.Number {
				got = append(got, w.Fold)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// names are the words of a text that are part of a proper name.
func names(s string) (out []string) {
	var r text.Reader
	words := r.Words(s, "")
	for i, proper := range text.Proper(s, words) {
		if proper {
			out = append(out, s[words[i].Start:words[i].End])
		}
	}
	return out
}

func TestNames(t *testing.T) {
	s := "Pélican ouvre Orion 4\n\nMardi, le laboratoire Pélican a publié Orion 4. Selon Maud Keravel, GPT-5 et Mistral AI suivront. La suite demain."
	want := []string{"Pélican", "Orion", "Pélican", "Orion", "Maud", "Keravel", "GPT", "Mistral", "AI"}
	if diff := cmp.Diff(want, names(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATitleInCapitalsIsNotAllNames(t *testing.T) {
	got := names("Chip Maker Unveils Faster Processor For Data Centres\nThe chip from Kestrel is fast.")
	if len(got) != 1 || got[0] != "Kestrel" {
		t.Errorf("%q", got)
	}
}

func TestCountAndMinutes(t *testing.T) {
	if n := text.Count("« L’IA », dit-il : 3,5 % — non ?"); n != 4 {
		t.Errorf("Count = %d", n)
	}
	for _, c := range []struct {
		words, want int
		lang        digest.Language
	}{{0, 0, "fr"}, {1, 1, "fr"}, {204, 1, "fr"}, {400, 2, "fr"}, {1500, 7, "fr"}, {1500, 6, "en"}, {1500, 8, "de"}, {1500, 8, ""}, {1500, 8, "tlh"}} {
		if got := text.Minutes(c.words, c.lang); got != c.want {
			t.Errorf("Minutes(%d, %q) = %d, want %d", c.words, c.lang, got, c.want)
		}
	}
}

// BenchmarkWords is the words of 3 kB of text; compare its ns/op before and
// after a change:
//
//	go test ./internal/text -run '^$' -bench 'Words$' -count 6
func BenchmarkWords(b *testing.B) {
	s := strings.Repeat("Le laboratoire nantais Pélican a publié mardi les poids d’Orion 4, un grand modèle de langage de 30 milliards de paramètres. ", 25)
	var r text.Reader
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		r.Words(s, "fr")
	}
}

// BenchmarkSentences is the sentences of 3 kB of text; compare its ns/op before and
// after a change:
//
//	go test ./internal/text -run '^$' -bench 'Sentences$' -count 6
func BenchmarkSentences(b *testing.B) {
	s := strings.Repeat("Le laboratoire nantais Pélican a publié mardi les poids d’Orion 4, « un grand modèle » de 30 milliards de paramètres. ", 25)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		text.Sentences(s, "fr")
	}
}
