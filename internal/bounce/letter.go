package bounce

import (
	"bytes"
	"io"
	"strings"

	"github.com/emersion/go-message"
)

// letter is a message in the pieces that matter here.
type letter struct {
	header         message.Header
	kind           string            // media type
	params         map[string]string // of the media type
	envelope       string            // the fields that say whom the message was for
	status         string            // the message/delivery-status part
	feedback       string            // the message/feedback-report part
	returnedHeader string            // the header of the letter that is returned
	text           string            // all text that a person would see, decoded
	all            string            // everything, decoded
}

// envelopeFields say to whom a server brought the message, and who answers for
// it; the first are written at delivery and cannot be made up by a sender.
var envelopeFields = []string{
	"Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Delivered-To", "X-RCPT-To",
	"X-Forwarded-To", "Return-Path", "To", "Cc", "Resent-To",
}

func take(e *message.Entity) *letter {
	m := &letter{header: e.Header}
	m.kind, m.params, _ = e.Header.ContentType()
	for _, name := range envelopeFields {
		for fields := e.Header.FieldsByKey(name); fields.Next(); {
			m.envelope += fields.Value() + "\n"
		}
	}
	parts := 0
	var all strings.Builder
	_ = e.Walk(func(_ []int, part *message.Entity, err error) error { // what was read before a fault counts
		if parts++; part == nil || parts > maxParts {
			return io.EOF
		}
		if part.MultipartReader() != nil {
			return nil
		}
		body, _ := io.ReadAll(io.LimitReader(part.Body, MaxMessage))
		all.Write(body)
		all.WriteByte('\n')
		kind, _, _ := part.Header.ContentType()
		m.sort(kind, body)
		return nil
	})
	m.all = all.String()
	if m.returnedHeader == "" {
		m.returnedHeader = quoted(m.text)
	}
	return m
}

// sort puts a part where it belongs.
func (m *letter) sort(kind string, body []byte) {
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		if m.status == "" {
			m.status = string(body)
		}
	case "message/feedback-report":
		if m.feedback == "" {
			m.feedback = string(body)
		}
	case "message/rfc822", "message/rfc822-headers", "text/rfc822-headers", "message/global", "message/global-headers":
		if m.returnedHeader == "" {
			m.returnedHeader = head(body)
		}
	case "text/html":
		m.text += "\n" + untagged(string(body))
	default:
		if strings.HasPrefix(kind, "text/") || kind == "" {
			m.text += "\n" + string(body)
		}
	}
}

// head is what stands before the first empty line.
func head(body []byte) string {
	body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	body = bytes.TrimLeft(body, "\n")
	h, _, _ := bytes.Cut(body, []byte("\n\n"))
	return string(h)
}

// marks stand before the returned letter in a bounce that is one text.
var marks = []string{
	"--- Below this line is a copy of the message.",       // qmail
	"------ This is a copy of the message, including",     // Exim
	"------ This is a copy of your message",               // Exim, older
	"----- Original message -----",                        // Gmail
	"--- The header of the original message is following", // others
	"----- Message header follows -----",
	"------ Original Message ------",
}

// quoted is the header of the letter that a bounce without parts carries below
// its text.
func quoted(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, mark := range marks {
		if _, after, ok := strings.Cut(text, mark); ok {
			if _, after, ok = strings.Cut(after, "\n"); ok {
				return head([]byte(after))
			}
		}
	}
	return ""
}

// untagged leaves the words of an HTML text, roughly: it is only searched.
func untagged(html string) string {
	var b strings.Builder
	inside := false
	for _, r := range html {
		switch {
		case r == '<':
			inside = true
			b.WriteByte('\n')
		case r == '>' && inside:
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#43;", "+", "&nbsp;", " ", "&quot;", `"`).Replace(b.String())
}

// field is one header field's value in a block of them, unfolded; the first
// that is there of the names given.
func field(block string, names ...string) string {
	block = strings.ReplaceAll(block, "\r\n", "\n")
	for _, name := range names {
		var value []string
		for _, line := range strings.Split(block, "\n") {
			if value != nil {
				if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
					break
				}
				value = append(value, strings.TrimSpace(line))
				continue
			}
			if n, v, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(n), name) {
				value = []string{strings.TrimSpace(v)}
			}
		}
		if value != nil {
			return strings.TrimSpace(strings.Join(value, " "))
		}
	}
	return ""
}

// blocks cuts a report into its groups of fields, which empty lines part.
func blocks(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var out []string
	for _, block := range strings.Split(text, "\n\n") {
		if block = strings.Trim(block, "\n"); strings.TrimSpace(block) != "" {
			out = append(out, block)
		}
	}
	return out
}

// messageID is the identifier of the returned letter, without brackets.
func (m *letter) messageID() string {
	id := strings.Trim(field(m.returnedHeader, "Message-ID"), "<> \t")
	if id == "" || strings.ContainsAny(id, " \t<>") || len(id) > 500 {
		return ""
	}
	return id
}
