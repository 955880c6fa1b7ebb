package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block is a paragraph, a heading or an item of a list: what stands between
// two empty lines of a text. Pages, plain text and Markdown all become blocks,
// and are cleaned by the same rules.
type block struct {
	kind    blockKind
	text    string // one line
	tight   bool   // follows the block above without an empty line; only in plain text
	guessed bool   // a heading by its looks alone; only in plain text
}

type blockKind byte

const (
	para blockKind = iota
	heading
	item
	quote
)

// join writes blocks as a text: one empty line between any two, "## " before
// a heading, "- " before an item of a list and "> " before a quotation, as in
// Markdown. What plain text only seems to head has no mark there either.
func join(blocks []block) string {
	var b strings.Builder
	for i, bl := range blocks {
		if i > 0 {
			b.WriteString("\n\n")
		}
		switch {
		case bl.kind == heading && !bl.guessed:
			b.WriteString("## ")
		case bl.kind == item && !bullet.MatchString(bl.text):
			b.WriteString("- ")
		case bl.kind == quote && !strings.HasPrefix(bl.text, ">"):
			b.WriteString("> ")
		}
		b.WriteString(bl.text)
	}
	return b.String()
}

// maxBlocks is how much of a text is kept: what has more is no article.
const maxBlocks = 5000

// length counts the letters and digits of a text.
func length(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func volume(blocks []block) int {
	n := 0
	for _, b := range blocks {
		n += length(b.text)
	}
	return n
}

// squeeze makes one line of a text: every run of white space is one space,
// invisible characters go.
func squeeze(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u00ad', r == '\u200b', r == '\u2060', r == '\ufeff', unicode.Is(unicode.Cc, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// breaks are the elements that end a line.
var breaks = map[atom.Atom]blockKind{
	atom.P: para, atom.Div: para, atom.Section: para, atom.Article: para, atom.Main: para, atom.Header: para, atom.Footer: para,
	atom.Aside: para, atom.Nav: para, atom.Form: para, atom.Fieldset: para, atom.Address: para, atom.Details: para, atom.Hr: para,
	atom.Table: para, atom.Tbody: para, atom.Thead: para, atom.Tr: para, atom.Figure: para, atom.Figcaption: para, atom.Pre: para,
	atom.Body: para, atom.Ul: para, atom.Ol: para, atom.Dl: para, atom.Center: para,
	atom.Li: item, atom.Dt: heading, atom.Dd: para, atom.Summary: heading, atom.Blockquote: quote,
	atom.H1: heading, atom.H2: heading, atom.H3: heading, atom.H4: heading, atom.H5: heading, atom.H6: heading,
}

// silent are the elements whose text nobody reads.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Math: true,
	atom.Select: true, atom.Textarea: true, atom.Button: true, atom.Iframe: true, atom.Object: true, atom.Head: true,
	atom.Audio: true, atom.Video: true, atom.Canvas: true,
}

// walker turns a tree into blocks.
type walker struct {
	blocks []block
	line   strings.Builder
}

// read gives the blocks below a node.
func read(n *html.Node) []block {
	var w walker
	w.node(n, para)
	w.end(para)
	return w.blocks
}

func (w *walker) node(n *html.Node, kind blockKind) {
	switch n.Type {
	case html.TextNode:
		w.line.WriteString(n.Data)
		return
	case html.CommentNode, html.DoctypeNode:
		return
	}
	if silent[n.DataAtom] {
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.lineBreak(n, kind)
		return
	case atom.Td, atom.Th:
		w.line.WriteByte(' ')
	}
	own, ends := breaks[n.DataAtom]
	if ends {
		w.end(kind)
		if own == para && kind != para && n.DataAtom != atom.Table {
			own = kind // a paragraph within an item is the item
		}
		kind = own
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, kind)
	}
	if ends {
		w.end(kind)
	}
}

// lineBreak ends the paragraph where two breaks follow each other, which is
// how old pages set paragraphs; a single one is a space.
func (w *walker) lineBreak(n *html.Node, kind blockKind) {
	w.line.WriteByte('\n')
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.TextNode && strings.TrimSpace(s.Data) == "" || s.Type == html.CommentNode {
			continue
		}
		if s.DataAtom == atom.Br {
			w.end(kind)
		}
		return
	}
}

func (w *walker) end(kind blockKind) {
	text := squeeze(w.line.String())
	w.line.Reset()
	if len(w.blocks) < maxBlocks && strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		w.blocks = append(w.blocks, block{kind: kind, text: text})
	}
}
