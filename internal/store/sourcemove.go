package store

import (
	"context"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// sourceKey is what tells the sources of a newsletter apart.
type sourceKey struct{ kind, url string }

// movedSources gives the present address of each source that moved, by the
// address that the newsletter's file may still name.
func movedSources(tx *gorm.DB, newsletter string) (map[sourceKey]string, error) {
	var rows []sourceRow
	err := tx.Where("newsletter = ? AND was <> ''", newsletter).Order("removed DESC, id").Find(&rows).Error
	moved := make(map[sourceKey]string, len(rows))
	for _, r := range rows {
		moved[sourceKey{r.Kind, r.Was}] = r.URL
	}
	return moved, err
}

// MoveSource gives a source another address, with all that is remembered of
// it; a newsletter's file that names the first address still means this
// source. digest.ErrConflict: the newsletter has a source there already.
// digest.ErrNotFound: no such source.
func (s *Store) MoveSource(ctx context.Context, sourceID, url string) error {
	err := s.change(ctx, func(tx *gorm.DB) error {
		var row sourceRow
		if err := tx.Where("id = ?", sourceID).Take(&row).Error; err != nil || row.URL == url {
			return err
		}
		var there int64
		err := tx.Model(&sourceRow{}).Where("newsletter = ? AND kind = ? AND url = ?", row.Newsletter, row.Kind, url).Count(&there).Error
		switch {
		case err != nil:
			return err
		case there > 0:
			return digest.ErrConflict
		}
		was := row.Was
		if was == "" {
			was = row.URL
		}
		return tx.Model(&sourceRow{}).Where("id = ?", sourceID).Updates(map[string]any{"url": url, "was": was}).Error
	})
	return failed(err, "move source %s", sourceID)
}

// RetrySource forgets what keeps a source from being visited: that it is gone,
// that the server asked for patience, and validators that may be wrong.
// digest.ErrNotFound: no such source was ever visited.
func (s *Store) RetrySource(ctx context.Context, sourceID string) error {
	result := s.writer(ctx).Model(&sourceStateRow{}).Where("source_id = ?", sourceID).Updates(map[string]any{
		"gone": 0, "held_until": 0, "next_visit": 0, "failures": 0, "trouble": "", "etag": "", "last_modified": "",
	})
	if result.Error == nil && result.RowsAffected == 0 {
		result.Error = gorm.ErrRecordNotFound
	}
	return failed(result.Error, "retry source %s", sourceID)
}
