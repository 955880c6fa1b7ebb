package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Enqueue adds a Queued delivery for everyone who receives the issue's
// newsletter at this moment and has none yet, and returns how many rows the
// issue has. Repeated, it changes nothing for those already there. Everyone
// gets the edition in their own language and length, or else the nearest
// there is: in the newsletter's main language, then the full one.
//
// The issue has to be approved, sending or paused: before, it fails with
// digest.ErrNotApproved; once sent or cancelled, with digest.ErrConflict.
func (s *Store) Enqueue(ctx context.Context, issueID string, now time.Time) (int, error) {
	var count int64
	err := s.change(ctx, func(tx *gorm.DB) error {
		row, err := issueToChange(tx, issueID)
		if err != nil {
			return err
		}
		if err := enqueueable(tx, row); err != nil {
			return err
		}
		if err := s.enqueue(tx, row, micros(now)); err != nil {
			return err
		}
		return tx.Model(&deliveryRow{}).Where("issue_id = ?", issueID).Count(&count).Error
	})
	return int(count), failed(err, "queue issue %s", issueID)
}

func enqueueable(tx *gorm.DB, row issueRow) error {
	switch state := digest.State(row.State); state {
	case digest.Approved, digest.Sending, digest.Paused:
	case digest.Sent:
		return fmt.Errorf("it was sent; it has to be sending again before somebody joins late: %w", digest.ErrConflict)
	default:
		return state.Move(digest.Sending) // says why not
	}
	var editions int64
	if err := tx.Model(&editionRow{}).Where("issue_id = ?", row.ID).Count(&editions).Error; err != nil {
		return err
	}
	if editions == 0 {
		return errors.New("it has no edition: nothing was frozen with its approval")
	}
	return nil
}

func (s *Store) enqueue(tx *gorm.DB, row issueRow, now int64) error {
	var letter newsletterRow
	if err := tx.Where("slug = ?", row.Newsletter).Take(&letter).Error; err != nil {
		return err
	}
	main := string(letter.newsletter().MainLanguage())
	return tx.Exec(`
		INSERT INTO deliveries (id, issue_id, subscription_id, subscriber_id, language, length, state, node, lease,
			not_before, attempts, first_tried, code, enhanced, reply, message_id, updated)
		SELECT `+s.dialect.newIDs()+`, e.issue_id, s.id, s.subscriber_id, e.language, e.length, 'queued', '', 0,
			0, 0, 0, 0, '', '', '', CAST(? AS BIGINT)
		FROM subscriptions s
		JOIN subscribers r ON r.id = s.subscriber_id
		JOIN editions e ON e.issue_id = ? AND e.language || '/' || e.length = (
			SELECT v.language || '/' || v.length FROM editions v WHERE v.issue_id = ?
			ORDER BY v.language = s.language DESC, v.language = ? DESC, v.length = s.length DESC, v.length = 'full' DESC,
				v.language, v.length
			LIMIT 1)
		WHERE s.newsletter = ? AND s.state = 'active' AND r.suppression = ''
		ON CONFLICT (issue_id, subscriber_id) DO NOTHING`,
		s.newIDsPrefix(), 0, 0, now, row.ID, row.ID, main, row.Newsletter).Error
}
