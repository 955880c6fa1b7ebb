package story

import (
	"math"
	"sort"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

const (
	leadWords  = 60  // of title and beginning, compared on their own
	nameBoost  = 1.5 // a name says more about an event than a word
	numberLoss = .7  // a number less
	bodyWords  = 800 // a longer text is read so far
)

// term is one entry of a sparse vector; the id is the rank of its key.
type term struct {
	id     int32
	weight float64
}

// doc is an article as the comparison sees it.
type doc struct {
	all, lead []term         // unit vectors, sorted by id
	shown     map[int32]bool // ids that make good reasons: names and numbers
}

// bag counts the words of one article.
type bag struct {
	all, lead map[string]float64
	boost     map[string]float64
	written   map[string]string // key → as it stands in the text
}

// corpus holds the vectors of all articles of a window.
type corpus struct {
	docs []doc
	keys []string
	bags []bag
}

// body is what an article is compared by: a page that could not be read is
// known by what its source said of it.
func body(a digest.Article) string {
	if a.Readable() {
		return a.Text
	}
	return a.Excerpt
}

// newCorpus reads the articles, in order.
func newCorpus(articles []digest.Article) corpus {
	var reader text.Reader
	var k keyer
	c := corpus{bags: make([]bag, len(articles))}
	df := map[string]int{}
	for i, a := range articles {
		c.bags[i] = newBag(&reader, &k, a)
		for key := range c.bags[i].all {
			df[key]++
		}
	}
	for key := range df {
		c.keys = append(c.keys, key)
	}
	sort.Strings(c.keys)
	ids := make(map[string]int32, len(c.keys))
	weight := make([]float64, len(c.keys))
	for i, key := range c.keys {
		ids[key] = int32(i)
		weight[i] = math.Max(0, rarity(key, df[key], len(articles)))
	}
	for _, b := range c.bags {
		d := doc{all: vector(b.all, b.boost, ids, weight), lead: vector(b.lead, b.boost, ids, weight), shown: map[int32]bool{}}
		for key, f := range b.boost {
			d.shown[ids[key]] = f > 1
		}
		c.docs = append(c.docs, d)
	}
	return c
}

func newBag(reader *text.Reader, k *keyer, a digest.Article) bag {
	s := strings.TrimSpace(a.Title + "\n\n" + body(a))
	lang := a.Language
	if lang == "" {
		lang = text.Language(s)
	}
	b := bag{all: map[string]float64{}, lead: map[string]float64{}, boost: map[string]float64{}, written: map[string]string{}}
	words := reader.Words(s, lang)
	proper := text.Proper(s, words)
	n := 0
	for i, w := range words {
		if w.Stop && !proper[i] || n >= bodyWords {
			continue
		}
		n++
		key := k.key(w, lang, proper[i])
		b.all[key]++
		if n <= leadWords {
			b.lead[key]++
		}
		switch {
		case proper[i]:
			b.boost[key] = nameBoost
		case w.Number:
			b.boost[key] = numberLoss
		}
		if _, ok := b.written[key]; !ok || proper[i] {
			b.written[key] = s[w.Start:w.End]
		}
	}
	return b
}

// vector weighs the counts and brings them to length one.
func vector(counts, boost map[string]float64, ids map[string]int32, weight []float64) []term {
	out := make([]term, 0, len(counts))
	for key, n := range counts {
		w := (1 + math.Log(n)) * weight[ids[key]]
		if f, ok := boost[key]; ok {
			w *= f
		}
		if w > 0 {
			out = append(out, term{ids[key], w})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].id < out[j].id })
	sum := 0.0
	for _, t := range out {
		sum += t.weight * t.weight
	}
	if sum > 0 {
		norm := 1 / math.Sqrt(sum)
		for i := range out {
			out[i].weight *= norm
		}
	}
	return out
}

// cosine of two unit vectors.
func cosine(a, b []term) float64 {
	sum, i, j := 0.0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].id == b[j].id:
			sum += a[i].weight * b[j].weight
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

// similarity of two articles: half of everything they say, half of how they begin.
func (c corpus) similarity(i, j int) float64 {
	return (cosine(c.docs[i].all, c.docs[j].all) + cosine(c.docs[i].lead, c.docs[j].lead)) / 2
}

// shared names what two articles have most in common, as the first one writes it.
func (c corpus) shared(i, j, limit int) []string {
	type common struct {
		key    string
		weight float64
	}
	var all []common
	a, b := c.docs[i].all, c.docs[j].all
	for x, y := 0, 0; x < len(a) && y < len(b); {
		switch {
		case a[x].id == b[y].id:
			all = append(all, common{c.keys[a[x].id], a[x].weight * b[y].weight})
			x++
			y++
		case a[x].id < b[y].id:
			x++
		default:
			y++
		}
	}
	sort.Slice(all, func(p, q int) bool {
		if all[p].weight != all[q].weight {
			return all[p].weight > all[q].weight
		}
		return all[p].key < all[q].key
	})
	var out []string
	for _, s := range all {
		if len(out) == limit {
			break
		}
		out = append(out, c.bags[i].written[s.key])
	}
	return out
}
