package deliver

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hebdo/internal/digest"
)

// claim gets the next deliveries. While the ledger cannot be written it waits, as
// settling does. Like all that writes to the ledger it is not cut short when ctx
// ends: a claim committed but not received would lie idle until its lease is over.
func (r *run) claim(ctx context.Context) (claimed []digest.Delivery, err error) {
	var asked time.Time
	err = r.hold(ctx, func(ctx context.Context) (err error) {
		r.count(ctx)
		asked = r.opt.Now()
		claimed, err = r.outbox.Claim(ctx, digest.Claim{IssueID: r.issueID, Node: r.node, Limit: r.opt.Batch, Now: asked, Lease: r.opt.Lease})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	r.claimed(len(claimed))
	late := r.opt.Now().Sub(asked) > r.opt.Lease/3
	for i, d := range claimed {
		if late {
			// The way to the ledger was cut, and the claim is nearly over when it is
			// answered: what is begun under it would be unsure before it could be
			// renewed, though nothing is wrong any more.
			claimed[i].Lease = time.Time{}
		}
		from := digest.Queued
		if !d.NotBefore.IsZero() {
			from = digest.Deferred
		}
		r.move(from, digest.Claimed, 1)
	}
	return claimed, nil
}

// turn writes what became of mails and commits that the next are being sent.
// Those that the node still holds go to the workers.
func (r *run) turn(ctx context.Context, results []result, next []digest.Delivery) error {
	done, bounced := r.written(results)
	var held []string
	r.open -= len(results)
	for _, res := range results {
		r.lanes.leave(res.delivery.Address)
	}
	try := r.insist
	if len(done) > 0 {
		try = r.hold
	}
	err := try(ctx, func(ctx context.Context) (err error) {
		var until time.Time // as their claim, which is renewed
		if now := r.opt.Now(); r.opt.Leases == nil || r.expiring(next, now) {
			until = now.Add(r.opt.Lease)
		}
		held, err = r.outbox.Turn(ctx, r.node, done, bounced, next, until)
		return err
	})
	if err != nil {
		// It may have been committed all the same. Nothing of the next was sent,
		// so it need not become unsure.
		r.leave(next)
		_ = r.release(ctx, next) // the ledger fails already: its lease ends the claim
		return fmt.Errorf("settle and begin deliveries (those not settled become unsure when their lease ends): %w", err)
	}
	for _, d := range done {
		r.move(digest.Begun, d.State, 1)
	}
	r.note(done, results)
	r.move(digest.Claimed, digest.Begun, len(held))
	mine := make(map[string]bool, len(held))
	for _, id := range held {
		mine[id] = true
	}
	var others []digest.Delivery
	for _, d := range next {
		if !mine[d.ID] {
			others = append(others, d)
			continue
		}
		delete(mine, d.ID) // one begin is one mail
		r.open++
		r.jobs <- d
	}
	// Taken by another node, or the issue was paused: what is still claimed here
	// goes back, and the ledger knows which is which.
	r.leave(others)
	return r.release(ctx, others)
}

// expiring tells whether the claim of any delivery has less than half of its
// time left.
func (r *run) expiring(next []digest.Delivery, now time.Time) bool {
	soon := now.Add(r.opt.Lease / 2)
	renewed := time.Unix(0, r.renewed.Load()).After(soon)
	return slices.ContainsFunc(next, func(d digest.Delivery) bool { return d.Lease.IsZero() || !renewed && d.Lease.Before(soon) })
}

// written are the ledger's rows of results.
func (r *run) written(results []result) (done []digest.Delivery, bounced []string) {
	now := r.opt.Now()
	done = make([]digest.Delivery, 0, len(results))
	for _, res := range results {
		if res.verdict == bounce {
			bounced = append(bounced, res.delivery.ID)
		}
		d := r.write(res, res.verdict, now)
		switch {
		case res.verdict == accepted:
			r.rests.took(d.Address)
		case res.verdict == later && d.Code == 421: // also to one given up by it: the others need not be tried
			r.rests.begin(d, now, r.opt.Backoff)
		}
		done = append(done, d)
	}
	return done, bounced
}

// release puts deliveries that were claimed and not sent back into the queue.
func (r *run) release(ctx context.Context, waiting []digest.Delivery) error {
	if len(waiting) == 0 {
		return nil
	}
	done := make([]digest.Delivery, len(waiting))
	for i, d := range waiting {
		d.State, d.NotBefore, d.Updated = digest.Queued, time.Time{}, r.opt.Now()
		done[i] = d
	}
	if err := r.insist(ctx, func(ctx context.Context) error { return r.outbox.Settle(ctx, r.node, done, nil) }); err != nil {
		return fmt.Errorf("put deliveries back (their claim ends by itself): %w", err)
	}
	r.move(digest.Claimed, digest.Queued, len(done))
	return nil
}

// insist writes to the ledger, and tries again for a moment.
func (r *run) insist(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	return retry(ctx, 4, write)
}

// hold writes what became of mails, and tries again for as long as Patience
// and the program last: what is not written down here becomes unsure. Nothing
// more is sent meanwhile.
func (r *run) hold(ctx context.Context, write func(context.Context) error) error {
	held, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.opt.Patience)
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		select {
		case <-time.After(r.opt.Grace):
			cancel()
		case <-held.Done():
		}
	})()
	return retry(held, 0, func(ctx context.Context) error {
		limited, done := context.WithTimeout(ctx, r.opt.Grace)
		defer done()
		err := write(limited)
		if err != nil {
			r.opt.Logger.Error("the ledger cannot be written: sending waits", "issue", r.issueID, "error", err)
		}
		return err
	})
}

// retry calls write until it succeeds, so many times (0: any number), with
// growing waits between, or until ctx ends.
func retry(ctx context.Context, times int, write func(context.Context) error) error {
	wait := 100 * time.Millisecond
	for try := 1; ; try++ {
		err := write(ctx)
		if err == nil || try == times {
			return err
		}
		select {
		case <-time.After(wait):
			wait = min(3*wait, 10*time.Second)
		case <-ctx.Done():
			return err
		}
	}
}
