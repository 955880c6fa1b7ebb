package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"hebdo/internal/digest"
)

// Encode gives the body of a mail as it goes out, in whole lines of ASCII, once
// for all copies: digest.Mail.Encoded. Where a mark stood there is a line
// that quoted-printable cannot have: "=:", the mark's number, "h" in HTML or
// "t" in text, and "=" where the line of the value goes on or "." where it
// ends. Where the part of a theme begins there is "=(" and its Theme, and where it
// ends "=)". The first line names the form, and the hash of what was encoded and
// of the lines that follow.
func Encode(m digest.Mail, marks []string) string {
	var b strings.Builder
	theme := ""
	for _, s := range bodyOf(m, boundaryOf(m), marks) {
		if s.theme != theme && theme != "" {
			b.WriteString("=)\r\n")
		}
		if s.theme != theme && s.theme != "" {
			b.WriteString("=(" + url.PathEscape(s.theme) + "\r\n")
		}
		theme = s.theme
		b.Write(s.raw)
		if s.hole < 0 {
			continue
		}
		kind, end := "t", "."
		if s.html {
			kind = "h"
		}
		if s.end == "=\r\n" {
			end = "="
		}
		fmt.Fprintf(&b, "=:%d%s%s\r\n", s.hole, kind, end)
	}
	return seal(m, marks, b.String()) + b.String()
}

// seal is the first line of an encoded body.
func seal(m digest.Mail, marks []string, body string) string {
	h := sha256.New()
	for _, part := range append([]string{m.Subject, m.Text, m.HTML, body}, marks...) {
		fmt.Fprintf(h, "%d\x00%s", len(part), part)
	}
	for _, p := range m.Parts {
		fmt.Fprintf(h, "%d\x00%s%t%d-%d", len(p.Theme), p.Theme, p.HTML, p.From, p.To)
	}
	return "2 " + hex.EncodeToString(h.Sum(nil)) + "\r\n"
}

// decode reads what Encode wrote of this very mail, in this form; false: it is
// something else, or of another time.
func decode(m digest.Mail, marks []string) (segments []segment, ok bool) {
	first, body, ok := strings.Cut(m.Encoded, "\n")
	if !ok || first+"\n" != seal(m, marks, body) {
		return nil, false
	}
	open, theme := 0, ""
	for at := 0; at < len(body); {
		next := at + strings.IndexByte(body[at:], '\n') + 1
		line := body[at:next]
		if strings.HasPrefix(line, "=:") {
			s := segment{raw: []byte(body[open:at]), end: "\r\n", html: strings.Contains(line, "h"), theme: theme}
			if strings.HasSuffix(line, "=\r\n") {
				s.end = "=\r\n"
			}
			if _, err := fmt.Sscanf(line, "=:%d", &s.hole); err != nil || s.hole >= len(marks) {
				return nil, false
			}
			segments, open = append(segments, s), next
		}
		if strings.HasPrefix(line, "=(") || strings.HasPrefix(line, "=)") {
			if open < at {
				segments = append(segments, segment{raw: []byte(body[open:at]), hole: -1, theme: theme})
			}
			open = next
			if theme, ok = unescaped(line[2:]); !ok {
				return nil, false
			}
		}
		at = next
	}
	return ready(append(segments, segment{raw: []byte(body[open:]), hole: -1, theme: theme})), true
}

// unescaped is a part's Theme as Encode wrote it.
func unescaped(s string) (theme string, ok bool) {
	theme, err := url.PathUnescape(strings.TrimSpace(s))
	return theme, err == nil
}

// boundaryOf stands between the parts of a mail. No text can hold the hash of
// itself.
func boundaryOf(m digest.Mail) string {
	sum := sha256.Sum256([]byte(m.Subject + "\x00" + m.Text + "\x00" + m.HTML))
	return "hebdo-" + hex.EncodeToString(sum[:16])
}

// ready works out what of a segment is the same in all copies.
func ready(all []segment) []segment {
	for i := range all {
		s := &all[i]
		s.wire, s.canon = appendStuffed(nil, s.raw), appendRelaxed(nil, s.raw)
	}
	return all
}

// Encode is what an approval stores with a letter.
func (s *SMTP) Encode(m digest.Mail, marks []string) string { return Encode(m, marks) }

// Encode is what an approval stores with a letter.
func (f *Fleet) Encode(m digest.Mail, marks []string) string { return Encode(m, marks) }
