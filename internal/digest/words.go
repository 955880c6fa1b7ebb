package digest

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words are a story's headline and summary as an editor writes them in one
// language: plain text, each one line.
type Words struct{ Headline, Summary string }

// The most characters of an editor's words.
const (
	MaxHeadline = 200
	MaxSummary  = 1200
)

// Why an editor's words cannot stand.
var (
	ErrNoWords = errors.New("a story needs a headline and a summary")
	ErrTooLong = fmt.Errorf("a headline has at most %d characters, a summary %d", MaxHeadline, MaxSummary)
)

// Words is the wording as an editor finds it.
func (w Wording) Words() Words {
	all := make([]string, len(w.Sentences))
	for i, s := range w.Sentences {
		all[i] = s.Text
	}
	return Words{Headline: w.Headline, Summary: strings.Join(all, " ")}.Tidy()
}

// Tidy makes one line of each: no control characters, single spaces. Spaces that
// do not break stay.
func (w Words) Tidy() Words {
	return Words{Headline: oneLine(w.Headline), Summary: oneLine(w.Summary)}
}

// Check refuses what is missing or too long, with ErrNoWords or ErrTooLong.
func (w Words) Check() error {
	switch {
	case w.Headline == "" || w.Summary == "":
		return ErrNoWords
	case utf8.RuneCountInString(w.Headline) > MaxHeadline || utf8.RuneCountInString(w.Summary) > MaxSummary:
		return ErrTooLong
	}
	return nil
}

func oneLine(s string) string {
	return strings.Trim(strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return r != '\u00a0' && r != '\u202f' && (unicode.IsSpace(r) || unicode.IsControl(r))
	}), " "), "\u00a0\u202f ")
}
