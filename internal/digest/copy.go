package digest

import (
	"html"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Copy is what one reader's mail has of its own where many get the same Mail.
type Copy struct {
	Name         string // of the reader, for people to read; may be empty
	Address      string // of the reader, bare
	EnvelopeFrom string // bare address for MAIL FROM; empty: that of From
	MessageID    string // without angle brackets
	Date         time.Time
	Values       []string // what stands in place of each mark, in the marks' order
	Without      []string // themes that it leaves out

	Recall <-chan struct{} // closed: not to be sent any more, unless the message is on its way; nil: never
}

// For gives the mail that a copy is: its own fields, no part that it leaves out,
// and its values wherever a mark stands in Text, HTML or a header's value. In
// HTML a value is escaped. Where two marks could begin at the same place, the
// first of them does.
func (m Mail) For(c Copy, marks []string) Mail {
	plain, escaped := make([]string, 0, 2*len(marks)), make([]string, 0, 2*len(marks))
	for i, mark := range marks {
		plain = append(plain, mark, c.Values[i])
		escaped = append(escaped, mark, html.EscapeString(c.Values[i]))
	}
	fill := strings.NewReplacer(plain...)
	m.To = (&mail.Address{Name: c.Name, Address: c.Address}).String()
	m.EnvelopeFrom, m.MessageID, m.Date = c.EnvelopeFrom, c.MessageID, c.Date
	m.Text = fill.Replace(told(m.Text, m.Parts, false, c.Without))
	m.HTML = strings.NewReplacer(escaped...).Replace(told(m.HTML, m.Parts, true, c.Without))
	m.Parts = nil // their places are others now
	m.Headers = slices.Clone(m.Headers)
	for i := range m.Headers {
		m.Headers[i].Value = fill.Replace(m.Headers[i].Value)
	}
	return m
}
