package text

import (
	"strings"
	"unicode"

	"hebdo/internal/digest"
)

// wordsPerMinute is silent reading speed of prose: Brysbaert (2019), "How many
// words do we read per minute?", 238 for English; French prose reads at about
// the same pace with some more words, 250 is the usual figure of its press.
func wordsPerMinute(lang digest.Language) int {
	if lang == digest.French {
		return 250
	}
	return 238
}

// Minutes is the reading time of so many words, rounded, at least one for any text.
func Minutes(words int, lang digest.Language) int {
	if words <= 0 {
		return 0
	}
	per := wordsPerMinute(lang)
	return max(1, (words+per/2)/per)
}

// Count counts words as a person does: what stands between spaces and has a
// letter or digit in it.
func Count(s string) int {
	n := 0
	for _, f := range strings.Fields(s) {
		if strings.ContainsFunc(f, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) {
			n++
		}
	}
	return n
}
