package deliver

import (
	"context"
	"fmt"
	"time"

	"hebdo/internal/digest"
)

// recount is how old the tally shown as progress may get before the ledger is
// asked again; in between, what this run does is added up.
const recount = 5 * time.Second

// claim gets the next deliveries. Like all that writes to the ledger it is not
// cut short when ctx ends: a claim committed but not received would lie idle
// until its lease is over.
func (r *run) claim(ctx context.Context) ([]digest.Delivery, error) {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	now := r.opt.Now()
	claimed, err := r.outbox.Claim(ctx, digest.Claim{IssueID: r.issueID, Node: r.node, Limit: r.opt.Batch, Now: now, Lease: r.opt.Lease})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	if r.counted.IsZero() || now.Sub(r.counted) > recount {
		t, err := r.outbox.Tally(ctx, r.issueID)
		if err != nil {
			return nil, fmt.Errorf("count the deliveries: %w", err)
		}
		r.tally, r.counted = t, now
		return claimed, nil
	}
	for _, d := range claimed {
		from := digest.Queued
		if !d.NotBefore.IsZero() {
			from = digest.Deferred
		}
		r.move(from, digest.Claimed, 1)
	}
	return claimed, nil
}

// move notes in the tally that n deliveries changed their state.
func (r *run) move(from, to digest.DeliveryState, n int) {
	r.tally.Count(from, -n)
	r.tally.Count(to, n)
}

// begin commits that the deliveries are being sent, and gives those that the
// node still holds to the workers.
func (r *run) begin(ctx context.Context, group []digest.Delivery) error {
	bounded, cancel := r.bounded(ctx)
	defer cancel()
	ids := make([]string, len(group))
	for i, d := range group {
		ids[i] = d.ID
	}
	held, err := r.outbox.Begin(bounded, r.node, ids, r.opt.Now().Add(r.opt.Lease))
	if err != nil {
		// It may have been committed all the same. Nothing was sent, so it need
		// not become unsure.
		_ = r.release(ctx, group) // the ledger fails already: its lease ends the claim
		return fmt.Errorf("begin deliveries: %w", err)
	}
	mine := make(map[string]bool, len(held))
	for _, id := range held {
		mine[id] = true
	}
	r.move(digest.Claimed, digest.Begun, len(mine))
	var others []digest.Delivery
	for _, d := range group {
		if !mine[d.ID] {
			others = append(others, d)
			continue
		}
		r.open++
		r.jobs <- d
	}
	// Taken by another node, or the issue was paused: what is still claimed here
	// goes back, and the ledger knows which is which.
	return r.release(ctx, others)
}

// settle writes what became of mails.
func (r *run) settle(ctx context.Context, results []result) error {
	now := r.opt.Now()
	done := make([]digest.Delivery, 0, len(results))
	var bounced []string
	for _, res := range results {
		v := r.judge(res, now)
		r.breaker.note(v, res.err)
		if v == bounce {
			bounced = append(bounced, res.delivery.ID)
		}
		d := r.write(res, v, now)
		if d.State == digest.Deferred && (r.next.IsZero() || d.NotBefore.Before(r.next)) {
			r.next = d.NotBefore
		}
		done = append(done, d)
	}
	r.open -= len(results)
	if err := r.store(ctx, done, bounced); err != nil {
		return fmt.Errorf("settle deliveries (those not settled become unsure when their lease ends): %w", err)
	}
	for _, d := range done {
		r.move(digest.Begun, d.State, 1)
	}
	r.opt.Progress(r.tally)
	return nil
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
	if err := r.store(ctx, done, nil); err != nil {
		return fmt.Errorf("put deliveries back (their claim ends by itself): %w", err)
	}
	r.move(digest.Claimed, digest.Queued, len(done))
	return nil
}

// store settles, and tries again: what is not written down here becomes unsure.
func (r *run) store(ctx context.Context, done []digest.Delivery, bounced []string) error {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	wait := 100 * time.Millisecond
	for {
		err := r.outbox.Settle(ctx, r.node, done, bounced)
		if err == nil {
			return nil
		}
		if wait > time.Second {
			return err
		}
		select {
		case <-time.After(wait):
			wait *= 3
		case <-ctx.Done():
			return err
		}
	}
}
