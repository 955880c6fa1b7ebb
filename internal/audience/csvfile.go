package audience

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

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

// readCSV takes a file apart. The delimiter is the one that makes most of the
// first line: comma, semicolon or tab. Lines that are no CSV are told apart
// from those that are, so that all faults can be shown at once; whole is false
// when a quotation is left open, because what it swallowed is not known.
func readCSV(data []byte) (records []record, bad []BadLine, whole bool) {
	text := decode(data)
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // line ends of old spreadsheets
	}
	delimiter, first, text := hint(text)
	if delimiter == 0 {
		delimiter = guess(text)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delimiter
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = delimiter != '\t' // else empty cells vanish
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return records, bad, true
		}
		var fault *csv.ParseError
		if errors.As(err, &fault) {
			if fault.StartLine != fault.Line {
				return records, append(bad, BadLine{Line: fault.StartLine + first, Code: "quotes.open"}), false
			}
			bad = append(bad, BadLine{Line: fault.StartLine + first, Code: "quotes"})
			continue
		}
		if err != nil {
			return records, append(bad, BadLine{Code: "unreadable", Detail: err.Error()}), false
		}
		line, _ := r.FieldPos(0)
		empty := true
		for i, c := range cells {
			cells[i] = bare(c)
			empty = empty && cells[i] == ""
		}
		if !empty {
			records = append(records, record{line: line + first, cells: cells})
		}
	}
}

// decode gives UTF-8: what a byte order mark says, else UTF-8 where it is
// valid, else windows-1252, in which spreadsheets of the West save.
func decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(data[3:]), "\ufffd")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		out, _ := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		return string(out)
	case utf8.Valid(data):
		return string(data)
	}
	out, _ := charmap.Windows1252.NewDecoder().Bytes(data)
	return string(out)
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

// readCapped reads at most limit bytes.
func readCapped(r io.Reader, limit int64) ([]byte, *BadLine, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the file: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, &BadLine{Code: "size", Detail: strconv.FormatInt(limit>>20, 10) + " MiB"}, nil
	}
	return data, nil, nil
}
