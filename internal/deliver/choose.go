package deliver

import (
	"context"
	"time"

	"hebdo/internal/digest"
)

// choose takes out of waiting, in their order, at most n deliveries that may be
// begun now, and returns the others that stay claimed. Those whose domain
// rests, whose provider's limit is reached, or whose day is full are put off,
// untried. Only a rest is the receiver's doing: it counts as waiting, has its
// reason kept, and when it lasts too long ends in a refusal.
func (r *run) choose(ctx context.Context, waiting []digest.Delivery, n int) (next, rest []digest.Delivery, err error) {
	now := r.opt.Now()
	var off []digest.Delivery
	next = make([]digest.Delivery, 0, min(n, len(waiting)))
	for i, d := range waiting {
		if len(next) >= n {
			if rest == nil { // mostly: what stays need not be copied for every group
				rest = waiting[i:]
			} else {
				rest = append(rest, waiting[i:]...)
			}
			break
		}
		if its, ok := r.rests.of(d.Address, now); ok {
			off = append(off, r.rested(d, its, now))
			continue
		}
		ok, until, err := r.enter(ctx, d.Address, now)
		switch {
		case err != nil:
			r.leave(next)
			return nil, waiting, err
		case ok:
			next = append(next, d)
			continue
		case until.IsZero() && r.open > 0 && len(rest) < n: // a place is free when one of those under way is there
			rest = append(rest, d)
			continue
		case until.IsZero():
			until = now.Add(soonest)
		}
		d.State, d.NotBefore, d.Updated = digest.Deferred, until, now
		off = append(off, d)
	}
	if len(off) == 0 {
		return next, rest, nil
	}
	if err := r.insist(ctx, func(ctx context.Context) error { return r.outbox.Settle(ctx, r.node, off, nil) }); err != nil {
		r.leave(next)
		return nil, append(next, rest...), err // those not put off are free when their claim ends
	}
	for _, d := range off {
		r.move(digest.Claimed, d.State, 1)
	}
	return next, rest, nil
}

// rested is the ledger's row of a letter whose domain rests: nothing was tried,
// and it waits for what the domain said to another.
func (r *run) rested(d digest.Delivery, its rest, now time.Time) digest.Delivery {
	r.wait(&d, its.until, now)
	if d.FirstTried.IsZero() {
		d.FirstTried = now.Truncate(time.Second) // alike for most of a group
	}
	d.Code, d.Enhanced, d.Reply, d.Updated = its.said.Code, its.said.Enhanced, its.said.Text, now
	if d.State == digest.Refused {
		r.breaker.end(d.State, later)
		r.breaker.last = short(its.said)
	}
	return d
}

// enter takes the places of one letter: its provider's lane is open, the day is
// not full. Else it says until when to wait.
func (r *run) enter(ctx context.Context, address string, now time.Time) (ok bool, until time.Time, err error) {
	if ok, until := r.lanes.enter(r.issueID, address, now); !ok {
		return false, until, nil
	}
	if ok, until, err = r.warming.enter(ctx, now); !ok {
		r.lanes.leave(address)
	}
	return ok, until, err
}

// leave gives back the places of letters in their providers' lanes.
func (r *run) leave(letters []digest.Delivery) {
	for _, d := range letters {
		r.lanes.leave(d.Address)
	}
}
