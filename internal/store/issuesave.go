package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// SaveIssue inserts an issue with Version 0, or updates the one whose version
// is still issue.Version, and returns it as it now stands. It fails with
// digest.ErrConflict when somebody changed it meanwhile, the key (newsletter
// and slot) is taken, or the kept state does not lead to the given one.
//
// Draft, review, rejected and skipped are open: what readers see may change,
// and a save may take the issue from any of them to any other, since new
// content is a new draft. Every other step is one of the state machine's, and
// changes nothing that readers see; approval has a method of its own. A save
// that takes an approved issue back to review drops its editions and its place
// in the outbox. Number, Newsletter, Slot and Created are never changed, and
// Waited only together with Told.
func (s *Store) SaveIssue(ctx context.Context, issue digest.Issue) (digest.Issue, error) {
	err := s.change(ctx, func(tx *gorm.DB) (err error) {
		if issue.Version == 0 {
			issue, err = s.insertIssue(tx, issue)
		} else {
			issue, err = updateIssue(tx, issue)
		}
		return err
	})
	if err != nil {
		return digest.Issue{}, failed(err, "keep issue %s of %s", issue.Slot, issue.Newsletter)
	}
	return issue, nil
}

func (s *Store) insertIssue(tx *gorm.DB, issue digest.Issue) (digest.Issue, error) {
	if !open(issue.State) {
		return issue, fmt.Errorf("a new issue cannot be %s: %w", issue.State, digest.ErrConflict)
	}
	if issue.ID == "" {
		issue.ID = s.newID()
	}
	if issue.Created.IsZero() {
		issue.Created = s.now()
	}
	issue.Version, issue.Number = 1, 0
	row := issueOf(issue)
	return row.issue(), tx.Create(&row).Error
}

func updateIssue(tx *gorm.DB, issue digest.Issue) (digest.Issue, error) {
	kept, err := issueToChange(tx, issue.ID)
	if err != nil {
		return issue, err
	}
	if kept.Version != issue.Version {
		return issue, fmt.Errorf("it is at version %d, not %d: %w", kept.Version, issue.Version, digest.ErrConflict)
	}
	row, from := issueOf(issue), digest.State(kept.State)
	row.Number = kept.Number
	if row.Told == kept.Told {
		row.Waited, row.Counted = kept.Waited, kept.Counted
	}
	if from != issue.State {
		if !open(from) || !open(issue.State) {
			err = from.Move(issue.State)
		}
		if err != nil {
			return issue, err
		}
		if err := moveRow(tx, &row, from, issue.State); err != nil {
			return issue, err
		}
	}
	if !open(issue.State) && !row.sameContent(kept) {
		return issue, fmt.Errorf("the content of an issue that is %s cannot change; an approved one goes back to review first: %w",
			issue.State, digest.ErrConflict)
	}
	err = writeIssue(tx, &row)
	row.Newsletter, row.Slot, row.Created = kept.Newsletter, kept.Slot, kept.Created
	return row.issue(), err
}

// open tells whether an issue's content may change as long as it is in state s.
func open(s digest.State) bool {
	return s == digest.Skipped || s.Editable() && s != digest.Approved
}

// MoveIssue takes an issue to another state and nothing else, but for the notes
// of the stage deliver: those given, with the next move they go. It fails with
// digest.ErrNotFound, with what digest.State.Move says where the state machine
// has no such step, and for approval, which has a method of its own. Of
// several that move it at once, each sees what the one before left.
func (s *Store) MoveIssue(ctx context.Context, id string, to digest.State, now time.Time, why ...digest.Note) (digest.Issue, error) {
	var row issueRow
	err := s.change(ctx, func(tx *gorm.DB) (err error) {
		if row, err = issueToChange(tx, id); err != nil {
			return err
		}
		from := digest.State(row.State)
		if err = from.Move(to); err != nil {
			return err
		}
		if err = moveRow(tx, &row, from, to); err != nil {
			return err
		}
		if to == digest.Sent {
			if err = filled(tx, id); err != nil {
				return err
			}
		}
		if to == digest.Sent && row.Sent == 0 {
			row.Sent = micros(now)
		}
		row.tell(why)
		return writeIssue(tx, &row)
	})
	if err != nil {
		return digest.Issue{}, failed(err, "move issue %s to %s", id, to)
	}
	return row.issue(), nil
}

// tell puts what delivery has to say in the place of what it said before.
func (r *issueRow) tell(why []digest.Note) {
	kept := slices.DeleteFunc(slices.Clone(r.Notes), func(n noteJSON) bool { return n.Stage == "deliver" })
	r.Notes = append(kept, each(why, func(n digest.Note) noteJSON { return noteJSON(n) })...)
}

// moveRow does what comes with a step from one state to another.
func moveRow(tx *gorm.DB, row *issueRow, from, to digest.State) error {
	row.State = string(to)
	switch to {
	case digest.Approved:
		return fmt.Errorf("an issue is approved together with its editions only: %w", digest.ErrNotApproved)
	case digest.InReview:
		row.Approved, row.ApprovedBy = 0, ""
		if from == digest.Approved {
			return dropEditions(tx, row.ID)
		}
	case digest.Rejected, digest.Skipped:
		return freeNumber(tx, row)
	}
	return nil
}

// freeNumber gives the number back of an issue that will not be sent, unless a
// later one was numbered since: a number stays with its issue through edits,
// and numbers have no gap but where two issues were on their way at once.
func freeNumber(tx *gorm.DB, row *issueRow) error {
	if row.Number == 0 {
		return nil
	}
	var last int
	err := tx.Model(&issueRow{}).Select("MAX(number)").
		Where("newsletter = (?)", tx.Model(&issueRow{}).Select("newsletter").Where("id = ?", row.ID)).Scan(&last).Error
	if last == row.Number {
		row.Number = 0
	}
	return err
}

// issueToChange reads an issue under its newsletter's lock.
func issueToChange(tx *gorm.DB, id string) (issueRow, error) {
	var row issueRow
	err := lockNewsletter(tx, "slug = (?)", tx.Model(&issueRow{}).Select("newsletter").Where("id = ?", id))
	if err == nil {
		err = tx.Where("id = ?", id).Take(&row).Error
	}
	return row, err
}

// writeIssue counts the version up and writes what may change.
func writeIssue(tx *gorm.DB, row *issueRow) error {
	row.Version++
	return tx.Model(&issueRow{}).Where("id = ?", row.ID).
		Select("*").Omit("id", "newsletter", "slot", "created").Updates(row).Error
}

// CountWait adds to Issue.Waited the time since it was last counted (at first:
// since Told), at most step, and returns the sum: so a time in which no node
// counted is left out. However many nodes count, no moment counts twice. Only
// an issue in review of which its editor was told waits; the sum of any other
// stays. The version does not change.
func (s *Store) CountWait(ctx context.Context, id string, now time.Time, step time.Duration) (time.Duration, error) {
	var waited time.Duration
	err := s.change(ctx, func(tx *gorm.DB) error {
		row, err := issueToChange(tx, id)
		waited = span(row.Waited)
		last := max(row.Told, row.Counted)
		if err != nil || row.State != string(digest.InReview) || row.Told == 0 || micros(now) <= last {
			return err
		}
		waited += min(span(micros(now)-last), step)
		return tx.Model(&issueRow{}).Where("id = ?", id).
			Updates(map[string]any{"waited": waited.Microseconds(), "counted": micros(now)}).Error
	})
	return waited, failed(err, "count how long issue %s waited", id)
}
