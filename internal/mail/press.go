package mail

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// plate is a mail of which many copies are sent: everything they share is
// encoded once.
type plate struct {
	mail   digest.Mail
	from   string // for MAIL FROM, where a copy has none
	utf8   bool   // an address of its own needs SMTPUTF8
	marks  []string
	fields []plateField
	body   []segment
	whole  []segment // of those who leave nothing out
}

// plateField is a field of the header: the same for all, or made for each copy.
type plateField struct {
	fixed []byte // with CRLF; nil: made
	name  string
	value cut // for a field that has marks
}

// cut is a text in pieces; between two of them goes a value.
type cut struct {
	pieces []string
	holes  []int // number of the mark after each piece but the last
}

func cutAt(s string, marks []string) (c cut) {
	for {
		at, which := nextMark(s, marks)
		c.pieces = append(c.pieces, s[:at])
		if which < 0 {
			return c
		}
		c.holes = append(c.holes, which)
		s = s[at+len(marks[which]):]
	}
}

func (c cut) with(values []string) string {
	b := make([]byte, 0, 512) // which most fit into
	for i, piece := range c.pieces {
		b = append(b, piece...)
		if i < len(c.holes) {
			b = append(b, values[c.holes[i]]...)
		}
	}
	return string(b)
}

// Prepare encodes, once, what all copies of a mail share, and returns what
// sends one of them. Sending a copy c is sending m.For(c, marks): the same
// header and the same text, though a line may be broken elsewhere. The marks
// are plain text without white space; those in a header stand for ASCII. To,
// EnvelopeFrom, MessageID and Date of m do not matter. Errors are those of
// Send, with digest.ErrUnsendable from Prepare when the mail is at fault, and
// digest.ErrNotBegun of a copy that was recalled.
func (s *SMTP) Prepare(m digest.Mail, marks []string) (send func(context.Context, digest.Copy) error, err error) {
	p, err := newPlate(m, marks)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c digest.Copy) error { return s.print(ctx, p, c) }, nil
}

func newPlate(m digest.Mail, marks []string) (*plate, error) {
	if m.From == "" {
		return nil, fmt.Errorf("the From field is missing: %w", digest.ErrUnsendable)
	}
	boundary := boundaryOf(m)
	sample := m
	sample.Text, sample.HTML = "x", m.HTML[:min(1, len(m.HTML))] // the header depends on no more of them
	sample.To, sample.EnvelopeFrom, sample.MessageID, sample.Date = m.From, "", "sample@mail.invalid", time.Unix(0, 0)
	var raw bytes.Buffer
	if err := write(sample, boundary, &raw); err != nil {
		return nil, err
	}
	from, err := mailbox("From", m.From)
	if err != nil {
		return nil, err
	}
	e, err := envelopeOf(sample)
	if err != nil {
		return nil, err
	}
	p := &plate{mail: m, from: path(from), utf8: e.utf8, marks: marks}
	header, _, _ := bytes.Cut(raw.Bytes(), []byte("\r\n\r\n"))
	for _, f := range unfold(append(bytes.Clone(header), "\r\n"...)) {
		field, err := p.field(f)
		if err != nil {
			return nil, err
		}
		p.fields = append(p.fields, field)
	}
	var ok bool
	if p.body, ok = decode(m, marks); !ok {
		p.body = bodyOf(m, boundary, marks)
	}
	p.whole = p.told(nil)
	return p, nil
}

// field tells a field that is the same on all copies from one that is not.
func (p *plate) field(raw []byte) (plateField, error) {
	name, _, _ := bytes.Cut(raw, []byte(":"))
	switch strings.ToLower(string(name)) {
	case "to", "date", "message-id":
		return plateField{name: string(name)}, nil
	}
	for _, h := range p.mail.Headers {
		if _, which := nextMark(h.Value, p.marks); which >= 0 && strings.EqualFold(h.Name, string(name)) {
			if !ascii(h.Value) {
				return plateField{}, fmt.Errorf("%s: has a mark beside letters outside ASCII: %w", printable(h.Name), digest.ErrUnsendable)
			}
			return plateField{name: h.Name, value: cutAt(h.Value, p.marks)}, nil
		}
	}
	return plateField{fixed: raw}, nil
}

// appendTo adds the field of a copy.
func (f *plateField) appendTo(dst []byte, c digest.Copy, to *mail.Address) []byte {
	switch {
	case len(f.value.pieces) > 0:
		return appendFolded(dst, f.name, f.value.with(c.Values))
	case f.name == "To":
		return appendFolded(dst, f.name, to.String())
	case f.name == "Date":
		return appendFolded(dst, f.name, c.Date.Format(time.RFC1123Z))
	}
	dst = append(append(dst, f.name...), ": <"...)
	return append(append(dst, c.MessageID...), ">\r\n"...) // no software folds it well
}

// appendFolded adds a field with its lines broken before the words that would
// pass column 76 (RFC 5322, 2.2.3).
func appendFolded(dst []byte, name, value string) []byte {
	dst = append(append(dst, name...), ':')
	column := len(name) + 1
	for word := range strings.SplitSeq(value, " ") {
		if column+1+len(word) > 76 && word != "" && column > 1 {
			dst, column = append(dst, "\r\n"...), 0
		}
		dst = append(append(dst, ' '), word...)
		column += 1 + len(word)
	}
	return append(dst, "\r\n"...)
}

