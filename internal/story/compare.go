package story

import (
	"cmp"
	"slices"
	"time"

	"hebdo/internal/digest"
)

// sameSource lowers the similarity of two articles of one source: it seldom
// tells one event twice, and often two of one company.
const sameSource = .85

// What bounds the search for candidates, so that its cost grows with the
// number of articles and not with its square.
const (
	tellingAll  = 64  // heaviest terms of an article that are looked up
	tellingLead = 32  // of its beginning
	crowded     = 500 // a term that more articles hold leads nowhere
	nearest     = 80  // candidates of an article that are scored exactly
	hopeful     = .3  // of the threshold, in telling terms alone: worth scoring
)

// pair is one article's similarity to another.
type pair struct {
	j     int
	score float64
}

// posting is an article that holds a term.
type posting struct {
	doc    int32
	weight float32
}

// scorer compares articles of a corpus exactly and remembers nothing.
type scorer struct {
	corpus   corpus
	articles []digest.Article
	window   time.Duration
	vectors  [][]float32 // embeddings; nil without
}

// score is the similarity of two articles as far as they can be about one event.
func (s scorer) score(i, j int) float64 {
	a, b := s.articles[i], s.articles[j]
	if !meet(a, b, s.window) {
		return 0
	}
	v := s.blend(i, j, s.corpus.similarity(i, j)) * together(a, b)
	v = min(1, v*figured(s.corpus.docs[i].figures, s.corpus.docs[j].figures))
	if source := sourceOf(a); source != "" && source == sourceOf(b) {
		v *= sameSource
	}
	return v
}

// neighbours gives, for every article, those before it that reach the
// threshold: candidates by way of an inverted index of their most telling
// terms, then the exact score.
func (s scorer) neighbours(threshold float64) [][]pair {
	return s.neighboursOf(len(s.articles), threshold)
}

// neighboursOf is neighbours among the first articles only: the others are
// compared with these and not with one another.
func (s scorer) neighboursOf(first int, threshold float64) [][]pair {
	n := len(s.corpus.docs)
	rows := make([][]pair, n)
	all, lead := make([][]posting, s.corpus.terms), make([][]posting, s.corpus.terms)
	acc := make([]float32, n)
	var touched []int32
	gather := func(index [][]posting, terms []term, share float32) {
		for _, t := range terms {
			if len(index[t.id]) > crowded {
				continue
			}
			for _, p := range index[t.id] {
				if acc[p.doc] == 0 {
					touched = append(touched, p.doc)
				}
				acc[p.doc] += share * t.weight * p.weight
			}
		}
	}
	for i := range s.corpus.docs {
		whole, begin := telling(s.corpus.docs[i].all, tellingAll), telling(s.corpus.docs[i].lead, tellingLead)
		gather(all, whole, wholeShare)
		gather(lead, begin, leadShare+topShare)
		candidates := touched[:0:0]
		for _, j := range touched {
			if float64(acc[j]) >= hopeful*threshold {
				candidates = append(candidates, j)
			}
		}
		slices.SortFunc(candidates, func(a, b int32) int { return cmp.Or(cmp.Compare(acc[b], acc[a]), cmp.Compare(a, b)) })
		for _, j := range candidates[:min(nearest, len(candidates))] {
			if v := s.score(int(j), i); v >= threshold {
				rows[i] = append(rows[i], pair{int(j), v})
			}
		}
		for _, j := range touched {
			acc[j] = 0
		}
		touched = touched[:0]
		if i < first {
			post(all, whole, i)
			post(lead, begin, i)
		}
	}
	return rows
}

// post enters an article into the index; a crowded term is closed.
func post(index [][]posting, terms []term, i int) {
	for _, t := range terms {
		if len(index[t.id]) <= crowded {
			index[t.id] = append(index[t.id], posting{int32(i), t.weight})
		}
	}
}

// telling gives the heaviest terms of a vector.
func telling(terms []term, limit int) []term {
	if len(terms) <= limit {
		return terms
	}
	out := slices.Clone(terms)
	slices.SortFunc(out, func(a, b term) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.id, b.id)) })
	return out[:limit]
}

// meet tells whether two articles can be about one event at all.
func meet(a, b digest.Article, window time.Duration) bool {
	if a.Kind == digest.KindError || b.Kind == digest.KindError || a.Kind == digest.KindListing || b.Kind == digest.KindListing {
		return false
	}
	if window < 0 || a.Published.IsZero() || b.Published.IsZero() {
		return true
	}
	d := a.Published.Sub(b.Published)
	return d <= window && d >= -window
}

// How similarity fades with the days between two articles, beyond the first:
// most reports of an event come within a day, and of two look-alikes the days
// are what tells them apart.
const (
	fading = .15
	faded  = .4
)

func together(a, b digest.Article) float64 {
	if a.Published.IsZero() || b.Published.IsZero() {
		return 1
	}
	days := a.Published.Sub(b.Published).Abs().Hours()/24 - 1
	if days <= 0 {
		return 1
	}
	return max(faded, 1/(1+days*fading))
}
