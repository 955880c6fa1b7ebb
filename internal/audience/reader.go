package audience

import (
	"context"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// Subscription is what a reader's own pages show. It fails with digest.ErrNotFound.
func (b *Book) Subscription(ctx context.Context, id string) (digest.Subscription, error) {
	return b.register.Subscription(ctx, id)
}

// Confirm makes a pending or paused subscription active and notes when.
// Repeated, it changes nothing; nor does it bring back a reader who left: an old
// link in a mailbox is no new wish. Nor does it list an address that was
// suppressed since the mail: once lifted, that would bring letters nobody asked
// for then. The State and the Suppression of the result tell what to say.
func (b *Book) Confirm(ctx context.Context, id string) (digest.Subscription, error) {
	return b.change(ctx, id, func(s *digest.Subscription) bool {
		if s.State != digest.Pending && s.State != digest.Resting || s.Subscriber.Suppression.Kind != "" {
			return false
		}
		activate(s)
		s.Confirmed = b.clock()
		if s.Consent.At.IsZero() {
			s.Consent.At = s.Confirmed
		}
		return true
	})
}

// activate puts a reader on the list, with a clean record.
func activate(s *digest.Subscription) {
	s.State = digest.Active
	s.AskedTimes = 0
	s.Ended = time.Time{}
}

// Unsubscribe ends one subscription, whatever its state; the address's other
// subscriptions stay. Repeated, it changes nothing.
func (b *Book) Unsubscribe(ctx context.Context, id string) (digest.Subscription, error) {
	return b.change(ctx, id, func(s *digest.Subscription) bool {
		if s.State == digest.Unsubscribed {
			return false
		}
		s.State = digest.Unsubscribed
		s.Ended = b.clock()
		return true
	})
}

// Prefer changes what a reader may choose. Fields that are empty, or no known
// length, leave what was. Only an active subscription can be paused, and only
// a paused one goes on: neither confirms nor brings back. Who left or was erased
// has nothing to choose, and nothing changes.
func (b *Book) Prefer(ctx context.Context, id string, p Preferences) (digest.Subscription, error) {
	return b.change(ctx, id, func(s *digest.Subscription) bool {
		if s.State == digest.Unsubscribed || s.Subscriber.Suppression.Kind == digest.Erased {
			return false
		}
		before := *s
		if l := digest.ParseLanguage(string(p.Language)); l != "" {
			s.Language = l
		}
		s.Length = lengthOr(p.Length, s.Length)
		if p.Without != nil {
			s.Without = strings.Join(p.Without, " ")
		}
		switch {
		case p.Paused && s.State == digest.Active:
			s.State = digest.Resting
		case !p.Paused && s.State == digest.Resting:
			s.State = digest.Active
		}
		return *s != before
	})
}

// Erase removes what is personal of an address from the whole installation.
// An address that is not known is no error. It fails with ErrAddress.
func (b *Book) Erase(ctx context.Context, address string) error {
	a, err := ParseAddress(address)
	if err != nil {
		return err
	}
	return b.register.EraseSubscriber(ctx, a.Match, b.clock())
}
