package summarise_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/summarise"
)

// What an editor leaves as it was is still a quotation, wherever it stands now;
// what is only like one, or goes on behind it, is the editor's.
func TestAnEditorsSentenceIsTiedToNoSource(t *testing.T) {
	quote := func(text, article string, lang digest.Language) digest.Sentence {
		return digest.Sentence{Text: text, Article: article, Start: 7, End: 7 + len(text), Language: lang}
	}
	first, second := quote("Orion 4 a paru mardi. À Brest.", "a", "fr"), quote("It has 30 billion parameters.", "b", "en")
	was := digest.Wording{Headline: "Orion 4 is out", HeadlineLanguage: "en", Sentences: []digest.Sentence{first, second}, Matters: quote("It opens a way.", "b", "en")}
	own := func(text string) digest.Sentence { return digest.Sentence{Text: text, Language: "fr"} }
	for _, c := range []struct {
		name, summary string
		want          []digest.Sentence
	}{
		{"as it was", "Orion 4 a paru mardi. À Brest. It has 30 billion parameters.", []digest.Sentence{first, second}},
		{"turned round, with words between", "It has 30 billion parameters. C’est peu. Orion 4 a paru mardi. À Brest.", []digest.Sentence{second, own("C’est peu."), first}},
		{"changed", "Orion 4 a paru lundi. C’est <b>peu</b>.", []digest.Sentence{own("Orion 4 a paru lundi."), own("C’est <b>peu</b>.")}},
		{"gone on", "It has 30 billion parameters.Or so", []digest.Sentence{own("It has 30 billion parameters."), own("Or so")}},
		{"with a mark of Markdown", "- Un tiret reste", []digest.Sentence{own("- Un tiret reste")}},
	} {
		got := summarise.Reword(was, digest.Words{Headline: "Orion 4 is out", Summary: c.summary}, "fr", "ada@example.org")
		want := digest.Wording{Headline: "Orion 4 is out", HeadlineLanguage: "en", Sentences: c.want, Editor: "ada@example.org", Matters: was.Matters}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	got := summarise.Reword(was, digest.Words{Headline: "Orion 4 est là", Summary: "C’est peu."}, "fr", "ada@example.org")
	if got.Headline != "Orion 4 est là" || got.HeadlineLanguage != "fr" {
		t.Errorf("%+v", got)
	}
}
