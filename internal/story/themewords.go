package story

import (
	"sort"
	"strconv"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// themeWords reads texts for what they are about. It has nothing of the names
// by which articles of one event are found: themes are about kinds of things.
type themeWords struct {
	reader  text.Reader
	keyer   keyer
	phrases map[string]bool  // first words of the themes' phrases
	fields  map[string][]int // word or phrase → fields it belongs to
	// What every text here is about tells no themes apart, but in a phrase: "AI Act".
	everyday map[string]bool
}

func newThemeWords() *themeWords {
	t := &themeWords{phrases: map[string]bool{}, fields: map[string][]int{}, everyday: map[string]bool{}}
	for _, k := range append(t.keys("AI", digest.English), t.keys("IA", digest.French)...) {
		t.everyday[k] = true
	}
	for i, f := range fields() {
		for _, lang := range []digest.Language{digest.English, digest.French} {
			for _, w := range f.words[lang] {
				k := strings.Join(t.keys(w, lang), " ")
				if in := t.fields[k]; len(in) == 0 || in[len(in)-1] != i {
					t.fields[k] = append(in, i)
				}
			}
		}
	}
	return t
}

// keys reduces a text to the keys of its words, stop words left out.
func (t *themeWords) keys(s string, lang digest.Language) []string {
	var out []string
	for _, w := range t.reader.Words(s, lang) {
		if !w.Stop {
			out = append(out, t.keyer.key(w, lang, false))
		}
	}
	return out
}

// reading is what counts of a text.
type reading struct {
	words  []counted // words and phrases, in the order of their keys
	length float64
	traits []string // what it is compared with examples by: its words and the fields they belong to
}

type counted struct {
	key   string
	count float64
}

// inTitle is how many times a word of the title counts.
const inTitle = 4.0

// read counts the words and phrases of a text.
func (t *themeWords) read(title, body string, lang digest.Language) reading {
	if lang == "" {
		lang = text.Language(title + "\n" + body)
	}
	counts, in, length := map[string]float64{}, map[int]bool{}, 0.0
	for _, part := range []struct {
		text   string
		weight float64
	}{{title, inTitle}, {body, 1}} {
		keys := t.keys(part.text, lang)
		length += float64(len(keys)) * part.weight
		for i, k := range keys {
			counts[k] += part.weight
			phrase := k
			for n := 1; n <= maxPhrase && i+n <= len(keys); n++ {
				if n > 1 {
					phrase += " " + keys[i+n-1]
				}
				if n > 1 && t.phrases[k] {
					counts[phrase] += part.weight
				}
				for _, f := range t.fields[phrase] {
					in[f] = true
				}
			}
		}
	}
	r := reading{length: length}
	for k, n := range counts {
		r.words = append(r.words, counted{k, n})
		r.traits = append(r.traits, k)
	}
	for f := range in {
		r.traits = append(r.traits, fieldTrait(f))
	}
	sort.Slice(r.words, func(i, j int) bool { return r.words[i].key < r.words[j].key })
	sort.Strings(r.traits)
	return r
}

func fieldTrait(f int) string { return "field:" + strconv.Itoa(f) }
