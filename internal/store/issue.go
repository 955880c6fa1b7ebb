package store

import (
	"context"
	"slices"

	"hebdo/internal/digest"
)

type issueRow struct {
	ID         string `gorm:"primaryKey"`
	Newsletter string
	Slot       string
	Number     int
	State      string
	Version    int
	Date       int64
	FromAt     int64
	ToAt       int64
	Oldest     int64
	Fronts     map[digest.Language]frontJSON `gorm:"serializer:json;not null"`
	Sections   []sectionJSON                 `gorm:"serializer:json;not null"`
	LeftOut    []leftOutJSON                 `gorm:"serializer:json;not null"`
	Notes      []noteJSON                    `gorm:"serializer:json;not null"`
	LastEdit   *editJSON                     `gorm:"serializer:json;not null"`
	Created    int64
	Told       int64
	Waited     int64
	Counted    int64 // CountWait's own
	Approved   int64
	ApprovedBy string
	Sent       int64
	Remark     string
}

func (issueRow) TableName() string { return "issues" }

// Issue finds one by ID, or fails with digest.ErrNotFound.
func (s *Store) Issue(ctx context.Context, id string) (digest.Issue, error) {
	var row issueRow
	err := s.reader(ctx).Where("id = ?", id).Take(&row).Error
	return row.issue(), failed(err, "issue %s", id)
}

// Sending tells whether an issue is in the state Sending.
func (s *Store) Sending(ctx context.Context, id string) (bool, error) {
	var n int64
	err := s.reader(ctx).Model(&issueRow{}).Where("id = ? AND state = ?", id, digest.Sending).Count(&n).Error
	return n > 0, failed(err, "state of issue %s", id)
}

// IssueAt finds the issue of a newsletter's slot, or fails with digest.ErrNotFound.
func (s *Store) IssueAt(ctx context.Context, newsletter, slot string) (digest.Issue, error) {
	var row issueRow
	err := s.reader(ctx).Where("newsletter = ? AND slot = ?", newsletter, slot).Take(&row).Error
	return row.issue(), failed(err, "issue of %s for %s", newsletter, slot)
}

// LastIssue is the newest by Date among those in one of the states (none
// given: in any); digest.ErrNotFound.
func (s *Store) LastIssue(ctx context.Context, newsletter string, states ...digest.State) (digest.Issue, error) {
	query := s.reader(ctx).Where("newsletter = ?", newsletter)
	if len(states) > 0 {
		query = query.Where("state IN ?", states)
	}
	var row issueRow
	err := query.Order("date DESC, created DESC, id DESC").Take(&row).Error
	return row.issue(), failed(err, "last issue of %s", newsletter)
}

// IssueNumbered finds an issue that readers may have (sending, paused, sent, or
// cancelled after some got it) by its number, or fails with digest.ErrNotFound.
func (s *Store) IssueNumbered(ctx context.Context, newsletter string, number int) (digest.Issue, error) {
	var row issueRow
	err := s.reader(ctx).Where("newsletter = ? AND number = ? AND number > 0", newsletter, number).
		Where("state IN ?", []digest.State{digest.Sending, digest.Paused, digest.Sent, digest.Cancelled}).Take(&row).Error
	return row.issue(), failed(err, "issue %d of %s", number, newsletter)
}

// Issues lists a newsletter's, the newest first, at most limit, those created
// before the issue of the given ID (empty: from the newest); no states: all.
// An ID that is not kept fails with digest.ErrNotFound.
func (s *Store) Issues(ctx context.Context, newsletter, before string, limit int, states ...digest.State) ([]digest.Issue, error) {
	query := s.reader(ctx).Where("newsletter = ?", newsletter)
	if before != "" {
		var from issueRow
		if err := s.reader(ctx).Select("id", "created").Where("id = ?", before).Take(&from).Error; err != nil {
			return nil, failed(err, "issues before %s", before)
		}
		query = query.Where("(created, id) < (?, ?)", from.Created, from.ID)
	}
	if len(states) > 0 {
		query = query.Where("state IN ?", states)
	}
	var rows []issueRow
	err := query.Order("created DESC, id DESC").Limit(limit).Find(&rows).Error
	return each(rows, issueRow.issue), failed(err, "list the issues of %s", newsletter)
}

func issueOf(i digest.Issue) issueRow {
	return issueRow{
		ID: i.ID, Newsletter: i.Newsletter, Slot: i.Slot, Number: i.Number, State: string(i.State), Version: i.Version,
		Date: micros(i.Date), FromAt: micros(i.From), ToAt: micros(i.To), Oldest: micros(i.Oldest),
		Fronts: eachValue(i.Fronts, frontToJSON), Sections: each(i.Sections, sectionToJSON),
		LeftOut:  each(i.LeftOut, func(l digest.LeftOut) leftOutJSON { return leftOutJSON(l) }),
		Notes:    each(i.Notes, func(n digest.Note) noteJSON { return noteJSON(n) }),
		LastEdit: editToJSON(i.Last), Created: micros(i.Created), Told: micros(i.Told), Waited: i.Waited.Microseconds(),
		Approved: micros(i.Approved), ApprovedBy: i.ApprovedBy, Sent: micros(i.Sent), Remark: clean(i.Remark),
	}
}

func (r issueRow) issue() digest.Issue {
	return digest.Issue{
		ID: r.ID, Newsletter: r.Newsletter, Slot: r.Slot, Number: r.Number, State: digest.State(r.State), Version: r.Version,
		Date: instant(r.Date), From: instant(r.FromAt), To: instant(r.ToAt), Oldest: instant(r.Oldest),
		Fronts: eachValue(r.Fronts, frontJSON.front), Sections: each(r.Sections, sectionJSON.section),
		LeftOut: each(r.LeftOut, func(l leftOutJSON) digest.LeftOut { return digest.LeftOut(l) }),
		Notes:   each(r.Notes, func(n noteJSON) digest.Note { return digest.Note(n) }),
		Last:    r.LastEdit.edit(), Created: instant(r.Created), Told: instant(r.Told), Waited: span(r.Waited),
		Approved: instant(r.Approved), ApprovedBy: r.ApprovedBy, Sent: instant(r.Sent), Remark: r.Remark,
	}
}

// sameContent tells whether two rows say the same to a reader.
func (r issueRow) sameContent(o issueRow) bool {
	return r.Date == o.Date && r.FromAt == o.FromAt && r.ToAt == o.ToAt && r.Oldest == o.Oldest &&
		sameJSON(r.Fronts, o.Fronts) && sameJSON(r.Sections, o.Sections) &&
		slices.Equal(r.LeftOut, o.LeftOut) && slices.Equal(r.Notes, o.Notes)
}
