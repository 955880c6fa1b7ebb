package summarise

import "strings"

// unit is a word as ROUGE counts it: a run of Latin letters without accents
// and digits, in lower case, hashed. An accented letter parts words; the
// published French figures were computed so, and what was learned on them
// has to count as they do.
type unit uint32

// piece is one unit of a sentence.
type piece struct {
	unit    unit
	length  int
	capital bool // begins with a capital, and not the sentence
	number  bool
	quoted  bool // stands within quotation marks
}

// pieces cuts a sentence into units. The hash is FNV-1a.
func pieces(s string) []piece {
	var out []piece
	quoted := false
	for i := 0; i < len(s); {
		if !plain(s[i]) {
			switch {
			case s[i] == '"':
				quoted = !quoted
			case strings.HasPrefix(s[i:], "«"), strings.HasPrefix(s[i:], "“"):
				quoted = true
			case strings.HasPrefix(s[i:], "»"), strings.HasPrefix(s[i:], "”"):
				quoted = false
			}
			i++
			continue
		}
		from, h := i, uint32(2166136261)
		for i < len(s) && plain(s[i]) {
			c := s[i]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			h = (h ^ uint32(c)) * 16777619
			i++
		}
		alone := from == 0 || s[from-1] < 0x80 // else it goes on after an accented letter
		out = append(out, piece{
			unit: unit(h), length: i - from,
			capital: len(out) > 0 && alone && s[from] >= 'A' && s[from] <= 'Z',
			quoted:  quoted,
			number:  s[from] >= '0' && s[from] <= '9',
		})
	}
	return out
}

func plain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// couple is the hash of two units in a row.
func couple(a, b unit) unit {
	h := (uint32(a)*0x9E3779B1 ^ uint32(b)) * 0x85EBCA6B
	return unit(h ^ h>>15)
}
