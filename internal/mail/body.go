package mail

import (
	"bytes"
	"html"
	"mime/quotedprintable"
	"strings"

	"hebdo/internal/digest"
)

// segment is a stretch of a body that all copies share, encoded, in whole
// lines, and the mark after it. The value that takes the mark's place begins a
// line of its own behind a soft break, so that neither the lengths of lines nor
// the dots to be doubled in the segment depend on it. A segment of a part goes,
// with its value, to those only whom the part is told (digest.Told).
type segment struct {
	raw   []byte // CRLF
	wire  []byte // the same with dots doubled (RFC 5321, 4.5.2)
	canon []byte // the same canonicalised for DKIM
	hole  int    // number of the mark that follows; -1: none
	html  bool
	end   string // what ends the line of the value
	theme string // digest.Part.Theme of the part it belongs to; empty: to none
}

// bodyOf encodes the parts of a body. Text comes before HTML in
// multipart/alternative (RFC 2046, 5.1.4); without HTML there is one part.
func bodyOf(m digest.Mail, boundary string, marks []string) []segment {
	var b body
	if m.HTML == "" {
		b.part(m, marks, false)
		if len(b.open) > 0 && !bytes.HasSuffix(b.open, []byte("\r\n")) {
			b.literal("\r\n")
		}
		return b.closed()
	}
	b.part0("--"+boundary+"\r\n", "text/plain")
	b.part(m, marks, false)
	b.part0("\r\n--"+boundary+"\r\n", "text/html")
	b.part(m, marks, true)
	b.literal("\r\n--" + boundary + "--\r\n")
	return b.closed()
}

// body is being put together; open is the segment at its end.
type body struct {
	done  []segment
	open  []byte
	theme string // of what is open
}

func (b *body) part0(delimiter, kind string) {
	b.literal(delimiter + "Content-Transfer-Encoding: quoted-printable\r\nContent-Type: " + kind + "; charset=UTF-8\r\n\r\n")
}

// literal adds what is already encoded.
func (b *body) literal(s string) {
	if n := len(b.done); n > 0 && len(b.open) == 0 && b.done[n-1].unended() {
		if rest, ok := strings.CutPrefix(s, "\r\n"); ok {
			b.done[n-1].end, s = "\r\n", rest
		} else if s != "" {
			b.done[n-1].end = "=\r\n"
		}
	}
	b.open = append(b.open, s...)
}

// unended tells whether the line of its value may go on.
func (s segment) unended() bool { return s.hole >= 0 && s.end == "" }

// part encodes the text of a mail, or its HTML, and cuts it at the themes.
func (b *body) part(m digest.Mail, marks []string, isHTML bool) {
	s := m.Text
	if isHTML {
		s = m.HTML
	}
	for theme, stretch := range digest.Stretches(s, m.Parts, isHTML) {
		if stretch != "" {
			b.turn(theme)
			b.stretch(text(stretch), marks, isHTML)
		}
	}
	b.turn("")
}

// turn ends what is open, at the end of a line, where another theme begins.
func (b *body) turn(theme string) {
	if theme == b.theme {
		return
	}
	if len(b.open) > 0 {
		b.done, b.open = append(b.done, segment{raw: b.open, hole: -1, theme: b.theme}), nil
	}
	b.theme = theme
}

// stretch encodes a text and cuts it at the marks.
func (b *body) stretch(s string, marks []string, isHTML bool) {
	for {
		at, which := nextMark(s, marks)
		b.literal(quoted(s[:at]))
		if which < 0 {
			return
		}
		if n := len(b.open); n > 0 && !bytes.HasSuffix(b.open, []byte("\r\n")) {
			b.open = append(b.open, "=\r\n"...)
		} else if k := len(b.done); n == 0 && k > 0 && b.done[k-1].unended() {
			b.done[k-1].end = "=\r\n" // one value right after another
		}
		b.done = append(b.done, segment{raw: b.open, hole: which, html: isHTML, theme: b.theme})
		b.open, s = nil, s[at+len(marks[which]):]
	}
}

func (b *body) closed() []segment {
	all := append(b.done, segment{raw: b.open, hole: -1, theme: b.theme})
	for i := range all {
		s := &all[i]
		if s.unended() {
			s.end = "\r\n"
		}
	}
	return ready(all)
}

// nextMark finds the first mark in a text; at is the text's length without one.
func nextMark(s string, marks []string) (at, which int) {
	at, which = len(s), -1
	for i, m := range marks {
		if j := strings.Index(s[:min(len(s), at+len(m))], m); j >= 0 && j < at {
			at, which = j, i
		}
	}
	return at, which
}

// quoted is a text in quoted-printable (RFC 2045, 6.7).
func quoted(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s)) // a strings.Builder takes everything
	_ = w.Close()
	return b.String()
}

// appendValue adds a value in quoted-printable, in whole lines.
func (s *segment) appendValue(dst []byte, value string) []byte {
	const hex, width = "0123456789ABCDEF", 75
	if s.html {
		value = html.EscapeString(value)
	}
	line := 0
	for i := range len(value) {
		c := value[i]
		plain := c > ' ' && c < 0x7f && c != '=' || c == ' ' && i+1 < len(value)
		need := 3
		if plain {
			need = 1
		}
		if line+need > width {
			dst, line = append(dst, "=\r\n"...), 0
		}
		if plain {
			dst = append(dst, c)
		} else {
			dst = append(dst, '=', hex[c>>4], hex[c&15])
		}
		line += need
	}
	return append(dst, s.end...)
}

// appendStuffed adds whole lines, doubling the dot at the start of one (RFC
// 5321, 4.5.2): quoted-printable may leave one alone on a line, which would end
// the message there.
func appendStuffed(dst, lines []byte) []byte {
	for len(lines) > 0 {
		if lines[0] == '.' {
			dst = append(dst, '.')
		}
		n := len(lines)
		if i := bytes.Index(lines, []byte("\n.")); i >= 0 {
			n = i + 1
		}
		dst, lines = append(dst, lines[:n]...), lines[n:]
	}
	return dst
}
