package digest

// Weights say how much each kind of evidence counts when stories are ranked.
// Only their proportions matter.
type Weights struct {
	Sources    float64 // how many independent sources tell the story
	Freshness  float64 // how new its youngest article is
	Prominence float64 // how much of their space its sources give it
	Novelty    float64 // whether an earlier issue has told of it
	Length     float64 // how much its leading article says
	Weight     float64 // how much its sources count, as the newsletter says
}

// DefaultWeights: what several newsrooms report is news. They add up to one.
var DefaultWeights = Weights{Sources: .45, Freshness: .2, Prominence: .05, Novelty: .05, Length: .1, Weight: .15}

// Shares are the weights with the sum one, so that scores lie in 0..1; those of
// DefaultWeights where all are zero.
func (w Weights) Shares() Weights {
	sum := w.Sources + w.Freshness + w.Prominence + w.Novelty + w.Length + w.Weight
	if sum <= 0 {
		return DefaultWeights
	}
	return Weights{
		w.Sources / sum, w.Freshness / sum, w.Prominence / sum, w.Novelty / sum, w.Length / sum, w.Weight / sum,
	}
}
