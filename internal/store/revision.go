package store

import (
	"context"
	"slices"
	"strings"
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

// An article whose source cannot tell of edits is looked at again before a
// draft: a page that is 20 hours old, and then whenever its age has doubled.
const (
	lookAgain = 20 * time.Hour
	lookedFor = 8 * 24 * time.Hour
	toLookAt  = `state = 'extracted' AND mark = '' AND url <> '' AND text <> '' AND alias_of = '' AND found >= ? AND looked > 0 AND looked <= ? AND 2 * looked - found <= ?`
)

// Edited gives those of the names (Article.Seen) whose mark is not the one
// that was kept, for articles young enough to be read again; a text without a
// page always is, since it came along. Without a mark, then or now, nothing can
// be told.
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
			Where("source_id = ? AND seen IN ? AND mark <> '' AND (found >= ? OR url = '')", sourceID, batch, micros(s.now().Add(-revisedFor))).
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
	ours := row.URL == "" // a file: only an editor changes it, and nobody is asked for it
	if row.Mark != clean(a.Mark) && (ours || times < maxRevisions && row.AliasOf == "") {
		if err := keepRevision(tx, row, micros(s.now())); err != nil {
			return err
		}
		next := articleOf(row.Newsletter, a)
		change["modified"], change["raw_type"], change["raw_body"] = next.Modified, next.RawType, next.RawBody
		if next.Title != "" { // a sitemap or a file names none
			change["title"] = next.Title
		}
		if next.Excerpt != "" {
			change["excerpt"] = next.Excerpt
		}
		if ours {
			change["alias_of"] = ""
			if now := s.now(); row.Found < micros(now.Add(-revisedFor)) {
				change["found"], change["ready"] = micros(now), 0 // written anew for a later week
			}
		}
		if row.State == string(digest.ArticleExtracted) {
			change["state"] = string(digest.ArticleRevised)
		}
	}
	return tx.Model(&articleRow{}).Where("id = ?", row.ID).Updates(change).Error
}

// keepRevision keeps what an article says, and forgets what it said six
// revisions ago.
func keepRevision(tx *gorm.DB, row articleRow, until int64) error {
	was := revisionRow{ArticleID: row.ID, Until: until, Title: row.Title, Text: row.Text}
	if err := tx.Clauses(onConflict([]string{"article_id", "until"})).Create(&was).Error; err != nil {
		return err
	}
	var all []int64
	err := tx.Model(&revisionRow{}).Where("article_id = ?", row.ID).Order("until").Pluck("until", &all).Error
	if err != nil || len(all) <= maxRevisions {
		return err
	}
	return tx.Where("article_id = ? AND until <= ?", row.ID, all[len(all)-maxRevisions-1]).Delete(&revisionRow{}).Error
}

// readAgain is what stands of an article that was read before: the old where
// the new cannot be read, or says the same; else the new, and the old is kept.
func readAgain(tx *gorm.DB, kept articleRow, a digest.Article, now int64) (digest.Article, error) {
	edited := kept.State == string(digest.ArticleRevised) // reviseOne has kept what it said
	switch {
	case a.State != digest.ArticleExtracted, !edited && kept.Text == "":
		return a, nil
	case !a.Readable(), !edited && kept.Title == clean(a.Title) && sameWords(kept.Text, a.Text):
		return kept.standing(), nil
	case edited:
		return a, nil
	}
	return a, keepRevision(tx, kept, now)
}

func sameWords(a, b string) bool { return slices.Equal(strings.Fields(a), strings.Fields(b)) }

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
