package story

import (
	"sort"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// Repeat is the message key, under "leftout.", of a story that says nothing
// an earlier issue did not tell.
const Repeat = "repeat"

// Past is a story as an earlier issue told it.
type Past struct {
	digest.Earlier
	Articles []digest.Article
}

// What makes a story the next chapter of an earlier one, and an article one
// that only tells it again.
const (
	continuing = 1.3 // times DefaultThreshold: weeks apart, more must be the same
	retold     = .85 // similarity of a copy
	knownShare = .70 // share of what an article says that was told: nothing new
)

// Remember recognises stories that continue one of an earlier issue. Of such a
// story, articles that tell only what was told are taken out, so that what is
// new gets summarised, and Earlier names the issue, the latest if there are
// several; Told holds what its articles said. A story of nothing but such
// articles is left out as Repeat.
func Remember(stories []digest.Story, past []Past, opt Options) []digest.Story {
	out := append([]digest.Story(nil), stories...)
	if len(past) == 0 || len(stories) == 0 {
		return out
	}
	past = append([]Past(nil), past...)
	sort.SliceStable(past, func(i, j int) bool {
		if !past[i].Date.Equal(past[j].Date) {
			return past[i].Date.After(past[j].Date)
		}
		return past[i].Story < past[j].Story
	})
	m := newMemory(out, past, opt)
	for i := range out {
		if out[i].LeftOut == "" {
			m.recall(&out[i], i)
		}
	}
	return out
}

// memory holds the articles of earlier issues, then those of now.
type memory struct {
	scorer scorer
	past   []Past
	told   int      // articles of earlier issues
	of     []int    // article → past story
	first  []int    // story of now → its first article
	near   [][]pair // article of now → similar ones of earlier issues
}

func newMemory(stories []digest.Story, past []Past, opt Options) *memory {
	m := &memory{past: past}
	var all []digest.Article
	for k, p := range past {
		for _, a := range p.Articles {
			all, m.of = append(all, a), append(m.of, k)
		}
	}
	m.told = len(all)
	for _, s := range stories {
		m.first = append(m.first, len(all))
		all = append(all, s.Articles...)
	}
	// Weeks lie between two chapters: here days count for nothing.
	undated := append([]digest.Article(nil), all...)
	for i := range undated {
		undated[i].Published = digest.Article{}.Published
		undated[i].SourceID, undated[i].SourceName = "", ""
	}
	m.scorer = scorer{corpus: newCorpus(all, opt.vocabulary()), articles: undated, window: -1, vectors: opt.vectors(all)}
	m.near = m.scorer.neighboursOf(m.told, DefaultThreshold)
	return m
}

// recall looks for the earlier story that one of now continues.
func (m *memory) recall(s *digest.Story, at int) {
	sums := map[int]float64{}
	for i := range s.Articles {
		best := map[int]float64{}
		for _, p := range m.near[m.first[at]+i] {
			k := m.of[p.j]
			best[k] = max(best[k], p.score)
		}
		for k, v := range best {
			sums[k] += v
		}
	}
	found, most := -1, continuing*DefaultThreshold
	for k := range m.past { // the latest first, and it keeps a tie
		if v := sums[k] / float64(len(s.Articles)); v > most || found < 0 && v == most {
			found, most = k, v
		}
	}
	if found < 0 {
		return
	}
	earlier := m.past[found].Earlier
	s.Earlier = &earlier
	var fresh []digest.Article
	for i, a := range s.Articles {
		if !m.retells(m.first[at]+i, found) {
			fresh = append(fresh, a)
		}
	}
	if len(fresh) == 0 {
		s.LeftOut = Repeat
		return
	}
	s.Articles, s.Why, s.Told = fresh, among(s.Why, fresh), m.past[found].sentences()
}

// sentences are those of the articles a story was told from.
func (p Past) sentences() []string {
	var out []string
	for _, a := range p.Articles {
		for _, s := range text.Sentences(body(a), a.Language) {
			if !s.Heading {
				out = append(out, s.In(body(a)))
			}
		}
	}
	return out
}

// retells tells whether an article says only what a past story told.
func (m *memory) retells(i, k int) bool {
	covered := map[int32]bool{}
	for j := range m.told {
		if m.of[j] != k {
			continue
		}
		if same := m.scorer.articles[i].Key; same != "" && same == m.scorer.articles[j].Key {
			return true
		}
		if m.scorer.corpus.copies(i, j) || m.scorer.corpus.similarity(i, j) >= retold {
			return true
		}
		for _, t := range m.scorer.corpus.docs[j].all {
			covered[t.id] = true
		}
	}
	share := 0.0
	for _, t := range m.scorer.corpus.docs[i].all {
		if covered[t.id] {
			share += float64(t.weight) * float64(t.weight)
		}
	}
	return share >= knownShare
}

// among keeps the reasons whose two articles are both there.
func among(why []digest.Reason, articles []digest.Article) []digest.Reason {
	there := map[string]bool{}
	for _, a := range articles {
		there[a.ID] = true
	}
	var out []digest.Reason
	for _, r := range why {
		if there[r.A] && there[r.B] {
			out = append(out, r)
		}
	}
	return out
}
