package story

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"

	"hebdo/internal/digest"
)

// term is one entry of a sparse vector; the id is the number of its key.
type term struct {
	id     int32
	weight float32
}

// doc is an article as the comparison sees it: unit vectors, sorted by id.
type doc struct {
	all, lead, top []term
	lang           digest.Language
}

// corpus holds the vectors of all articles of a window.
type corpus struct {
	docs    []doc
	keys    []string
	written map[digest.Language]map[int32]string // key → as the first article of that language writes it
}

// How much the parts of two articles count in their similarity.
const (
	wholeShare = .5
	leadShare  = .35
	topShare   = .15
)

// chunk is how many articles are in hand at once, as words: beyond it only
// their vectors are kept.
const chunk = 128

// newCorpus reads the articles, in order. Numbers of keys come in the order of
// their first article, so that the same articles give the same sums.
func newCorpus(articles []digest.Article, v *Vocabulary) corpus {
	c := corpus{docs: make([]doc, len(articles)), written: map[digest.Language]map[int32]string{}}
	ids := map[string]int32{}
	var df []int
	factor := make([][]float32, len(articles))
	readers := make([]*bagger, min(runtime.GOMAXPROCS(0), 8))
	for i := range readers {
		readers[i] = newBagger(v)
	}
	bags := make([]bag, chunk)
	for from := 0; from < len(articles); from += chunk {
		part := articles[from:min(from+chunk, len(articles))]
		readAll(readers, part, bags)
		for i := range part {
			c.docs[from+i], factor[from+i] = c.take(bags[i], ids, &df)
		}
	}
	weight := make([]float64, len(df))
	for id, n := range df {
		weight[id] = math.Max(0, v.rarity(c.keys[id], n, len(articles)))
	}
	for i := range c.docs {
		c.docs[i].weigh(weight, factor[i])
		factor[i] = nil
	}
	return c
}

// readAll reads a chunk of articles, several at once.
func readAll(readers []*bagger, part []digest.Article, bags []bag) {
	var wait sync.WaitGroup
	for k, r := range readers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := k; i < len(part); i += len(readers) {
				bags[i] = r.read(part[i])
			}
		}()
	}
	wait.Wait()
}

// take numbers the keys of an article; factor holds the boost of each term of all.
func (c *corpus) take(b bag, ids map[string]int32, df *[]int) (d doc, factor []float32) {
	said := c.written[b.lang]
	if said == nil {
		said = map[int32]string{}
		c.written[b.lang] = said
	}
	keys := make([]string, 0, len(b.all))
	for key := range b.all {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	d.lang = b.lang
	d.all = make([]term, 0, len(keys))
	for _, key := range keys {
		id, ok := ids[key]
		if !ok {
			id = int32(len(c.keys))
			ids[key] = id
			c.keys = append(c.keys, key)
			*df = append(*df, 0)
		}
		(*df)[id]++
		if _, ok := said[id]; !ok {
			said[id] = b.written[key]
		}
		d.all = append(d.all, term{id, float32(b.all[key])})
		if n := b.lead[key]; n > 0 {
			d.lead = append(d.lead, term{id, float32(n)})
		}
		if n := b.top[key]; n > 0 {
			d.top = append(d.top, term{id, float32(n)})
		}
	}
	byID := func(a, b term) int { return cmp.Compare(a.id, b.id) }
	for _, part := range [][]term{d.all, d.lead, d.top} {
		slices.SortFunc(part, byID)
	}
	factor = make([]float32, len(d.all))
	for i, t := range d.all {
		factor[i] = 1
		if f, ok := b.boost[c.keys[t.id]]; ok {
			factor[i] = float32(f)
		}
	}
	return d, factor
}

// weigh turns counts into unit vectors.
func (d *doc) weigh(weight []float64, factor []float32) {
	for _, part := range []*[]term{&d.lead, &d.top, &d.all} {
		at, sum := 0, 0.0
		kept := (*part)[:0]
		for _, t := range *part {
			for d.all[at].id != t.id {
				at++
			}
			w := (1 + math.Log(float64(t.weight))) * weight[t.id] * float64(factor[at])
			at++
			if w <= 0 {
				w = 0
			}
			sum += w * w
			kept = append(kept, term{t.id, float32(w)})
		}
		if sum > 0 {
			norm := float32(1 / math.Sqrt(sum))
			for i := range kept {
				kept[i].weight *= norm
			}
		}
		*part = kept
	}
}

// cosine of two unit vectors.
func cosine(a, b []term) float64 {
	sum, i, j := 0.0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].id == b[j].id:
			sum += float64(a[i].weight) * float64(b[j].weight)
			i++
			j++
		case a[i].id < b[j].id:
			i++
		default:
			j++
		}
	}
	return sum
}

// similarity of two articles, 0..1: of everything they say, and once more of
// how they begin.
func (c corpus) similarity(i, j int) float64 {
	x, y := &c.docs[i], &c.docs[j]
	return wholeShare*cosine(x.all, y.all) + leadShare*cosine(x.lead, y.lead) + topShare*cosine(x.top, y.top)
}

// shared names what two articles have most in common, as the first one's
// language writes it.
func (c corpus) shared(i, j, limit int) []string {
	type common struct {
		id     int32
		weight float64
	}
	var all []common
	a, b := c.docs[i].all, c.docs[j].all
	for x, y := 0, 0; x < len(a) && y < len(b); {
		switch {
		case a[x].id == b[y].id:
			if w := float64(a[x].weight) * float64(b[y].weight); w > 0 {
				all = append(all, common{a[x].id, w})
			}
			x++
			y++
		case a[x].id < b[y].id:
			x++
		default:
			y++
		}
	}
	slices.SortFunc(all, func(p, q common) int {
		return cmp.Or(cmp.Compare(q.weight, p.weight), cmp.Compare(c.keys[p.id], c.keys[q.id]))
	})
	var out []string
	seen := map[string]bool{}
	for _, s := range all {
		w := c.written[c.docs[i].lang][s.id]
		if len(out) < limit && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}
