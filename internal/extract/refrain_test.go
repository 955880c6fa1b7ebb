package extract

import (
	"fmt"
	"testing"

	"hebdo/internal/digest"
)

func TestWhatASitePutsUnderAllItsArticlesGoes(t *testing.T) {
	var in []digest.Article
	for i := range 3 {
		in = append(in, digest.Article{
			URL: fmt.Sprintf("https://fen.example/%d", i), Kind: digest.KindArticle,
			Text: fmt.Sprintf("Dies ist die Nachricht %d.\n\nNews %d.\n\nAnd more.\n\nThe same words in the middle.\n\nMore %d.\n\nStill more %d.\n\nHave you got a story? Ring the newsdesk.", i, i, i, i),
		})
	}
	in = append(in,
		digest.Article{URL: "https://other.example/1", Kind: digest.KindArticle, Text: "One.\n\nHave you got a story? Ring the newsdesk."},
		digest.Article{URL: "https://fen.example/4", Kind: digest.KindArticle, Text: "Have you got a story? Ring the newsdesk."},
	)
	refrains(in)
	for i := range 3 {
		if want := fmt.Sprintf("Dies ist die Nachricht %d.\n\nNews %d.\n\nThe same words in the middle.\n\nMore %d.\n\nStill more %d.", i, i, i, i); in[i].Text != want {
			t.Errorf("%q", in[i].Text)
		}
	}
	if in[3].Text != "One.\n\nHave you got a story? Ring the newsdesk." || in[4].Text == "" {
		t.Errorf("%q, %q", in[3].Text, in[4].Text)
	}
}
