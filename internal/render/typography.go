package render

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
)

const (
	noBreak = "\u00a0"
	narrow  = "\u202f"
)

// french are the spaces that French puts beside punctuation: a line must not
// break there. Only a space that the writer put is made unbreakable; none is
// added, so that the words stay those of the article (Lexique des règles
// typographiques en usage à l'Imprimerie nationale).
var french = strings.NewReplacer(
	" ;", narrow+";", " !", narrow+"!", " ?", narrow+"?",
	" :", noBreak+":", " »", noBreak+"»", "« ", "«"+noBreak,
	" %", noBreak+"%", " €", noBreak+"€",
)

// amount is a number and what it counts, or the groups of a long number.
var amount = regexp.MustCompile(`(\d) (\d{3}\b|%|€|\$|(?:milli|billi|trilli|mill[ei]|euro|dollar|an|jour|heure|minute|seconde|watt|day|year|hour|second)[\pL]*|[kKMGT]?[WobmBhg]\b|°)`)

// Typeset prepares a text for display in its language.
func Typeset(s string, lang digest.Language) string {
	if lang == digest.French {
		s = french.Replace(s)
	}
	for range 2 { // "10 000 euros": what the first pass took cannot begin a match of it
		s = amount.ReplaceAllString(s, "${1}"+noBreak+"${2}")
	}
	return s
}

// headline also keeps a short last word from standing alone on a line.
func headline(s string, lang digest.Language) string {
	s = Typeset(s, lang)
	i := strings.LastIndexByte(s, ' ')
	if i > 0 && strings.IndexByte(s[:i], ' ') > 0 && utf8.RuneCountInString(s[i+1:]) <= 9 {
		return s[:i] + noBreak + s[i+1:]
	}
	return s
}
