package store

import (
	"context"

	"hebdo/internal/digest"
)

type correctionRow struct {
	ID      string `gorm:"primaryKey"`
	IssueID string
	Editor  string
	At      int64
	What    string
	Remark  string
}

func (correctionRow) TableName() string { return "corrections" }

// AddCorrection keeps what an editor did to an issue; digest.ErrNotFound if there is no such issue.
func (s *Store) AddCorrection(ctx context.Context, c digest.Correction) error {
	if c.At.IsZero() {
		c.At = s.now()
	}
	row := correctionRow{
		ID: s.newID(), IssueID: c.IssueID, Editor: c.Editor, At: micros(c.At), What: c.What, Remark: clean(c.Remark),
	}
	return failed(s.writer(ctx).Create(&row).Error, "keep a correction of issue %s", c.IssueID)
}

// Corrections lists those of an issue, the oldest first.
func (s *Store) Corrections(ctx context.Context, issueID string) ([]digest.Correction, error) {
	var rows []correctionRow
	err := s.reader(ctx).Where("issue_id = ?", issueID).Order("at, id").Find(&rows).Error
	return each(rows, func(r correctionRow) digest.Correction {
		return digest.Correction{IssueID: r.IssueID, Editor: r.Editor, At: instant(r.At), What: r.What, Remark: r.Remark}
	}), failed(err, "list the corrections of issue %s", issueID)
}
