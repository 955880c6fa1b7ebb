package story

import (
	"crypto/sha256"
	"sort"
	"strings"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// groups is the state of a clustering: which articles stand together by now.
type groups struct {
	articles []digest.Article
	of       []int                 // article → group
	members  map[int][]int         // group → articles, ascending
	apart    map[[2]int]bool       // articles that must never meet
	joins    map[int][]join        // group → how it came about
	seen     map[int]*digest.Story // group → the story an editor has seen
}

type join struct {
	a, b   int
	score  float64
	shared bool // the words they share are the reason
}

func newGroups(articles []digest.Article) *groups {
	g := &groups{articles: articles, of: make([]int, len(articles)), members: map[int][]int{}, apart: map[[2]int]bool{}, joins: map[int][]join{}, seen: map[int]*digest.Story{}}
	for i := range articles {
		g.of[i] = i
		g.members[i] = []int{i}
	}
	return g
}

// find gives the articles that go by a key: their own, their ID, or an alias.
func (g *groups) find() map[string][]int {
	out := map[string][]int{}
	add := func(key string, i int) {
		if key == "" {
			return
		}
		if l := out[key]; len(l) == 0 || l[len(l)-1] != i {
			out[key] = append(l, i)
		}
	}
	for i, a := range g.articles {
		add(a.Key, i)
		add(a.ID, i)
		add(a.URL, i)
		for _, alias := range a.Aliases {
			add(alias, i)
		}
	}
	return out
}

// never notes what the editors want kept apart.
func (g *groups) never(cons []digest.Constraint) {
	by := g.find()
	for _, c := range cons {
		if c.Kind != digest.NeverJoin {
			continue
		}
		for _, a := range by[c.A] {
			for _, b := range by[c.B] {
				g.apart[[2]int{min(a, b), max(a, b)}] = true
			}
		}
	}
}

// must joins what the editors want joined.
func (g *groups) must(cons []digest.Constraint) {
	by := g.find()
	for _, c := range cons {
		if c.Kind != digest.Join {
			continue
		}
		for _, a := range by[c.A] {
			for _, b := range by[c.B] {
				g.join(join{a: a, b: b, score: 1})
			}
		}
	}
}

// copies joins articles with the same key or the same words.
func (g *groups) copies(c corpus) {
	first := map[string]int{}
	for i, a := range g.articles {
		for _, key := range []string{keyOf(a), c.docs[i].imprint.key()} {
			if key == "" {
				continue
			}
			if j, ok := first[key]; ok {
				g.join(join{a: j, b: i, score: 1, shared: true})
			} else {
				first[key] = i
			}
		}
	}
}

func keyOf(a digest.Article) string {
	if a.Key == "" {
		return ""
	}
	return "key\n" + a.Key
}

// tellingWords are enough for a text to be known by.
const tellingWords = 12

func (p imprint) key() string {
	if p == (imprint{}) {
		return ""
	}
	return "words\n" + string(p[:])
}

// fingerprint is a hash of an article's words, without case, accents,
// punctuation and spacing; empty for texts too short to tell.
func fingerprint(a digest.Article) string {
	if !a.Readable() {
		return ""
	}
	h := sha256.New()
	n := 0
	for _, w := range text.Words(a.Text, "") {
		h.Write([]byte(w.Fold))
		h.Write([]byte{' '})
		n++
	}
	if n < tellingWords {
		return ""
	}
	return string(h.Sum(nil))
}

// may tells whether two groups may become one.
func (g *groups) may(x, y int) bool {
	if len(g.apart) == 0 {
		return true
	}
	for _, a := range g.members[x] {
		for _, b := range g.members[y] {
			if g.apart[[2]int{min(a, b), max(a, b)}] {
				return false
			}
		}
	}
	return true
}

// mayJoin tells whether two groups are two and may become one: not when an
// editor keeps them apart, nor when an editor has seen both as stories.
func (g *groups) mayJoin(x, y int) bool {
	return x != y && !(g.seen[x] != nil && g.seen[y] != nil) && g.may(x, y)
}

// join makes one group of those of two articles and tells which; false when
// they are one already or must not be.
func (g *groups) join(j join) (into, gone int, ok bool) {
	x, y := g.of[j.a], g.of[j.b]
	if !g.mayJoin(x, y) {
		return 0, 0, false
	}
	if x > y {
		x, y = y, x
	}
	for _, i := range g.members[y] {
		g.of[i] = x
	}
	g.members[x] = append(g.members[x], g.members[y]...)
	sort.Ints(g.members[x])
	g.joins[x] = append(append(g.joins[x], g.joins[y]...), j)
	if s := g.seen[y]; s != nil {
		g.seen[x] = s
	}
	delete(g.seen, y)
	delete(g.members, y)
	delete(g.joins, y)
	return x, y, true
}

// stories turns the groups into stories.
func (g *groups) stories(c corpus) []digest.Story {
	var ids []int
	for id := range g.members {
		ids = append(ids, id)
	}
	sort.Ints(ids)
	out := make([]digest.Story, 0, len(ids))
	for _, id := range ids {
		out = append(out, g.story(c, id))
	}
	newestFirst(out)
	return out
}

func newestFirst(stories []digest.Story) {
	sort.SliceStable(stories, func(i, j int) bool {
		if a, b := stories[i].Latest(), stories[j].Latest(); !a.Equal(b) {
			return a.After(b)
		}
		return stories[i].ID < stories[j].ID
	})
}

func (g *groups) story(c corpus, id int) digest.Story {
	members := append([]int(nil), g.members[id]...)
	fit := make(map[int]float64, len(members))
	first := g.earliest(members)
	for _, i := range members {
		fit[i] = leading(g.articles[i], central(c, i, members), first)
	}
	sort.SliceStable(members, func(a, b int) bool { return fit[members[a]] > fit[members[b]] })
	var s digest.Story
	readable := false
	for _, i := range members {
		s.Articles = append(s.Articles, g.articles[i])
		readable = readable || g.articles[i].Readable()
	}
	s.ID = storyID(s.Articles[0])
	if !readable {
		s.LeftOut = "unreadable"
	}
	s.Why = g.reasons(c, id)
	return s
}

// reasons tells of every join of a group what the two articles share.
func (g *groups) reasons(c corpus, id int) []digest.Reason {
	var out []digest.Reason
	for _, j := range g.joins[id] {
		r := digest.Reason{A: g.articles[j.a].ID, B: g.articles[j.b].ID, Score: j.score}
		if j.shared {
			r.Shared = c.shared(j.a, j.b, 6)
		}
		out = append(out, r)
	}
	return out
}

// central is how near an article is to the others of its story, 0..1.
func central(c corpus, i int, members []int) float64 {
	if len(members) < 2 || len(members) > 60 {
		return 0
	}
	sum := 0.0
	for _, j := range members {
		if j != i {
			sum += c.similarity(i, j)
		}
	}
	return sum / float64(len(members)-1)
}

// earliest is when the first dated article of a group was published.
func (g *groups) earliest(members []int) time.Time {
	var first time.Time
	for _, i := range members {
		if at := g.articles[i].Published; !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// leading is how well an article stands for its story: it can be read, its
// source counts, it says what the others say, it says enough, and it came out
// with the first reports, for comment comes later.
func leading(a digest.Article, central float64, first time.Time) float64 {
	w := a.Weight
	if w == 0 {
		w = 1
	}
	fit := w + central + .5*min(1, float64(text.Count(a.Text))/500)
	if !a.Published.IsZero() {
		fit += .4 * max(0, 1-a.Published.Sub(first).Hours()/48)
	}
	if !a.Readable() {
		fit -= 100
	}
	if strings.TrimSpace(a.Title) == "" {
		fit -= 1
	}
	return fit
}
