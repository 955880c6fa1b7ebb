package collect

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	tokens "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain is the text of a piece of HTML on one line: no tags, entities
// resolved, white space collapsed. "<" that opens no known element is text.
func plain(s string) string {
	if strings.ContainsAny(s, "<") {
		s = untag(openComment(s))
	}
	if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	return strings.Join(strings.FieldsFunc(s, blank), " ")
}

// blank is white space, control characters and what has no width.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200b' || r == '\ufeff'
}

func untag(s string) string {
	var b strings.Builder
	z := tokens.NewTokenizer(strings.NewReader(s))
	hidden := false
	for {
		switch z.Next() {
		case tokens.ErrorToken:
			return b.String()
		case tokens.TextToken:
			if !hidden {
				b.Write(z.Raw())
			}
		case tokens.StartTagToken, tokens.SelfClosingTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			a := atom.Lookup(name)
			hidden = a == atom.Script || a == atom.Style
			separate(&b, a, raw)
		case tokens.EndTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			hidden = false
			separate(&b, atom.Lookup(name), raw)
		}
	}
}

// separate writes what a tag stands for in plain text.
func separate(b *strings.Builder, a atom.Atom, raw string) {
	switch a {
	case 0:
		b.WriteString(raw)
	case atom.P, atom.Br, atom.Div, atom.Li, atom.Tr, atom.Td, atom.Th, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Blockquote, atom.Hr, atom.Ul, atom.Ol, atom.Dt, atom.Dd, atom.Figure, atom.Figcaption, atom.Section, atom.Article:
		b.WriteByte(' ')
	}
}

// clip cuts s to at most n characters, at a word's end where one is near.
func clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*3/4 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:") + "…"
}
