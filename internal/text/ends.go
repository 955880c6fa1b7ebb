package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// ends decides whether the stop at s[stop:after] ends the sentence that began
// at from, in a block that goes to end.
func ends(s string, from, stop, after, end int, lang digest.Language) bool {
	if after >= end {
		return true
	}
	next, gap := following(s, after, end)
	if next == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(next)
	wide := first == '．' || strings.ContainsAny(s[stop:after], "。．！？")
	if gap == 0 && !wide {
		return glued(s, from, stop, after, next)
	}
	begins := unicode.IsUpper(first) || unicode.IsDigit(first) || brand(next) || !unicode.IsLetter(first) && first != '$'
	if first == '$' || first == '€' || first == '£' {
		begins = true
	}
	if !begins {
		return unicode.IsLetter(first) && !unicode.IsLower(first) // scripts without case
	}
	if s[stop:after] == ". . ." && stop > from && s[stop-1] == ' ' {
		return false // words left out of the middle (Chicago Manual of Style, 13.50)
	}
	if s[stop] != '.' || stopsAlone(s[stop:after]) {
		return true
	}
	return fullStop(s, from, stop, next, lang)
}

// stopsAlone: more than one mark, so no abbreviation.
func stopsAlone(run string) bool {
	n := 0
	for _, r := range run {
		if terminal(r) {
			n++
		}
	}
	return n > 1
}

// following gives the word after a stop, opening marks left out, and the width
// of the space before it.
func following(s string, i, end int) (word string, gap int) {
	from := i
	for i < end {
		r, size := utf8.DecodeRuneInString(s[i:end])
		if !unicode.IsSpace(r) {
			break
		}
		i += size
	}
	gap = i - from
	for i < end {
		r, size := utf8.DecodeRuneInString(s[i:end])
		if !strings.ContainsRune("«“”\"'‘’([—–-•►▪\u00a0\u202f ", r) {
			break
		}
		i += size
	}
	to := i
	for to < end {
		r, size := utf8.DecodeRuneInString(s[to:end])
		if unicode.IsSpace(r) || r == '\'' || r == '’' {
			break
		}
		to += size
	}
	return s[i:to], gap
}

// brand: a name that begins small, such as iPhone, xAI or eBay.
func brand(w string) bool {
	for i, r := range w {
		if unicode.IsUpper(r) {
			return i > 0 && i <= 2
		}
	}
	return false
}

// domains are name endings that some write with a capital.
var domains = map[string]bool{"Com": true, "Org": true, "Net": true, "Fr": true, "Io": true, "Ai": true, "Eu": true}

// glued decides about a stop with no space after it: "…chez lui.Elle" is two
// sentences, "example.Com", "3.5" and "Y!J" are one.
func glued(s string, from, stop, after int, next string) bool {
	first, size := utf8.DecodeRuneInString(next)
	if !unicode.IsUpper(first) {
		return false
	}
	second, _ := utf8.DecodeRuneInString(next[size:])
	if len(next) > size && !unicode.IsLower(second) {
		return false
	}
	word := lastWord(s[from:stop])
	if strings.ContainsAny(word, "/@") || strings.HasPrefix(strings.ToLower(word), "www") {
		return false
	}
	if strings.Contains(next, "/") || strings.Contains(next, "@") || domains[strings.TrimRight(next, ".,;:!?)")] {
		return false
	}
	if after > stop+1 && closer(s[after-1:]) > 0 {
		return true
	}
	before := lastRune(s[from:stop])
	if unicode.IsDigit(before) {
		return true
	}
	if unicode.IsUpper(before) && s[stop] == '.' { // "…chez OpenAI.Elle", but not "ASP.Net"
		return len(word) > 2 && !strings.Contains(word, ".") && starters()[Fold(strings.TrimRight(next, ".,;:!?"))]
	}
	return strings.ContainsRune("»”\")’%", before) ||
		unicode.IsLower(before) && (utf8.RuneCountInString(word) > 1 || s[stop] != '.')
}

// lastWord is what stands after the last space of s, opening marks left out.
func lastWord(s string) string {
	if i := strings.LastIndexFunc(s, unicode.IsSpace); i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
	}
	return strings.TrimLeft(s, "«“”\"'‘’([—–-•⁃")
}

