package text

import (
	"embed"
	"strings"
	"sync"
)

// The word lists are data so that a reader of French can mend the French one.
//
//go:embed data/*.txt
var data embed.FS

// lines reads a word list: lines of words, "#" opens a comment line.
func lines(name string) [][]string {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		panic("text: embedded word list is missing: " + err.Error())
	}
	var out [][]string
	for _, line := range strings.Split(string(raw), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if f := strings.Fields(line); len(f) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// set reads a word list whose lines do not matter, folded.
func set(name string) map[string]bool {
	out := map[string]bool{}
	for _, line := range lines(name) {
		for _, w := range line {
			out[Fold(w)] = true
		}
	}
	return out
}

var (
	frenchStops  = sync.OnceValue(func() map[string]bool { return set("stop.fr.txt") })
	englishStops = sync.OnceValue(func() map[string]bool { return set("stop.en.txt") })
	starters     = sync.OnceValue(func() map[string]bool { return set("starters.txt") })
)

// abbreviation says what may follow the full stop of an abbreviation.
type abbreviation byte

const (
	never      abbreviation = iota + 1 // a sentence never ends here
	beforeNum                          // nor here, before a number
	ifStarting                         // it may, when what follows looks like a beginning
)

var abbreviations = sync.OnceValue(func() map[string]abbreviation {
	kinds := map[string]abbreviation{"before": never, "number": beforeNum, "either": ifStarting}
	out := map[string]abbreviation{}
	for _, line := range lines("abbreviations.txt") {
		for _, w := range line[1:] {
			out[strings.ToLower(w)] = kinds[line[0]]
		}
	}
	return out
})
