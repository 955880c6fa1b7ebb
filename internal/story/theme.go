package story

import (
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"hebdo/internal/digest"
)

// taxonomy is the built-in list of themes, read once.
var taxonomy = sync.OnceValue(func() []digest.Theme {
	type words struct {
		Label       string
		Description string
		Keywords    []string
		Examples    []string
	}
	var rows []struct {
		ID string
		Fr words
		En words
	}
	raw, err := data.ReadFile("data/themes.yaml")
	if err == nil {
		err = yaml.Unmarshal(raw, &rows)
	}
	if err != nil {
		panic(fmt.Sprintf("story: built-in themes: %v", err))
	}
	var out []digest.Theme
	for _, r := range rows {
		out = append(out, digest.Theme{ID: r.ID, Words: map[digest.Language]digest.ThemeWords{
			digest.French:  digest.ThemeWords(r.Fr),
			digest.English: digest.ThemeWords(r.En),
		}})
	}
	return out
})

// Taxonomy gives the built-in themes in French and English, in the order of a
// letter, OtherTheme last. The caller may change what it gets.
func Taxonomy() []digest.Theme {
	var out []digest.Theme
	for _, t := range taxonomy() {
		c := digest.Theme{ID: t.ID, Words: map[digest.Language]digest.ThemeWords{}}
		for l, w := range t.Words {
			w.Keywords = slices.Clone(w.Keywords)
			w.Examples = slices.Clone(w.Examples)
			c.Words[l] = w
		}
		out = append(out, c)
	}
	return out
}

// Theme gives every story the theme it fits best, OtherTheme where it fits
// none. No themes means the built-in ones. A story is judged by all its
// articles, the leading one twice.
func Theme(stories []digest.Story, themes []digest.Theme) []digest.Story {
	if len(themes) == 0 {
		themes = Taxonomy()
	}
	return NewThemer(themes, nil).Theme(stories)
}

// firstOf a story's articles are enough to judge it by.
const firstOf = 6

// Theme is the function Theme, with what this Themer has learned.
func (t *Themer) Theme(stories []digest.Story) []digest.Story {
	var texts []Text
	var sources []string
	for _, s := range stories {
		for _, a := range s.Articles[:min(firstOf, len(s.Articles))] {
			texts = append(texts, Text{a.Title, beginning(body(a)), a.Language})
			sources = append(sources, sourceOf(a))
		}
	}
	judged := t.judge(texts, sources)
	out := append([]digest.Story(nil), stories...)
	for i, s := range out {
		n := min(firstOf, len(s.Articles))
		out[i].Theme = t.of(judged[:n])
		judged = judged[n:]
	}
	return out
}

// of weighs what was found of a story's articles.
func (t *Themer) of(judged []judged) string {
	if len(judged) == 0 {
		return digest.OtherTheme
	}
	score, evidence := make([]float64, len(t.ids)), make([]float64, len(t.ids))
	floor := judged[0].floor
	for n, j := range judged {
		weight := 1 / float64(len(judged)+1)
		if n == 0 {
			weight *= 2
		}
		for i, x := range spread(j.score) {
			score[i] += weight * x
			evidence[i] += weight * j.evidence[i]
		}
		floor = min(floor, j.floor)
	}
	return t.decide(score, evidence, floor).Theme
}

// beginning is what decides where an article belongs: its first 2,500 bytes.
func beginning(s string) string {
	const n = 2500
	if len(s) <= n {
		return s
	}
	end := n
	for end > 0 && s[end]&0xC0 == 0x80 {
		end--
	}
	return s[:end]
}

// builtInThemes tells whether all themes are built-in ones, perhaps reworded.
func builtInThemes(themes []digest.Theme) bool {
	known := map[string]bool{}
	for _, t := range taxonomy() {
		known[t.ID] = true
	}
	for _, t := range themes {
		if !known[t.ID] {
			return false
		}
	}
	return true
}
