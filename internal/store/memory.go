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
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := s.keeps.ask(visit{state, found}, 1+len(found), func(together []*asked[visit, struct{}]) {
		// One caller's end must not undo what the others brought.
		s.keepTogether(context.WithoutCancel(ctx), together)
	})
	return failed(err, "keep what source %s brought", state.SourceID)
}

// articleBatch is smaller than insertBatch: an article has many columns, and
// the SQLite driver looks every parameter up among all those of its statement.
const articleBatch = 10

// visit is what KeepFound keeps.
type visit struct {
	state digest.SourceState
	found []digest.Article
}

// keepTogether keeps several visits in one transaction; when that fails, each
// in its own, so that the trouble of one is not that of the others.
func (s *Store) keepTogether(ctx context.Context, together []*asked[visit, struct{}]) {
	visits := each(together, func(a *asked[visit, struct{}]) visit { return a.question })
	err := s.change(ctx, func(tx *gorm.DB) error { return s.keepVisits(tx, visits) })
	for i, a := range together {
		if a.err = err; err != nil && len(together) > 1 {
			a.err = s.change(ctx, func(tx *gorm.DB) error { return s.keepVisits(tx, visits[i:i+1]) })
		}
	}
}

func (s *Store) keepVisits(tx *gorm.DB, visits []visit) error {
	sources, err := sourcesOf(tx, visits)
	if err != nil {
		return err
	}
	if err := saveSourceStates(tx, each(visits, func(v visit) digest.SourceState { return v.state })); err != nil {
		return err
	}
	var rows []articleRow
	for _, v := range visits {
		source := sources[v.state.SourceID]
		if err := saveVisit(tx, v.state, len(v.found)); err != nil {
			return err
		}
		fresh, err := s.revise(tx, source, v.found)
		if err != nil {
			return err
		}
		for _, a := range fresh {
			rows = append(rows, s.foundRow(source, a))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Clauses(onConflict([]string{"source_id", "seen"})).CreateInBatches(rows, articleBatch).Error
}

// sourcesOf finds the sources that were visited, every one of which has to exist.
func sourcesOf(tx *gorm.DB, visits []visit) (map[string]sourceRow, error) {
	var rows []sourceRow
	ids := each(visits, func(v visit) string { return v.state.SourceID })
	if err := tx.Select("id", "newsletter").Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	sources := make(map[string]sourceRow, len(rows))
	for _, r := range rows {
		sources[r.ID] = r
	}
	for _, id := range ids {
		if _, ok := sources[id]; !ok {
			return nil, gorm.ErrRecordNotFound
		}
	}
	return sources, nil
}

// foundRow is the row of an article as its source gave it.
func (s *Store) foundRow(source sourceRow, a digest.Article) articleRow {
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
}
