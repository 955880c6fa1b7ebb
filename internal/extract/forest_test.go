package extract

import (
	"math"
	"sort"
)

// sample is a line with its label.
type sample struct {
	x []float32
	y float32
	w float64
}

// grow learns boosted trees (Friedman, 2001) with Newton leaves for the
// logistic loss. It is deterministic.
func grow(samples []sample, o growth) forest {
	scores := make([]float64, len(samples))
	var out forest
	features := len(samples[0].x)
	order := make([][]int, features)
	for f := range order {
		order[f] = make([]int, len(samples))
		for i := range order[f] {
			order[f][i] = i
		}
		sort.SliceStable(order[f], func(a, b int) bool { return samples[order[f][a]].x[f] < samples[order[f][b]].x[f] })
	}
	g, h := make([]float64, len(samples)), make([]float64, len(samples))
	for range o.trees {
		for i, s := range samples {
			p := 1 / (1 + math.Exp(-scores[i]))
			g[i], h[i] = s.w*(float64(s.y)-p), s.w*p*(1-p)
		}
		at := make([]int, len(samples)) // the node each sample is in
		tr := tree{{Feature: -1}}
		level := []int{0}
		for range o.depth {
			var next []int
			best := bestSplits(samples, order, g, h, at, level, len(tr), o)
			for _, n := range level {
				b := best[n]
				if b.gain < 1e-3 {
					continue
				}
				l, r := len(tr), len(tr)+1
				tr[n].Feature, tr[n].Cut, tr[n].Left, tr[n].Right = b.feature, b.cut, l, r
				tr = append(tr, node{Feature: -1}, node{Feature: -1})
				next = append(next, l, r)
			}
			for i := range samples {
				n := tr[at[i]]
				if n.Feature >= 0 {
					if samples[i].x[n.Feature] < n.Cut {
						at[i] = n.Left
					} else {
						at[i] = n.Right
					}
				}
			}
			level = next
		}
		sg, sh := make([]float64, len(tr)), make([]float64, len(tr))
		for i := range samples {
			sg[at[i]] += g[i]
			sh[at[i]] += h[i]
		}
		for n := range tr {
			if tr[n].Feature < 0 {
				tr[n].Value = float32(math.Round(1e4*o.rate*sg[n]/(sh[n]+o.regular)) / 1e4)
			}
		}
		for i := range samples {
			scores[i] += float64(tr[at[i]].Value)
		}
		out = append(out, tr)
	}
	return out
}

// growth says how trees are grown: least is four times the least sum of the
// loss's curvature in a leaf.
type growth struct {
	trees, depth         int
	rate, regular, least float64
}

type split struct {
	gain    float64
	feature int
	cut     float32
}

func bestSplits(samples []sample, order [][]int, g, h []float64, at, level []int, nodes int, o growth) []split {
	best := make([]split, nodes)
	open := make([]bool, nodes)
	for _, n := range level {
		open[n] = true
	}
	tg, th := make([]float64, nodes), make([]float64, nodes)
	for i := range samples {
		tg[at[i]] += g[i]
		th[at[i]] += h[i]
	}
	for f := range order {
		lg, lh := make([]float64, nodes), make([]float64, nodes)
		last := make([]float32, nodes)
		for _, i := range order[f] {
			n := at[i]
			if !open[n] {
				continue
			}
			x := samples[i].x[f]
			rg, rh := tg[n]-lg[n], th[n]-lh[n]
			if lh[n] > o.least/4 && rh > o.least/4 && x > last[n] {
				gain := lg[n]*lg[n]/(lh[n]+o.regular) + rg*rg/(rh+o.regular) - tg[n]*tg[n]/(th[n]+o.regular)
				if gain > best[n].gain+1e-9 {
					best[n] = split{gain, f, (x + last[n]) / 2}
				}
			}
			lg[n] += g[i]
			lh[n] += h[i]
			last[n] = x
		}
	}
	return best
}
