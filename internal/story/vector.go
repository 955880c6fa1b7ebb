package story

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"hebdo/internal/digest"
)

// term is one entry of a sparse vector; the id is the number of its key.
type term struct {
	id     int32
	weight float32
}

// doc is an article as the comparison sees it: unit vectors, sorted by id, of
// the keys that another article of the window holds too.
type doc struct {
	all, lead, top []term
	spelling       []term  // of the first words, by trigram
	places         []place // of the terms of all
	figures        []figure
	imprint        imprint
}

// corpus holds the vectors of all articles of a window.
type corpus struct {
	articles []digest.Article
	docs     []doc
	terms    int              // ids are below
	pages    map[int32]string // the keys that are pages
}

// How much the parts of two articles count in the similarity of their words.
const (
	wholeShare = .5
	leadShare  = .3
	topShare   = .2
)

const (
	chunk     = 128  // articles in hand at once as words; of the others only counts are kept
	forgotten = 2048 // articles after which readers forget the words they have met
)

// newCorpus reads the articles, in order.
func newCorpus(articles []digest.Article, v *Vocabulary) corpus {
	n := newCounter(v, len(articles))
	readers := make([]*bagger, min(runtime.GOMAXPROCS(0), 8))
	bags := make([]bag, chunk)
	for from := 0; from < len(articles); from += chunk {
		if from%forgotten == 0 {
			for i := range readers {
				readers[i] = newBagger(v)
			}
		}
		part := articles[from:min(from+chunk, len(articles))]
		readAll(readers, part, bags)
		for i := range part {
			n.take(&bags[i])
		}
	}
	c := n.corpus()
	c.articles = articles
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
				r.read(part[i], &bags[i])
			}
		}()
	}
	wait.Wait()
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

// similarity of two articles, 0..1: of everything they say, once more of how
// they begin, and of how that is spelled.
func (c corpus) similarity(i, j int) float64 {
	x, y := &c.docs[i], &c.docs[j]
	words := wholeShare*cosine(x.all, y.all) + leadShare*cosine(x.lead, y.lead) + topShare*cosine(x.top, y.top)
	return (1-spelledShare)*words + spelledShare*cosine(x.spelling, y.spelling)
}

// copies tells whether two articles have the same words.
func (c corpus) copies(i, j int) bool {
	return c.docs[i].imprint != (imprint{}) && c.docs[i].imprint == c.docs[j].imprint
}

// shared names what two articles have most in common, as the first one writes it.
func (c corpus) shared(i, j, limit int) []string {
	type common struct {
		at     int
		weight float64
	}
	var all []common
	a, b := c.docs[i].all, c.docs[j].all
	for x, y := 0, 0; x < len(a) && y < len(b); {
		switch {
		case a[x].id == b[y].id:
			if w := float64(a[x].weight) * float64(b[y].weight); w > 0 {
				all = append(all, common{x, w})
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
		return cmp.Or(cmp.Compare(q.weight, p.weight), cmp.Compare(p.at, q.at))
	})
	s := whole(c.articles[i])
	var out []string
	seen := map[string]bool{}
	for _, t := range all {
		w, ok := c.pages[a[t.at].id]
		if !ok {
			w = strings.TrimSpace(c.docs[i].places[t.at].in(s))
		}
		if len(out) < limit && w != "" && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// unit gives weights the length one.
func unit(part []term, sum float64) {
	if sum <= 0 {
		return
	}
	norm := float32(1 / math.Sqrt(sum))
	for i := range part {
		part[i].weight *= norm
	}
}
