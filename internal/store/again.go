package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Again puts an issue's deliveries of one state, digest.Refused or
// digest.Unsure, back into the queue, and takes an issue that was sent back to
// sending, in one transaction. Exactly those: who has left or is suppressed
// since stays as they are, so that the row still tells why. It returns how
// many; none changes nothing. The issue has to be sent, sending or paused:
// digest.ErrConflict.
func (s *Store) Again(ctx context.Context, issueID string, state digest.DeliveryState, now time.Time) (int, error) {
	if state != digest.Refused && state != digest.Unsure {
		return 0, fmt.Errorf("send again what is %q: only refused and unsure deliveries are", state)
	}
	return s.reopen(ctx, issueID, func(tx *gorm.DB, row issueRow) (int64, error) {
		result := tx.Exec(`UPDATE deliveries SET state = 'queued', node = '', not_before = 0, attempts = 0,
				first_tried = 0, updated = ?
			WHERE issue_id = ? AND state = ? AND EXISTS (
				SELECT 1 FROM subscriptions s JOIN subscribers r ON r.id = s.subscriber_id
				WHERE s.id = deliveries.subscription_id AND s.state = 'active' AND r.suppression = '')`,
			micros(now), row.ID, string(state))
		return result.RowsAffected, result.Error
	})
}

// EnqueueLate adds a queued delivery for everyone who joined since the issue's
// audience was frozen, and takes an issue that was sent back to sending, in
// one transaction. It returns how many joined; none changes nothing. The issue
// has to be sent, sending or paused: digest.ErrConflict.
func (s *Store) EnqueueLate(ctx context.Context, issueID string, now time.Time) (int, error) {
	return s.reopen(ctx, issueID, func(tx *gorm.DB, row issueRow) (int64, error) {
		return s.enqueue(tx, row, now, 0, ``)
	})
}

// reopen fills the queue of an issue and then takes it back to sending.
func (s *Store) reopen(ctx context.Context, issueID string, fill func(tx *gorm.DB, row issueRow) (int64, error)) (int, error) {
	var n int64
	err := s.change(ctx, func(tx *gorm.DB) error {
		row, err := issueToChange(tx, issueID)
		if err != nil {
			return err
		}
		from := digest.State(row.State)
		if from != digest.Sending && from != digest.Paused {
			if err := from.Move(digest.Sending); err != nil {
				return err
			}
			if from != digest.Sent {
				return fmt.Errorf("an issue that is %s has nothing to send again: %w", from, digest.ErrConflict)
			}
		}
		if n, err = fill(tx, row); err != nil || n == 0 || from != digest.Sent {
			return err
		}
		if err := moveRow(tx, &row, from, digest.Sending); err != nil {
			return err
		}
		return writeIssue(tx, &row)
	})
	return int(n), failed(err, "send issue %s again", issueID)
}

// CountAgain is how many deliveries Again would put back into the queue.
func (s *Store) CountAgain(ctx context.Context, issueID string, state digest.DeliveryState) (int, error) {
	var n int64
	err := s.reader(ctx).Raw(`SELECT COUNT(*) FROM deliveries d
		JOIN subscriptions s ON s.id = d.subscription_id JOIN subscribers r ON r.id = s.subscriber_id
		WHERE d.issue_id = ? AND d.state = ? AND s.state = 'active' AND r.suppression = ''`, issueID, string(state)).Scan(&n).Error
	return int(n), failed(err, "count what could be sent again of issue %s", issueID)
}

// CountLate is how many joined since the issue's audience was frozen.
func (s *Store) CountLate(ctx context.Context, issueID string) (int, error) {
	var n int64
	err := s.reader(ctx).Raw(`SELECT COUNT(*) FROM subscriptions s JOIN subscribers r ON r.id = s.subscriber_id
		WHERE s.newsletter = (SELECT newsletter FROM issues WHERE id = ?) AND s.state = 'active' AND r.suppression = ''
			AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.issue_id = ? AND d.subscriber_id = s.subscriber_id)`,
		issueID, issueID).Scan(&n).Error
	return int(n), failed(err, "count who joined since issue %s", issueID)
}
