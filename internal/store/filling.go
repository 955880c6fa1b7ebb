package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// So many subscriptions Fill looks at in one transaction. On SQLite it holds up
// whoever sends meanwhile, by less than a tenth of a second; smaller parts write
// the same pages more often. The first is small: letters wait for it.
const (
	firstPart = 1000
	nextParts = 4000
)

// fillingRow is how far the ledger of an issue is filled.
type fillingRow struct {
	IssueID string `gorm:"primaryKey"`
	Frozen  int64
	Seen    string
	Queued  int64
	Done    int
}

func (fillingRow) TableName() string { return "fillings" }

// Fill adds Queued deliveries for the next part of an issue's audience, and
// tells how many it has added in all and whether more are to come. With first,
// the audience of an issue that is only approved is frozen now: who joins later
// is left out, and who leaves gets nothing. Otherwise it goes on where it was
// left, by whomever. Everyone gets the edition in their own language and
// length, or else the nearest there is: in the newsletter's main language, then
// the full one.
//
// The issue has to be approved, sending or paused, and sending to go on:
// digest.ErrConflict; before, it fails with digest.ErrNotApproved. It cannot
// become sent before the last part is added.
func (s *Store) Fill(ctx context.Context, issueID string, now time.Time, first bool) (queued int, more bool, err error) {
	return s.fill(ctx, issueID, now, func(state digest.State) (anew bool, err error) {
		if !first && state != digest.Sending {
			err = fmt.Errorf("it is %s: %w", state, digest.ErrConflict)
		}
		return first && state == digest.Approved, err
	})
}

// Enqueue is Fill to the end, for everyone who receives the newsletter now,
// whatever was filled before. It returns how many rows the issue has; repeated,
// it changes nothing for those already there.
func (s *Store) Enqueue(ctx context.Context, issueID string, now time.Time) (int, error) {
	for first, more := true, true; more; first = false {
		var err error
		if _, more, err = s.fill(ctx, issueID, now, func(digest.State) (bool, error) { return first, nil }); err != nil {
			return 0, err
		}
	}
	var count int64
	err := s.reader(ctx).Model(&deliveryRow{}).Where("issue_id = ?", issueID).Count(&count).Error
	return int(count), failed(err, "count the deliveries of issue %s", issueID)
}

func (s *Store) fill(ctx context.Context, issueID string, now time.Time, begin func(digest.State) (anew bool, err error)) (queued int, more bool, err error) {
	err = s.change(ctx, func(tx *gorm.DB) error {
		issue, err := issueToFill(tx, issueID)
		if err != nil {
			return err
		}
		anew, err := begin(digest.State(issue.State))
		if err != nil {
			return err
		}
		f := fillingRow{IssueID: issueID}
		err = tx.Where("issue_id = ?", issueID).Take(&f).Error
		switch none := errors.Is(err, gorm.ErrRecordNotFound); {
		case anew:
			f = fillingRow{IssueID: issueID, Frozen: micros(now)}
		case none:
			return nil // filled before fillings were kept
		case err != nil:
			return err
		}
		if f.Done == 0 {
			if err := s.fillNext(tx, issue, &f); err != nil {
				return err
			}
			if err := tx.Clauses(onConflict([]string{"issue_id"}, "frozen", "seen", "queued", "done")).Create(&f).Error; err != nil {
				return err
			}
		}
		queued, more = int(f.Queued), f.Done == 0
		return nil
	})
	return queued, more, failed(err, "queue issue %s", issueID)
}

// issueToFill locks an issue and reads what filling needs of it.
func issueToFill(tx *gorm.DB, id string) (row issueRow, err error) {
	if err = lockNewsletter(tx, "slug = (?)", tx.Model(&issueRow{}).Select("newsletter").Where("id = ?", id)); err != nil {
		return row, err
	}
	if err = tx.Select("id", "newsletter", "state").Where("id = ?", id).Take(&row).Error; err != nil {
		return row, err
	}
	return row, enqueueable(row)
}

func enqueueable(row issueRow) error {
	switch state := digest.State(row.State); state {
	case digest.Approved, digest.Sending, digest.Paused:
		return nil
	case digest.Sent:
		return fmt.Errorf("it was sent; it has to be sending again before somebody joins late: %w", digest.ErrConflict)
	default:
		return state.Move(digest.Sending) // says why not
	}
}

// fillNext adds the next part and moves f on.
func (s *Store) fillNext(tx *gorm.DB, issue issueRow, f *fillingRow) error {
	size := nextParts
	if f.Seen == "" {
		size = firstPart
	}
	var last []string
	err := tx.Raw(`SELECT id FROM subscriptions WHERE newsletter = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?`,
		issue.Newsletter, f.Seen, size-1).Scan(&last).Error
	if err != nil {
		return err
	}
	// What is dated in the future was written before the clock was set back.
	now := micros(s.now())
	where, args := `AND s.id > ? AND NOT (s.created > ? AND s.created <= ?) AND NOT (s.confirmed > ? AND s.confirmed <= ?)`,
		[]any{f.Seen, f.Frozen, now, f.Frozen, now}
	if len(last) == 0 {
		f.Done = 1
	} else {
		where, args = where+` AND s.id <= ?`, append(args, last[0])
		f.Seen = last[0]
	}
	n, err := s.enqueue(tx, issue, s.now(), f.Queued, where, args...)
	f.Queued += n
	return err
}

// filled fails with digest.ErrConflict as long as somebody may be missing.
func filled(tx *gorm.DB, issueID string) error {
	var open int64
	err := tx.Model(&fillingRow{}).Where("issue_id = ? AND done = 0", issueID).Count(&open).Error
	if err == nil && open > 0 {
		return fmt.Errorf("its ledger is still being filled: %w", digest.ErrConflict)
	}
	return err
}
