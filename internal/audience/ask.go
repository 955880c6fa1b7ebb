package audience

import (
	"context"
	"errors"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// Limits keep anybody from being flooded with confirmation mails: the first
// Burst come at least Gap apart, and each later one only after a wait that
// starts at Rest and doubles. So no day of 24 hours brings more than Burst.
// They hold for each address on each newsletter.
type Limits struct {
	Gap   time.Duration // 0: ten minutes
	Burst int           // 0: 3
	Rest  time.Duration // 0: 24 hours
}

func (l Limits) orDefault() Limits {
	if l.Gap == 0 {
		l.Gap = 10 * time.Minute
	}
	if l.Burst == 0 {
		l.Burst = 3
	}
	if l.Rest == 0 {
		l.Rest = 24 * time.Hour
	}
	return l
}

// due tells whether one more confirmation mail may go out now.
func (l Limits) due(sub digest.Subscription, now time.Time) bool {
	if sub.Asked.IsZero() {
		return true
	}
	wait := l.Gap
	if over := sub.AskedTimes - l.Burst; over >= 0 {
		wait = l.Rest << min(over, 6) // at most 64 days
	}
	return !now.Before(sub.Asked.Add(wait))
}

// asked counts one more confirmation mail.
func asked(sub *digest.Subscription, now time.Time) {
	sub.Asked = now
	sub.AskedTimes++
}

// sendTimeout bounds one confirmation mail.
const sendTimeout = 2 * time.Minute

// post sends the confirmation mail of a stored subscription, pending or paused.
// Where no server took or finally refused it, the count of mails is taken back,
// so that the reader may ask again at once.
func (b *Book) post(ctx context.Context, sub digest.Subscription) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	err := b.postman.Confirm(ctx, sub, b.links.URL(track.Confirm, sub.ID))
	if err == nil {
		return nil
	}
	var refusal digest.Refusal
	if (errors.As(err, &refusal) && refusal.Permanent) || errors.Is(err, digest.ErrPerhapsAccepted) {
		return err
	}
	_, undo := b.change(context.WithoutCancel(ctx), sub.ID, func(s *digest.Subscription) bool {
		if s.State != sub.State || !s.Asked.Equal(sub.Asked) {
			return false
		}
		s.AskedTimes--
		s.Asked = time.Time{}
		return true
	})
	return errors.Join(err, undo)
}

// postLater sends it without making the caller wait: how long an answer takes
// must not tell whether the address was known. Wait waits for it.
func (b *Book) postLater(ctx context.Context, sub digest.Subscription) {
	ctx = context.WithoutCancel(ctx)
	b.posting.Add(1)
	go func() {
		defer b.posting.Done()
		b.slots <- struct{}{}
		defer func() { <-b.slots }()
		if err := b.post(ctx, sub); err != nil {
			b.log.ErrorContext(ctx, "confirmation mail not sent", "subscription", sub.ID, "newsletter", sub.Newsletter, "cause", cause(err))
		}
	}()
}

// AskAgain sends the confirmation mails that are still owed to a newsletter's
// pending readers of the last two days, because no server answered or the
// program ended before they were sent, and says how many went out.
func (b *Book) AskAgain(ctx context.Context, newsletter string) (int, error) {
	since := b.clock().AddDate(0, 0, -2)
	sent := 0
	err := b.each(ctx, newsletter, func(s digest.Subscription) error {
		young := s.Created.After(since) || s.Consent.At.After(since)
		if s.State != digest.Pending || !s.Asked.IsZero() || s.Ended.After(s.Consent.At) || !young {
			return ctx.Err()
		}
		sub, ask, err := b.askOne(ctx, newsletter, s.Subscriber.Match)
		if err != nil || !ask {
			return err
		}
		if err := b.post(ctx, sub); err != nil {
			b.log.ErrorContext(ctx, "confirmation mail not sent", "subscription", sub.ID, "newsletter", newsletter, "cause", cause(err))
			return nil
		}
		sent++
		return nil
	})
	return sent, err
}

// cause says why without the server's words, which may quote the address.
func cause(err error) string {
	var refusal digest.Refusal
	switch {
	case errors.As(err, &refusal):
		refusal.Text = ""
		return refusal.Error()
	case errors.Is(err, digest.ErrPerhapsAccepted):
		return "perhaps accepted"
	case errors.Is(err, context.DeadlineExceeded):
		return "timed out"
	default:
		return "no answer from the mail server"
	}
}
