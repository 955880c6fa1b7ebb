package story

import (
	"math"
	"strconv"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// backgroundSize is how many unseen articles the window is thought to stand
// among. Without them a window of ten articles would take every word that two
// of them share for rare.
const backgroundSize = 100

// rarity is the weight of a word that df of n articles hold, and a share of
// the news (IDF over window and background).
func rarity(df, n int, common float64) float64 {
	held := float64(df) + backgroundSize*common
	return math.Log((float64(n) + backgroundSize + 1) / (held + .5))
}

// background gives, by key, the share of articles that hold a word: counted in
// the general news of both languages, and estimated for AI news, the greater
// of the two.
func (v *Vocabulary) background() map[string]float64 {
	out := map[string]float64{}
	k := keyer{words: v.words}
	for _, line := range read("background.txt") {
		f := strings.Fields(line)
		percent, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			panic("story: background.txt: " + err.Error())
		}
		lang := digest.Language(f[1])
		words := text.Words(strings.Join(f[2:], " "), lang)
		all := make([]bool, len(words))
		for i := range all {
			all[i] = true
		}
		for i := 0; i < len(words); {
			key, used := "", 1
			if n, ok := v.name(words, all, i); ok {
				key, used = n.key, len(n.words)
			} else {
				key = k.key(words[i], lang, false)
			}
			out[key] = math.Max(out[key], percent/100)
			i += used
		}
	}
	for _, line := range read("counted.txt") {
		key, value, _ := strings.Cut(line, "\t")
		share, err := strconv.ParseFloat(value, 64)
		if err != nil {
			panic("story: counted.txt: " + err.Error())
		}
		out[key] = math.Max(out[key], share/1000)
	}
	return out
}
