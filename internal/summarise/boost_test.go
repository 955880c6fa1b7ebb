package summarise

import (
	"math"
	"slices"
	"sync"
)

// matrix holds training rows by column, sorted into bins.
type matrix struct {
	cuts    [][]float32
	columns [][]uint8
}

const mostBins = 32

// newMatrix finds bins of about equal size in a sample of rows.
func newMatrix(features int, sample [][]float32) *matrix {
	m := &matrix{columns: make([][]uint8, features)}
	for f := range features {
		var values []float32
		for _, r := range sample {
			values = append(values, r[f])
		}
		slices.Sort(values)
		var cuts []float32
		for k := 1; k < mostBins && len(values) > 0; k++ {
			v := values[k*(len(values)-1)/mostBins]
			if (len(cuts) == 0 || v > cuts[len(cuts)-1]) && v < values[len(values)-1] {
				cuts = append(cuts, v)
			}
		}
		m.cuts = append(m.cuts, cuts)
	}
	return m
}

func (m *matrix) add(row []float32, bins []uint8) {
	f := forest{cuts: m.cuts}
	f.bins(row, bins)
	for i, b := range bins[:len(row)] {
		m.columns[i] = append(m.columns[i], b)
	}
}

// growth says how a forest is to be trained.
type growth struct {
	trees, depth int
	rate         float64
	odds         bool    // targets are 0 or 1 and scores logarithms of odds; else squares are minimised
	least        float64 // weight in a leaf, at least
	calm         float64 // added to the weight of each leaf
}

// fine is how finely slopes are summed: in whole numbers, so that the order
// and number of threads make no difference.
const fine = 1 << 16

// grow trains a forest by gradient boosting.
func grow(m *matrix, target []float32, g growth) forest {
	n := len(target)
	f := forest{depth: g.depth, cuts: m.cuts}
	sum := 0.0
	for _, y := range target {
		sum += float64(y)
	}
	mean := sum / float64(n)
	if g.odds {
		mean = math.Log(mean / (1 - mean))
	}
	f.base = int32(math.Round(mean * leafScale))
	score := make([]int32, n)
	for i := range score {
		score[i] = f.base
	}
	slope := make([][2]int32, n)
	node := make([]uint8, n)
	inner := 1<<g.depth - 1
	for range g.trees {
		for i, y := range target {
			if g.odds {
				p := float64(chance(score[i]))
				slope[i] = [2]int32{int32((float64(y) - p) * fine), int32(p*(1-p)*fine) + 1}
			} else {
				slope[i] = [2]int32{int32((float64(y) - float64(score[i])/leafScale) * fine), fine}
			}
			node[i] = 0
		}
		feature, bin := make([]uint8, inner), make([]uint8, inner)
		for d := range g.depth {
			splits := level(m, slope, node, 1<<d, g)
			for k, s := range splits {
				feature[1<<d-1+k], bin[1<<d-1+k] = s.feature, s.bin
			}
			for i := range node {
				s := splits[node[i]]
				right := uint8(0)
				if m.columns[s.feature][i] > s.bin {
					right = 1
				}
				node[i] = 2*node[i] + right
			}
		}
		leaves := make([][2]int64, 1<<g.depth)
		for i, s := range slope {
			leaves[node[i]][0] += int64(s[0])
			leaves[node[i]][1] += int64(s[1])
		}
		values := make([]int16, len(leaves))
		for k, l := range leaves {
			v := g.rate * float64(l[0]) / (float64(l[1]) + g.calm*fine)
			values[k] = int16(max(-30000, min(30000, math.Round(v*leafScale))))
		}
		for i := range score {
			score[i] += int32(values[node[i]])
		}
		f.feature, f.bin, f.leaf = append(f.feature, feature...), append(f.bin, bin...), append(f.leaf, values...)
	}
	return f
}

type split struct {
	feature, bin uint8
	gain         float64
}

// level finds the best split of every node of one level.
func level(m *matrix, slope [][2]int32, node []uint8, nodes int, g growth) []split {
	features := len(m.columns)
	found := make([][]split, features)
	var wait sync.WaitGroup
	threads := make(chan bool, 2)
	for f := range features {
		wait.Add(1)
		threads <- true
		go func() {
			defer wait.Done()
			found[f] = splitsOf(m.columns[f], uint8(f), slope, node, nodes, g)
			<-threads
		}()
	}
	wait.Wait()
	out := make([]split, nodes)
	for k := range out {
		out[k] = split{bin: 255}
		for f := range features {
			if found[f][k].gain > out[k].gain {
				out[k] = found[f][k]
			}
		}
	}
	return out
}

func splitsOf(column []uint8, feature uint8, slope [][2]int32, node []uint8, nodes int, g growth) []split {
	sums := make([][2]int64, nodes*mostBins)
	for i, b := range column {
		s := &sums[int(node[i])*mostBins+int(b)]
		s[0] += int64(slope[i][0])
		s[1] += int64(slope[i][1])
	}
	out := make([]split, nodes)
	for k := range out {
		bins := sums[k*mostBins : (k+1)*mostBins]
		var all [2]int64
		for _, b := range bins {
			all[0] += b[0]
			all[1] += b[1]
		}
		worth := func(s [2]int64) float64 {
			a := float64(s[0]) / fine
			return a * a / (float64(s[1])/fine + g.calm)
		}
		whole := worth(all)
		var left [2]int64
		for b := 0; b < mostBins-1; b++ {
			left[0] += bins[b][0]
			left[1] += bins[b][1]
			right := [2]int64{all[0] - left[0], all[1] - left[1]}
			if float64(left[1])/fine < g.least || float64(right[1])/fine < g.least {
				continue
			}
			if gain := worth(left) + worth(right) - whole; gain > out[k].gain+1e-9 {
				out[k] = split{feature: feature, bin: uint8(b), gain: gain}
			}
		}
	}
	return out
}
