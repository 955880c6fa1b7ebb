package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type visitRow struct {
	SourceID string `gorm:"primaryKey"`
	At       int64  `gorm:"primaryKey;autoIncrement:false"`
	Took     int64
	Entries  int
	Fresh    int
	Trouble  string
}

func (visitRow) TableName() string { return "visits" }

// saveVisit remembers a visit that brought something or met trouble. The many
// that find nothing new are told by the state alone.
func saveVisit(tx *gorm.DB, state digest.SourceState, fresh int) error {
	if state.Checked.IsZero() || fresh == 0 && state.Trouble == "" {
		return nil
	}
	row := visitRow{
		SourceID: state.SourceID, At: micros(state.Checked), Took: state.Took.Microseconds(),
		Entries: state.Entries, Fresh: fresh, Trouble: clean(state.Trouble),
	}
	return tx.Clauses(onConflict([]string{"source_id", "at"}, "took", "entries", "fresh", "trouble")).Create(&row).Error
}

// Visits gives a source's visits that brought something or met trouble, the
// latest first, at most limit. They are kept for 90 days.
func (s *Store) Visits(ctx context.Context, sourceID string, limit int) ([]digest.Visit, error) {
	var rows []visitRow
	err := s.reader(ctx).Where("source_id = ?", sourceID).Order("at DESC").Limit(limit).Find(&rows).Error
	return each(rows, func(r visitRow) digest.Visit {
		return digest.Visit{
			SourceID: r.SourceID, At: instant(r.At), Took: span(r.Took), Entries: r.Entries, New: r.Fresh, Trouble: r.Trouble,
		}
	}), failed(err, "visits of source %s", sourceID)
}

// firstRead is how long the articles of a visit may wait to be read: a source
// that shows hundreds is read page by page, with a pause after each. What waits
// longer could not be had, and waits for another try.
const firstRead = time.Hour

// foundSince has an index, as long as it asks for no more.
const foundSince = "newsletter = ? AND found >= ?"

// Coverage tells for each of the newsletter's sources, by ID, what became of
// the articles found at or after since: how many of them could be read, how
// many have not been tried yet, and how many stand in an issue drafted since.
func (s *Store) Coverage(ctx context.Context, newsletter string, since time.Time) (map[string]digest.Coverage, error) {
	var counts []struct {
		SourceID             string
		Found, Able, Waiting int
	}
	err := s.reader(ctx).Model(&articleRow{}).
		Select(`source_id, COUNT(*) AS found,
			SUM(CASE WHEN state <> ? AND kind NOT IN ? THEN 1 ELSE 0 END) AS able,
			SUM(CASE WHEN state = ? AND found > ? THEN 1 ELSE 0 END) AS waiting`,
			digest.ArticleFound, []digest.ArticleKind{digest.KindWall, digest.KindError, digest.KindListing},
			digest.ArticleFound, micros(s.now().Add(-firstRead))).
		Where(foundSince, newsletter, micros(since)).Group("source_id").Scan(&counts).Error
	if err != nil {
		return nil, failed(err, "coverage of %s", newsletter)
	}
	covered := make(map[string]digest.Coverage, len(counts))
	for _, c := range counts {
		covered[c.SourceID] = digest.Coverage{Found: c.Found, Read: c.Able, Waiting: c.Waiting}
	}
	chosen, err := s.chosen(ctx, newsletter, since)
	if err != nil {
		return nil, failed(err, "coverage of %s", newsletter)
	}
	for _, batch := range chunks(chosen, idBatch) {
		var rows []articleRow
		err := s.reader(ctx).Select("id", "source_id").Where("id IN ? AND found >= ?", batch, micros(since)).Find(&rows).Error
		if err != nil {
			return nil, failed(err, "coverage of %s", newsletter)
		}
		for _, r := range rows {
			c := covered[r.SourceID]
			c.Chosen++
			covered[r.SourceID] = c
		}
	}
	return covered, nil
}

// chosen are the IDs of the articles that stand in issues drafted since, each once.
func (s *Store) chosen(ctx context.Context, newsletter string, since time.Time) ([]string, error) {
	var rows []issueRow
	err := s.reader(ctx).Select("sections").Where("newsletter = ? AND to_at >= ? AND state NOT IN ?",
		newsletter, micros(since), []digest.State{digest.Skipped, digest.Cancelled}).Find(&rows).Error
	var ids []string
	seen := map[string]bool{}
	for _, row := range rows {
		for _, section := range row.Sections {
			for _, item := range section.Items {
				for _, c := range item.Citations {
					if !seen[c.Article] {
						seen[c.Article] = true
						ids = append(ids, c.Article)
					}
				}
			}
		}
	}
	return ids, err
}
