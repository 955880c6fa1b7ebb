package story

import (
	"math"
	"strconv"
	"strings"
	"sync"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// backgroundSize is how many unseen articles the window is thought to stand
// among. Without them a window of ten articles would take every word that two
// of them share for rare.
const backgroundSize = 400

// background gives, by key, the share of AI news articles that hold a word, for
// words that say little there: "model" joins nothing.
var background = sync.OnceValue(func() map[string]float64 {
	out := map[string]float64{}
	var k keyer
	for _, line := range read("background.txt") {
		f := strings.Fields(line)
		percent, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			panic("story: background.txt: " + err.Error())
		}
		lang := digest.Language(f[1])
		for _, w := range f[2:] {
			for _, word := range text.Words(w, lang) {
				key := k.key(word, lang, false)
				out[key] = math.Max(out[key], percent/100)
			}
		}
	}
	return out
})

// rarity is the weight of a word that df of n articles hold (IDF over window
// and background).
func rarity(key string, df, n int) float64 {
	held := float64(df) + backgroundSize*background()[key]
	return math.Log((float64(n) + backgroundSize + 1) / (held + .5))
}
