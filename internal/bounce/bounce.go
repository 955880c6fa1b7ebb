// Package bounce reads what comes back about letters: delivery reports (RFC
// 3464) and the shapes that servers had before them, complaints (RFC 5965),
// automatic replies (RFC 3834), and wishes to leave by mail (RFC 2369).
//
// Who it is about is told by the tokens of the letter, and only without one by
// the addresses in the report. Nothing is decided here: see digest.Returned.
package bounce

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // reports are written in any

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// MaxMessage is as much of a message as is read, in bytes. What a report has
// to say stands in front of the letter it returns.
const MaxMessage = 2 << 20

// maxParts bounds a message of many parts, each of which has a cost.
const maxParts = 100

// ErrMessage: this is no message (RFC 5322).
var ErrMessage = errors.New("this is not an e-mail message")

// Reader reads messages. It is safe for concurrent use.
type Reader struct{ links *track.Links }

// NewReader gives a reader that knows letters by the given links.
func NewReader(links *track.Links) *Reader { return &Reader{links} }

// Read takes one message apart, with the header fields that the server put in
// front at delivery (Return-Path, Delivered-To, X-Original-To), or an mbox
// "From " line. When it came is for the caller to say. It fails with ErrMessage,
// or when r fails.
func (b *Reader) Read(r io.Reader) (digest.Returned, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxMessage))
	if err != nil {
		return digest.Returned{}, fmt.Errorf("reading the message: %w", err)
	}
	raw = bytes.TrimLeft(raw, "\r\n")
	if bytes.HasPrefix(raw, []byte("From ")) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return digest.Returned{}, ErrMessage
	}
	if entity.Header.Len() == 0 {
		return digest.Returned{}, ErrMessage
	}
	m := take(entity)
	out := m.returned()
	out.DeliveryID, out.SubscriptionID = b.owner(m, out.Kind)
	if out.SubscriptionID != "" && out.Kind != digest.ReturnComplained && m.wantsOut(b.links) {
		out.Kind = digest.ReturnLeft
	}
	return out, nil
}

// returned is what the message says, the surest sign first: a report's own
// parts, then what only automatic replies have, then the shapes of servers that
// write no report, then what marks anything that no person wrote. The order
// matters: replies use the words of bounces, and bounces are marked as automatic too.
func (m *letter) returned() digest.Returned {
	switch {
	case m.feedback != "":
		return m.complaint()
	case m.status != "":
		return m.report()
	}
	if m.reply() {
		return digest.Returned{Kind: digest.ReturnAutomatic}
	}
	if out, ok := m.shaped(); ok {
		return out
	}
	if m.automatic() {
		return digest.Returned{Kind: digest.ReturnAutomatic}
	}
	return digest.Returned{Kind: digest.ReturnUnknown}
}

var (
	verp      = regexp.MustCompile(`(?i)bounce\+[a-z2-7]{53}@`)
	leaving   = regexp.MustCompile(`(?i)unsub\+([a-z2-7]{53})@`)
	unsubLink = regexp.MustCompile(`/u/([A-Za-z2-7]{53})`)
)

// owner finds the delivery by a return address of ours: where the server wrote
// to whom it brought the message, then in what it returns; and for want of
// that, the subscription by the link for leaving. A token is a proof: it is in
// nobody's hands but the reader's and their servers'.
func (b *Reader) owner(m *letter, kind digest.ReturnKind) (delivery, subscription string) {
	for _, where := range []string{m.envelope, m.returnedHeader, m.all} {
		for _, found := range verp.FindAllString(where, 20) {
			if id, err := b.links.ParseVERP(found); err == nil {
				return id, ""
			}
		}
	}
	for _, found := range leaving.FindAllStringSubmatch(m.envelope, 20) {
		if id, err := b.links.Parse(track.Unsubscribe, found[1]); err == nil {
			return "", id
		}
	}
	if kind == digest.ReturnUnknown || kind == digest.ReturnAutomatic {
		return "", ""
	}
	for _, where := range []string{m.returnedHeader, m.all} {
		for _, links := range []*regexp.Regexp{leaving, unsubLink} {
			for _, found := range links.FindAllStringSubmatch(where, 20) {
				if id, err := b.links.Parse(track.Unsubscribe, found[1]); err == nil {
					return "", id
				}
			}
		}
	}
	return "", ""
}

// wantsOut tells whether the message was sent to an address for leaving. A
// bounce that came there is none.
func (m *letter) wantsOut(links *track.Links) bool {
	if m.status != "" || m.automatic() {
		return false
	}
	for _, found := range leaving.FindAllStringSubmatch(m.envelope, 20) {
		if _, err := links.Parse(track.Unsubscribe, found[1]); err == nil {
			return true
		}
	}
	return false
}

// bare is the address of a field such as "rfc822;name@example.org" or
// "<name@example.org>"; empty: there is none.
func bare(field string) string {
	if kind, rest, ok := strings.Cut(field, ";"); ok && !strings.Contains(kind, "@") {
		field = rest
	}
	field = strings.TrimSpace(field)
	if parsed, err := mail.ParseAddress(field); err == nil {
		return parsed.Address
	}
	field = strings.Trim(field, "<> \t")
	if strings.Count(field, "@") != 1 || strings.ContainsAny(field, " \t,<>") || len(field) > 320 {
		return ""
	}
	return field
}
