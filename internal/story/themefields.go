package story

import (
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// A theme that names a field is recognised by the field's words too: how much
// they weigh, by where the theme names it.
const (
	ofField            = .5
	wordy              = 50 // a theme with so many words of its own needs its fields half as much
	namedInKeywords    = .5
	namedInDescription = .5
)

// themeField is a subject and the words that go with it: data/fields.yaml.
type themeField struct {
	names map[digest.Language][][]string // each as stems
	words map[digest.Language][]string
}

var fields = sync.OnceValue(func() []themeField {
	type words struct{ En, Fr string }
	var rows []struct {
		Of     words
		En, Fr string
	}
	raw, err := data.ReadFile("data/fields.yaml")
	if err == nil {
		err = yaml.Unmarshal(raw, &rows)
	}
	if err != nil {
		panic(fmt.Sprintf("story: the words of fields: %v", err))
	}
	var out []themeField
	for _, r := range rows {
		f := themeField{names: map[digest.Language][][]string{}, words: map[digest.Language][]string{
			digest.English: commaList(r.En), digest.French: commaList(r.Fr),
		}}
		for lang, names := range map[digest.Language]string{digest.English: r.Of.En, digest.French: r.Of.Fr} {
			for _, n := range commaList(names) {
				f.names[lang] = append(f.names[lang], stems(n, lang))
			}
		}
		out = append(out, f)
	}
	return out
})

// fieldsNamed finds the fields whose name stands in words.
func fieldsNamed(words string, lang digest.Language) []int {
	have := stems(words, lang)
	var out []int
	for i, f := range fields() {
		for _, name := range f.names[lang] {
			if holds(have, name) {
				out = append(out, i)
				break
			}
		}
	}
	return out
}

// holds tells whether part stands in whole, word after word.
func holds(whole, part []string) bool {
	for i := 0; i+len(part) <= len(whole) && len(part) > 0; i++ {
		same := true
		for k := range part {
			same = same && whole[i+k] == part[k]
		}
		if same {
			return true
		}
	}
	return false
}

func stems(s string, lang digest.Language) []string {
	var out []string
	for _, w := range text.Words(s, lang) {
		if !w.Stop {
			out = append(out, w.Stem)
		}
	}
	return out
}

func commaList(s string) []string {
	list := strings.Split(s, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
