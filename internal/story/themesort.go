package story

import (
	"math"

	"hebdo/internal/digest"
)

// Text is a text to be put under a theme.
type Text struct {
	Title, Body string
	Language    digest.Language // empty: found out
}

// Fit is where a text belongs.
type Fit struct {
	Theme    string  // OtherTheme where it fits none
	Score    float64 // how sure, 0 to 1; 0 of OtherTheme
	Evidence float64 // how much in the text speaks for the theme
}

// Texts that come together say what is common among them, and what goes with
// the themes' words.
const (
	inAll  = 8.0 // a word that all texts hold counts 1/(1+inAll)
	unseen = 20  // texts that are thought to stand beside, and hold none of the words
	rounds = 2   // of learning from the texts themselves
	heat   = .5  // how readily a guess is believed: less is more readily
	taught = 1.5 // how much an example counts against a text that is guessed
)

// judged is what is known of one text.
type judged struct {
	reading
	words    []float64 // how well the themes' words fit
	score    []float64 // with what was learned
	evidence []float64
	floor    float64 // the evidence it needs
}

// Sort puts texts under themes, all together: texts of one week tell what words
// go with which theme (expectation-maximisation; Nigam, McCallum, Thrun and
// Mitchell, 2000). The answers stand in the order of the texts.
func (t *Themer) Sort(texts []Text) []Fit {
	out := make([]Fit, len(texts))
	for i, j := range t.judge(texts, make([]string, len(texts))) {
		out[i] = t.decide(j.score, j.evidence, j.floor)
	}
	return out
}

// Assign is Sort for one text that stands alone.
func (t *Themer) Assign(title, body string, lang digest.Language) Fit {
	return t.Sort([]Text{{title, body, lang}})[0]
}

func (t *Themer) judge(texts []Text, sources []string) []judged {
	out := make([]judged, len(texts))
	share := map[string]float64{}
	for i, x := range texts {
		out[i].reading = t.words.read(x.Title, x.Body, x.Language)
		for _, w := range out[i].reading.words {
			share[w.key]++
		}
	}
	for k, n := range share {
		share[k] = (n - 1) / float64(len(texts)+unseen)
	}
	floors := t.floors(texts, sources)
	for i := range out {
		out[i].floor = floors[i]
		t.first(&out[i], share)
	}
	if len(texts) > 1 {
		for range rounds {
			t.again(out)
		}
	}
	return out
}

// first judges a text by the themes and the examples.
func (t *Themer) first(j *judged, share map[string]float64) {
	j.words, j.evidence = make([]float64, len(t.ids)), make([]float64, len(t.ids))
	for i := range t.ids {
		j.words[i] = t.fit(i, j.reading, share)
		j.evidence[i] = t.fit(i, j.reading, nil)
		if t.learned != nil {
			j.evidence[i] += ofSupport * t.learned.support(i, j.traits)
		}
	}
	j.score = j.words
	if t.learned != nil {
		j.score = t.learned.with(j.words, byWords, j.traits)
	}
	j.words = j.score
}

// again learns from the texts as they are judged now, and judges them anew.
func (t *Themer) again(texts []judged) {
	all := make([]trait, 0, len(texts)+len(t.seen))
	for _, j := range texts {
		if highest(j.evidence) > 0 {
			all = append(all, trait{traits: j.traits, likely: likelihood(j.score, heat)})
		}
	}
	for _, e := range t.seen {
		likely := make([]float64, len(e.likely))
		for i, p := range e.likely {
			likely[i] = taught * p
		}
		all = append(all, trait{traits: e.traits, likely: likely})
	}
	l := t.bayes(all)
	l.few = 1
	if t.learned != nil {
		l.few = t.learned.few
	}
	for i := range texts {
		texts[i].score = l.with(texts[i].words, 1, texts[i].traits)
	}
}

// decide takes the best theme, if there is enough that speaks for it.
func (t *Themer) decide(score, evidence []float64, enough float64) Fit {
	best := -1
	for i, s := range score {
		if best < 0 || s > score[best] {
			best = i
		}
	}
	if best < 0 || evidence[best] <= 0 || evidence[best] < enough || evidence[best] < ofBest*highest(evidence) {
		return Fit{Theme: digest.OtherTheme}
	}
	return Fit{Theme: t.ids[best], Score: likelihood(score, 1)[best], Evidence: evidence[best]}
}

// likelihood turns scores into shares of 1.
func likelihood(score []float64, heat float64) []float64 {
	out := spread(score)
	top, sum := highest(out), 0.0
	for i, x := range out {
		out[i] = math.Exp((x - top) / heat)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func highest(v []float64) float64 {
	top := math.Inf(-1)
	for _, x := range v {
		top = math.Max(top, x)
	}
	return top
}
