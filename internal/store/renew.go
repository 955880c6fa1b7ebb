package store

import (
	"context"
	"time"
)

// Renew extends, until the given time, the lease of every delivery of the
// issue that the node still holds, Claimed or Begun. What was taken back
// meanwhile stays so. The moment is written with it: a lease renewed by a clock
// that is set back later would hold for as long as that, and be told by it.
func (s *Store) Renew(ctx context.Context, issueID, node string, until time.Time) error {
	err := s.writer(ctx).Exec(`UPDATE hands SET lease = ?, updated = ? WHERE issue_id = ? AND node = ?`,
		micros(until), micros(s.now()), issueID, node).Error
	return failed(err, "renew the leases of issue %s", issueID)
}
