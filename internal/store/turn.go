package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Turn is Settle of what has ended and Begin of what comes next, all of one
// issue, in one transaction: either all of it is written, or nothing is. A zero
// until leaves the leases of the next as their claim made them.
func (s *Store) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) (begun []string, err error) {
	for _, d := range done {
		if !d.State.Final() && d.State != digest.Deferred && d.State != digest.Queued {
			return nil, fmt.Errorf("settle delivery %s: %q is not how a sending ends", d.ID, d.State)
		}
	}
	if len(done)+len(next) == 0 {
		return nil, nil
	}
	issueID := slices.Concat(done, next)[0].IssueID
	err = s.carefully(ctx, func(tx *gorm.DB, q swift, careful bool) (func(), error) {
		h, err := s.hand(q, issueID, node)
		if err != nil {
			return nil, err
		}
		settled, err := s.settleAll(tx, q, node, h.release(done), bounced, careful)
		h.Updated = micros(s.now())
		if !until.IsZero() {
			h.Lease = micros(until)
		}
		begun = nil
		if h.sending && h.Lease >= h.Updated {
			begun = h.begin(next)
		}
		if err == nil {
			err = s.put(q, h)
		}
		return func() { s.tellLate(ctx, node, len(done)-settled) }, err
	})
	if err != nil {
		return nil, failed(err, "settle %d deliveries and begin %d", len(done), len(next))
	}
	return begun, nil
}

// Begin commits that the given deliveries, of one issue, are about to be sent
// (Begun) and returns those that the node still holds: the others must not be
// sent. When the issue was paused or cancelled meanwhile, none is.
func (s *Store) Begin(ctx context.Context, node string, next []digest.Delivery, until time.Time) ([]string, error) {
	return s.Turn(ctx, node, nil, nil, next, until)
}
