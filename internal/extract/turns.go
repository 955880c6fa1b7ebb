package extract

import (
	"strconv"
	"sync"
	"time"

	"hebdo/internal/digest"
)

// share is how long the pages of one source may take in one round, those worked
// on at the same time each counted. A source may name hundreds, at as many
// hosts, and each be as slow as a page may be: without an end to that, one
// source would keep the week's issue from being drafted.
const share = 30 * time.Minute

// turns is an order in which every source has its turn: the first article of
// each, then the second of each. One with many, or slow ones, comes last.
func turns(articles []digest.Article) []int {
	var rounds [][]int
	had := map[string]int{}
	for i, a := range articles {
		n := had[a.SourceID]
		had[a.SourceID] = n + 1
		if n == len(rounds) {
			rounds = append(rounds, nil)
		}
		rounds[n] = append(rounds[n], i)
	}
	order := make([]int, 0, len(articles))
	for _, round := range rounds {
		order = append(order, round...)
	}
	return order
}

// shares measures what sources have taken of a round.
type shares struct {
	now func() time.Time

	mu   sync.Mutex
	took map[string]time.Duration
	left map[string]int // articles that wait for the next round
}

// begin starts the clock of one article; end stops it. Where its source has had
// its share, the article is left.
func (s *shares) begin(source string) (end func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.took[source] >= share {
		s.left[source]++
		return nil, false
	}
	begun := s.now()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.took[source] += s.now().Sub(begun)
	}, true
}

// notes tells which sources had more to read than fits into a round.
func (s *shares) notes(articles []digest.Article) []digest.Note {
	var all []digest.Note
	for _, a := range articles {
		if n := s.left[a.SourceID]; n > 0 {
			all = append(all, digest.Note{Level: digest.Warning, Stage: "extract", Code: "source.slow", Where: a.SourceName, Detail: strconv.Itoa(n)})
			delete(s.left, a.SourceID)
		}
	}
	return all
}
