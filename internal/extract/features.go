package extract

import (
	"math"
	"strings"
)

// featureNames are what the judge knows of a line, in the order of features.
var featureNames = []string{
	"trafilatura", "readability", "length", "link density", "sentence", "commas per word", "heading", "item", "quote", "paragraph",
	"article", "aside", "good", "bad", "bad near", "form", "table", "figure", "hidden",
	"position", "before", "after", "last votes", "next votes", "last agreed", "next agreed",
	"agreement", "share of trafilatura", "share of readability", "share agreed of parent", "share of parent", "size of parent",
	"twin", "title", "capitals", "digits", "lower start", "colon",
	"distance back", "distance on", "block links", "question", "around", "described",
}

// page is what the judge knows of all lines together.
type page struct {
	lines                []line
	agreed, union, total int
	by                   [voters]int
	first, last          int // of the agreed lines; -1: none
	parents              map[any]*parentSum
	twins                map[string]int
	title                string
	description          corpus
	before               []int // letters before each line
}

type parentSum struct{ size, agreed, linked, lines, kept int }

func (l line) kept(v int) bool { return l.votes[v] >= 0.5 }

// candidate tells whether any extractor kept a line, agreed whether all did.
func (l line) candidate() bool { return l.kept(byTrafilatura) || l.kept(byReadability) }
func (l line) agreed() bool    { return l.kept(byTrafilatura) && l.kept(byReadability) }

func survey(lines []line, title, description string) page {
	p := page{
		lines: lines, first: -1, last: -1, parents: map[any]*parentSum{}, twins: map[string]int{}, title: letters(title),
		description: corpus{}, before: make([]int, len(lines)),
	}
	p.description.add(description)
	for i, l := range lines {
		p.before[i] = p.total
		p.total += l.size
		for v := range voters {
			if l.kept(v) {
				p.by[v] += l.size
			}
		}
		if l.candidate() {
			p.union += l.size
		}
		s := p.parents[up(l.place)]
		if s == nil {
			s = &parentSum{}
			p.parents[up(l.place)] = s
		}
		s.size += l.size
		s.linked += l.linked
		s.lines++
		if l.agreed() {
			p.agreed += l.size
			s.agreed += l.size
			s.kept++
			if p.first < 0 {
				p.first = i
			}
			p.last = i
		}
		if l.size >= 12 {
			p.twins[l.text]++
		}
	}
	return p
}

// up is the element in which a line's element stands: paragraphs are told by
// their company.
func up(p place) any {
	if p.parent == nil || p.parent.Parent == nil {
		return nil
	}
	return p.parent.Parent
}

func number(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func ratio(a, b int) float32 {
	if b == 0 {
		return 0
	}
	return float32(a) / float32(b)
}

// features describes line i.
func (p page) features(i int) []float32 {
	l := p.lines[i]
	t := l.text
	words := strings.Count(t, " ") + 1
	s := p.parents[up(l.place)]
	capitals, digits := 0, 0
	for _, r := range t {
		if r >= 'A' && r <= 'Z' {
			capitals++
		} else if r >= '0' && r <= '9' {
			digits++
		}
	}
	votes := func(j int) (float32, float32) {
		if j < 0 || j >= len(p.lines) {
			return -1, -1
		}
		return (p.lines[j].votes[0] + p.lines[j].votes[1]) / 2, number(p.lines[j].agreed())
	}
	lastVotes, lastAgreed := votes(i - 1)
	nextVotes, nextAgreed := votes(i + 1)
	back, on := 0, 0
	for j := i - 1; j >= 0 && !p.lines[j].agreed() && back < 50; j-- {
		back++
	}
	for j := i + 1; j < len(p.lines) && !p.lines[j].agreed() && on < 50; j++ {
		on++
	}
	title := letters(t)
	return []float32{
		l.votes[byTrafilatura], l.votes[byReadability], float32(math.Log1p(float64(l.size))), ratio(l.linked, l.size), number(sentence(t)), ratio(strings.Count(t, ","), words),
		number(l.kind == heading), number(l.kind == item), number(l.kind == quote), number(l.place.paragraph),
		number(l.place.article), number(l.place.aside), float32(min(l.place.good, 6)), float32(min(l.place.bad, 6)), float32(min(l.place.badNear, 12)),
		number(l.place.form), number(l.place.table), number(l.place.figure), number(l.place.hidden),
		ratio(p.before[i], p.total), number(i < p.first), number(i > p.last), lastVotes, nextVotes, lastAgreed, nextAgreed,
		ratio(p.agreed, p.union), ratio(p.by[byTrafilatura], p.union), ratio(p.by[byReadability], p.union), ratio(s.agreed, s.size), ratio(s.size, p.total), float32(math.Log1p(float64(s.lines))),
		number(p.twins[t] > 1), number(len(title) > 8 && strings.Contains(p.title, title)), ratio(capitals, len(t)), ratio(digits, len(t)), number(startsLower(t)), number(strings.HasSuffix(t, ":")),
		float32(back), float32(on), ratio(s.linked, s.size), number(strings.HasSuffix(t, "?")),
		p.around(i), p.description.share(l.wordings),
	}
}

// around is how much the extractors kept of the three lines on either side.
func (p page) around(i int) float32 {
	sum, kept := 0, float32(0)
	for j := max(0, i-3); j <= min(len(p.lines)-1, i+3); j++ {
		if j != i {
			sum += p.lines[j].size
			kept += float32(p.lines[j].size) * (p.lines[j].votes[0] + p.lines[j].votes[1]) / 2
		}
	}
	if sum == 0 {
		return 0
	}
	return kept / float32(sum)
}
