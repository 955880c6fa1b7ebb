package audience

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hebdo/internal/digest"
)

// What an operator is told who adds a reader that may not be added.
var (
	// ErrSuppressed: the address bounced, complained or was erased.
	ErrSuppressed = errors.New("the address is suppressed")
	// ErrLeft: the reader unsubscribed, and no newer consent is stated.
	ErrLeft = errors.New("the reader unsubscribed; a consent given since then is needed")
)

// Entry is a reader as an operator names one: on the command line, or in a
// line of a file.
type Entry struct {
	Address  Address
	Name     string
	Language digest.Language
	Length   digest.Length
	Without  string // IDs of themes, set apart by spaces; empty leaves what was
	// State is empty unless a file says it. Pending, Resting and Unsubscribed
	// are taken over; nothing but a stated consent makes a reader Active.
	State   digest.SubscriptionState
	Consent digest.Consent // At or Text says that consent was given
}

// Stated tells whether the entry says when or how the reader consented.
func (e Entry) Stated() bool { return !e.Consent.At.IsZero() || e.Consent.Text != "" }

// resumes tells whether a paused reader consented anew. A consent without a date
// may be the one from before the pause.
func (e Entry) resumes(sub digest.Subscription) bool {
	return (e.State == "" || e.State == digest.Active) &&
		e.Consent.At.After(sub.Consent.At) && e.Consent.At.After(sub.Confirmed)
}

// settle applies an entry to what the register holds (known false: nothing)
// and gives the row to store, except where nothing is to change.
func settle(sub digest.Subscription, known bool, e Entry, now time.Time) (digest.Subscription, digest.Outcome) {
	if sub.Subscriber.Suppression.Kind != "" {
		return sub, digest.ImportSuppressed
	}
	if e.State == digest.Unsubscribed {
		if known && sub.State == digest.Unsubscribed {
			return sub, digest.ImportUnchanged
		}
		sub.State, sub.Ended = digest.Unsubscribed, now
		return fill(sub, known, e), digest.ImportParted
	}
	if sub.State == digest.Resting && e.resumes(sub) {
		activate(&sub)
		e.Language, e.Length, e.Without = "", "", "" // the reader chose them
		return fill(sub, known, e), digest.ImportActivated
	}
	if sub.State == digest.Active || sub.State == digest.Resting {
		return sub, digest.ImportUnchanged
	}
	if !sub.Ended.IsZero() && !e.Consent.At.After(sub.Ended) {
		return sub, digest.ImportLeft
	}
	if e.Stated() && e.State != digest.Pending {
		activate(&sub)
		if e.State == digest.Resting {
			sub.State = digest.Resting
		}
		return fill(sub, known, e), digest.ImportActivated
	}
	if !sub.Asked.IsZero() {
		return sub, digest.ImportUnchanged
	}
	sub.State = digest.Pending
	return fill(sub, known, e), digest.ImportAsked
}

// fill writes what the entry tells of the reader.
func fill(sub digest.Subscription, known bool, e Entry) digest.Subscription {
	if e.Name != "" {
		sub.Name = e.Name
	}
	if e.Language != "" {
		sub.Language = e.Language
	}
	if e.Without != "" {
		sub.Without = e.Without
	}
	sub.Length = lengthOr(e.Length, lengthOr(sub.Length, digest.Full))
	if !known || e.Stated() {
		sub.Consent = e.Consent
	}
	return sub
}

// Add puts one reader on a list: active where the entry states the consent,
// else pending and asked to confirm, within the Limits. A reader already there
// is left alone. It fails with ErrSuppressed or ErrLeft, and then keeps
// nothing, or when the confirmation mail could not be sent: then the pending
// row stays, and Add may be repeated.
func (b *Book) Add(ctx context.Context, n digest.Newsletter, e Entry) (digest.Subscription, error) {
	sub, ask, err := b.add(ctx, n, e)
	if err != nil || !ask {
		return sub, err
	}
	if err := b.post(ctx, sub); err != nil {
		return sub, fmt.Errorf("sending the confirmation mail: %w", err)
	}
	return sub, nil
}

// add stores the entry and tells whether a confirmation mail is to follow.
func (b *Book) add(ctx context.Context, n digest.Newsletter, e Entry) (digest.Subscription, bool, error) {
	defer b.hold(n.Slug, e.Address.Match)()
	now := b.clock()
	sub, err := b.register.SubscriptionOf(ctx, n.Slug, e.Address.Match)
	known := err == nil
	if errors.Is(err, digest.ErrNotFound) {
		whose := sub.Subscriber
		sub, err = b.fresh(n.Slug, e.Address, now), nil
		if whose.Match != "" {
			sub.Subscriber = whose // known for another reason, which may be a suppression
		}
	}
	if err != nil {
		return sub, false, fmt.Errorf("looking up a subscription to %s: %w", n.Slug, err)
	}
	e.Language = spoken(n, e.Language)
	sub, what := settle(sub, known, e, now)
	switch what {
	case digest.ImportSuppressed:
		return sub, false, fmt.Errorf("%w (%s)", ErrSuppressed, sub.Subscriber.Suppression.Kind)
	case digest.ImportLeft:
		return sub, false, ErrLeft
	case digest.ImportUnchanged:
		return sub, false, nil
	case digest.ImportAsked:
		if sub, err = b.keepAsked(ctx, sub, now); err != nil {
			return sub, false, err
		}
	default:
		if err := b.register.SaveSubscriptions(ctx, []digest.Subscription{sub}); err != nil {
			return sub, false, fmt.Errorf("storing a subscription to %s: %w", n.Slug, err)
		}
		if sub, err = b.register.SubscriptionOf(ctx, n.Slug, e.Address.Match); err != nil {
			return sub, false, err
		}
	}
	if kind := sub.Subscriber.Suppression.Kind; kind != "" {
		return sub, false, fmt.Errorf("%w (%s)", ErrSuppressed, kind)
	}
	return sub, what == digest.ImportAsked, nil
}
