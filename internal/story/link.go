package story

import (
	"container/heap"
	"slices"
)

// agglomerate joins the two most similar groups again and again while their
// average similarity reaches the bar (average link, UPGMA). Only groups that a
// pair of articles at or above the threshold links are ever looked at: an
// average cannot reach it otherwise.
func agglomerate(g *groups, s scorer, threshold float64) {
	l := linkage{g: g, s: s, threshold: threshold, sums: map[int]map[int]float64{}, within: map[int]float64{}}
	for j, row := range s.neighbours(threshold) {
		for _, p := range row {
			if x, y := g.of[p.j], g.of[j]; x != y {
				l.meet(x, y)
			}
		}
	}
	for x := range l.sums {
		l.within[x] = l.inside(x)
		for y := range l.sums[x] {
			if x < y {
				l.offer(x, y)
			}
		}
	}
	l.run()
}

// linkage holds the groups that have neighbours. sums is, for every two
// linked groups, the sum of the similarities of their articles, in both
// directions; within is that of a group's own pairs.
type linkage struct {
	g         *groups
	s         scorer
	threshold float64
	sums      map[int]map[int]float64
	within    map[int]float64
	queue     queue
}

func (l *linkage) run() {
	for l.queue.Len() > 0 {
		m := heap.Pop(&l.queue).(merge)
		cross, ok := l.sums[m.x][m.y]
		if !ok || l.average(m.x, m.y, cross) != m.score || m.score < l.bar(m.x, m.y) {
			continue // one of the two has changed since
		}
		a, b, score := l.closest(m.x, m.y)
		if !l.g.mayJoin(m.x, m.y) {
			continue
		}
		l.fold(m.x, m.y)
		l.g.join(join{a: a, b: b, score: score, shared: true})
		near := make([]int, 0, len(l.sums[m.x]))
		for y := range l.sums[m.x] {
			near = append(near, y)
		}
		slices.Sort(near)
		for _, y := range near {
			l.offer(m.x, y)
		}
	}
}

// Cohesion keeps look-alikes apart: what joins a group must be about as near
// to it as its members are to one another, and not only near enough in
// general. Small groups are thought to be ordinary, as if they held some more
// pairs of ordinary similarity.
const (
	cohesive       = .65 // of the mean cohesion of both groups
	ordinaryPairs  = 2
	ordinaryFactor = 1.2 // times the threshold
)

// bar is what the average similarity of two groups must reach.
func (l *linkage) bar(x, y int) float64 {
	return max(l.threshold, cohesive*(l.cohesion(x)+l.cohesion(y))/2)
}

func (l *linkage) cohesion(x int) float64 {
	n := float64(len(l.g.members[x]))
	return (l.within[x] + ordinaryPairs*ordinaryFactor*l.threshold) / (n*(n-1)/2 + ordinaryPairs)
}

// offer puts two groups into the queue if they are near enough.
func (l *linkage) offer(x, y int) {
	if avg := l.average(x, y, l.sums[x][y]); avg >= l.bar(x, y) {
		heap.Push(&l.queue, merge{x: min(x, y), y: max(x, y), score: avg})
	}
}

func (l *linkage) average(x, y int, sum float64) float64 {
	return sum / float64(len(l.g.members[x])*len(l.g.members[y]))
}

// meet makes two groups neighbours.
func (l *linkage) meet(x, y int) {
	if _, ok := l.sums[x][y]; ok {
		return
	}
	sum := l.between(x, y)
	for _, p := range [][2]int{{x, y}, {y, x}} {
		if l.sums[p[0]] == nil {
			l.sums[p[0]] = map[int]float64{}
		}
		l.sums[p[0]][p[1]] = sum
	}
}

// fold adds what is known of the second group to the first. A neighbour of
// only one of them is compared with the other now.
func (l *linkage) fold(into, gone int) {
	l.within[into] += l.within[gone] + l.sums[into][gone]
	for y := range l.sums[gone] {
		if _, ok := l.sums[into][y]; y != into && !ok {
			l.meet(into, y)
		}
	}
	for y := range l.sums[into] {
		if y == gone {
			continue
		}
		s, ok := l.sums[gone][y]
		if !ok {
			s = l.between(gone, y)
		}
		l.sums[into][y] += s
		l.sums[y][into] = l.sums[into][y]
		delete(l.sums[y], gone)
	}
	delete(l.sums[into], gone)
	delete(l.sums, gone)
	delete(l.within, gone)
}

// enough articles speak for a large group: its first ones, evenly taken.
const enoughMembers = 40

func speakers(members []int) ([]int, float64) {
	if len(members) <= enoughMembers {
		return members, 1
	}
	out := make([]int, 0, enoughMembers)
	for k := range enoughMembers {
		out = append(out, members[k*len(members)/enoughMembers])
	}
	return out, float64(len(members)) / enoughMembers
}

// between sums the similarities of the articles of two groups.
func (l *linkage) between(x, y int) float64 {
	xs, fx := speakers(l.g.members[min(x, y)])
	ys, fy := speakers(l.g.members[max(x, y)])
	sum := 0.0
	for _, i := range xs {
		for _, j := range ys {
			sum += l.s.score(i, j)
		}
	}
	return sum * fx * fy
}

// inside sums the similarities of a group's own pairs.
func (l *linkage) inside(x int) float64 {
	members := l.g.members[x]
	some, _ := speakers(members)
	sum := 0.0
	for k, i := range some {
		for _, j := range some[:k] {
			sum += l.s.score(j, i)
		}
	}
	if n, m := float64(len(members)), float64(len(some)); n > m {
		sum *= n * (n - 1) / (m * (m - 1))
	}
	return sum
}

// closest gives the two most similar articles of two groups: the reason of their join.
func (l *linkage) closest(x, y int) (a, b int, score float64) {
	score = -1
	xs, _ := speakers(l.g.members[x])
	ys, _ := speakers(l.g.members[y])
	for _, i := range xs {
		for _, j := range ys {
			if s := l.s.score(i, j); s > score {
				a, b, score = i, j, s
			}
		}
	}
	return a, b, score
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
