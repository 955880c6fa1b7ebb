package text

import "strings"

// Proper tells of each word of s whether it is part of a proper name. A capital
// at the beginning of a sentence counts only when the word never stands in lower
// case; in a headline where every word has one, capitals count only when the
// same word has one elsewhere.
func Proper(s string, words []Word) []bool {
	out := make([]bool, len(words))
	inside := map[string]bool{} // capital where a capital means something
	lower := map[string]bool{}
	shouting := titleCase(s, words)
	fr, en := frenchStops(), englishStops()
	for i, w := range words {
		switch {
		case w.Number:
		case !w.Capital:
			lower[w.Fold] = true
		case !w.First && !shouting[i]:
			inside[w.Fold] = true
		}
	}
	for i, w := range words {
		if w.Number || !w.Capital || len(w.Fold) < 2 || fr[w.Fold] && en[w.Fold] {
			continue
		}
		text := s[w.Start:w.End]
		mixed := strings.ToLower(text[1:]) != text[1:] // OpenAI, GPT
		switch {
		case inside[w.Fold]:
			out[i] = !lower[w.Fold] || !w.First && !shouting[i] || mixed
		case mixed:
			out[i] = !shouting[i] || len(text) > 1 && !lower[w.Fold]
		case shouting[i]:
			out[i] = false
		default: // first of a sentence and never seen inside
			out[i] = !lower[w.Fold] && !fr[w.Fold] && !en[w.Fold]
		}
	}
	return out
}

// titleCase marks the words of lines in which nearly every word has a capital.
func titleCase(s string, words []Word) []bool {
	out := make([]bool, len(words))
	for i := 0; i < len(words); {
		j := i + 1
		for j < len(words) && !strings.Contains(s[words[j-1].End:words[j].Start], "\n") {
			j++
		}
		long, capital := 0, 0
		for _, w := range words[i:j] {
			if !w.Number && len(w.Fold) > 3 {
				long++
				if w.Capital {
					capital++
				}
			}
		}
		if long >= 3 && capital*4 >= long*3 {
			for k := i; k < j; k++ {
				out[k] = true
			}
		}
		i = j
	}
	return out
}
