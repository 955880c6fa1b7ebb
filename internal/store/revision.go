package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type revisionRow struct {
	ArticleID string `gorm:"primaryKey"`
	Until     int64  `gorm:"primaryKey;autoIncrement:false"`
	Title     string
	Text      string
}

func (revisionRow) TableName() string { return "revisions" }

// How long, and how often, an article is read anew because its source edited
// it. Some feeds change with every visit: a counter of comments, an
// advertisement.
const (
	revisedFor   = 14 * 24 * time.Hour
	maxRevisions = 5
)

// Edited gives those of the names (Article.Seen) whose mark is not the one
// that was kept, for articles young enough to be read again. Without a mark,
// then or now, nothing can be told.
func (s *Store) Edited(ctx context.Context, sourceID string, marks map[string]string) ([]string, error) {
	names := make(map[string]string, len(marks))
	keys := make([]string, 0, len(marks))
	for name, mark := range marks {
		if mark != "" {
			names[keyed(name)] = name
			keys = append(keys, keyed(name))
		}
	}
	var edited []string
	for _, batch := range chunks(keys, idBatch) {
		var rows []articleRow
		err := s.reader(ctx).Select("seen", "mark").
			Where("source_id = ? AND seen IN ? AND mark <> '' AND found >= ?", sourceID, batch, micros(s.now().Add(-revisedFor))).
			Order("seen").Find(&rows).Error
		if err != nil {
			return nil, failed(err, "look up what source %s has edited", sourceID)
		}
		for _, r := range rows {
			if name := names[r.Seen]; r.Mark != clean(marks[name]) {
				edited = append(edited, name)
			}
		}
	}
	return edited, nil
}

// revise takes those that were edited out of found, and gives the others.
func (s *Store) revise(tx *gorm.DB, source sourceRow, found []digest.Article) ([]digest.Article, error) {
	at := make(map[string]digest.Article, len(found))
	var marked []string
	for _, a := range found {
		if a.State == digest.ArticleRevised {
			at[keyed(a.Seen)] = a
			marked = append(marked, keyed(a.Seen))
		}
	}
	if len(marked) == 0 {
		return found, nil
	}
	var fresh []digest.Article
	for _, a := range found {
		if a.State != digest.ArticleRevised {
			fresh = append(fresh, a)
		}
	}
	for _, batch := range chunks(marked, idBatch) {
		var kept []articleRow
		if err := tx.Where("source_id = ? AND seen IN ?", source.ID, batch).Find(&kept).Error; err != nil {
			return nil, err
		}
		for _, row := range kept {
			if err := s.reviseOne(tx, row, at[row.Seen]); err != nil {
				return nil, err
			}
		}
	}
	return fresh, nil
}

// reviseOne keeps what the article said and lets it be read anew.
func (s *Store) reviseOne(tx *gorm.DB, row articleRow, a digest.Article) error {
	change := map[string]any{"mark": clean(a.Mark)}
	var times int64
	if err := tx.Model(&revisionRow{}).Where("article_id = ?", row.ID).Count(&times).Error; err != nil {
		return err
	}
	if times < maxRevisions && row.AliasOf == "" && row.Mark != clean(a.Mark) {
		was := revisionRow{ArticleID: row.ID, Until: micros(s.now()), Title: row.Title, Text: row.Text}
		if err := tx.Clauses(onConflict([]string{"article_id", "until"})).Create(&was).Error; err != nil {
			return err
		}
		next := articleOf(row.Newsletter, a)
		change["title"], change["excerpt"], change["modified"] = next.Title, next.Excerpt, next.Modified
		change["raw_type"], change["raw_body"] = next.RawType, next.RawBody
		if row.State == string(digest.ArticleExtracted) {
			change["state"] = string(digest.ArticleRevised)
		}
	}
	return tx.Model(&articleRow{}).Where("id = ?", row.ID).Updates(change).Error
}

// standing is the article as it was read before its source edited it.
func (r articleRow) standing() digest.Article {
	a := r.article()
	a.State, a.Raw = digest.ArticleExtracted, digest.Raw{}
	return a
}

// Revisions gives what an article said before each of its edits, the earliest first.
func (s *Store) Revisions(ctx context.Context, articleID string) ([]digest.Revision, error) {
	var rows []revisionRow
	err := s.reader(ctx).Where("article_id = ?", articleID).Order("until").Find(&rows).Error
	return each(rows, func(r revisionRow) digest.Revision {
		return digest.Revision{Article: r.ArticleID, Until: instant(r.Until), Title: r.Title, Text: r.Text}
	}), failed(err, "revisions of article %s", articleID)
}
