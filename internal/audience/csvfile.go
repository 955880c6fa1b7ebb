package audience

import "strings"

// BadLine is a line of an import that cannot be taken, and why.
type BadLine struct {
	Line   int    // of the file, from 1; 0: the file as a whole
	Code   string // message key without its "import." prefix
	Detail string // the cell or fact it is about; shown as it is
}

// record is one line's cells.
type record struct {
	line  int
	cells []string
}

// hint reads the "sep=;" line that spreadsheets write, and says how many lines
// were taken.
func hint(text string) (delimiter rune, lines int, rest string) {
	line, rest, ok := strings.Cut(text, "\n")
	line = strings.Trim(strings.TrimSuffix(line, "\r"), `"`)
	if ok && len(line) == 5 && strings.EqualFold(line[:4], "sep=") && strings.ContainsAny(line[4:], ",;\t") {
		return rune(line[4]), 1, rest
	}
	return 0, 0, text
}

// guess picks the delimiter that is most frequent in the first line, outside quotes.
func guess(text string) rune {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	counts, quoted := map[rune]int{}, false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[c]++
		}
	}
	best := ','
	for _, d := range ";\t" {
		if counts[d] > counts[best] {
			best = d
		}
	}
	return best
}

// formula starts what a spreadsheet would compute instead of show (OWASP, CSV injection).
const formula = "=+-@\t\r\n"

// Guarded makes a cell text for spreadsheets: see guard.
func Guarded(cell string) string { return guard(cell) }

// guard makes a cell text for spreadsheets: an apostrophe before what they
// would compute, and before an apostrophe, so that bare can undo it.
func guard(cell string) string {
	if cell != "" && strings.ContainsRune(formula+"'", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// bare undoes guard, and trims what a hand leaves around a cell.
func bare(cell string) string {
	cell = strings.Trim(cell, " \t\r\n\u00a0\u200b\ufeff")
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune(formula+"'", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
