package pipeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func TestAReplayedIssueLinesUpWithTheOneThatWasSent(t *testing.T) {
	item := func(title string, score float64, articles ...string) digest.Item {
		it := digest.Item{Score: score}
		for _, a := range articles {
			it.Citations = append(it.Citations, digest.Citation{Article: a, Title: title, URL: "https://example.org/" + a})
		}
		return it
	}
	then := digest.Issue{
		Sections: []digest.Section{{Items: []digest.Item{item("Kept", .5, "a", "b"), item("Dropped", .4, "c")}}, {Items: []digest.Item{item("Moved up", .3, "d")}}},
		LeftOut:  []digest.LeftOut{{URL: "https://example.org/e", Reason: "budget"}},
	}
	now := digest.Issue{
		Sections: []digest.Section{{Items: []digest.Item{item("Moved up", .9, "d", "x"), item("Kept", .8, "b"), item("New", .7, "e")}}},
		LeftOut:  []digest.LeftOut{{URL: "https://example.org/c", Reason: "source-cap"}},
	}
	want := Replayed{Issue: then, Both: 2, Picks: []Pick{
		{Headline: "Moved up", Then: 3, Now: 1, Score: .9},
		{Headline: "Kept", Then: 1, Now: 2, Score: .8},
		{Headline: "New", Now: 3, Score: .7, Reason: "budget"},
		{Headline: "Dropped", Then: 2, Reason: "source-cap"},
	}}
	if diff := cmp.Diff(want, beside(then, now, digest.Newsletter{})); diff != "" {
		t.Error(diff)
	}
}
