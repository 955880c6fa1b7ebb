package mail

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"hebdo/internal/digest"
)

// Write writes the complete message: UTF-8 in quoted-printable, text before
// HTML in multipart/alternative (RFC 2046, 5.1.4), lines ending in CRLF. The
// same Mail always gives the same bytes, unless it leaves its MessageID empty.
// A field with a line break or a NUL, or that is no address, is an error that
// names it and is digest.ErrUnsendable.
func Write(m digest.Mail, w io.Writer) error {
	return write(m, "", w)
}

// write is Write with a boundary of the caller's; empty: one of the mail's own.
func write(m digest.Mail, boundary string, w io.Writer) error {
	msg, err := encode(m, boundary)
	if err != nil {
		return err
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return fmt.Errorf("write the mail: %w", err)
	}
	if !bytes.HasSuffix(raw.Bytes(), []byte("\r\n")) {
		raw.WriteString("\r\n")
	}
	_, err = w.Write(arrange(raw.Bytes(), m.Headers))
	return err
}

// encode hands the mail to go-mail.
func encode(m digest.Mail, boundary string) (*gomail.Msg, error) {
	from, err := mailbox("From", m.From)
	if err != nil {
		return nil, err
	}
	to, err := mailbox("To", m.To)
	if err != nil {
		return nil, err
	}
	if err := checkFields(m); err != nil {
		return nil, err
	}
	id := m.MessageID
	if id == "" {
		id = rand.Text() + from.Address[strings.LastIndexByte(from.Address, '@'):]
	}
	if boundary == "" {
		sum := sha256.Sum256([]byte(id)) // unguessable where the identifier is, so that no text can hold it
		boundary = "hebdo-" + hex.EncodeToString(sum[:16])
	}
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP),
		gomail.WithNoDefaultUserAgent(), gomail.WithBoundary(boundary))
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	if m.ReplyTo != "" {
		reply, err := mailbox("Reply-To", m.ReplyTo)
		if err != nil {
			return nil, err
		}
		msg.ReplyToMailAddress(reply)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(id)
	for _, h := range m.Headers {
		msg.SetGenHeader(gomail.Header(h.Name), structured(h))
	}
	if m.Language != "" {
		msg.SetGenHeader(gomail.HeaderContentLang, string(m.Language))
	}
	msg.SetBodyString(gomail.TypeTextPlain, text(m.Text))
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, text(m.HTML))
	}
	return msg, nil
}

// text makes every line end LF, which the quoted-printable writer of the
// standard library turns into CRLF; given a lone CR it loses the next LF.
func text(s string) string {
	if strings.Contains(s, "\r") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// structured encodes the words of a field of which only a part may be encoded
// (RFC 2047, 5): the phrase of a List-Id.
func structured(h digest.Header) string {
	i := strings.LastIndexByte(h.Value, '<')
	if !strings.EqualFold(h.Name, "List-Id") || i <= 0 {
		return h.Value
	}
	phrase := (&mail.Address{Name: strings.TrimSpace(h.Value[:i]), Address: "x@x"}).String()
	return strings.TrimSuffix(phrase, "<x@x>") + h.Value[i:]
}
