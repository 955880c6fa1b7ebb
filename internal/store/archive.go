package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hebdo/internal/digest"
)

// Waiting gives the newsletter's articles found at or after since that are not
// extracted yet, or not since they were edited, in the order they were found.
// Among the edited are those that may have been: see toLookAt.
func (s *Store) Waiting(ctx context.Context, newsletter string, since time.Time) ([]digest.Article, error) {
	now, db := s.now(), s.reader(ctx)
	unread := []digest.ArticleState{digest.ArticleFound, digest.ArticleRevised}
	waiting, err := s.articles(ctx, newsletter, db.
		Where("found >= ?", min(micros(since), micros(now.Add(-lookedFor)))). // for the index
		Where(db.Where("state IN ? AND found >= ?", unread, micros(since)).
			Or(toLookAt, micros(now.Add(-lookedFor)), micros(now.Add(-lookAgain)), micros(now))).
		Order("found, id"))
	for i := range waiting {
		if waiting[i].State == digest.ArticleExtracted {
			waiting[i].State = digest.ArticleRevised
		}
	}
	return waiting, err
}

// Material gives the articles that an issue is made of, newest first: those
// that became ready in its window, chosen or not, but for those published
// before its Oldest. So of issues that follow each other one has an article, and
// has it however often it is asked. What is being kept at this moment is waited
// for: it is ready before the next issue begins, and would be in none.
func (s *Store) Material(ctx context.Context, issue digest.Issue) ([]digest.Article, error) {
	err := s.change(ctx, func(tx *gorm.DB) error { return lockNewsletter(tx, "slug = ?", issue.Newsletter) })
	if err != nil {
		return nil, failed(err, "list the articles of %s", issue.Newsletter)
	}
	return s.articles(ctx, issue.Newsletter, s.reader(ctx).
		Where("ready > ? AND ready <= ?", micros(issue.From), micros(issue.To)).
		Where(newsTime+" > ?", micros(issue.Oldest)).
		Order(newsTime+" DESC, id"))
}

// newsTime is when an article was news. One whose date of publication nobody
// knows counts from when it was found; so does a text without a page, which an
// editor dropped into a folder this week to have it read, however old it is.
const newsTime = `CASE WHEN published = 0 OR url = '' THEN found ELSE published END`

// articles reads them with the name and weight that their source has now: who
// changes a weight wants the next draft to know it.
func (s *Store) articles(ctx context.Context, newsletter string, query *gorm.DB) ([]digest.Article, error) {
	var rows []articleRow
	if err := query.Where("newsletter = ? AND alias_of = ''", newsletter).Find(&rows).Error; err != nil {
		return nil, failed(err, "list the articles of %s", newsletter)
	}
	var sources []sourceRow
	if err := s.reader(ctx).Where("newsletter = ?", newsletter).Find(&sources).Error; err != nil {
		return nil, failed(err, "list the sources of %s", newsletter)
	}
	byID := make(map[string]sourceRow, len(sources))
	for _, row := range sources {
		byID[row.ID] = row
	}
	return each(rows, func(r articleRow) digest.Article {
		a, source := r.article(), byID[r.SourceID]
		if source.Name != "" {
			a.SourceName = source.Name
		}
		if source.Weight != 0 {
			a.Weight = source.Weight
		}
		return a
	}), nil
}

