package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"hebdo/internal/digest"
)

// verdict is what a result says, of the mail or of the server.
type verdict int

const (
	untried  verdict = iota // never given to the server
	accepted                // the server has it
	later                   // refused for now, or the session broke: the mail's own trouble
	bounce                  // refused for good: the mailbox is gone
	policy                  // refused for good for any other reason, or not fit to be sent
	perhaps                 // nobody knows
	relay                   // the server could not be reached or spoke to nobody
)

// judge reads a result.
func judge(res result) verdict {
	if !res.tried {
		return untried
	}
	if res.err == nil {
		return accepted
	}
	var refusal digest.Refusal
	switch {
	case errors.Is(res.err, digest.ErrPerhapsAccepted):
		return perhaps
	case relayFailed(res.err):
		return relay
	case errors.As(res.err, &refusal) && refusal.Bounces():
		return bounce
	case errors.As(res.err, &refusal) && refusal.Permanent, errors.Is(res.err, digest.ErrUnsendable):
		return policy
	}
	return later
}

// relayFailed tells whether an error is about the server or the way to it, not
// about the mail: such a try does not count.
func relayFailed(err error) bool {
	if err == nil {
		return false
	}
	var refusal digest.Refusal
	if errors.As(err, &refusal) {
		return refusal.Connection
	}
	return errors.Is(err, digest.ErrUnreachable)
}

// write turns a verdict into the ledger's row.
func (r *run) write(res result, v verdict, now time.Time) digest.Delivery {
	d := res.delivery
	d.Updated = now
	if v == untried || v == relay {
		d.State, d.NotBefore = digest.Queued, time.Time{}
		return d
	}
	d.NotBefore = time.Time{}
	d.Attempts++
	d.Code, d.Enhanced, d.Reply = answer(res.err)
	switch v {
	case accepted:
		d.State = digest.Delivered
	case perhaps:
		d.State = digest.Unsure
	case later:
		r.wait(&d, now.Add(r.opt.Backoff[min(d.Attempts, len(r.opt.Backoff))-1]), now)
	default:
		d.State = digest.Refused
	}
	if d.FirstTried.IsZero() {
		d.FirstTried = res.at.Truncate(time.Second) // as a Date field has it, and alike for most of a group
	}
	r.breaker.end(d.State, v)
	return d
}

// wait puts a delivery off until then, or refuses it for good, which is no
// bounce, when it has been waiting for too long. One that never had to wait
// before has not, however long its try took.
func (r *run) wait(d *digest.Delivery, until, now time.Time) {
	d.State, d.NotBefore = digest.Deferred, until
	if !d.FirstTried.IsZero() && now.Sub(d.FirstTried) >= r.opt.GiveUpAfter {
		d.State, d.NotBefore = digest.Refused, time.Time{}
	}
}

// answer is what the ledger keeps of a result: the server's reply, or what took
// its place.
func answer(err error) (code int, enhanced, reply string) {
	if err == nil {
		return 250, "", ""
	}
	var refusal digest.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal.Code, refusal.Enhanced, refusal.Text
	case errors.Is(err, digest.ErrPerhapsAccepted):
		return 0, "", digest.ErrPerhapsAccepted.Error()
	}
	return 0, "", err.Error()
}

// breaker stops a run in which everything fails. It counts what went wrong in a
// row, by kind; an accepted mail sets all counts back.
type breaker struct {
	limit                     int
	relays, policies, delayed int
	weight                    int // of the failures of the server, beyond their number
	last                      error
	reached                   bool // a mail was accepted
	ended, bounced            int  // deliveries that are over, and those of them for their addresses
}

func (b *breaker) note(v verdict, err error) {
	switch v {
	case accepted:
		b.relays, b.weight, b.policies, b.delayed = 0, 0, 0, 0
	case relay:
		b.relays++
		var refusal digest.Refusal
		if errors.As(err, &refusal) && refusal.Permanent {
			b.weight += b.limit / 3 // a wrong password, say: many tries lock an account
		}
		b.last = err
	case perhaps:
		b.relays++
		b.last = digest.ErrPerhapsAccepted
	case policy:
		b.relays, b.weight = 0, 0
		b.policies++
		b.last = short(err)
	case later:
		b.delayed++
		b.last = short(err)
		if errors.As(err, new(digest.Refusal)) {
			b.relays, b.weight = 0, 0
		} else {
			b.relays++
		}
	case bounce:
		b.relays, b.weight = 0, 0
	}
}

// end counts a delivery that is over.
func (b *breaker) end(state digest.DeliveryState, v verdict) {
	if state.Final() {
		b.ended++
	}
	b.reached = b.reached || v == accepted
	if v == bounce {
		b.bounced++
	}
}

// tripped is the reason to stop, or nil. Temporary refusals may be greylisting,
// of which more is borne.
func (b *breaker) tripped() error {
	switch {
	case b.relays+b.weight >= b.limit:
		return fmt.Errorf("%w (it failed %d times in a row; what was not sent stays queued): %w", ErrStopped, b.relays, b.last)
	case b.policies >= b.limit:
		return fmt.Errorf("%w (it refused %d mails in a row, and not for their addresses; the rest stays queued): %w", ErrStopped, b.policies, b.last)
	case b.delayed >= 5*b.limit:
		return fmt.Errorf("%w (it put off %d mails in a row; the rest stays queued): %w", ErrStopped, b.delayed, b.last)
	}
	return nil
}

// nobody is the reason to stop where a run has ended an issue that reached
// nobody: a short list has too few readers for failures in a row. Nil as long
// as anybody has it or waits for it, and when the addresses alone were at
// fault. A later run ends nothing any more, so that it may close the issue.
func (r *run) nobody(ctx context.Context) error {
	if r.breaker.reached || r.breaker.ended == 0 {
		return nil
	}
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	t, err := r.outbox.Tally(ctx, r.issueID)
	if err != nil {
		return fmt.Errorf("count the deliveries: %w", err)
	}
	if t.Delivered > 0 || t.Open() > 0 || t.Refused+t.Unsure <= r.breaker.bounced {
		return nil
	}
	return fmt.Errorf("%w (nobody is known to have got the issue): %w", ErrStopped, cmp.Or(r.breaker.last, errEarlier))
}

// errEarlier stands for what only an earlier run heard.
var errEarlier = errors.New("they were refused in an earlier run")

// short leaves out a server's words, which may repeat an address.
func short(err error) error {
	var refusal digest.Refusal
	if errors.As(err, &refusal) {
		refusal.Text, refusal.Domain = "", ""
		return refusal
	}
	return err
}
