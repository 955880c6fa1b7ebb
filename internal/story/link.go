package story

import "container/heap"

// agglomerate joins the two most similar groups again and again while their
// average similarity reaches the threshold (average link, UPGMA). Only articles
// linked through pairs above the threshold can ever meet, so each such
// neighbourhood is worked on alone.
func agglomerate(g *groups, c corpus, opt Options) {
	rows := compare(g, c, opt)
	for _, part := range neighbourhoods(g, rows, opt.Threshold) {
		linkage{g: g, rows: rows, sums: sums(g, rows, part), threshold: opt.Threshold}.run()
	}
}

// linkage works on one neighbourhood. sums holds, for every two groups, the sum
// of the similarities of their articles.
type linkage struct {
	g         *groups
	rows      [][]pair
	sums      map[int]map[int]float64
	threshold float64
	queue     queue
}

func (l linkage) run() {
	for x, row := range l.sums {
		for y := range row {
			if x < y {
				l.offer(x, y)
			}
		}
	}
	for l.queue.Len() > 0 {
		m := heap.Pop(&l.queue).(merge)
		if s, ok := l.sums[m.x][m.y]; !ok || l.average(m.x, m.y, s) != m.score {
			continue // one of the two has changed since
		}
		a, b, score := l.closest(m.x, m.y)
		into, gone, ok := l.g.join(join{a: a, b: b, score: score, shared: true})
		if !ok {
			continue
		}
		l.fold(into, gone)
		for y := range l.sums[into] {
			l.offer(into, y)
		}
	}
}

// offer puts two groups into the queue if they are near enough.
func (l *linkage) offer(x, y int) {
	if avg := l.average(x, y, l.sums[x][y]); avg >= l.threshold {
		heap.Push(&l.queue, merge{x: min(x, y), y: max(x, y), score: avg})
	}
}

func (l *linkage) average(x, y int, sum float64) float64 {
	return sum / float64(len(l.g.members[x])*len(l.g.members[y]))
}

// fold adds what was known of the group that is gone to the one it went into.
func (l *linkage) fold(into, gone int) {
	for y, s := range l.sums[gone] {
		delete(l.sums[y], gone)
		if y == into {
			continue
		}
		l.sums[into][y] += s
		l.sums[y][into] = l.sums[into][y]
	}
	delete(l.sums, gone)
	delete(l.sums[into], gone)
}

// closest gives the two most similar articles of two groups: the reason of their join.
func (l *linkage) closest(x, y int) (a, b int, score float64) {
	score = -1
	for _, i := range l.g.members[x] {
		for _, j := range l.g.members[y] {
			if s := similar(l.rows, i, j); s > score {
				a, b, score = i, j, s
			}
		}
	}
	return a, b, score
}

// sums adds up the similarities between the groups of a neighbourhood, in a
// fixed order, so that rounding is the same on every run.
func sums(g *groups, rows [][]pair, part []int) map[int]map[int]float64 {
	out := map[int]map[int]float64{}
	in := map[int]bool{}
	for _, x := range part {
		in[x] = true
		out[x] = map[int]float64{}
	}
	for _, x := range part {
		for _, i := range g.members[x] {
			for _, p := range rows[i] {
				if y := g.of[p.j]; y != x && in[y] {
					out[x][y] += p.score
				}
			}
		}
	}
	for x, row := range out { // both directions hold the half they saw
		for y, s := range row {
			if x < y {
				both := s + out[y][x]
				out[x][y], out[y][x] = both, both
			} else if _, ok := out[y][x]; !ok {
				out[y][x] = s
			}
		}
	}
	return out
}

// merge is two groups that could become one.
type merge struct {
	x, y  int
	score float64
}

// queue is a heap of merges, the most similar first, ties by number.
type queue []merge

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	if a.score != b.score {
		return a.score > b.score
	}
	if a.x != b.x {
		return a.x < b.x
	}
	return a.y < b.y
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push and Pop are for container/heap.
func (q *queue) Push(m any) { *q = append(*q, m.(merge)) }
func (q *queue) Pop() any {
	old := *q
	m := old[len(old)-1]
	*q = old[:len(old)-1]
	return m
}
