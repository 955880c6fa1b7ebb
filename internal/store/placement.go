package store

import (
	"context"

	"hebdo/internal/digest"
)

type placementRow struct {
	IssueID    string `gorm:"primaryKey"`
	Story      string `gorm:"primaryKey"`
	Newsletter string
	Theme      string
	Was        string
	Title      string
	Text       string
	Language   string
	Editor     string
	At         int64
}

func (placementRow) TableName() string { return "placements" }

// remembered is how many placements of a newsletter are learned from, the newest.
const remembered = 2000

// AddPlacement keeps where an editor put a story. A later word on the same
// story of the same issue replaces it, but what the theme was at first stays; one
// without a theme takes it back.
func (s *Store) AddPlacement(ctx context.Context, newsletter string, p digest.Placement) error {
	if p.At.IsZero() {
		p.At = s.now()
	}
	row := placementRow{
		IssueID: p.Issue, Story: p.Story, Newsletter: newsletter, Theme: p.Theme, Was: p.Was, Title: clean(p.Title),
		Text: clean(p.Text), Language: string(p.Language), Editor: p.Editor, At: micros(p.At),
	}
	if p.Theme == "" {
		return failed(s.writer(ctx).Delete(&row).Error, "forget the theme of story %s of issue %s", p.Story, p.Issue)
	}
	err := s.writer(ctx).Clauses(onConflict([]string{"issue_id", "story"}, "theme", "title", "text", "language", "editor", "at")).Create(&row).Error
	return failed(err, "keep the theme of story %s of issue %s", p.Story, p.Issue)
}

// Placements gives where editors put the stories of a newsletter, the oldest
// first; at most the newest 2,000.
func (s *Store) Placements(ctx context.Context, newsletter string) ([]digest.Placement, error) {
	var rows []placementRow
	err := s.reader(ctx).Where("newsletter = ?", newsletter).Order("at DESC, issue_id, story").Limit(remembered).Find(&rows).Error
	out := make([]digest.Placement, len(rows))
	for i, r := range rows {
		out[len(rows)-1-i] = digest.Placement{
			Issue: r.IssueID, Story: r.Story, Theme: r.Theme, Was: r.Was, Title: r.Title, Text: r.Text,
			Language: digest.Language(r.Language), Editor: r.Editor, At: instant(r.At),
		}
	}
	return out, failed(err, "list the placements of %s", newsletter)
}
