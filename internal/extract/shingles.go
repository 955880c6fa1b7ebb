package extract

import (
	"unicode"
	"unicode/utf8"
)

// shingles gives a number for each run of three words of a text, and for a
// shorter text one for the whole. Typography and case do not matter.
func shingles(s string) []uint64 {
	var out []uint64
	var w [3]uint64
	n := 0
	eachWord(s, func(h uint64) {
		w[0], w[1], w[2] = w[1], w[2], h
		if n++; n >= 3 {
			out = append(out, mix(w[0], w[1], w[2]))
		}
	})
	if n > 0 && n < 3 {
		return []uint64{mix(w[0], w[1], w[2]) | 1<<63}
	}
	for i := range out {
		out[i] &^= 1 << 63
	}
	return out
}

const prime = 1099511628211 // FNV-1a, 64 bits

func mix(a, b, c uint64) uint64 { return ((a*prime^b)*prime ^ c) * prime }

// eachWord calls f with a number for each word of a text.
func eachWord(s string, f func(uint64)) {
	h := uint64(14695981039346656037)
	open := false
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			r = unicode.ToLower(r)
		default:
			if open {
				f(h)
				h, open = 14695981039346656037, false
			}
			continue
		}
		h = (h ^ uint64(r)) * prime
		open = true
	}
	if open {
		f(h)
	}
}

// corpus is the set of the shingles of a text.
type corpus map[uint64]bool

func (c corpus) add(text string) {
	for _, s := range shingles(text) {
		c[s] = true
	}
}

// share is the part of some shingles that a text holds.
func (c corpus) share(of []uint64) float32 {
	if len(of) == 0 || len(c) == 0 {
		return 0
	}
	n := 0
	for _, s := range of {
		if c[s] {
			n++
		}
	}
	return float32(n) / float32(len(of))
}
