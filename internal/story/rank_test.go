package story_test

import (
	"math"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// told is a story of articles of the given sources, all of one moment.
func told(id string, sources ...string) digest.Story {
	s := digest.Story{ID: id}
	for i, source := range sources {
		s.Articles = append(s.Articles, digest.Article{
			ID: id + string(rune('a'+i)), SourceName: source, Published: time.Date(2025, 3, 12, 8, 0, 0, 0, time.UTC),
			Title: "A model", Text: "Words of " + id + " by " + source + string(rune('a'+i)) + ".", Kind: digest.KindArticle,
		})
	}
	return s
}

func TestRankWeighsWhatTheNewsletterSays(t *testing.T) {
	twice := told("twice", "Le Quotidien", "Le Quotidien", "Le Quotidien") // one newsroom, three articles
	two := told("two", "Le Quotidien", "The Daily")
	again := told("again", "Le Quotidien", "The Daily", "La Gazette")
	again.Earlier = &digest.Earlier{Issue: "1"}
	for _, c := range []struct {
		why     string
		weights digest.Weights
		first   string
	}{
		{"several newsrooms", digest.Weights{}, "again"},
		{"a newsroom that comes back to it", digest.Weights{Prominence: 1}, "twice"},
		{"what is new to readers", digest.Weights{Novelty: 2, Sources: 1}, "two"},
	} {
		got := story.Rank([]digest.Story{twice, two, again}, story.RankOptions{Weights: c.weights})
		if got[0].ID != c.first {
			t.Errorf("%s: %s is first, not %s", c.why, got[0].ID, c.first)
		}
		for _, s := range got {
			sum := 0.0
			for _, e := range s.Evidence {
				sum += e.Value
			}
			if math.Abs(sum-s.Score) > 1e-9 || s.Score < 0 || s.Score > 1 {
				t.Errorf("%s: %s scores %g, its evidence adds up to %g", c.why, s.ID, s.Score, sum)
			}
		}
	}
}

func TestOnlyTheProportionsOfWeightsMatter(t *testing.T) {
	some := []digest.Story{told("a", "x", "x"), told("b", "x", "y")}
	one := story.Rank(some, story.RankOptions{Weights: digest.Weights{Sources: 1, Freshness: 3}})
	ten := story.Rank(some, story.RankOptions{Weights: digest.Weights{Sources: 10, Freshness: 30}})
	for i := range one {
		if one[i].ID != ten[i].ID || math.Abs(one[i].Score-ten[i].Score) > 1e-9 {
			t.Errorf("%d: %s %g, %s %g", i, one[i].ID, one[i].Score, ten[i].ID, ten[i].Score)
		}
	}
}
