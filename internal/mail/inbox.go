package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// InboxOptions say which mailbox to read, by IMAP (RFC 9051, RFC 3501).
type InboxOptions struct {
	Host     string
	Port     int
	TLS      string // none, starttls or tls
	Username string
	Password string
	Mailbox  string        // the folder that is read
	Folder   string        // the folder that messages are put aside in; made when it is not there
	Config   *tls.Config   // nil: the host's name is checked against the system's roots
	Most     int64         // bytes of a message that are read; 2 MiB
	Patience time.Duration // for one round; 5 min
}

// Inbox reads a mailbox again and again. Without TLS it speaks to this machine
// only. Nothing in it is deleted or marked as
// read: a message is moved whole, or stays as it was. It is for one goroutine.
type Inbox struct {
	opt      InboxOptions
	wire     *wire // below TLS, of the connection at hand
	validity uint32
	seen     map[imap.UID]bool // looked at before, and left where they are
}

// NewInbox gives an Inbox; it connects at every Read.
func NewInbox(opt InboxOptions) *Inbox {
	if opt.Most <= 0 {
		opt.Most = 2 << 20
	}
	if opt.Patience <= 0 {
		opt.Patience = 5 * time.Minute
	}
	return &Inbox{opt: opt}
}

// ErrCannotMove: the server can move nothing without the risk of deleting
// what is not ours to delete: it has neither MOVE nor UIDPLUS.
var ErrCannotMove = errors.New("the IMAP server can neither MOVE nor expunge single messages (UIDPLUS)")

// Read gives every message that this Inbox has not looked at before to handle,
// with when it came, the oldest first, and moves those aside for which it says
// true. It stops at the first error of handle; that message is given again at
// the next Read, and so is one that the server did not move: it stays, and the
// others have their turn before Read fails.
func (b *Inbox) Read(ctx context.Context, handle func(raw []byte, came time.Time) (aside bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, b.opt.Patience)
	defer cancel()
	client, err := b.connect(ctx)
	if err != nil {
		return fmt.Errorf("the mailbox at %s: %w", b.opt.Host, err)
	}
	defer client.Close()
	if err := b.read(client, handle); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("the mailbox %s at %s: %w", b.opt.Mailbox, b.opt.Host, err)
	}
	return client.Logout().Wait()
}

func (b *Inbox) connect(ctx context.Context) (*imapclient.Client, error) {
	if b.opt.TLS == "none" && !loopback(b.opt.Host) {
		return nil, errors.New("a password is sent over TLS only: set bounce.imap.tls to starttls or tls")
	}
	address := net.JoinHostPort(b.opt.Host, strconv.Itoa(b.opt.Port))
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if b.opt.Config != nil {
		config = b.opt.Config.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = b.opt.Host
	}
	conn, err := (&net.Dialer{Timeout: 30 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	b.wire = &wire{Conn: conn}
	b.listen()
	context.AfterFunc(ctx, func() { conn.Close() }) // the client takes deadlines back; whoever connects ends ctx when done
	options := &imapclient.Options{TLSConfig: config}
	var client *imapclient.Client
	switch b.opt.TLS {
	case "starttls":
		if client, err = imapclient.NewStartTLS(b.wire, options); err != nil {
			conn.Close()
			return nil, err
		}
	case "none":
		client = imapclient.New(b.wire, options)
	default:
		secure := tls.Client(b.wire, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		client = imapclient.New(secure, options)
	}
	if err := client.Login(b.opt.Username, b.opt.Password).Wait(); err != nil {
		client.Close()
		if refused := (*imap.Error)(nil); errors.As(err, &refused) {
			return nil, fmt.Errorf("%w: %w", ErrLogIn, err)
		}
		return nil, fmt.Errorf("log-in: %w", err)
	}
	return client, nil
}

// maxAnswer is what a server may say to one command beside a message, in bytes:
// the numbers of a million messages.
const maxAnswer = 16 << 20

// listen begins to count what the server says.
func (b *Inbox) listen() { b.wire.allow(maxAnswer + b.opt.Most) }

func (b *Inbox) read(client *imapclient.Client, handle func([]byte, time.Time) (bool, error)) error {
	selected, err := client.Select(b.opt.Mailbox, nil).Wait()
	if err != nil {
		return err
	}
	if b.seen == nil || selected.UIDValidity != b.validity {
		b.seen, b.validity = map[imap.UID]bool{}, selected.UIDValidity
	}
	found, err := client.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagDeleted}}, nil).Wait()
	if err != nil {
		return err
	}
	all, err := uids(found)
	if err != nil {
		return err
	}
	there := map[imap.UID]bool{}
	var stuck error // why nothing more can be moved
	for _, uid := range all {
		if there[uid] = b.seen[uid]; there[uid] {
			continue
		}
		raw, came, err := b.fetch(client, uid)
		if err != nil {
			return err
		}
		aside, err := handle(raw, came)
		if err != nil {
			return err
		}
		if aside {
			delete(there, uid)
			if stuck == nil {
				stuck = b.putAside(client, uid)
			}
			if refused := (*imap.Error)(nil); stuck != nil && !errors.As(stuck, &refused) && !errors.Is(stuck, ErrCannotMove) {
				return stuck // the connection is gone
			}
			continue
		}
		b.seen[uid], there[uid] = true, true
	}
	b.seen = there // what has gone since need not be remembered
	return stuck
}

// fetch reads the beginning of a message without marking it as read, and when
// the server got it.
func (b *Inbox) fetch(client *imapclient.Client, uid imap.UID) ([]byte, time.Time, error) {
	b.listen()
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: b.opt.Most}}
	all, err := client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil || len(all) == 0 || len(all[0].BodySection) == 0 {
		return nil, time.Time{}, err // somebody took it away meanwhile
	}
	return all[0].BodySection[0].Bytes, all[0].InternalDate, nil
}

// putAside moves a message to the folder, which is made when there is none.
func (b *Inbox) putAside(client *imapclient.Client, uid imap.UID) error {
	caps := client.Caps()
	move := b.copyAway
	switch {
	case caps.Has(imap.CapMove) || caps.Has(imap.CapIMAP4rev2):
		move = b.moveAway
	case !caps.Has(imap.CapUIDPlus):
		return ErrCannotMove
	}
	err := move(client, uid)
	var refused *imap.Error
	if errors.As(err, &refused) { // most likely there is no such folder yet
		if made := client.Create(b.opt.Folder, nil).Wait(); made != nil {
			err = errors.Join(err, made)
		} else {
			err = move(client, uid)
		}
	}
	if err != nil {
		return fmt.Errorf("moving a message to the folder %s: %w", b.opt.Folder, err)
	}
	return nil
}

func (b *Inbox) moveAway(client *imapclient.Client, uid imap.UID) error {
	_, err := client.Move(imap.UIDSetNum(uid), b.opt.Folder).Wait()
	return err
}

// copyAway does the same in steps, each when the one before has succeeded: the
// library's own way asks for all of them at once, and would delete what could
// not be copied.
func (b *Inbox) copyAway(client *imapclient.Client, uid imap.UID) error {
	set := imap.UIDSetNum(uid)
	if _, err := client.Copy(set, b.opt.Folder).Wait(); err != nil {
		return err
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := client.Store(set, deleted, nil).Close(); err != nil {
		return err
	}
	return client.UIDExpunge(set).Close()
}
