package main

import (
	"bytes"
	"io"
)

// screen is a stream that people read. What sites, mail servers and certificates
// say stands among the words on it, so that it leaves out what a terminal would
// obey.
type screen struct{ to io.Writer }

// Write implements io.Writer.
func (s screen) Write(text []byte) (int, error) {
	if _, err := s.to.Write(tame(text)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// tame leaves out control characters but for tabs and the ends of lines: C0,
// DEL, and C1 in UTF-8 (ECMA-48, 5). It looks at bytes, since a write may end
// within a character.
func tame(text []byte) []byte {
	var out bytes.Buffer
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\t', c == '\n', c == '\r', c >= ' ' && c != 0x7f && c != 0xc2:
			out.WriteByte(c)
		case c == 0xc2 && i+1 < len(text) && text[i+1] >= 0x80 && text[i+1] < 0xa0:
			i++
		case c == 0xc2:
			out.WriteByte(c)
		}
	}
	return out.Bytes()
}
