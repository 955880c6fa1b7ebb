package story

import (
	"math"
	"sort"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// RankOptions of Rank.
type RankOptions struct {
	Now     time.Time      // zero: freshness is measured from the youngest article
	Weights digest.Weights // zero: digest.DefaultWeights
	Half    time.Duration  // after which freshness is half; 0 means three days
}

// Rank orders stories by what they matter, most first, and says why: one
// Evidence for every part, whose values add up to the score.
func Rank(stories []digest.Story, opt RankOptions) []digest.Story {
	opt.Weights = opt.Weights.Shares()
	if opt.Half == 0 {
		opt.Half = 72 * time.Hour
	}
	out := append([]digest.Story(nil), stories...)
	if opt.Now.IsZero() {
		for _, s := range out {
			if t := s.Latest(); t.After(opt.Now) {
				opt.Now = t
			}
		}
	}
	for i := range out {
		out[i].Evidence = evidence(out[i], opt)
		out[i].Score = 0
		for _, e := range out[i].Evidence {
			out[i].Score += e.Value
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Score != out[j].Score {
			return out[i].Score > out[j].Score
		}
		return out[i].ID < out[j].ID
	})
	return out
}

func evidence(s digest.Story, opt RankOptions) []digest.Evidence {
	return []digest.Evidence{
		{Name: "sources", Value: opt.Weights.Sources * min(1, math.Log2(independent(s))/2)},
		{Name: "freshness", Value: opt.Weights.Freshness * freshness(s.Latest(), opt)},
		{Name: "prominence", Value: opt.Weights.Prominence * prominence(s)},
		{Name: "novelty", Value: opt.Weights.Novelty * novelty(s)},
		{Name: "length", Value: opt.Weights.Length * length(s)},
		{Name: "weight", Value: opt.Weights.Weight * weight(s)},
	}
}

// independent counts the sources that tell the story in words of their own; a
// copy of another's text adds a quarter.
func independent(s digest.Story) float64 {
	sources, texts := map[string]bool{}, map[string]bool{}
	n := 0.0
	for _, a := range s.Articles {
		name := sourceOf(a)
		if sources[name] && name != "" {
			continue
		}
		sources[name] = true
		if print := fingerprint(a); print != "" && texts[print] {
			n += .25
			continue
		} else if print != "" {
			texts[print] = true
		}
		n++
	}
	return math.Max(1, n)
}

// prominence grows to 1 where sources give the story three articles each on
// average: a newsroom that comes back to a story thinks it matters.
func prominence(s digest.Story) float64 {
	sources := map[string]bool{}
	for _, a := range s.Articles {
		sources[sourceOf(a)] = true
	}
	if len(sources) == 0 {
		return 0
	}
	more := float64(len(s.Articles)-len(sources)) / float64(len(sources))
	return min(1, more/2)
}

// novelty is 0 for the next chapter of what an earlier issue told.
func novelty(s digest.Story) float64 {
	if s.Earlier != nil {
		return 0
	}
	return 1
}

func freshness(latest time.Time, opt RankOptions) float64 {
	if latest.IsZero() {
		return .25
	}
	age := opt.Now.Sub(latest)
	if age < 0 {
		age = 0
	}
	return math.Exp2(-float64(age) / float64(opt.Half))
}

// length grows to 1 at 500 words.
func length(s digest.Story) float64 {
	if len(s.Articles) == 0 || !s.Articles[0].Readable() {
		return 0
	}
	return min(1, float64(text.Count(s.Articles[0].Text))/500)
}

// weight is .5 for a source of weight 1, and 1 from weight 2 on.
func weight(s digest.Story) float64 {
	best := 0.0
	for _, a := range s.Articles {
		w := a.Weight
		if w == 0 {
			w = 1
		}
		best = math.Max(best, w)
	}
	return min(1, best/2)
}
