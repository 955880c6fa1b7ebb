package story_test

import (
	"slices"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// In a headline where every word has a capital, and at the beginning of a
// sentence, only the other articles tell what is a name.
func TestANameInAHeadlineOfCapitalsIsTheNameOthersWrite(t *testing.T) {
	in := []digest.Article{
		{ID: "a", Key: "a", Language: "en", Kind: digest.KindArticle, Title: "Gliders Buy Harris Mills", Text: "The deal closes in spring."},
		{ID: "b", Key: "b", Language: "en", Kind: digest.KindArticle, Title: "What the new owner of Harris Mills wants", Text: "On Monday the board of Harris Mills told weavers that the Gliders pay in full."},
		{ID: "c", Key: "c", Language: "en", Kind: digest.KindArticle, Title: "Weather", Text: "It rains on the coast, and the ferries stay in port until the wind turns."},
	}
	s := byArticle(story.Cluster(in, nil, story.Options{}))["a"]
	if len(s.Articles) != 2 || len(s.Why) != 1 {
		t.Fatalf("%d articles, reasons %+v", len(s.Articles), s.Why)
	}
	for _, name := range []string{"Gliders", "Harris", "Mills"} {
		if !slices.Contains(s.Why[0].Shared, name) {
			t.Errorf("the reason %q does not say %s", s.Why[0].Shared, name)
		}
	}
}
