package render

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longWord is what a phone 320 pixels wide still shows on one line of a headline.
const longWord = 24

// breakable lets a line break within words too long for a phone, an address
// above all, so that the page does not scroll sideways. It is done with the
// zero-width space: <wbr> fails in Outlook and Gmail on iOS, the CSS for it in
// Outlook and Yahoo.
func breakable(s string) template.HTML {
	var b strings.Builder
	for len(s) > 0 {
		end := strings.IndexFunc(s, unicode.IsSpace)
		if end == 0 {
			_, end = utf8.DecodeRuneInString(s)
			b.WriteString(s[:end])
			s = s[end:]
			continue
		}
		if end < 0 {
			end = len(s)
		}
		parts(&b, s[:end])
		s = s[end:]
	}
	return template.HTML(b.String())
}

// parts writes one word, escaped.
func parts(b *strings.Builder, word string) {
	if utf8.RuneCountInString(word) <= longWord {
		b.WriteString(template.HTMLEscapeString(word))
		return
	}
	since := 0
	for i, r := range word {
		b.WriteString(template.HTMLEscapeString(string(r)))
		since++
		last := i+utf8.RuneLen(r) >= len(word)
		if !last && (since >= longWord || since > 3 && strings.ContainsRune("/-_.?&=:", r)) {
			b.WriteString("&#8203;")
			since = 0
		}
	}
}
