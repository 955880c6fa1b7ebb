package store

import (
	"context"

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
	Asked        int64
}

func (sourceStateRow) TableName() string { return "source_states" }

var sourceStateColumns = []string{"title", "etag", "last_modified", "checked", "changed", "failures", "trouble",
	"next_visit", "held_until", "gone", "took", "rhythm", "newest", "entries", "undated", "moved", "moved_times", "asked"}

// SourceState is what the last visit left; a source never visited has a state
// that holds its ID and nothing else.
func (s *Store) SourceState(ctx context.Context, sourceID string) (digest.SourceState, error) {
	if err := ctx.Err(); err != nil {
		return digest.SourceState{}, err
	}
	state, err := s.states.ask(sourceID, 1, func(together []*asked[string, digest.SourceState]) {
		ids := each(together, func(a *asked[string, digest.SourceState]) string { return a.question })
		known, err := statesOf(s.reader(context.WithoutCancel(ctx)), ids)
		for _, a := range together {
			a.answer, a.err = known[a.question], err
			a.answer.SourceID = a.question
		}
	})
	return state, failed(err, "state of source %s", sourceID)
}

// statesOf finds the states of sources; one never visited has none.
func statesOf(db *gorm.DB, ids []string) (map[string]digest.SourceState, error) {
	known := make(map[string]digest.SourceState, len(ids))
	for _, batch := range chunks(ids, idBatch) {
		var rows []sourceStateRow
		if err := db.Where("source_id IN ?", batch).Find(&rows).Error; err != nil {
			return nil, err
		}
		for _, row := range rows {
			known[row.SourceID] = row.state()
		}
	}
	return known, nil
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
	known, err := statesOf(s.reader(ctx), ids)
	if err != nil {
		return nil, failed(err, "list the source states of %s", newsletter)
	}
	return each(ids, func(id string) digest.SourceState {
		state := known[id]
		state.SourceID = id
		return state
	}), nil
}

func saveSourceStates(tx *gorm.DB, states []digest.SourceState) error {
	rows := each(states, sourceStateOf)
	return tx.Clauses(onConflict([]string{"source_id"}, sourceStateColumns...)).CreateInBatches(rows, insertBatch).Error
}

func sourceStateOf(state digest.SourceState) sourceStateRow {
	return sourceStateRow{
		SourceID: state.SourceID, Title: clean(state.Title), ETag: clean(state.ETag),
		LastModified: clean(state.LastModified), Checked: micros(state.Checked), Changed: micros(state.Changed),
		Failures: state.Failures, Trouble: clean(state.Trouble),
		NextVisit: micros(state.NextVisit), HeldUntil: micros(state.HeldUntil), Gone: micros(state.Gone),
		Took: state.Took.Microseconds(), Rhythm: state.Rhythm.Microseconds(), Newest: micros(state.Newest),
		Entries: state.Entries, Undated: state.Undated, Moved: clean(state.Moved), MovedTimes: state.MovedTimes, Asked: state.Asked.Microseconds(),
	}
}

func (r sourceStateRow) state() digest.SourceState {
	return digest.SourceState{
		SourceID: r.SourceID, Title: r.Title, ETag: r.ETag, LastModified: r.LastModified,
		Checked: instant(r.Checked), Changed: instant(r.Changed), Failures: r.Failures, Trouble: r.Trouble,
		NextVisit: instant(r.NextVisit), HeldUntil: instant(r.HeldUntil), Gone: instant(r.Gone),
		Took: span(r.Took), Rhythm: span(r.Rhythm), Newest: instant(r.Newest),
		Entries: r.Entries, Undated: r.Undated, Moved: r.Moved, MovedTimes: r.MovedTimes, Asked: span(r.Asked),
	}
}
