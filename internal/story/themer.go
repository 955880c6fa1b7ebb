package story

import (
	"math"
	"sort"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// Example is a text whose theme somebody knows.
type Example struct {
	Title, Text string
	Language    digest.Language
	Theme       string
}

// Themer knows where texts belong: by the words of each theme and, where there
// are examples, by what texts of each theme were like.
type Themer struct {
	reader  text.Reader
	keyer   keyer
	ids     []string
	profile []map[string]float64 // theme → word or phrase → weight
	rarity  map[string]float64
	phrases map[string]bool // first words of phrases
	learned *learned
}

// How much a theme's own words weigh, by where they stand.
const (
	inLabel       = 2.0
	inKeywords    = 1.5
	inDescription = .6
	inPhrase      = 1.6 // times, for every further word
	inTitle       = 3.0 // of the article, times
	saturation    = 1.2 // BM25's k1
)

// NewThemer learns the themes, and the examples if there are any. OtherTheme
// is never assigned: it is what remains.
func NewThemer(themes []digest.Theme, examples []Example) *Themer {
	t := &Themer{rarity: map[string]float64{}, phrases: map[string]bool{}}
	for _, th := range themes {
		if th.ID == digest.OtherTheme {
			continue
		}
		t.ids = append(t.ids, th.ID)
		t.profile = append(t.profile, t.describe(th))
	}
	for _, p := range t.profile {
		for k := range p {
			t.rarity[k]++
		}
	}
	for k, n := range t.rarity {
		t.rarity[k] = math.Log(1 + (float64(len(t.ids))-n+.5)/(n+.5))
	}
	if len(examples) > 0 {
		t.learned = t.learn(examples)
	}
	return t
}

// describe weighs the words of one theme, of all its languages together.
func (t *Themer) describe(th digest.Theme) map[string]float64 {
	p := map[string]float64{}
	var langs []string
	for l := range th.Words {
		langs = append(langs, string(l))
	}
	sort.Strings(langs)
	put := func(words string, lang digest.Language, weight float64) {
		keys := t.keys(words, lang)
		for _, k := range keys {
			w := weight
			if len(keys) > 1 {
				w = weight / float64(len(keys)) // a phrase's words alone say little
			}
			p[k] = math.Max(p[k], w)
		}
		if len(keys) > 1 && len(keys) <= 4 {
			phrase := strings.Join(keys, " ")
			t.phrases[keys[0]] = true
			p[phrase] = math.Max(p[phrase], weight*math.Pow(inPhrase, float64(len(keys)-1)))
		}
	}
	for _, l := range langs {
		lang := digest.Language(l)
		w := th.Words[lang]
		for _, k := range w.Keywords {
			put(k, lang, inKeywords)
		}
		for _, k := range t.keys(w.Label, lang) {
			p[k] = math.Max(p[k], inLabel)
		}
		for _, k := range t.keys(w.Description, lang) {
			p[k] = math.Max(p[k], inDescription)
		}
	}
	return p
}

// keys reduces a text to the keys of its words, stop words left out.
func (t *Themer) keys(s string, lang digest.Language) []string {
	var out []string
	for _, w := range t.reader.Words(s, lang) {
		if !w.Stop {
			out = append(out, t.keyer.key(w, lang, false))
		}
	}
	return out
}

// Assign gives the theme a text belongs to, and how well it fits: 0 means not
// at all, and then the theme is OtherTheme.
func (t *Themer) Assign(title, body string, lang digest.Language) (theme string, score float64) {
	scores := t.Scores(title, body, lang)
	theme = digest.OtherTheme
	for i, s := range scores {
		if s > score {
			theme, score = t.ids[i], s
		}
	}
	return theme, score
}

// Scores gives how well a text fits each theme, in the order of the themes.
func (t *Themer) Scores(title, body string, lang digest.Language) []float64 {
	if lang == "" {
		lang = text.Language(title + "\n" + body)
	}
	counts, length := t.count(title, body, lang)
	out := make([]float64, len(t.ids))
	for i, p := range t.profile {
		out[i] = t.bm25(p, counts, length)
	}
	if t.learned != nil {
		t.learned.add(out, counts, t)
	}
	return out
}

// count counts words and phrases; those of the title count several times.
func (t *Themer) count(title, body string, lang digest.Language) (map[string]float64, float64) {
	counts := map[string]float64{}
	length := 0.0
	for _, part := range []struct {
		text   string
		weight float64
	}{{title, inTitle}, {body, 1}} {
		keys := t.keys(part.text, lang)
		for i, k := range keys {
			counts[k] += part.weight
			if !t.phrases[k] {
				continue
			}
			for n := 2; n <= 4 && i+n <= len(keys); n++ {
				counts[strings.Join(keys[i:i+n], " ")] += part.weight
			}
		}
		length += float64(len(keys)) * part.weight
	}
	return counts, length
}

// typicalLength of a text in counted words, for BM25's length norm.
const typicalLength = 150

func (t *Themer) bm25(profile, counts map[string]float64, length float64) float64 {
	norm := saturation * (.5 + .5*length/typicalLength)
	keys := make([]string, 0, 32)
	if len(counts) < len(profile) {
		for k := range counts {
			if profile[k] > 0 {
				keys = append(keys, k)
			}
		}
	} else {
		for k := range profile {
			if counts[k] > 0 {
				keys = append(keys, k)
			}
		}
	}
	sort.Strings(keys) // sums in a fixed order
	sum := 0.0
	for _, k := range keys {
		n := counts[k]
		sum += profile[k] * t.rarity[k] * n * (saturation + 1) / (n + norm)
	}
	return sum
}
