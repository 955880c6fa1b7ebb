package store

import (
	"context"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Unseen gives those of the names (Article.Seen) that the source has not
// shown before, each once, in the order given.
func (s *Store) Unseen(ctx context.Context, sourceID string, seen []string) ([]string, error) {
	known := make(map[string]bool, len(seen))
	for _, batch := range chunks(each(seen, keyed), idBatch) {
		var some []string
		err := s.reader(ctx).Model(&articleRow{}).Where("source_id = ? AND seen IN ?", sourceID, batch).
			Pluck("seen", &some).Error
		if err != nil {
			return nil, failed(err, "look up what source %s has shown", sourceID)
		}
		for _, k := range some {
			known[k] = true
		}
	}
	var unseen []string
	for _, name := range seen {
		if k := keyed(name); !known[k] {
			known[k] = true
			unseen = append(unseen, name)
		}
	}
	return unseen, nil
}

// KeepFound stores what a visit of a source brought: its state and the new
// articles, in one transaction, so that a validator is never kept without the
// articles it stands for. An article whose Seen is already known to the source
// is passed over, unless its Mark says that it was edited: then what it said is
// kept as a revision. One without ID gets one. A visit that brought something
// or met trouble is remembered. digest.ErrNotFound: no such source.
func (s *Store) KeepFound(ctx context.Context, state digest.SourceState, found []digest.Article) error {
	err := s.change(ctx, func(tx *gorm.DB) error {
		var source sourceRow
		if err := tx.Where("id = ?", state.SourceID).Take(&source).Error; err != nil {
			return err
		}
		if err := saveSourceState(tx, state); err != nil {
			return err
		}
		if err := saveVisit(tx, state, len(found)); err != nil || len(found) == 0 {
			return err
		}
		found, err := s.revise(tx, source, found)
		if err != nil || len(found) == 0 {
			return err
		}
		rows := each(found, func(a digest.Article) articleRow {
			if a.ID == "" {
				a.ID = s.newID()
			}
			if a.State == "" {
				a.State = digest.ArticleFound
			}
			if a.Found.IsZero() {
				a.Found = s.now()
			}
			a.SourceID, a.Key = source.ID, "" // keys are for extraction to find, and SaveArticles to compare
			return articleOf(source.Newsletter, a)
		})
		return tx.Clauses(onConflict([]string{"source_id", "seen"})).CreateInBatches(rows, insertBatch).Error
	})
	return failed(err, "keep what source %s brought", state.SourceID)
}
