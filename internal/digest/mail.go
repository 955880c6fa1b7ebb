package digest

import (
	"errors"
	"time"
)

// Mail is one e-mail for one recipient, ready but for its encoding. Fields hold
// decoded text; the adapter that sends it encodes, and refuses a line break in
// any header.
type Mail struct {
	From         string // RFC 5322 mailbox
	ReplyTo      string // RFC 5322 mailbox; may be empty
	To           string // RFC 5322 mailbox, exactly one
	EnvelopeFrom string // bare address for MAIL FROM; empty: that of From
	Subject      string
	Text         string
	HTML         string // empty: a text mail
	Parts        []Part // of Text and HTML, what not all copies have
	Encoded      string // Text and HTML as they go out, from an approval; empty: encoded when it is sent
	Language     Language
	MessageID    string // without angle brackets; empty: made by the adapter
	Date         time.Time
	Headers      []Header // in order, after the usual ones
}

// Header is one more field of a Mail.
type Header struct{ Name, Value string }

// ErrPerhapsAccepted: the connection was lost after the end of the message was
// sent and before the server's answer. The mail may have arrived; sending it
// again may send it twice.
var ErrPerhapsAccepted = errors.New("the server may have accepted the mail: the connection was lost before its answer")

// ErrUnsendable: the mail itself is at fault (a line break in a header, an
// address that is none). No server saw it, and no later try will help.
var ErrUnsendable = errors.New("the mail cannot be sent as it is")

// ErrNotBegun: the mail was taken back, or its time was over, while it waited
// for its turn. No server was told of it, and nothing is said about any.
var ErrNotBegun = errors.New("the mail was not begun")

// ErrUnreachable: no session with the mail server came about, so that nothing
// is said about this mail.
var ErrUnreachable = errors.New("the mail server cannot be reached")
