package deliver

import (
	"context"
	"time"

	"hebdo/internal/digest"
)

// counter is the tally that the log tells of: what the ledger counted last, and
// what this run has done since. Counting a million rows takes seconds, and
// sending does not wait for that; what is done meanwhile may be counted twice,
// until the next count.
type counter struct {
	tally   digest.Tally
	since   digest.Tally      // this run's changes since the count that is under way began
	known   bool              // the ledger was counted once
	at      time.Time         // when the last count began
	took    time.Duration     // the last count
	pending chan digest.Tally // of a count under way; nil: none is
}

// count asks the ledger anew when the tally is older than 5 s, and so seldom
// that a fiftieth of the time at most goes into it. A count that fails is left
// to the next.
func (r *run) count(ctx context.Context) {
	now := r.opt.Now()
	c := &r.counter
	select {
	case t, ok := <-c.pending:
		r.counted(t, ok)
	default:
	}
	if c.pending != nil || c.known && now.Sub(c.at) <= max(5*time.Second, 50*c.took) {
		return
	}
	c.at, c.since, c.pending = now, digest.Tally{}, make(chan digest.Tally, 1)
	ctx, cancel := r.bounded(ctx)
	pending := c.pending
	r.counting.Go(func() {
		defer cancel()
		defer close(pending)
		if t, err := r.outbox.Tally(ctx, r.issueID); err == nil {
			pending <- t
		}
	})
	moment := time.NewTimer(patience)
	defer moment.Stop()
	select {
	case t, ok := <-pending:
		r.counted(t, ok)
	case <-moment.C:
	}
}

// patience is how long sending waits for a count.
const patience = 100 * time.Millisecond

// counted takes over what the ledger has counted.
func (r *run) counted(t digest.Tally, ok bool) {
	c := &r.counter
	c.pending, c.took = nil, r.opt.Now().Sub(c.at)
	if ok {
		c.tally, c.known = sum(t, c.since), true
	}
}

// move notes in the tally that n deliveries changed their state.
func (r *run) move(from, to digest.DeliveryState, n int) {
	for _, t := range []*digest.Tally{&r.counter.tally, &r.counter.since} {
		t.Count(from, -n)
		t.Count(to, n)
	}
}

func sum(a, b digest.Tally) digest.Tally {
	return digest.Tally{Queued: max(0, a.Queued+b.Queued), Claimed: max(0, a.Claimed+b.Claimed), Begun: max(0, a.Begun+b.Begun),
		Delivered: max(0, a.Delivered+b.Delivered), Deferred: max(0, a.Deferred+b.Deferred), Refused: max(0, a.Refused+b.Refused),
		Unsure: max(0, a.Unsure+b.Unsure)}
}
