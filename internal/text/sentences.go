package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// Span is a sentence, or a heading, of a text.
type Span struct {
	Start, End int  // byte offsets, spaces at both ends left out
	Heading    bool // a line of its own that is no sentence: a heading, a caption, an item of a list
	Paragraph  int  // number of its paragraph, from 0
}

// In gives the span's words as they stand in s.
func (p Span) In(s string) string { return s[p.Start:p.End] }

// headingWords is how long a line without a full stop may be and still be a heading.
const headingWords = 18

// Sentences parts a text. A blank line always ends a sentence; a single line
// break does unless the line was merely wrapped. What stands in quotation marks
// or brackets is not parted unless it is very long. The rules are those of
// French and English print; lang decides only what they dispute, and may be
// empty.
func Sentences(s string, lang digest.Language) []Span {
	var out []Span
	lines := blocks(s)
	paragraph := 0
	for n, b := range lines {
		if n > 0 && blank(s[lines[n-1].End:b.Start]) {
			paragraph++
		}
		spans, marked := split(s, unmarked(s, b), lang), strings.HasPrefix(b.In(s), headingMark)
		for _, p := range spans {
			p.Paragraph = paragraph
			p.Heading = marked || len(spans) == 1 && len(lines) > 1 && heading(p.In(s))
			out = append(out, p)
		}
	}
	return out
}

// headingMark is what an extracted text begins a heading with.
const headingMark = "## "

// unmarked leaves out the mark of a heading ("## "), list ("- ") or quotation
// ("> ") that an extracted text begins a paragraph with: no sentence begins
// with it.
func unmarked(s string, b Span) Span {
	line := b.In(s)
	if strings.HasPrefix(line, headingMark) {
		return trim(s, b.Start+len(headingMark), b.End)
	}
	if strings.HasPrefix(line, "- ") && !strings.Contains(line[2:], " - ") || strings.HasPrefix(line, "> ") {
		return trim(s, b.Start+2, b.End)
	}
	return b
}

// heading tells whether a line of its own is none of the text's sentences.
func heading(line string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, "»”\"')] \u00a0\u202f"))
	switch last {
	case '.', '!', '…', ';', '。', '．':
		return false
	case '?':
		return Count(line) <= headingWords
	}
	return Count(line) <= headingWords
}

// blank tells whether the gap between two lines holds an empty one.
func blank(gap string) bool { return strings.Count(gap, "\n") > 1 }

// blocks gives the lines of s, with wrapped lines made whole again.
func blocks(s string) []Span {
	var out []Span
	for i := 0; i < len(s); {
		end := strings.IndexByte(s[i:], '\n')
		if end < 0 {
			end = len(s)
		} else {
			end += i
		}
		b := trim(s, i, end)
		if b.Start < b.End {
			if n := len(out); n > 0 && wrapped(s, out[n-1], b) {
				out[n-1].End = b.End
			} else {
				out = append(out, b)
			}
		}
		i = end + 1
	}
	return out
}

// wrapped tells whether line b only goes on with line a.
func wrapped(s string, a, b Span) bool {
	gap := s[a.End:b.Start]
	next, size := utf8.DecodeRuneInString(s[b.Start:])
	if next == '.' && (b.Start+size == len(s) || s[b.Start+size] == ' ' || s[b.Start+size] == '\n') {
		return true
	}
	if blank(gap) || terminal(lastRune(s[a.Start:a.End])) {
		return false
	}
	broken := strings.HasPrefix(gap, " ") // the space before the break was left standing
	if marker(s[b.Start:b.End]) {
		return false
	}
	return unicode.IsLower(next) && (broken || a.End-a.Start >= 50) || next == '(' && broken
}

func lastRune(s string) rune { r, _ := utf8.DecodeLastRuneInString(s); return r }

func trim(s string, i, end int) Span {
	for i < end {
		r, size := utf8.DecodeRuneInString(s[i:end])
		if !unicode.IsSpace(r) && r != '\u200b' && r != '\ufeff' {
			break
		}
		i += size
	}
	for i < end {
		r, size := utf8.DecodeLastRuneInString(s[i:end])
		if !unicode.IsSpace(r) && r != '\u200b' && r != '\ufeff' {
			break
		}
		end -= size
	}
	return Span{Start: i, End: end}
}

// split parts one block.
func split(s string, b Span, lang digest.Language) []Span {
	if items := enumeration(s, b); len(items) > 0 {
		var out []Span
		for _, item := range items {
			out = append(out, parts(s, item, lang)...)
		}
		return out
	}
	return parts(s, b, lang)
}

// parts cuts a block at its sentence ends.
func parts(s string, b Span, lang digest.Language) []Span {
	var out []Span
	closed := enclosures(s, b)
	from := b.Start
	for i := b.Start; i < b.End; {
		if len(closed) > 0 && i >= closed[0].Start {
			if i < closed[0].End {
				i = closed[0].End
				// A quotation that ends with its own full stop may end the sentence.
				if stop := quotedStop(s, closed[0]); stop >= 0 && !aside(s, closed[0], b.End) && ends(s, from, stop, i, b.End, lang) {
					out = append(out, trim(s, from, i))
					from = i
				}
			}
			closed = closed[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !terminal(r) {
			i += size
			continue
		}
		stop := i
		i = stopRun(s, i, b.End)
		if ends(s, from, stop, i, b.End, lang) {
			if end := attached(s, from, stop, i); end < i && i < b.End { // ". . . ." glued to a word: the first dot is the stop
				out = append(out, trim(s, from, end))
				from = end
				continue
			}
			out = append(out, trim(s, from, i))
			from = i
		}
	}
	if rest := trim(s, from, b.End); rest.Start < rest.End {
		out = append(out, rest)
	}
	return out
}

func terminal(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '。', '．', '！', '？':
		return true
	}
	return false
}

// stopRun goes over a run of stops ("?!", "...", ". . .") and the marks that close with it.
func stopRun(s string, i, end int) int {
	for i < end {
		r, size := utf8.DecodeRuneInString(s[i:end])
		switch {
		case terminal(r):
			i += size
		case r == ' ' && i+1 < end && s[i+1] == '.' && s[i-1] == '.' && (i+2 == end || s[i+2] == ' ' || closer(s[i+2:end]) > 0):
			i += 2
		default:
			for n := closer(s[i:end]); n > 0; n = closer(s[i:end]) {
				i += n
			}
			return i
		}
	}
	return i
}

// attached finds the end of the first dot of a spaced ellipsis of four dots
// that is glued to the word before it; otherwise it gives to.
func attached(s string, from, stop, to int) int {
	if stop > from && s[stop-1] != ' ' && s[stop:to] == ". . . ." {
		return stop + 1
	}
	return to
}

// closer gives the length of a closing mark that s begins with. A straight
// quotation mark closes only when a space or the end follows it.
func closer(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case '»', '”', ')', ']', '’':
		return size
	case '"', '\'':
		if len(s) == 1 || s[1] == ' ' || s[1] == '\n' || s[1] == ')' || s[1] == ',' {
			return 1
		}
	case '\u00a0', '\u202f', ' ': // the space before a closing guillemet belongs to it
		if strings.HasPrefix(s[size:], "»") {
			return size + len("»")
		}
	}
	return 0
}