// SaveArticles stores what extraction made of articles that KeepFound stored
// before. An article whose Key the newsletter already has becomes an alias of
// that one: its URLs are added to the other's Aliases, and it is not listed
// again. Where its Key is not the address that was kept, and the two do not say
// the same, both are listed under the addresses they were found at. An article read a second time keeps what it said as a revision; where it
// cannot be read any more, what was read before stands. An ID that is not kept
// fails with digest.ErrNotFound, and nothing is stored.
func (s *Store) SaveArticles(ctx context.Context, articles []digest.Article) error {
	err := s.change(ctx, func(tx *gorm.DB) error {
		for _, batch := range chunks(articles, insertBatch) {
			if err := s.saveArticles(tx, batch); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "keep %d extracted articles", len(articles))
}

func (s *Store) saveArticles(tx *gorm.DB, articles []digest.Article) error {
	known, err := keptArticles(tx, articles)
	if err != nil {
		return err
	}
	now := micros(s.now()) // under the lock, which Material waits for
	holders, err := keyHolders(tx, known, articles)
	if err != nil {
		return err
	}
	changed := map[string]*articleRow{}
	for _, a := range claimsLast(articles, known) {
		kept, ok := known[a.ID]
		switch {
		case !ok:
			return gorm.ErrRecordNotFound
		case kept.AliasOf != "":
			continue // an article once known to be another stays so
		}
		if a, err = readAgain(tx, kept, a, now); err != nil {
			return err
		}
		row := articleOf(kept.Newsletter, a)
		row.SourceID, row.Seen, row.Found, row.Looked = kept.SourceID, kept.Seen, kept.Found, now
		row.Ready = readyAt(kept, row, now)
		if earlier := changed[a.ID]; earlier != nil {
			kept = *earlier
		}
		row.Aliases = withAliases(&row, kept.Aliases)
		if row.Key == kept.Key {
			row.moveTo(kept.URL) // which is another where the claim was not believed
		}
		place := articleKey{row.Newsletter, row.Key}
		holder := holders[place]
		if holder != nil && holder.ID != row.ID && claims(kept, row.Key) && !sameArticle(*holder, row) {
			holder.moveTo(holder.foundAt(known))
			changed[holder.ID] = holder
			row.moveTo(kept.URL)
			row.Key = keyed(kept.URL)
			place.key = row.Key
			holder = holders[place]
		}
		if row.Key != "" && holder != nil && holder.ID != row.ID {
			row.AliasOf, row.Text, row.FAQ, row.RawBody, row.Ready = holder.ID, "", "", []byte{}, 0
			holder.Aliases = withAliases(holder, append([]string{row.URL}, row.Aliases...))
			changed[holder.ID] = holder
		} else if row.Key != "" {
			holders[place] = &row
		}
		changed[row.ID] = &row
	}
	return writeArticles(tx, changed)
}

// readyAt is from when on an issue may tell of an article: since it was read,
// or from its date where that lies ahead. That time has come once only, so that
// two issues do not have the article; unless nothing could be told of it then.
func readyAt(kept, row articleRow, now int64) int64 {
	came := kept.Ready > 0 && kept.Ready <= now && (kept.article().Readable() || !row.article().Readable())
	switch {
	case row.State != string(digest.ArticleExtracted) || came:
		return kept.Ready
	case row.URL == "":
		return now
	}
	return max(now, row.Published)
}

// keptArticles reads the rows of articles by ID, and locks their newsletters
// so that no other process gives the same key away meanwhile.
func keptArticles(tx *gorm.DB, articles []digest.Article) (map[string]articleRow, error) {
	ids := each(articles, func(a digest.Article) string { return a.ID })
	var slugs []string
	err := tx.Model(&newsletterRow{}).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).
		Where("slug IN (?)", tx.Model(&articleRow{}).Select("newsletter").Where("id IN ?", ids)).
		Order("slug").Pluck("slug", &slugs).Error
	if err != nil {
		return nil, err
	}
	var rows []articleRow
	if err := tx.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	known := make(map[string]articleRow, len(rows))
	for _, row := range rows {
		known[row.ID] = row
	}
	return known, nil
}

type articleKey struct{ newsletter, key string }

// keyHolders finds who has the keys of these articles already, or their addresses.
func keyHolders(tx *gorm.DB, known map[string]articleRow, articles []digest.Article) (map[articleKey]*articleRow, error) {
	var slugs, keys []string
	for _, a := range articles {
		if slug := known[a.ID].Newsletter; !slices.Contains(slugs, slug) {
			slugs = append(slugs, slug)
		}
		if a.Key != "" {
			keys = append(keys, keyed(a.Key))
		}
		if address := known[a.ID].URL; claims(known[a.ID], a.Key) {
			keys = append(keys, keyed(address))
		}
	}
	holders := map[articleKey]*articleRow{}
	if len(keys) == 0 {
		return holders, nil
	}
	var rows []articleRow
	err := tx.Where("newsletter IN ? AND key IN ? AND alias_of = ''", slugs, keys).Find(&rows).Error
	for i := range rows {
		holders[articleKey{rows[i].Newsletter, rows[i].Key}] = &rows[i]
	}
	return holders, err
}

// withAliases adds names to those of an article, each once, its own URL and key left out.
func withAliases(r *articleRow, names []string) []string {
	all := slices.Clone(r.Aliases)
	for _, name := range names {
		if name != "" && name != r.URL && name != r.Key && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func writeArticles(tx *gorm.DB, rows map[string]*articleRow) error {
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if rows[id].RawBody == nil { // an empty blob is read as nil, which would be written as NULL
			rows[id].RawBody = []byte{}
		}
		err := tx.Model(&articleRow{}).Where("id = ?", id).
			Select("*").Omit("id", "newsletter", "source_id", "seen", "found").Updates(rows[id]).Error
		if err != nil {
			return err
		}
	}
	return nil
}
