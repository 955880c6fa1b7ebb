package summarise_test

import (
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/summarise"
)

func TestAStoryThatGoesOnTellsWhatIsNew(t *testing.T) {
	const old, fresh = "The court fined the mapping company Ostrea four million euros on Monday for copying maps.", "Ostrea appealed against the decision on Friday and dismissed two of its directors in Antwerp."
	s := digest.Story{Articles: []digest.Article{{
		ID: "a", Language: "en", Kind: digest.KindArticle, Title: "Ostrea appeals", Text: old + " " + fresh,
	}}}
	said := func(told ...string) string {
		s.Told = told
		out, _, err := summarise.New(summarise.Options{}).Write(t.Context(), []digest.Story{s}, []digest.Language{digest.English}, digest.Budget{})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, q := range out[0].Wordings[digest.English].Sentences {
			all = append(all, q.Text)
		}
		return strings.Join(all, " ")
	}
	if got := said(); !strings.Contains(got, old) {
		t.Errorf("a new story leaves its news out: %q", got)
	}
	if got := said("On Monday the court fined Ostrea, a mapping company, four million euros for copying maps."); got != fresh {
		t.Errorf("what was told stands in %q", got)
	}
	if got := said(old, fresh); got == "" {
		t.Error("nothing is said where nothing is new")
	}
}
