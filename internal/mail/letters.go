package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Bookmark is how far a mailbox was read (RFC 9051, 2.3.1.1). UIDs count up,
// and mean the same message as long as the mailbox has the same Validity.
type Bookmark struct{ Validity, Last uint32 }

// ErrLogIn: the server knows no such user, or the password is another.
var ErrLogIn = errors.New("the server refuses the log-in")

// Letters gives handle the messages that came after the bookmark, the oldest
// first, at most so many, and tells how far it came. Without a bookmark, or
// with one of a mailbox that was made anew since, these are the youngest of
// those that came since that day. The mailbox is opened for reading only
// (EXAMINE): nothing in it is moved, marked or deleted. Of a message no more
// than InboxOptions.Most bytes are read. ErrLogIn.
func (b *Inbox) Letters(ctx context.Context, from Bookmark, since time.Time, most int, handle func(raw []byte)) (Bookmark, error) {
	ctx, cancel := context.WithTimeout(ctx, b.opt.Patience)
	defer cancel()
	client, err := b.connect(ctx)
	if err != nil {
		return from, fmt.Errorf("the mailbox at %s: %w", b.opt.Host, err)
	}
	defer client.Close()
	at, err := b.letters(client, from, since, most, handle)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return from, fmt.Errorf("the mailbox %s at %s: %w", b.opt.Mailbox, b.opt.Host, err)
	}
	_ = client.Logout().Wait() // all that was wanted has been read
	return at, nil
}

func (b *Inbox) letters(client *imapclient.Client, at Bookmark, since time.Time, most int, handle func([]byte)) (Bookmark, error) {
	opened, err := client.Select(b.opt.Mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return at, err
	}
	anew := at.Validity == 0 || at.Validity != opened.UIDValidity
	if anew {
		at = Bookmark{Validity: opened.UIDValidity}
	}
	wanted := &imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagDeleted}}
	if anew {
		wanted.Since = since
	} else {
		wanted.UID = []imap.UIDSet{{imap.UIDRange{Start: imap.UID(at.Last + 1)}}} // to "*"
	}
	found, err := client.UIDSearch(wanted, nil).Wait()
	if err != nil {
		return at, err
	}
	all, err := uids(found)
	if err != nil {
		return at, err
	}
	// "*" is the last message whatever its number is (RFC 9051, 9, seq-range).
	all = slices.DeleteFunc(all, func(uid imap.UID) bool { return uint32(uid) <= at.Last })
	slices.Sort(all)
	if anew && len(all) > most {
		all = all[len(all)-most:]
	}
	for _, uid := range all[:min(len(all), most)] {
		raw, _, err := b.fetch(client, uid)
		if err != nil {
			return at, err
		}
		if len(raw) > 0 {
			handle(raw)
		}
		at.Last = uint32(uid)
	}
	if anew && len(all) == 0 && opened.UIDNext > 0 { // what is older was never wanted
		at.Last = uint32(opened.UIDNext) - 1
	}
	return at, nil
}
