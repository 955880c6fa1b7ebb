package store

import (
	"context"
	"time"
)

// Renew extends, until the given time, the lease of every delivery of the
// issue that the node still holds, Claimed or Begun. What was taken back
// meanwhile stays so.
func (s *Store) Renew(ctx context.Context, issueID, node string, until time.Time) error {
	err := s.writer(ctx).Exec(`UPDATE deliveries SET lease = ? WHERE issue_id = ? AND node = ? AND `+heldDeliveries,
		micros(until), issueID, node).Error
	return failed(err, "renew the leases of issue %s", issueID)
}
