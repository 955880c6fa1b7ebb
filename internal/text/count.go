package text

import (
	"strconv"
	"strings"
	"sync"
	"unicode"

	"hebdo/internal/digest"
)

// paces are silent reading speeds in words a minute, with their sources, in
// data/pace.txt.
var paces = sync.OnceValue(func() map[digest.Language]int {
	out := map[digest.Language]int{}
	for _, line := range lines("pace.txt") {
		n, err := strconv.Atoi(line[1])
		if err != nil || n <= 0 {
			panic("text: the pace of " + line[0] + " is no number of words: " + line[1])
		}
		out[digest.Language(line[0])] = n
	}
	return out
})

// Minutes is the reading time of so many words, rounded, at least one for any text.
func Minutes(words int, lang digest.Language) int {
	if words <= 0 {
		return 0
	}
	per, known := paces()[lang]
	if !known {
		per = paces()["*"]
	}
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