// fullStop decides about a single full stop with a space after it.
func fullStop(s string, from, stop int, next string, lang digest.Language) bool {
	word := lastWord(s[from:stop])
	head := strings.TrimSpace(s[from:stop])
	if bare := strings.TrimLeft(head, "•⁃▪- "); ordinal(bare) {
		return false // the number of a list item, not its end
	}
	lower := strings.ToLower(word)
	if i := strings.LastIndexAny(lower, "'’"); i >= 0 {
		_, size := utf8.DecodeRuneInString(lower[i:])
		lower = lower[i+size:]
	}
	starts := starters()[Fold(strings.TrimRight(next, ".,;:!?"))]
	first, _ := utf8.DecodeRuneInString(next)
	number := unicode.IsDigit(first)
	if bound(s[from:stop], word, lower, next, lang) {
		return false
	}
	switch abbreviations()[lower] {
	case never:
		if lower == "m" && unicode.IsDigit(lastRune(strings.TrimSpace(s[from:stop-len(word)]))) {
			return starts // twelve metres, not a gentleman
		}
		if lower == "m" && lang == digest.English || lower == "p" && !number {
			return initial(s, from, stop, word, starts)
		}
		return false
	case beforeNum:
		return !number
	case ifStarting:
		if clock(lower) {
			return !number && len(strings.Fields(head)) >= 5
		}
		return starts || lower == "etc" && unicode.IsUpper(first)
	}
	if acronym(lower) {
		return starts
	}
	if utf8.RuneCountInString(word) == 1 && unicode.IsLetter(lastRune(word)) {
		return initial(s, from, stop, word, starts)
	}
	return true
}

// bound: an abbreviation that its neighbours keep from ending a sentence:
// "p. ex.", "J.-P. Vernet", "av. J.-C.", and "Me." before a French lawyer.
func bound(before, word, lower, next string, lang digest.Language) bool {
	switch {
	case lower == "ex":
		return strings.HasSuffix(strings.TrimSpace(strings.TrimSuffix(before, word)), "p.")
	case lower == "me":
		return lang == digest.French
	case strings.HasPrefix(next, "J.-C"):
		return true
	}
	return lower != "j.-c" && compound(word)
}

// compound: initials of a double name, the last dot being the stop.
func compound(w string) bool {
	a, b, ok := strings.Cut(w, ".-")
	return ok && utf8.RuneCountInString(a) <= 2 && utf8.RuneCountInString(b) == 1 && unicode.IsUpper(lastRune(a)) && unicode.IsUpper(lastRune(b))
}

func clock(w string) bool { return w == "a.m" || w == "p.m" || w == "am" || w == "pm" }

// acronym: letters each with its dot, the last one being the stop: "u.s", "i.a", "ll.aa.ii.rr".
func acronym(w string) bool {
	if !strings.Contains(w, ".") {
		return false
	}
	for _, part := range strings.Split(w, ".") {
		if n := utf8.RuneCountInString(part); n < 1 || n > 2 {
			return false
		}
		for _, r := range part {
			if !unicode.IsLetter(r) {
				return false
			}
		}
	}
	return true
}

// initial decides about one letter and a full stop: the initial of a name goes
// on, "you and I. Did …" and "la vitamine C. Le …" end.
func initial(s string, from, stop int, word string, starts bool) bool {
	if unicode.IsLower(lastRune(word)) {
		return true
	}
	before := strings.TrimSpace(s[from : stop-len(word)])
	if before == "" {
		return false // "A. His name": a label
	}
	prior := lastWord(before)
	c, _ := utf8.DecodeRuneInString(prior)
	if word == "I" {
		return !unicode.IsUpper(c)
	}
	return starts && !unicode.IsUpper(c)
}

// ordinal: nothing but the number or letter of a list item.
func ordinal(s string) bool {
	if s == "" || len(s) > 3 {
		return false
	}
	num := true
	for _, r := range s {
		num = num && unicode.IsDigit(r)
	}
	return num || len(s) == 1 && unicode.IsLower(rune(s[0]))
}
