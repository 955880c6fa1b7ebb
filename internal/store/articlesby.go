package store

import (
	"context"

	"hebdo/internal/digest"
)

// ArticlesByID gives those of the articles that are kept, each once, in the
// order of the IDs.
func (s *Store) ArticlesByID(ctx context.Context, ids []string) ([]digest.Article, error) {
	byID := make(map[string]digest.Article, len(ids))
	for _, batch := range chunks(ids, idBatch) {
		var rows []articleRow
		if err := s.reader(ctx).Where("id IN ?", batch).Find(&rows).Error; err != nil {
			return nil, failed(err, "look up %d articles", len(ids))
		}
		for _, r := range rows {
			byID[r.ID] = r.article()
		}
	}
	var out []digest.Article
	for _, id := range ids {
		if a, ok := byID[id]; ok {
			out = append(out, a)
			delete(byID, id)
		}
	}
	return out, nil
}
