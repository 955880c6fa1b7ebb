package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how much quotation marks or brackets may hold together, in bytes.
// A longer quotation is parted like any text.
const longest = 420

// enclosures finds the parts of a block between matching quotation marks and
// brackets, outermost only, in order.
func enclosures(s string, b Span) []Span {
	var out []Span
	for i := b.Start; i < b.End; {
		r, size := utf8.DecodeRuneInString(s[i:b.End])
		if to := enclosed(s, b, i, r, size); to > 0 {
			out = append(out, Span{Start: i, End: to})
			i = to
			continue
		}
		i += size
	}
	return out
}

// enclosed gives the end of what r opens at s[i], or 0.
func enclosed(s string, b Span, i int, r rune, size int) int {
	limit := min(b.End, i+longest)
	inner := s[i+size : limit]
	switch r {
	case '«':
		return balanced(s, i, limit, "«", "»")
	case '“':
		return balanced(s, i, limit, "“", "”")
	case '(':
		return balanced(s, i, limit, "(", ")")
	case '[':
		return balanced(s, i, limit, "[", "]")
	case '"':
		if !opens(s, b.Start, i, inner) {
			return 0
		}
		for j := 0; j < len(inner); j++ {
			if inner[j] == '"' && j > 0 && closes(inner, j) {
				return i + size + j + 1
			}
		}
	case '\'', '‘':
		if !opens(s, b.Start, i, inner) {
			return 0
		}
		// An apostrophe looks the same; one inside a word never closes.
		for j, c := range inner {
			if (c == '\'' || c == '’') && j > 0 && !letterAt(inner, j+utf8.RuneLen(c)) {
				return i + size + j + utf8.RuneLen(c)
			}
		}
	}
	return 0
}

// opens: a straight mark opens after a space, bracket or the block's begin, before a word.
func opens(s string, start, i int, inner string) bool {
	next, _ := utf8.DecodeRuneInString(inner)
	if inner == "" || unicode.IsSpace(next) {
		return false
	}
	if i == start {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[start:i])
	return unicode.IsSpace(before) || strings.ContainsRune("([«“'’:—–-.!?", before)
}

// closes: a straight mark at inner[j] closes when no letter follows it, or when
// a sentence that was glued to it does.
func closes(inner string, j int) bool {
	if j+1 >= len(inner) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(inner[j+1:])
	return !unicode.IsLetter(next) && !unicode.IsDigit(next) || unicode.IsUpper(next) && strings.IndexByte(".!?", inner[j-1]) >= 0
}

// balanced gives the end of the mark that closes the one at s[i], nested ones counted, or 0.
func balanced(s string, i, limit int, open, shut string) int {
	depth := 0
	for i < limit {
		switch {
		case strings.HasPrefix(s[i:limit], open):
			depth++
			i += len(open)
		case strings.HasPrefix(s[i:limit], shut):
			depth--
			i += len(shut)
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return 0
}

// quotedStop gives where an enclosure has its own closing stop, or -1. A
// bracket in the middle of a sentence may hold a whole sentence of its own.
func quotedStop(s string, q Span) int {
	end := q.End
	for end > q.Start {
		r, size := utf8.DecodeLastRuneInString(s[q.Start:end])
		switch {
		case terminal(r):
			return end - size
		case unicode.IsSpace(r), strings.ContainsRune("»”\"'’‘)", r):
			end -= size
		default:
			return -1
		}
	}
	return -1
}

// aside: what stands in brackets right after a quotation belongs to it: a
// reference, or what the hall did: « Je n’ai rien dit ! » (Rires.)
func aside(s string, q Span, end int) bool {
	opening, _ := utf8.DecodeRuneInString(s[q.Start:])
	return opening != '(' && opening != '[' && strings.HasPrefix(strings.TrimLeft(s[q.End:end], " \u00a0\u202f"), "(")
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return i < len(s) && unicode.IsLetter(r)
}
