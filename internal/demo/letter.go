package demo

import (
	"bytes"
	"fmt"
	"io"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters of any origin come in any character set
)

const (
	maxParts = 50       // of one message; what comes after is not shown
	maxPart  = 10 << 20 // bytes of one part
)

// letter is a received mail as the inbox shows it.
type letter struct {
	Number  int // from 1, in the order of arrival
	From    string
	To      string
	Subject string
	Date    time.Time // of the Date field, else of arrival
	Size    int       // bytes
	HTML    string
	Text    string
	Source  string
	// OneClick is where a mail client posts to unsubscribe (RFC 8058); empty
	// unless the message has both fields for it.
	OneClick string
}

// readLetter understands as much of a message as can be understood; what it
// cannot read it leaves empty, the source is always there.
func readLetter(number int, r Received) letter {
	l := letter{Number: number, From: r.From, To: r.To, Date: r.At, Size: len(r.Data), Source: strings.ToValidUTF8(string(r.Data), "�")}
	entity, err := message.Read(bytes.NewReader(r.Data))
	if entity == nil {
		l.Text = fmt.Sprint(err)
		return l
	}
	h := entity.Header
	l.From = mailbox(decoded(h, "From", l.From))
	l.To = mailbox(decoded(h, "To", l.To))
	l.Subject = decoded(h, "Subject", "")
	if t, err := mail.ParseDate(h.Get("Date")); err == nil {
		l.Date = t
	}
	if strings.EqualFold(strings.TrimSpace(h.Get("List-Unsubscribe-Post")), oneClick) {
		l.OneClick = firstHTTPS(h.Get("List-Unsubscribe"))
	}
	parts := 0
	_ = entity.Walk(func(_ []int, part *message.Entity, err error) error { // a broken part ends the walk, what was read stays
		if parts++; err != nil && !message.IsUnknownCharset(err) || parts > maxParts {
			return errEnough
		}
		l.take(part)
		return nil
	})
	return l
}

// errEnough ends a walk through a message.
var errEnough = fmt.Errorf("enough was read")

// take keeps the first HTML and the first plain part.
func (l *letter) take(part *message.Entity) {
	kind, _, err := part.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	var to *string
	switch kind {
	case "text/html":
		to = &l.HTML
	case "text/plain":
		to = &l.Text
	default:
		return
	}
	if *to != "" {
		return
	}
	body, _ := io.ReadAll(io.LimitReader(part.Body, maxPart)) // half a body is better than none
	*to = strings.ToValidUTF8(string(body), "�")
}

// decoded is a field with its encoded words read (RFC 2047), or the fallback.
func decoded(h message.Header, name, fallback string) string {
	if text, err := h.Text(name); err == nil && text != "" {
		return text
	}
	if raw := h.Get(name); raw != "" {
		return raw
	}
	return fallback
}

// mailbox is an address as people read it, without the quotes of its name.
func mailbox(field string) string {
	a, err := mail.ParseAddress(field)
	if err != nil || a.Name == "" {
		return field
	}
	return a.Name + " <" + a.Address + ">"
}

// firstHTTPS finds the https URI of a List-Unsubscribe field (RFC 2369, 2).
func firstHTTPS(field string) string {
	for _, part := range strings.Split(field, ",") {
		uri := strings.Trim(strings.TrimSpace(part), "<>")
		if u, err := url.Parse(uri); err == nil && u.Scheme == "https" && u.Host != "" {
			return uri
		}
	}
	return ""
}
