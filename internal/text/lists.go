package text

import (
	"regexp"
	"strconv"
	"strings"
)

// markers finds what may number an item of a list: "1.", "2)", "b.)", "(iv)", "• 9.".
var markers = regexp.MustCompile(`(?:^|[\s])((?:[•⁃▪‣] ?)?\(?(?:\d{1,2}|[a-z]|[A-Z]|[ivx]{1,4})(?:\.\)|\.|\)))(?:\s|$)`)

// marker tells whether a line begins with the number of a list item.
func marker(line string) bool {
	m := markers.FindStringIndex(line)
	return m != nil && m[0] == 0
}

// enumeration parts a block that is a list written in one line, or gives nil.
// Only numbers that count upwards by one from the beginning of a sentence make
// a list, so that names with initials and "pour 1. ci-dessus" are left alone.
func enumeration(s string, b Span) []Span {
	block := s[b.Start:b.End]
	if !strings.ContainsAny(block, ".)") || len(block) > 5000 {
		return nil
	}
	found := findMarkers(block)
	if len(found) < 2 {
		return nil
	}
	var cuts []int
	chained := -1 // a list may follow a list, in one line as well
	for i := 0; i < len(found); {
		j := i + 1
		for j < len(found) && found[j].kind == found[i].kind && found[j].value == found[j-1].value+1 {
			j++
		}
		if j-i >= 2 && (i == chained || atStart(block, found[i].at)) && (found[i].value == 1 || j-i >= 3 || found[i].bullet) {
			for _, m := range found[i:j] {
				cuts = append(cuts, m.at)
			}
			i, chained = j, j
			continue
		}
		i++
	}
	if len(cuts) == 0 {
		return nil
	}
	var out []Span
	from := 0
	for _, c := range append(cuts, len(block)) {
		if p := trim(s, b.Start+from, b.Start+c); p.Start < p.End {
			out = append(out, p)
		}
		from = c
	}
	return out
}

type item struct {
	at     int
	kind   string
	value  int
	bullet bool
}

func findMarkers(block string) []item {
	var out []item
	for at := 0; at < len(block); {
		m := markers.FindStringSubmatchIndex(block[at:])
		if m == nil {
			break
		}
		start, end := at+m[2], at+m[3]
		word := block[start:end]
		core := strings.Trim(word, "•⁃▪‣ ().")
		kind := strings.Replace(word, core, "#", 1)
		it := item{at: start, bullet: !strings.HasPrefix(word, core) && !strings.HasPrefix(word, "(")}
		switch n, err := strconv.Atoi(core); {
		case err == nil:
			it.value, it.kind = n, kind+"1"
		case len(core) == 1:
			it.value, it.kind = int(core[0]|0x20-'a'+1), kind+"a"
		default:
			it.kind = kind + "?"
		}
		out = append(out, it)
		at = end
	}
	return out
}

// atStart tells whether nothing, or the end of a sentence, stands before at.
func atStart(block string, at int) bool {
	before := strings.TrimRight(block[:at], " \t\n")
	return before == "" || terminal(lastRune(before)) || strings.HasSuffix(before, ":")
}
