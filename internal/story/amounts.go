package story

import (
	"math"
	"strconv"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// scales are the words that multiply the number before them. A French billion
// is an English trillion.
var scales = map[string]float64{
	"mille": 1e3, "thousand": 1e3, "k": 1e3,
	"million": 1e6, "millions": 1e6, "m": 1e6, "mn": 1e6, "mln": 1e6,
	"milliard": 1e9, "milliards": 1e9, "billion": 1e9, "billions": 1e9, "bn": 1e9, "md": 1e9, "mds": 1e9, "mrd": 1e9, "b": 1e9,
	"trillion": 1e12, "trillions": 1e12, "tn": 1e12,
}

// amount reads the number at words[i] together with its scale or per cent
// sign: "3,5 milliards", "3.5 billion" and "$3.5bn" are one key. used is how
// many words it took.
func amount(s string, words []text.Word, i int, lang digest.Language) (key string, used int) {
	value, err := strconv.ParseFloat(words[i].Fold, 64)
	if err != nil {
		return words[i].Fold, 1
	}
	rest := strings.TrimLeft(s[words[i].End:], " \u00a0\u202f")
	if strings.HasPrefix(rest, "%") {
		return plain(value) + "%", 1
	}
	if i+1 == len(words) || strings.ContainsAny(s[words[i].End:words[i+1].Start], ".,;:!?\n()") {
		return plain(value), 1
	}
	next := words[i+1].Fold
	switch {
	case next == "percent" || next == "pct":
		return plain(value) + "%", 2
	case (next == "pour" || next == "per") && i+2 < len(words) && strings.HasPrefix(words[i+2].Fold, "cent"):
		return plain(value) + "%", 3
	}
	by, ok := scales[next]
	if !ok {
		return plain(value), 1
	}
	if lang == digest.French && strings.HasPrefix(next, "billion") {
		by = 1e12
	}
	return plain(math.Round(value*by*1000) / 1000), 2
}

func plain(v float64) string { return "~" + strconv.FormatFloat(v, 'f', -1, 64) }
