package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type sourceStateRow struct {
	SourceID     string `gorm:"primaryKey"`
	Title        string
	ETag         string `gorm:"column:etag"`
	LastModified string
	Checked      int64
	Changed      int64
	Failures     int
	Trouble      string
	NextVisit    int64
	HeldUntil    int64
	Gone         int64
	Took         int64
	Rhythm       int64
	Newest       int64
	Entries      int
	Undated      int
	Moved        string
	MovedTimes   int
}

func (sourceStateRow) TableName() string { return "source_states" }

var sourceStateColumns = []string{"title", "etag", "last_modified", "checked", "changed", "failures", "trouble",
	"next_visit", "held_until", "gone", "took", "rhythm", "newest", "entries", "undated", "moved", "moved_times"}

// SourceState is what the last visit left; a source never visited has a state
// that holds its ID and nothing else.
func (s *Store) SourceState(ctx context.Context, sourceID string) (digest.SourceState, error) {
	row := sourceStateRow{SourceID: sourceID}
	err := s.reader(ctx).Where("source_id = ?", sourceID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return digest.SourceState{SourceID: sourceID}, nil
	}
	return row.state(), failed(err, "state of source %s", sourceID)
}

// SourceStates gives one state for each source that the newsletter names, in
// the order of Sources.
func (s *Store) SourceStates(ctx context.Context, newsletter string) ([]digest.SourceState, error) {
	var ids []string
	err := s.reader(ctx).Model(&sourceRow{}).Where("newsletter = ? AND removed = 0", newsletter).
		Order("position").Pluck("id", &ids).Error
	if err != nil {
		return nil, failed(err, "list the sources of %s", newsletter)
	}
	var rows []sourceStateRow
	for _, batch := range chunks(ids, idBatch) {
		var some []sourceStateRow
		if err := s.reader(ctx).Where("source_id IN ?", batch).Find(&some).Error; err != nil {
			return nil, failed(err, "list the source states of %s", newsletter)
		}
		rows = append(rows, some...)
	}
	known := make(map[string]sourceStateRow, len(rows))
	for _, row := range rows {
		known[row.SourceID] = row
	}
	return each(ids, func(id string) digest.SourceState {
		if row, ok := known[id]; ok {
			return row.state()
		}
		return digest.SourceState{SourceID: id}
	}), nil
}

func saveSourceState(tx *gorm.DB, state digest.SourceState) error {
	row := sourceStateRow{
		SourceID: state.SourceID, Title: clean(state.Title), ETag: clean(state.ETag),
		LastModified: clean(state.LastModified), Checked: micros(state.Checked), Changed: micros(state.Changed),
		Failures: state.Failures, Trouble: clean(state.Trouble),
		NextVisit: micros(state.NextVisit), HeldUntil: micros(state.HeldUntil), Gone: micros(state.Gone),
		Took: state.Took.Microseconds(), Rhythm: state.Rhythm.Microseconds(), Newest: micros(state.Newest),
		Entries: state.Entries, Undated: state.Undated, Moved: clean(state.Moved), MovedTimes: state.MovedTimes,
	}
	return tx.Clauses(onConflict([]string{"source_id"}, sourceStateColumns...)).Create(&row).Error
}

func (r sourceStateRow) state() digest.SourceState {
	return digest.SourceState{
		SourceID: r.SourceID, Title: r.Title, ETag: r.ETag, LastModified: r.LastModified,
		Checked: instant(r.Checked), Changed: instant(r.Changed), Failures: r.Failures, Trouble: r.Trouble,
		NextVisit: instant(r.NextVisit), HeldUntil: instant(r.HeldUntil), Gone: instant(r.Gone),
		Took: span(r.Took), Rhythm: span(r.Rhythm), Newest: instant(r.Newest),
		Entries: r.Entries, Undated: r.Undated, Moved: r.Moved, MovedTimes: r.MovedTimes,
	}
}
