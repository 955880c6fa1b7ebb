package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type editionRow struct {
	IssueID   string `gorm:"primaryKey"`
	Language  string `gorm:"primaryKey"`
	Length    string `gorm:"primaryKey"`
	Subject   string
	Preheader string
	HTML      string
	Text      string
	Hash      string
	Encoded   string // ASCII
	Parts     string // JSON; empty: none
}

func (editionRow) TableName() string { return "editions" }

// ApproveIssue gives the issue its number, the next of its newsletter without
// gaps, calls render with the numbered issue, and stores issue and editions,
// all in one transaction; when render fails, nothing happened. issue.Version
// has to be the kept one (digest.ErrConflict), the state has to allow approval
// (what digest.State.Move says), and an issue that carries a Blocker fails
// with digest.ErrNotApproved. render must not use the store.
func (s *Store) ApproveIssue(ctx context.Context, issue digest.Issue, render func(digest.Issue) ([]digest.Edition, error)) (digest.Issue, error) {
	err := s.change(ctx, func(tx *gorm.DB) error {
		kept, err := issueToChange(tx, issue.ID)
		if err != nil {
			return err
		}
		if err := approvable(kept, issue); err != nil {
			return err
		}
		row := issueOf(issue)
		row.Newsletter, row.Slot, row.Created = kept.Newsletter, kept.Slot, kept.Created
		row.Told, row.Waited, row.Counted = kept.Told, kept.Waited, kept.Counted
		row.State = string(digest.Approved)
		if row.Approved == 0 {
			row.Approved = micros(s.now())
		}
		if row.Number, err = nextNumber(tx, kept); err != nil {
			return err
		}
		if err := writeIssue(tx, &row); err != nil {
			return err
		}
		issue = row.issue()
		editions, err := render(issue)
		if err != nil {
			return fmt.Errorf("render its editions: %w", err)
		}
		return freeze(tx, row.ID, editions)
	})
	if err != nil {
		return digest.Issue{}, failed(err, "approve issue %s", issue.ID)
	}
	return issue, nil
}

func approvable(kept issueRow, issue digest.Issue) error {
	if kept.Version != issue.Version {
		return fmt.Errorf("it is at version %d, not %d: %w", kept.Version, issue.Version, digest.ErrConflict)
	}
	if err := digest.State(kept.State).Move(digest.Approved); err != nil {
		return err
	}
	if note, blocked := issue.Blocked(); blocked {
		return fmt.Errorf("the note %s has to be dealt with first: %w", note.Code, digest.ErrNotApproved)
	}
	return nil
}

// nextNumber is the one that the issue has already, else the newsletter's next.
func nextNumber(tx *gorm.DB, kept issueRow) (int, error) {
	if kept.Number > 0 {
		return kept.Number, nil
	}
	var last int
	err := tx.Model(&issueRow{}).Select("COALESCE(MAX(number), 0)").
		Where("newsletter = ?", kept.Newsletter).Scan(&last).Error
	return last + 1, err
}

func freeze(tx *gorm.DB, issueID string, editions []digest.Edition) error {
	if len(editions) == 0 {
		return errors.New("an approved issue needs at least one edition")
	}
	if err := dropEditions(tx, issueID); err != nil {
		return err
	}
	rows := each(editions, func(e digest.Edition) editionRow {
		return editionRow{
			Parts:   partsText(e.Letter.Parts),
			IssueID: issueID, Language: string(e.Letter.Variant.Language), Length: string(e.Letter.Variant.Length),
			Subject: e.Letter.Subject, Preheader: e.Letter.Preheader, HTML: e.Letter.HTML, Text: e.Letter.Text, Hash: e.Hash, Encoded: e.Encoded,
		}
	})
	return tx.CreateInBatches(rows, insertBatch).Error
}

// dropEditions takes back what an approval froze. Nothing of it was sent:
// deliveries are claimed only once the issue is sending.
func dropEditions(tx *gorm.DB, issueID string) error {
	err := tx.Where("issue_id = ? AND state = ?", issueID, string(digest.Queued)).Delete(&deliveryRow{}).Error
	if err != nil {
		return err
	}
	if err := tx.Where("issue_id = ?", issueID).Delete(&fillingRow{}).Error; err != nil {
		return err
	}
	return tx.Where("issue_id = ?", issueID).Delete(&editionRow{}).Error
}

// Editions gives what was frozen with an issue's approval, by language and
// length; none for an issue that is not approved.
func (s *Store) Editions(ctx context.Context, issueID string) ([]digest.Edition, error) {
	var rows []editionRow
	err := s.reader(ctx).Where("issue_id = ?", issueID).Order("language, length").Find(&rows).Error
	var editions []digest.Edition
	for _, r := range rows {
		var parts []digest.Part
		if r.Parts != "" && err == nil {
			err = json.Unmarshal([]byte(r.Parts), &parts)
		}
		editions = append(editions, digest.Edition{IssueID: r.IssueID, Hash: r.Hash, Encoded: r.Encoded, Letter: digest.Letter{
			Variant: digest.Variant{Language: digest.Language(r.Language), Length: digest.Length(r.Length)},
			Subject: r.Subject, Preheader: r.Preheader, HTML: r.HTML, Text: r.Text, Parts: parts,
		}})
	}
	return editions, failed(err, "editions of issue %s", issueID)
}

func partsText(parts []digest.Part) string {
	if len(parts) == 0 {
		return ""
	}
	text, _ := json.Marshal(parts) // strings and numbers are never refused
	return string(text)
}
