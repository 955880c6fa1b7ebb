package summarise

import (
	"math"
	"sort"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// candidate is a sentence that a summary may use, and what speaks for it.
type candidate struct {
	span    text.Span
	text    string
	words   int             // as a person counts
	terms   map[string]bool // stems without stop words
	score   float64
	centre  float64 // how much it says of what the text repeats
	leaning bool    // opens in a way that needs the sentence before it
	adrift  bool    // has a pronoun whose name is in the sentence before it
	points  bool    // points to something said before
	index   int     // its place among all sentences of the text
}

// What makes a sentence worth telling. Found by trying on French and English
// news; each alone is little.
const (
	forPosition  = 1.0
	forCentre    = .9
	forTitle     = .8
	forNumbers   = .08
	forNames     = .06
	againstShort = .35
	againstLong  = .25
	againstLean  = .55
)

// reading is an article taken apart.
type reading struct {
	article    digest.Article
	lang       digest.Language
	candidates []candidate
	hopes      *hopes // of a French article
}

// read takes an article apart and scores its sentences.
func read(r *text.Reader, a digest.Article) reading {
	lang := a.Language
	if lang == "" {
		lang = text.Language(a.Text)
	}
	spans := text.Sentences(a.Text, lang)
	out := reading{article: a, lang: lang}
	if lang == digest.French {
		out.hopes = studied(a.Title, a.Text, spans)
	}
	frequency := map[string]float64{}
	bags := make([]map[string]bool, len(spans))
	specifics := make([]float64, len(spans))
	points := make([]bool, len(spans))
	for i, p := range spans {
		b, words := stems(r, p.In(a.Text), lang)
		bags[i], specifics[i], points[i] = b, facts(words), refers(p.In(a.Text), words)
		for t := range b {
			frequency[t]++
		}
	}
	title, _ := stems(r, a.Title, lang)
	for i, p := range spans {
		s := p.In(a.Text)
		words := text.Count(s)
		if p.Heading || words < fewestWords || words > mostWords {
			continue
		}
		c := candidate{span: p, text: s, words: words, terms: bags[i], index: i, leaning: leans(s), adrift: adrift(s), points: points[i]}
		if len(spans) >= manySentences && isolated(bags[i], frequency, title) {
			continue
		}
		c.centre = centre(bags[i], frequency, len(spans))
		c.score = forPosition*position(i, len(spans)) +
			forCentre*c.centre +
			forTitle*overlap(title, bags[i]) +
			specifics[i] + size(words)
		if c.points {
			c.score -= againstLean
		}
		out.candidates = append(out.candidates, c)
	}
	return out
}

// stems gives the words that carry a subject, and all words.
func stems(r *text.Reader, s string, lang digest.Language) (map[string]bool, []text.Word) {
	out := map[string]bool{}
	words := r.Words(s, lang)
	for _, w := range words {
		if !w.Stop {
			out[w.Stem] = true
		}
	}
	return out, words
}

// manySentences is from when on a text is expected to come back to what it says.
const manySentences = 8

// isolated: nothing in the sentence is spoken of anywhere else in its article.
// That is what an order slipped into a page looks like, and an advertisement.
func isolated(terms map[string]bool, frequency map[string]float64, title map[string]bool) bool {
	for t := range terms {
		if frequency[t] > 1 || title[t] {
			return false
		}
	}
	return true
}

// position falls from 1 at the beginning; news tells the main thing first.
func position(i, n int) float64 {
	return 1/(1+.35*float64(i)) - .15*float64(i)/float64(n)
}

// centre is how much a sentence says of what the text repeats.
func centre(terms map[string]bool, frequency map[string]float64, n int) float64 {
	if len(terms) == 0 || n < 2 {
		return 0
	}
	sum := 0.0
	keys := make([]string, 0, len(terms))
	for t := range terms {
		keys = append(keys, t)
	}
	sort.Strings(keys)
	for _, t := range keys {
		if f := frequency[t]; f > 1 {
			sum += math.Log(f)
		}
	}
	return sum / math.Sqrt(float64(len(terms))) / (1 + math.Log(float64(n)))
}

// overlap is the share of the title's words that a sentence has.
func overlap(title, terms map[string]bool) float64 {
	if len(title) == 0 {
		return 0
	}
	n := 0.0
	for t := range title {
		if terms[t] {
			n++
		}
	}
	return n / float64(len(title))
}

// facts favours sentences with numbers and names, a little.
func facts(words []text.Word) float64 {
	numbers, names := 0.0, 0.0
	for _, w := range words {
		switch {
		case w.Number:
			numbers++
		case w.Capital && !w.First && !w.Stop:
			names++
		}
	}
	return forNumbers*math.Min(2, numbers) + forNames*math.Min(3, names)
}

// size is against sentences too short to say much or too long to follow.
func size(words int) float64 {
	switch {
	case words < 10:
		return -againstShort * float64(10-words) / 4
	case words > 35:
		return -againstLong * float64(words-35) / 15
	}
	return 0
}
