// Package audience knows who gets a letter: sign-up, confirmation,
// preferences, import and export, departure and erasure.
//
// Nobody receives a letter who did not ask for it twice (the form, then the
// link in a mail) or whose consent an operator did not state. Nothing it
// answers tells a stranger whether an address is known.
package audience

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// Book is the list of readers of an installation. It is safe for concurrent use.
type Book struct {
	register Register
	postman  Postman
	links    *track.Links
	now      func() time.Time
	newID    func() string
	limits   Limits
	staging  Staging
	log      *slog.Logger

	seed    maphash.Seed
	locks   [64]sync.Mutex // one reader's changes come one after another
	posting sync.WaitGroup
	slots   chan struct{} // confirmation mails under way
}

// Options is what a Book needs besides its neighbours.
type Options struct {
	Now    func() time.Time
	NewID  func() string // UUID text
	Limits Limits
	Logger *slog.Logger // nil: silent
	// Staging is for Import, which nobody else needs.
	Staging Staging
}

// postingAtOnce bounds the confirmation mails sent at the same time.
const postingAtOnce = 4

// NewBook makes a Book over a register; its confirmation links are signed by links.
func NewBook(r Register, p Postman, links *track.Links, o Options) *Book {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Book{
		register: r, postman: p, links: links,
		staging: o.Staging, now: o.Now, newID: o.NewID, limits: o.Limits.orDefault(), log: o.Logger,
		seed: maphash.MakeSeed(), slots: make(chan struct{}, postingAtOnce),
	}
}

// Wait returns when the confirmation mails that Subscribe started are sent or
// given up. Call it before the mail server's client is closed.
func (b *Book) Wait() { b.posting.Wait() }

// clock is the time to store: UTC, in the precision both databases keep.
func (b *Book) clock() time.Time { return b.now().UTC().Truncate(time.Microsecond) }

// hold makes the caller the only one in this process who changes the
// subscription; the result lets go of it.
func (b *Book) hold(newsletter, match string) func() {
	var h maphash.Hash
	h.SetSeed(b.seed)
	h.WriteString(newsletter)
	h.WriteByte(0)
	h.WriteString(match)
	m := &b.locks[h.Sum64()%uint64(len(b.locks))]
	m.Lock()
	return m.Unlock
}

// holdAll keeps everybody else in this process from changing anything.
func (b *Book) holdAll() func() {
	for i := range b.locks {
		b.locks[i].Lock()
	}
	return func() {
		for i := range b.locks {
			b.locks[i].Unlock()
		}
	}
}

// change reads a subscription, lets edit alter it and stores it where edit
// says that something changed.
func (b *Book) change(ctx context.Context, id string, edit func(*digest.Subscription) bool) (digest.Subscription, error) {
	sub, err := b.register.Subscription(ctx, id)
	if err != nil {
		return digest.Subscription{}, err
	}
	defer b.hold(sub.Newsletter, sub.Subscriber.Match)()
	// Once more: somebody may have changed it before it was held.
	if sub, err = b.register.Subscription(ctx, id); err != nil {
		return digest.Subscription{}, err
	}
	if !edit(&sub) {
		return sub, nil
	}
	return sub, b.register.SaveSubscriptions(ctx, []digest.Subscription{sub})
}
