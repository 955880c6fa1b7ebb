package store

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// SearchSuppressed lists the addresses that get nothing any more and have like
// in them (empty: all), the latest known first, those before the given ID
// (empty: from the first), at most limit. Erased ones have no address and are
// left out.
func (s *Store) SearchSuppressed(ctx context.Context, like, before string, limit int) ([]digest.Subscriber, error) {
	query := s.reader(ctx).Where("suppression <> '' AND suppression <> ?", string(digest.Erased))
	if like != "" {
		like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(clean(like)))
		query = query.Where(`match LIKE ? ESCAPE '\'`, "%"+like+"%")
	}
	if before != "" {
		query = query.Where("id < ?", before)
	}
	var rows []subscriberRow
	err := query.Order("id DESC").Limit(limit).Find(&rows).Error
	return each(rows, subscriberRow.subscriber), failed(err, "search the suppressed addresses")
}

// LiftFor lets a subscriber get letters again, as Lift does, and keeps why
// where the reason of the suppression was, for as long as that is kept. It
// tells whether there was one to lift; digest.ErrNotFound: there is no such
// subscriber.
func (s *Store) LiftFor(ctx context.Context, subscriberID, why string) (bool, error) {
	var lifted int64
	err := s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Select("id").Where("id = ?", subscriberID).Take(&subscriberRow{}).Error; err != nil {
			return err
		}
		result := tx.Exec(`UPDATE subscribers SET suppression = '', suppressed = ?, suppression_text = ?
			WHERE id = ? AND suppression NOT IN ('', 'erased')`, micros(s.now()), clean(why), subscriberID)
		lifted = result.RowsAffected
		return result.Error
	})
	return lifted > 0, failed(err, "lift a suppression")
}
