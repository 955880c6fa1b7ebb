package story

import (
	"fmt"
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
			digest.French:  {Label: r.Fr.Label, Description: r.Fr.Description, Keywords: r.Fr.Keywords},
			digest.English: {Label: r.En.Label, Description: r.En.Description, Keywords: r.En.Keywords},
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
			w.Keywords = append([]string(nil), w.Keywords...)
			c.Words[l] = w
		}
		out = append(out, c)
	}
	return out
}

// fits is the score from which a story belongs to a theme at all.
const fits = 2.0

// Theme gives every story the theme it fits best, OtherTheme where it fits
// none. No themes means the built-in ones. A story is judged by all its
// articles, the leading one twice.
func Theme(stories []digest.Story, themes []digest.Theme) []digest.Story {
	if len(themes) == 0 {
		themes = Taxonomy()
	}
	return NewThemer(themes, nil).Theme(stories)
}

// Theme is the function Theme, with what this Themer has learned.
func (t *Themer) Theme(stories []digest.Story) []digest.Story {
	out := append([]digest.Story(nil), stories...)
	for i := range out {
		out[i].Theme = t.of(out[i])
	}
	return out
}

func (t *Themer) of(s digest.Story) string {
	sum := make([]float64, len(t.ids))
	weight := 0.0
	for i, a := range s.Articles {
		if i == 6 {
			break
		}
		w := 1.0
		if i == 0 {
			w = 2
		}
		for k, v := range t.Scores(a.Title, beginning(body(a)), a.Language) {
			sum[k] += w * v
		}
		weight += w
	}
	theme, best := digest.OtherTheme, fits*weight
	for i, v := range sum {
		if v > best {
			theme, best = t.ids[i], v
		}
	}
	return theme
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
