package audience

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// sheet is a CSV file. It is read twice, because only all of it tells how its
// letters and line ends are written, and never held whole.
type sheet struct {
	file    io.ReadSeeker
	close   func()
	size    int64
	sum     [sha256.Size]byte
	letters transform.Transformer // to UTF-8; nil: it is
	skip    int64                 // bytes of a mark before the text
	old     bool                  // lines end as on old systems, in a carriage return alone
}

// errTooBig: the file is larger than the caller takes.
var errTooBig = errors.New("the file is too big")

const (
	inMemory  = 4 << 20 // what cannot be read twice is kept in memory up to here, then in a temporary file
	maxRecord = 1 << 20 // a line longer than this, in bytes, has an open quotation
	firstPart = 64 << 10
)

// openSheet reads a file of at most limit bytes once, to its end. A reader that
// cannot go back is copied. It fails with errTooBig.
func openSheet(r io.Reader, limit int64) (*sheet, error) {
	s := &sheet{close: func() {}}
	var ok bool
	if s.file, ok = r.(io.ReadSeeker); !ok {
		if err := s.spool(r, limit); err != nil {
			s.close()
			return nil, err
		}
	}
	if err := s.survey(limit); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *sheet) spool(r io.Reader, limit int64) error {
	head, err := io.ReadAll(io.LimitReader(r, inMemory))
	if err != nil {
		return fmt.Errorf("reading the file: %w", err)
	}
	if len(head) < inMemory {
		s.file = bytes.NewReader(head)
		return nil
	}
	file, err := os.CreateTemp("", "hebdo-import-")
	if err != nil {
		return fmt.Errorf("keeping the file to read it twice: %w", err)
	}
	s.file, s.close = file, func() { file.Close(); os.Remove(file.Name()) }
	if _, err = io.Copy(file, io.LimitReader(io.MultiReader(bytes.NewReader(head), r), limit+1)); err != nil {
		return fmt.Errorf("keeping the file to read it twice: %w", err)
	}
	return nil
}

// survey finds out how the text is written: what a byte order mark says, else
// UTF-8 where it is valid, else windows-1252, in which spreadsheets of the
// West save.
func (s *sheet) survey(limit int64) error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading the file: %w", err)
	}
	sum, valid, lines := sha256.New(), true, false
	var head, cut []byte // the first bytes; a letter at the end of the part before
	part := make([]byte, firstPart)
	for {
		n, err := io.ReadFull(s.file, part)
		if s.size += int64(n); s.size > limit {
			return errTooBig
		}
		sum.Write(part[:n])
		if head == nil {
			head = bytes.Clone(part[:min(n, 3)])
		}
		lines = lines || bytes.IndexByte(part[:n], '\n') >= 0
		if valid {
			cut = append(cut, part[:n]...)
			valid, cut = validPart(cut)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading the file: %w", err)
		}
	}
	sum.Sum(s.sum[:0])
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		s.letters, s.skip = runes.ReplaceIllFormed(), 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		s.letters = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		lines = s.contains('\n')
	case !valid || len(cut) > 0:
		s.letters = charmap.Windows1252.NewDecoder()
	}
	s.old = !lines
	return nil
}

// validPart tells whether b is UTF-8, but perhaps for a letter cut off at its
// end, which it gives.
func validPart(b []byte) (bool, []byte) {
	end := len(b)
	for back := 1; back <= min(3, len(b)); back++ {
		if utf8.RuneStart(b[len(b)-back]) {
			if !utf8.FullRune(b[len(b)-back:]) {
				end = len(b) - back
			}
			break
		}
	}
	return utf8.Valid(b[:end]), append([]byte(nil), b[end:]...)
}

func (s *sheet) contains(c byte) bool {
	text, err := s.text(nil)
	for err == nil {
		var b byte
		if b, err = text.ReadByte(); err == nil && b == c {
			return true
		}
	}
	return false
}

// text is the file from its beginning, in UTF-8, with a line feed at the end
// of every line. read, if given, hears how many bytes of the file were taken.
func (s *sheet) text(read func(int64)) (*bufio.Reader, error) {
	if _, err := s.file.Seek(s.skip, io.SeekStart); err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	var r io.Reader = s.file
	if read != nil {
		r = &counting{r: r, n: s.skip, tell: read}
	}
	if s.letters != nil {
		s.letters.Reset()
		r = transform.NewReader(r, s.letters)
	}
	if s.old {
		r = feeding{r}
	}
	return bufio.NewReaderSize(r, firstPart), nil
}

// each visits the lines of the file that are not empty, until visit says that
// it wants no more. The delimiter is the one that makes most of the first
// line: comma, semicolon or tab. Lines that are no CSV are told apart from
// those that are, so that all faults can be shown at once; the result is false
// when a quotation is left open, because what it swallowed is not known.
func (s *sheet) each(visit func(record) bool, bad func(BadLine), read func(int64)) bool {
	text, err := s.text(read)
	if err != nil {
		bad(BadLine{Code: "unreadable", Detail: err.Error()})
		return false
	}
	begin, _ := text.Peek(firstPart)
	delimiter, first, rest := hint(string(begin))
	if delimiter == 0 {
		delimiter = guess(string(begin))
	}
	_, _ = text.Discard(len(begin) - len(rest))
	limited := &capped{r: text}
	r := csv.NewReader(limited)
	r.Comma = delimiter
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = delimiter != '\t' // else empty cells vanish
	for {
		limited.taken = 0
		cells, err := r.Read()
		var fault *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return true
		case errors.As(err, &fault) && fault.StartLine != fault.Line:
			bad(BadLine{Line: fault.StartLine + first, Code: "quotes.open"})
			return false
		case errors.As(err, &fault):
			bad(BadLine{Line: fault.StartLine + first, Code: "quotes"})
			continue
		case errors.Is(err, errTooBig):
			line := 0
			if len(cells) > 0 {
				line, _ = r.FieldPos(0)
				line += first
			}
			bad(BadLine{Line: line, Code: "quotes.open"})
			return false
		case err != nil:
			bad(BadLine{Code: "unreadable", Detail: err.Error()})
			return false
		}
		line, _ := r.FieldPos(0)
		empty := true
		for i, c := range cells {
			cells[i] = bare(c)
			empty = empty && cells[i] == ""
		}
		if !empty && !visit(record{line: line + first, cells: cells}) {
			return true
		}
	}
}

// counting tells how far a reader has come.
type counting struct {
	r    io.Reader
	n    int64
	tell func(int64)
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.tell(c.n)
	return n, err
}

// feeding turns carriage returns into line feeds.
type feeding struct{ r io.Reader }

func (f feeding) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// capped fails when more than a line can have is taken at once.
type capped struct {
	r     io.Reader
	taken int
}

func (b *capped) Read(p []byte) (int, error) {
	if b.taken > maxRecord {
		return 0, errTooBig
	}
	n, err := b.r.Read(p)
	b.taken += n
	return n, err
}
