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

// What probability a line needs, by who kept it. Extractors that agree are
// mostly right, and a line that none kept needs to be beyond doubt.
const (
	needAgreed    = 0.25
	needContested = 0.5
	needLost      = 0.75
	leastLost     = 20 // letters of a line that no extractor kept
)

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

// judge gives a probability.
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
	trees := judge()
	for i, l := range p.lines {
		need := needContested
		switch {
		case l.agreed():
			need = needAgreed
		case !l.candidate() && (l.size < leastLost || p.union == 0):
			continue
		case !l.candidate():
			need = needLost
		}
		likely := trees.likely(p.features(i))
		out[i] = verdict{keep: likely > need, likely: likely}
	}
	return out
}
