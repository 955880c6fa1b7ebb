package story

import (
	"math"
	"slices"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

func TestSpellingCountsTrigramsOfWordsAndTheirEdges(t *testing.T) {
	got := spelled([]text.Word{{Fold: "ai"}, {Fold: "the", Stop: true}, {Fold: "ai"}}, nil)
	a, i := symbol('a'), symbol('i')
	want := []trigram{a*symbols + i, a*symbols + i, (a*symbols + i) * symbols, (a*symbols + i) * symbols}
	if !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	if symbol('é') != symbols-1 || symbol('9') != symbols-2 {
		t.Errorf("é is %d, 9 is %d of %d symbols", symbol('é'), symbol('9'), symbols)
	}
	if last := (symbol('%')*symbols+symbol('%'))*symbols + symbol('%'); int(last) >= trigrams {
		t.Errorf("the last trigram is %d of %d", last, trigrams)
	}
}

// No lexicon has these words; what they are made of tells.
func TestWordsMadeOfTheSamePartsAreNearInSpelling(t *testing.T) {
	in := []digest.Article{
		{ID: "a", Language: "en", Kind: digest.KindArticle, Title: "Bushfires near the glacier", Text: "Smoke rises."},
		{ID: "b", Language: "en", Kind: digest.KindArticle, Title: "Wildfires reach glaciers", Text: "Ash falls."},
		{ID: "c", Language: "fr", Kind: digest.KindArticle, Title: "Le marché aux poissons rouvre", Text: "On y chante."},
	}
	c := newCorpus(in, builtIn())
	near, far := cosine(c.docs[0].spelling, c.docs[1].spelling), cosine(c.docs[0].spelling, c.docs[2].spelling)
	if near < .12 || far > .05 {
		t.Errorf("alike %.3f, unlike %.3f", near, far)
	}
	for i, d := range c.docs {
		sum := 0.0
		for _, x := range d.spelling {
			sum += float64(x.weight) * float64(x.weight)
		}
		if math.Abs(sum-1) > 1e-3 {
			t.Errorf("article %d has the length %.4f", i, sum)
		}
	}
}
