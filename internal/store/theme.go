package store

import "hebdo/internal/digest"

// themeJSON is a theme as it stands in newsletters.themes and in the sections of an issue.
type themeJSON struct {
	ID    string                             `json:"id"`
	Words map[digest.Language]themeWordsJSON `json:"words,omitempty"`
}

// themeWordsJSON has the fields of digest.ThemeWords: the conversion below
// stops compiling when that changes.
type themeWordsJSON struct {
	Label       string   `json:"label"`
	Description string   `json:"description,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
	Examples    []string `json:"examples,omitempty"`
}

func themeToJSON(t digest.Theme) themeJSON {
	return themeJSON{ID: t.ID, Words: eachValue(t.Words, func(w digest.ThemeWords) themeWordsJSON { return themeWordsJSON(w) })}
}

func (t themeJSON) theme() digest.Theme {
	return digest.Theme{ID: t.ID, Words: eachValue(t.Words, func(w themeWordsJSON) digest.ThemeWords { return digest.ThemeWords(w) })}
}
