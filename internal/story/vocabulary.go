package story

import (
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"

	"hebdo/internal/text"
)

// Vocabulary is what the comparison of articles knows of the field: which
// words of French and English mean the same, which names are one, whose they
// are, and how common words are in the news. It does not change; any number of
// clusterings may share one.
type Vocabulary struct {
	words  map[string]string  // "fr:stem" and "en:stem" → key
	names  map[string][]known // by the first word; the longest first
	common map[string]float64 // key → share of articles that hold it
}

// known is one spelling of a name.
type known struct {
	words   []string // folded
	key     string
	owner   string // key of whose it is, or empty
	capital bool   // counts only where it is written as a name
	proper  bool   // names somebody or something, and is no term of the field
}

// builtIn is the vocabulary that comes with the program.
var builtIn = sync.OnceValue(func() *Vocabulary {
	v := &Vocabulary{words: lexicon(), names: map[string][]known{}}
	if err := v.learnNames("names.txt", read("names.txt")); err != nil {
		panic("story: " + err.Error())
	}
	v.finish()
	return v
})

// Extend gives the built-in vocabulary with what a folder adds: its
// lexicon.txt and names.txt, each in the form of the built-in file of that
// name (internal/story/data). The folder's entries win over the built-in ones.
// A line that cannot be read is an error naming file and line; a missing file
// is none.
func Extend(folder fs.FS) (*Vocabulary, error) {
	v := &Vocabulary{words: map[string]string{}, names: map[string][]known{}}
	lines, err := readFrom(folder, "lexicon.txt")
	if err != nil {
		return nil, err
	}
	for i, line := range lines {
		if !strings.Contains(line, "=") {
			return nil, fmt.Errorf("lexicon.txt, entry %d: %q: write French words = English words", i+1, line)
		}
	}
	learnWords(v.words, lines)
	for k, to := range lexicon() {
		put(v.words, k, to)
	}
	if lines, err = readFrom(folder, "names.txt"); err != nil {
		return nil, err
	}
	if err := v.learnNames("names.txt", append(read("names.txt"), lines...)); err != nil {
		return nil, err
	}
	v.finish()
	return v, nil
}

// learnNames reads lines of "name < owner: spelling | spelling". What a later
// line says of a spelling replaces what an earlier one said.
func (v *Vocabulary) learnNames(file string, lines []string) error {
	for i, line := range lines {
		head, spellings, ok := strings.Cut(line, ":")
		name, owner, _ := strings.Cut(head, "<")
		name, owner = strings.TrimSpace(name), strings.TrimSpace(owner)
		if !ok || name == "" {
			return fmt.Errorf("%s, entry %d: %q: write name < owner: spelling | spelling", file, i+1, line)
		}
		k := known{key: nameKey(name), proper: strings.ToLower(name) != name}
		if owner != "" {
			k.owner = nameKey(owner)
		}
		for _, s := range append(strings.Split(spellings, "|"), name) {
			k.words = folds(s)
			if len(k.words) == 0 {
				continue
			}
			k.capital = k.proper && len(k.words) == 1
			v.addName(k)
		}
	}
	return nil
}

func (v *Vocabulary) addName(k known) {
	first := k.words[0]
	list := v.names[first]
	for i, old := range list {
		if strings.Join(old.words, " ") == strings.Join(k.words, " ") {
			list[i] = k
			return
		}
	}
	v.names[first] = append(list, k)
}

// finish takes in the phrases of the lexicon, puts the longest names first and
// counts the background.
func (v *Vocabulary) finish() {
	for k, key := range v.words {
		if phrase, ok := strings.CutPrefix(k, "phrase:"); ok {
			v.addName(known{words: folds(phrase), key: key})
		}
	}
	for _, list := range v.names {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i].words) > len(list[j].words) })
	}
	v.common = v.background()
}

func nameKey(name string) string { return "@" + strings.Join(folds(name), " ") }

func folds(s string) []string {
	var out []string
	for _, w := range text.Words(s, "") {
		out = append(out, w.Fold)
	}
	return out
}

// name finds the known name that begins at words[i]: the longest.
func (v *Vocabulary) name(words []text.Word, proper []bool, i int) (known, bool) {
	for _, k := range v.names[words[i].Fold] {
		if len(words)-i < len(k.words) || k.capital && !proper[i] {
			continue
		}
		same := true
		for n, w := range k.words {
			if words[i+n].Fold != w {
				same = false
				break
			}
		}
		if same {
			return k, true
		}
	}
	return known{}, false
}
