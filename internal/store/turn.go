package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Turn is Settle of what has ended and Begin of what comes next in one
// transaction: either all of it is written, or nothing is.
func (s *Store) Turn(ctx context.Context, node string, done []digest.Delivery, bounced, next []string, until time.Time) (begun []string, err error) {
	var settled int
	err = s.change(ctx, func(tx *gorm.DB) (err error) {
		if settled, err = s.settleAll(tx, node, done, bounced); err != nil {
			return err
		}
		begun, err = s.begin(tx, node, next, until)
		return err
	})
	if err != nil {
		return nil, failed(err, "settle %d deliveries and begin %d", len(done), len(next))
	}
	s.tellLate(ctx, node, len(done)-settled)
	return begun, nil
}
