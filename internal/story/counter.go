package story

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// count is one key of one article, as small as can be: a window holds millions.
type count struct {
	id             int32
	place          place
	all, lead, top uint8 // in halves
	boost          uint8 // in hundredths
}

// counter numbers keys and counts them, article by article. Numbers come in
// the order of the articles, so that the same articles give the same sums.
type counter struct {
	vocabulary *Vocabulary
	ids        map[uint64]int32
	common     []float32 // id → share of articles of the news that hold the key
	df         []int32   // id → articles of the window
	unsure     map[int32][2]int32
	pages      map[int32]string
	values     map[int32]float64 // of figures
	docs       [][]count
	imprints   []imprint
	spelled    [][]trigram
}

func newCounter(v *Vocabulary, articles int) *counter {
	return &counter{
		vocabulary: v, ids: map[uint64]int32{}, unsure: map[int32][2]int32{}, pages: map[int32]string{}, values: map[int32]float64{},
		docs: make([][]count, 0, articles), imprints: make([]imprint, 0, articles),
	}
}

func (n *counter) number(key string, hash uint64) int32 {
	id, ok := n.ids[hash]
	if !ok {
		id = int32(len(n.df))
		n.ids[hash] = id
		n.df = append(n.df, 0)
		n.common = append(n.common, float32(n.vocabulary.common[key]))
		if strings.HasPrefix(key, "/") {
			n.pages[id] = key
		}
		if v, ok := valued(key); ok {
			n.values[id] = v
		}
	}
	return id
}

// take counts an article.
func (n *counter) take(b *bag) {
	slices.SortFunc(b.entries, func(x, y entry) int { return cmp.Compare(x.hash, y.hash) })
	counts := make([]count, len(b.entries))
	for i, e := range b.entries {
		id := n.number(e.key, e.hash)
		if _, ok := n.unsure[id]; !ok && e.unsure[0] != "" {
			n.unsure[id] = [2]int32{n.number(e.unsure[0], hashed(e.unsure[0])), n.number(e.unsure[1], hashed(e.unsure[1]))}
		}
		n.df[id]++
		counts[i] = count{id, e.place, small(e.all), small(e.lead), small(e.top), uint8(math.Round(100 * float64(e.boost)))}
	}
	n.docs, n.imprints = append(n.docs, counts), append(n.imprints, b.imprint)
	n.spelled = append(n.spelled, slices.Clone(b.spelled))
}

// settle decides what the capitals of headlines and of first words are: those
// of names where other articles of the window write a name more often than
// the word.
func (n *counter) settle() {
	to, names := map[int32]int32{}, map[int32]bool{}
	for id, as := range n.unsure {
		to[id] = as[1]
		if n.df[as[0]] > n.df[as[1]] {
			to[id], names[id] = as[0], true
		}
	}
	clear(n.df)
	for i, counts := range n.docs {
		for k := range counts {
			c := &counts[k]
			if id, ok := to[c.id]; ok {
				if names[c.id] {
					c.boost = uint8(math.Round(100 * nameBoost))
				}
				c.id = id
			}
		}
		slices.SortStableFunc(counts, func(x, y count) int { return cmp.Compare(x.id, y.id) })
		merged := counts[:0]
		for _, c := range counts {
			n.df[c.id]++
			if last := len(merged) - 1; last >= 0 && merged[last].id == c.id {
				n.df[c.id]--
				m := &merged[last]
				m.all, m.lead, m.top = sum(m.all, c.all), sum(m.lead, c.lead), sum(m.top, c.top)
				m.boost = max(m.boost, c.boost)
				continue
			}
			merged = append(merged, c)
		}
		n.docs[i] = merged
	}
}

func sum(a, b uint8) uint8 { return uint8(min(255, int(a)+int(b))) }

// corpus weighs what was counted, and lets go of the counts.
func (n *counter) corpus() corpus {
	n.settle()
	n.ids = nil
	c := corpus{docs: make([]doc, len(n.docs)), pages: map[int32]string{}}
	weight, number := make([]float64, len(n.df)), make([]int32, len(n.df))
	for id, held := range n.df {
		weight[id] = math.Max(0, rarity(int(held), len(n.docs), float64(n.common[id])))
		number[id] = -1
		if held > 1 { // what one article alone holds is only part of its length
			number[id] = int32(c.terms)
			if page, ok := n.pages[int32(id)]; ok {
				c.pages[number[id]] = page
			}
			c.terms++
		}
	}
	spelling := weighSpelling(n.spelled)
	for i, counts := range n.docs {
		c.docs[i] = weighed(counts, weight, number)
		c.docs[i].imprint, c.docs[i].spelling = n.imprints[i], spelling[i]
		c.docs[i].figures = figures(counts, weight, n.values)
		n.docs[i] = nil
	}
	return c
}

// weighed turns counts into unit vectors.
func weighed(counts []count, weight []float64, number []int32) doc {
	var d doc
	var kept, lead, top int
	for _, c := range counts {
		if number[c.id] >= 0 {
			kept++
			lead += int(min(c.lead, 1))
			top += int(min(c.top, 1))
		}
	}
	terms := make([]term, 0, kept+lead+top)
	d.places = make([]place, 0, kept)
	part := func(of func(count) uint8, place func(count)) []term {
		from, sum := len(terms), 0.0
		for _, c := range counts {
			n := of(c)
			if n == 0 {
				continue
			}
			w := math.Max(0, (1+math.Log(float64(n)/2))*weight[c.id]*float64(c.boost)/100)
			sum += w * w
			if id := number[c.id]; id >= 0 {
				terms = append(terms, term{id, float32(w)})
				place(c)
			}
		}
		unit(terms[from:], sum)
		return terms[from:len(terms):len(terms)]
	}
	d.all = part(func(c count) uint8 { return c.all }, func(c count) { d.places = append(d.places, c.place) })
	d.lead = part(func(c count) uint8 { return c.lead }, func(count) {})
	d.top = part(func(c count) uint8 { return c.top }, func(count) {})
	return d
}
