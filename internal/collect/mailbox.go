package collect

import (
	"context"
	"errors"
	"net/url"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// Postbox reads the mailboxes that newsletters come to.
type Postbox interface {
	// Letters gives handle the messages of the mailbox at address, such as
	// imaps://user@host/INBOX, that came after place, the oldest first, at most
	// so many, and tells the place it has come to. A place is what an earlier
	// call returned; where it is empty, or says nothing of this mailbox, the
	// messages that came since that day are meant. Nothing in the mailbox
	// changes. ErrNoPassword, ErrRefused.
	Letters(ctx context.Context, address, place string, since time.Time, most int, handle func(raw []byte)) (next string, err error)
}

// Why a mailbox may not be read.
var (
	ErrNoPassword = errors.New("no password is configured for this mailbox: name it in the setting sources.mailboxes")
	ErrRefused    = errors.New("the mail server refuses the user or the password")
)

const (
	maxLetters   = 50                  // of one visit; the others wait for the next
	firstLetters = 14 * 24 * time.Hour // how old a letter may be that the first visit reads
)

// readMailbox brings the stories of the newsletters that came in since the
// last visit. How far that was stands where other sources have their ETag.
func (c *Collector) readMailbox(ctx context.Context, s digest.Source, state digest.SourceState) harvest {
	h := harvest{dateless: true, etag: state.ETag}
	where := fetch.Public(s.URL)
	if c.post == nil {
		h.fail("source.unread", where, string(s.Kind))
		return h
	}
	next, err := c.post.Letters(ctx, s.URL, state.ETag, c.now().Add(-firstLetters), maxLetters, func(raw []byte) {
		finds, err := letterFinds(raw)
		if err != nil {
			h.note(digest.Warning, "source.letter", where, err.Error())
		}
		h.finds = append(h.finds, finds...)
	})
	switch {
	case errors.Is(err, ErrNoPassword):
		h.fail("source.nopassword", where, err.Error())
	case errors.Is(err, ErrRefused):
		h.fail("source.forbidden", where, err.Error())
	case err != nil:
		h.fail("source.unreachable", where, err.Error())
	default:
		h.etag = next
		h.unchanged = len(h.finds) == 0 && state.ETag != ""
	}
	return h
}

// mailboxAt tells whether an address is one of a mailbox. One that holds a
// password is none: it would be stored, and shown.
func mailboxAt(given string) (string, bool) {
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "imaps" && u.Scheme != "imap" || u.Hostname() == "" || u.User.Username() == "" {
		return "", false
	}
	if _, secret := u.User.Password(); secret || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	return u.String(), true
}