// check refuses what would break the copy.
func (p *plate) check(c digest.Copy) error {
	fault := func(field, why string) error { return fmt.Errorf("%s: %s: %w", field, why, digest.ErrUnsendable) }
	switch {
	case c.Date.IsZero():
		return fault("Date", "is missing")
	case control(c.Name):
		return fault("To", "has a control character")
	case !messageID(c.MessageID) || control(c.MessageID):
		return fault("Message-ID", "is not of the form left@right in ASCII")
	case len(c.Values) != len(p.marks):
		return fault("Values", fmt.Sprintf("%d for %d marks", len(c.Values), len(p.marks)))
	}
	for i, v := range c.Values {
		if v == "" || control(v) {
			return fault(p.marks[i], "its value is empty or has a control character")
		}
	}
	for _, f := range p.fields {
		for _, which := range f.value.holes {
			if !ascii(c.Values[which]) {
				return fault(f.name, "would hold letters outside ASCII")
			}
		}
	}
	return nil
}

func control(s string) bool {
	for i := range len(s) { // no letter outside ASCII has such a byte
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// print sends one copy.
func (s *SMTP) print(ctx context.Context, p *plate, c digest.Copy) error {
	if err := p.check(c); err != nil {
		return err
	}
	to, err := bare("To", c.Address)
	if err != nil {
		return err
	}
	to.Name = c.Name
	env := envelope{to: path(to), from: p.from, domain: domainOf(to), utf8: p.utf8 || !ascii(to.Address), recall: c.Recall}
	if c.EnvelopeFrom != "" {
		from, err := bare("EnvelopeFrom", c.EnvelopeFrom)
		if err != nil {
			return err
		}
		env.from = path(from)
		env.utf8 = env.utf8 || !ascii(env.from)
	}
	sheet := s.sheets.Get().(*sheet)
	defer s.sheets.Put(sheet)
	if err := s.compose(sheet, p, c, to); err != nil {
		return err
	}
	env.wire, env.size = sheet.wire, sheet.size
	return s.deliver(ctx, &env)
}

// sheet is the room in which a copy is put together, used again and again.
type sheet struct {
	wire   net.Buffers // as it goes over the wire, the final dot included; what all copies share is the plate's
	header []byte
	fields [][]byte
	own    []byte // the fields that are the copy's own
	values []byte // of the body, with dots doubled
	ends   []int  // of each of them
	canon  []byte // the body, canonicalised for DKIM
	value  []byte
	size   int // octets of the message, doubled dots and the final one not counted
}

// fill makes the fields of a copy.
func (sh *sheet) fill(p *plate, c digest.Copy, to *mail.Address) {
	sh.fields, sh.own = sh.fields[:0], sh.own[:0]
	for i := range p.fields {
		f := &p.fields[i]
		field := f.fixed
		if field == nil {
			from := len(sh.own)
			sh.own = f.appendTo(sh.own, c, to)
			field = sh.own[from:]
		}
		sh.fields = append(sh.fields, field)
	}
}

// compose puts a copy together.
func (s *SMTP) compose(sh *sheet, p *plate, c digest.Copy, to *mail.Address) error {
	sh.fill(p, c, to)
	body := p.whole
	if len(c.Without) > 0 {
		body = p.told(c.Without)
	}
	sh.header, sh.canon = sh.header[:0], sh.canon[:0]
	if len(s.signers) > 0 {
		for i := range body {
			g := &body[i]
			sh.canon = append(sh.canon, g.canon...)
			if g.hole >= 0 {
				sh.value = g.appendValue(sh.value[:0], c.Values[g.hole])
				sh.canon = appendRelaxed(sh.canon, sh.value)
			}
		}
		var err error
		if sh.header, err = s.sign(sh.header, sh.fields, sh.canon); err != nil {
			return err
		}
	}
	for _, f := range sh.fields {
		sh.header = append(sh.header, f...)
	}
	sh.header = append(sh.header, "\r\n"...)
	sh.size = len(sh.header)
	sh.values, sh.ends = sh.values[:0], sh.ends[:0]
	for i := range body {
		g := &body[i]
		sh.size += len(g.raw)
		if g.hole >= 0 {
			sh.value = g.appendValue(sh.value[:0], c.Values[g.hole])
			sh.values = appendStuffed(sh.values, sh.value)
			sh.ends = append(sh.ends, len(sh.values))
			sh.size += len(sh.value)
		}
	}
	sh.bind(body)
	return nil
}

// told is the body for those who leave themes out.
func (p *plate) told(without []string) []segment {
	return slices.DeleteFunc(slices.Clone(p.body), func(s segment) bool { return !digest.Told(s.theme, without) })
}

// bind puts the pieces in their order.
func (sh *sheet) bind(body []segment) {
	sh.wire = append(sh.wire[:0], sh.header)
	hole, from := 0, 0
	for i := range body {
		sh.wire = append(sh.wire, body[i].wire)
		if body[i].hole >= 0 {
			sh.wire = append(sh.wire, sh.values[from:sh.ends[hole]])
			hole, from = hole+1, sh.ends[hole]
		}
	}
	sh.wire = append(sh.wire, finalDot)
}

// finalDot ends a message (RFC 5321, 4.1.1.4).
var finalDot = []byte(".\r\n")
