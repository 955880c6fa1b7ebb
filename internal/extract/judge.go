package extract

import (
	_ "embed"
	"encoding/json"
	"math"
	"sync"
)

// judgeData is learnt from pages whose articles people marked:
// go test ./internal/extract -run LearntAnew -train
//
//go:embed data/judge.json
var judgeData []byte

// judge is parsed once.
var judge = sync.OnceValue(func() forest {
	var f forest
	if err := json.Unmarshal(judgeData, &f); err != nil {
		panic("extract: data/judge.json is broken: " + err.Error())
	}
	return f
})

// needs is what probability a line needs, by who kept it.
type needs struct{ agreed, contested, lost float64 }

// Extractors that agree are mostly right, and a line that neither kept needs
// to be beyond doubt. On a page on which they hardly differ they are right
// nearly always, and the judge, who learnt from hard pages, has less of a say.
var (
	onHardPages  = needs{agreed: 0.25, contested: 0.5, lost: 0.75}
	onClearPages = needs{agreed: 0.1, contested: 0.8, lost: 1}
)

const (
	clearPage = 0.95 // share of what either extractor keeps that both keep
	leastLost = 20   // letters of a line that neither kept
)

func (p page) needs() needs {
	if ratio(p.agreed, p.union) > clearPage {
		return onClearPages
	}
	return onHardPages
}

// of gives what a line needs.
func (n needs) of(l line) float64 {
	switch {
	case l.agreed():
		return n.agreed
	case l.candidate():
		return n.contested
	}
	return n.lost
}

// forest are boosted trees that say how likely a line is the article's.
type forest []tree

type tree []node

// node is a question on one feature, or with Feature -1 an answer.
type node struct {
	Feature     int     `json:"f"`
	Cut         float32 `json:"c,omitempty"`
	Left, Right int     `json:",omitempty"`
	Value       float32 `json:"v,omitempty"`
}

// likely gives a probability.
func (f forest) likely(x []float32) float64 {
	sum := 0.0
	for _, t := range f {
		n := t[0]
		for n.Feature >= 0 {
			if x[n.Feature] < n.Cut {
				n = t[n.Left]
			} else {
				n = t[n.Right]
			}
		}
		sum += float64(n.Value)
	}
	return 1 / (1 + math.Exp(-sum))
}

// verdict is what became of a line.
type verdict struct {
	keep   bool
	likely float64
}

// try decides on each line of a page.
func (p page) try() []verdict {
	out := make([]verdict, len(p.lines))
	trees, needs := judge(), p.needs()
	for i, l := range p.lines {
		if !l.candidate() && (l.size < leastLost || p.union == 0 || needs.lost >= 1) {
			continue
		}
		likely := trees.likely(p.features(i))
		out[i] = verdict{keep: likely > needs.of(l), likely: likely}
	}
	return out
}
