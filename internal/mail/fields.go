package mail

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"hebdo/internal/digest"
)

// usual are the fields that stand first, in this order. They are made from a
// Mail's own fields and may not be among its Headers.
var usual = []string{"from", "to", "reply-to", "subject", "date", "message-id"}

// ofBody are the fields about the body, which stand last, and may not either.
var ofBody = []string{"content-language", "mime-version", "content-transfer-encoding", "content-type"}

// checkFields refuses what would break a header or forge another one.
func checkFields(m digest.Mail) error {
	fault := func(field, why string) error { return fmt.Errorf("%s: %s: %w", field, why, digest.ErrUnsendable) }
	if m.Date.IsZero() {
		return fault("Date", "is missing")
	}
	if m.Text == "" {
		return fault("Text", "is empty: every mail has a text part")
	}
	plain := []digest.Header{{Name: "Subject", Value: m.Subject}, {Name: "Message-ID", Value: m.MessageID},
		{Name: "Content-Language", Value: string(m.Language)}}
	for _, h := range append(plain, m.Headers...) {
		if strings.ContainsFunc(h.Value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return fault(printable(h.Name), "has a line break or another control character")
		}
	}
	if m.MessageID != "" && !messageID(m.MessageID) {
		return fault("Message-ID", "is not of the form left@right in ASCII")
	}
	for i, h := range m.Headers {
		name := strings.ToLower(h.Name)
		switch {
		case !token(h.Name):
			return fault(printable(h.Name), "is not a header's name")
		case slices.Contains(usual, name), slices.Contains(ofBody, name):
			return fault(h.Name, "is made from the mail itself and cannot be given as a header")
		case slices.ContainsFunc(m.Headers[:i], func(o digest.Header) bool { return strings.EqualFold(o.Name, h.Name) }):
			return fault(h.Name, "is given twice")
		}
	}
	return nil
}

// token tells whether a field's name has the letters of RFC 5322, 2.2, that all
// software understands: printable ASCII but for the colon.
func token(s string) bool {
	return s != "" && len(s) <= 60 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == ':' })
}

func messageID(s string) bool {
	left, right, ok := strings.Cut(s, "@")
	return ok && left != "" && right != "" && ascii(s) && !strings.ContainsAny(s, "<> \t") && !strings.Contains(right, "@")
}

// printable is a name fit for an error message.
func printable(s string) string {
	return strings.Trim(fmt.Sprintf("%q", capped(s, 60)), `"`)
}

// arrange puts the header's fields, which go-mail sorts by name, in the order
// of a letter: who, what, when; then those given along, in their order; then
// what the body is made of.
func arrange(raw []byte, given []digest.Header) []byte {
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	if end < 0 {
		return raw
	}
	order := slices.Clone(usual)
	for _, h := range given {
		order = append(order, strings.ToLower(h.Name))
	}
	order = append(order, ofBody...)
	fields := unfold(raw[:end+2])
	slices.SortStableFunc(fields, func(a, b []byte) int { return rank(order, a) - rank(order, b) })
	return append(bytes.Join(fields, nil), raw[end+2:]...)
}

func rank(order []string, field []byte) int {
	name, _, _ := bytes.Cut(field, []byte(":"))
	if i := slices.Index(order, strings.ToLower(string(name))); i >= 0 {
		return i
	}
	return len(order)
}

// unfold parts a header into its fields, each with its continuation lines.
func unfold(header []byte) [][]byte {
	var fields [][]byte
	for line := range bytes.Lines(header) {
		if n := len(fields); n > 0 && (line[0] == ' ' || line[0] == '\t') {
			fields[n-1] = append(fields[n-1], line...)
			continue
		}
		fields = append(fields, bytes.Clone(line))
	}
	return fields
}
