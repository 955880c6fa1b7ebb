package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"hebdo/internal/digest"
)

// PlainText reads an article pasted or saved as text: the first line is its
// title, then come lines with dates and names, then the text, in which an
// empty line or a line end parts paragraphs. A file in which a paragraph runs
// over many short lines is put together again.
func PlainText(body []byte, h Hint) digest.Article {
	fields, lines := frontMatter(linesOf(decode(body, h.ContentType)))
	return document(lineBlocks(lines), fields, h.orDefault())
}

// linesOf splits a text at its line ends, of whatever system.
func linesOf(s string) []string {
	if len(s) > MaxPage {
		s = strings.ToValidUTF8(s[:MaxPage], "")
	}
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\f", "\n\n").Replace(s), "\n")
}

// lineBlocks makes blocks of lines.
func lineBlocks(lines []string) []block {
	wrapped := wrapped(lines)
	var out []block
	tight := false
	for _, l := range lines {
		t := squeeze(l)
		if t == "" {
			tight = false
			continue
		}
		if tight && wrapped && !bullet.MatchString(l) {
			out[len(out)-1].text += " " + t
			continue
		}
		if len(out) == maxBlocks {
			break
		}
		out = append(out, block{text: t, tight: tight})
		tight = true
	}
	for i := range out {
		followed := i+1 < len(out) && out[i+1].tight
		if bullet.MatchString(out[i].text) {
			out[i].kind = item
		} else if headingLike(out[i].text) && !followed && !out[i].tight {
			out[i].kind, out[i].guessed = heading, true
		}
	}
	return out
}

var bullet = regexp.MustCompile(`^\s*(?:[-*•–]|\d{1,2}[.)])\s`)

// headingLike tells a heading without marks from a paragraph: short, with a
// capital and without the end of a sentence.
func headingLike(s string) bool {
	n := utf8.RuneCountInString(s)
	return n <= 130 && !startsLower(s) && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, ",") && (!sentence(s) || strings.HasSuffix(s, "?") && n <= 100)
}

// wrapped tells whether lines were broken at a width: hardly one is longer
// than 100 characters, and most of those that another follows are long.
func wrapped(lines []string) bool {
	inner, long, over := 0, 0, 0
	for i, l := range lines {
		n := utf8.RuneCountInString(strings.TrimSpace(l))
		if n > 100 {
			over++
		}
		if n > 0 && i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
			inner++
			if n >= 50 {
				long++
			}
		}
	}
	return inner >= 4 && long*10 >= inner*7 && over*20 <= len(lines)
}

// document reads title, dates and names off the top of a text and cleans the rest.
func document(blocks []block, fields map[string]string, h Hint) digest.Article {
	a := digest.Article{Kind: digest.KindArticle, Title: fields["title"]}
	if a.Title == "" && len(blocks) > 0 && utf8.RuneCountInString(blocks[0].text) <= 250 && blocks[0].kind != item {
		a.Title, blocks = blocks[0].text, blocks[1:]
	}
	if a.Title == "" {
		a.Title = h.Title
	}
	top := readTop(blocks, h)
	a.Published, a.Modified, a.Authors = top.published, top.modified, top.authors
	applyFields(&a, fields, h)
	if len(a.Authors) == 0 {
		a.Authors = h.Authors
	}
	text, faq := tidy(top.rest, about{title: a.Title, authors: a.Authors, houses: []string{h.Source}})
	if a.Title == "" && len(text) > 0 {
		a.Title = opening(text[0].text)
	}
	a.Text, a.FAQ = join(text), pairs(faq)
	a.Language = language(a.Text, fields["language"], h)
	return a
}

// opening makes a title of a text that has none: its first words.
func opening(s string) string {
	const most = 90
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	cut := string([]rune(s)[:most])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–—-") + "…"
}

// Fragment reads the HTML that a feed gives along: an article already, without
// the page around it.
func Fragment(body []byte, base string, h Hint) (a digest.Article) {
	defer func() {
		if recover() != nil {
			a = digest.Article{Kind: digest.KindError}
		}
	}()
	h = h.orDefault()
	doc, err := html.Parse(strings.NewReader(decode(body[:min(len(body), MaxPage)], h.ContentType)))
	if err != nil {
		return digest.Article{Kind: digest.KindError}
	}
	if m, ok := readMeta(doc); !ok || m.frames == 0 {
		return digest.Article{Kind: digest.KindError}
	}
	a = digest.Article{Kind: digest.KindArticle, URL: base, Title: h.Title, Authors: h.Authors}
	said := read(doc)
	text, faq := tidy(said, about{title: a.Title, authors: a.Authors, houses: []string{h.Source}})
	a.Text, a.FAQ = join(text), pairs(faq)
	if utf8.RuneCountInString(a.Text) < paidLength && (payWords.MatchString(a.Text) || gateWords.MatchString(join(said))) {
		a.Kind, a.Text, a.FAQ = digest.KindWall, "", ""
	}
	a.Language = language(a.Text, "", h)
	return a
}
