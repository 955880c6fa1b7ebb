package story

import (
	"sort"
	"time"

	"hebdo/internal/digest"
)

// faint is a similarity that counts as none.
const faint = .04

// sameSource lowers the similarity of two articles of one source: it seldom
// tells one event twice, and often two of one company.
const sameSource = .85

// pair is one article's similarity to a later one.
type pair struct {
	j     int
	score float64
}

// posting is an article that holds a term.
type posting struct {
	doc    int
	weight float64
}

// compare gives, for every article, its similarity to each later one with which
// it has words in common, by way of an inverted index.
func compare(g *groups, c corpus, opt Options) [][]pair {
	n := len(c.docs)
	rows := make([][]pair, n)
	all := make([][]posting, len(c.keys))
	lead := make([][]posting, len(c.keys))
	acc := make([]float64, n)
	// From the last to the first, so that the index holds later articles only.
	for i := n - 1; i >= 0; i-- {
		d := c.docs[i]
		gather(acc, all, d.all)
		gather(acc, lead, d.lead)
		for j := i + 1; j < n; j++ {
			s := acc[j] / 2
			if source := sourceOf(g.articles[i]); source != "" && source == sourceOf(g.articles[j]) {
				s *= sameSource
			}
			if s >= faint && meet(g.articles[i], g.articles[j], opt.Window) {
				rows[i] = append(rows[i], pair{j, s})
			}
			acc[j] = 0
		}
		for _, t := range d.all {
			all[t.id] = append(all[t.id], posting{i, t.weight})
		}
		for _, t := range d.lead {
			lead[t.id] = append(lead[t.id], posting{i, t.weight})
		}
	}
	return rows
}

func gather(acc []float64, index [][]posting, terms []term) {
	for _, t := range terms {
		for _, p := range index[t.id] {
			acc[p.doc] += t.weight * p.weight
		}
	}
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

// similar looks a pair up in the rows.
func similar(rows [][]pair, i, j int) float64 {
	if i > j {
		i, j = j, i
	}
	row := rows[i]
	k := sort.Search(len(row), func(k int) bool { return row[k].j >= j })
	if k < len(row) && row[k].j == j {
		return row[k].score
	}
	return 0
}

// neighbourhoods parts the groups into those that are linked by pairs above
// the threshold; groups without such a pair are left out.
func neighbourhoods(g *groups, rows [][]pair, threshold float64) [][]int {
	parent := map[int]int{}
	var root func(int) int
	root = func(x int) int {
		p, ok := parent[x]
		if !ok || p == x {
			return x
		}
		r := root(p)
		parent[x] = r
		return r
	}
	linked := map[int]bool{}
	for i, row := range rows {
		for _, p := range row {
			if p.score < threshold {
				continue
			}
			x, y := root(g.of[i]), root(g.of[p.j])
			linked[g.of[i]], linked[g.of[p.j]] = true, true
			if x != y {
				parent[max(x, y)] = min(x, y)
			}
		}
	}
	var order []int
	for x := range linked {
		order = append(order, x)
	}
	sort.Ints(order)
	at := map[int]int{}
	var out [][]int
	for _, x := range order {
		r := root(x)
		k, ok := at[r]
		if !ok {
			k = len(out)
			at[r] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], x)
	}
	return out
}
