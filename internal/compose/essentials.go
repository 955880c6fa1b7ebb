package compose

import (
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// What the essentials are: so many sentences, of so many stories of one theme
// while another has one, and each so long that three can be read at a glance.
const (
	mostEssentials = 3
	mostOfTheme    = 2
	mostWords      = 40
	retold         = .5 // share of a sentence's words that were said before it
)

// essentials says the whole issue in three sentences, one of each leading
// story: the sentence that best tells the story's headline. A story that says
// what an earlier one said gives none, a theme no third, and one in another
// language than the reader's only where too few are in theirs, or where it
// leads the letter.
func essentials(top []led, lang digest.Language) []digest.Sentence {
	var out []digest.Sentence
	var r text.Reader
	said := map[string]bool{}
	taken := map[int]bool{}
	ofTheme := map[string]int{}
	for _, pass := range []struct{ spread, spoken bool }{{true, true}, {true, false}, {false, false}} {
		for i, it := range top {
			if len(out) == mostEssentials {
				return out
			}
			if taken[i] || pass.spread && ofTheme[it.theme] == mostOfTheme {
				continue
			}
			s, stems := essential(&r, it.Wordings[lang])
			if s.Text == "" || repeats(stems, said) || pass.spoken && i > 0 && s.Language != lang {
				continue
			}
			taken[i] = true
			ofTheme[it.theme]++
			for t := range stems {
				said[t] = true
			}
			out = append(out, s)
		}
	}
	return out
}

// essential is the sentence of a story that stands for the whole: the first,
// unless another tells the headline better, and neither long nor somebody's
// words where there is a choice.
func essential(r *text.Reader, w digest.Wording) (digest.Sentence, map[string]bool) {
	title := stems(r, w.Headline, w.HeadlineLanguage)
	var best digest.Sentence
	var of map[string]bool
	most := 0.0
	for i, s := range w.Sentences {
		has := stems(r, s.Text, s.Language)
		worth := 1.0
		if len(title) > 0 {
			worth += shared(title, has) / float64(len(title))
		}
		if i == 0 {
			worth += .3
		}
		if text.Count(s.Text) > mostWords {
			worth -= .4
		}
		if strings.HasPrefix(s.Text, "«") || strings.HasPrefix(s.Text, "“") || strings.HasPrefix(s.Text, "\"") {
			worth -= .5
		}
		if best.Text == "" || worth > most {
			best, of, most = s, has, worth
		}
	}
	return best, of
}

// stems are the words of a text that carry its subject.
func stems(r *text.Reader, s string, lang digest.Language) map[string]bool {
	out := map[string]bool{}
	for _, w := range r.Words(s, lang) {
		if !w.Stop {
			out[w.Stem] = true
		}
	}
	return out
}

func shared(a, b map[string]bool) float64 {
	n := 0.0
	for t := range a {
		if b[t] {
			n++
		}
	}
	return n
}

// repeats tells whether a sentence says little that was not said.
func repeats(stems, said map[string]bool) bool {
	return len(stems) > 0 && len(said) > 0 && shared(stems, said) >= retold*float64(len(stems))
}
