package render

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longWord is how many small letters a phone 320 pixels wide still shows on one
// line of a headline.
const longWord = 24

// breadth of a text in halves of a small letter: capitals and digits are broader.
func breadth(s string) int {
	n := 0
	for _, r := range s {
		n += 2
		if unicode.IsUpper(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

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
	if breadth(word) <= 2*longWord {
		b.WriteString(template.HTMLEscapeString(word))
		return
	}
	since, last := 0, ' '
	for _, r := range word {
		letter := string(r)
		if since+breadth(letter) > 2*longWord || since > 6 && strings.ContainsRune("/-_.?&=:", last) {
			b.WriteString("&#8203;")
			since = 0
		}
		b.WriteString(template.HTMLEscapeString(letter))
		since, last = since+breadth(letter), r
	}
}
