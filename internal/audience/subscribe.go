package audience

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hebdo/internal/digest"
)

// Subscribe stores a pending subscription and then sends its confirmation
// mail. It answers nil whether the address is new, pending, active, paused,
// suppressed or asked too often, and takes about as long: the mail goes out on its own
// (see Wait). It fails with ErrAddress, or when the register fails.
//
//   - An active reader gets no mail and nothing changes: somebody else may have
//     typed the address.
//   - A paused reader gets the mail, since no letter brings a link any more, and
//     stays as chosen until it is used.
//   - A suppressed address (bounced, complained) gets no mail: writing to it
//     again is what the mailbox provider asked us not to do. An operator who
//     knows better lifts the suppression. An erased address is unknown, so its
//     owner may come back.
//   - A reader who left becomes pending again, and stays off the list until
//     the link is used.
func (b *Book) Subscribe(ctx context.Context, r Request) error {
	address, err := ParseAddress(r.Address)
	if err != nil {
		return err
	}
	newsletter := r.Newsletter.Slug
	defer b.hold(newsletter, address.Match)()
	now := b.clock()
	sub, err := b.register.SubscriptionOf(ctx, newsletter, address.Match)
	switch {
	case errors.Is(err, digest.ErrNotFound):
		sub = b.fresh(newsletter, address, now)
	case err != nil:
		return fmt.Errorf("looking up a subscription to %s: %w", newsletter, err)
	case sub.State == digest.Active, sub.Subscriber.Suppression.Kind != "":
		return nil
	case !b.limits.due(sub, now):
		return nil
	}
	if sub.State != digest.Resting {
		sub.State = digest.Pending
		sub.Name = cleanName(r.Name)
		sub.Language = spoken(r.Newsletter, r.Language)
		sub.Length = lengthOr(r.Length, digest.Full)
		sub.Consent = digest.Consent{At: now, Source: r.Page, Text: r.Shown, IP: r.IP}
	}
	sub, err = b.keepAsked(ctx, sub, now)
	if err != nil || sub.Subscriber.Suppression.Kind != "" {
		return err
	}
	b.postLater(ctx, sub)
	return nil
}

// fresh is a subscription nobody has heard of.
func (b *Book) fresh(newsletter string, a Address, now time.Time) digest.Subscription {
	return digest.Subscription{
		ID:         b.newID(),
		Newsletter: newsletter,
		Subscriber: digest.Subscriber{ID: b.newID(), Address: a.Typed, Match: a.Match, Created: now},
		State:      digest.Pending,
		Length:     digest.Full,
		Created:    now,
	}
}

// keepAsked counts a confirmation mail, stores the row and reads it back: the
// register may know the address already, with another ID and a suppression.
func (b *Book) keepAsked(ctx context.Context, sub digest.Subscription, now time.Time) (digest.Subscription, error) {
	asked(&sub, now)
	if err := b.register.SaveSubscriptions(ctx, []digest.Subscription{sub}); err != nil {
		return sub, fmt.Errorf("storing a subscription to %s: %w", sub.Newsletter, err)
	}
	stored, err := b.register.SubscriptionOf(ctx, sub.Newsletter, sub.Subscriber.Match)
	if err != nil {
		return sub, fmt.Errorf("reading back a subscription to %s: %w", sub.Newsletter, err)
	}
	return stored, nil
}

// spoken is the wanted language if the newsletter has it, else its main one.
func spoken(n digest.Newsletter, wanted digest.Language) digest.Language {
	if slices.Contains(n.Languages, wanted) {
		return wanted
	}
	return n.MainLanguage()
}

func lengthOr(l, otherwise digest.Length) digest.Length {
	if l == digest.Full || l == digest.Short {
		return l
	}
	return otherwise
}
