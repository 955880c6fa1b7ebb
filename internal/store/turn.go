package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Turn is Settle of what has ended and Begin of what comes next, all of one
// issue, in one transaction: either all of it is written, or nothing is. A zero
// until leaves the leases of the next as their claim made them.
func (s *Store) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) (begun []string, err error) {
	err = s.carefully(ctx, func(tx *gorm.DB, q swift, careful bool) (func(), error) {
		if err := s.lock(q, node, append(each(done, idOf), each(next, idOf)...)); err != nil {
			return nil, err
		}
		settled, err := s.settleAll(tx, q, node, done, bounced, careful)
		if err == nil {
			begun, err = s.begin(q, node, next, micros(until), careful)
		}
		return func() { s.tellLate(ctx, node, len(done)-settled) }, err
	})
	if err != nil {
		return nil, failed(err, "settle %d deliveries and begin %d", len(done), len(next))
	}
	return begun, nil
}
