package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Lift lets an address get letters again, and forgets what it missed before. It
// tells whether it was suppressed. The match is the case-folded address;
// digest.ErrNotFound: it is not known. An erased address is not known.
func (s *Store) Lift(ctx context.Context, match string) (bool, error) {
	who, err := s.Subscriber(ctx, clean(match))
	if err != nil {
		return false, err
	}
	return s.LiftFor(ctx, who.ID, "")
}

// SaveSuppressed takes over a list of addresses that get nothing, all of them
// or none, and returns how many it changed. An address not known yet is kept,
// on no list, so that it stays off when it comes again. One that is suppressed
// already keeps its own reason, but for a complaint, which outweighs others.
// Address, Match and a Suppression are needed of each.
func (s *Store) SaveSuppressed(ctx context.Context, all []digest.Subscriber) (int, error) {
	changed := 0
	err := s.change(ctx, func(tx *gorm.DB) error {
		changed = 0
		for _, batch := range chunks(all, insertBatch) {
			for _, who := range batch {
				n, err := s.saveSuppressed(tx, who)
				if err != nil {
					return err
				}
				changed += n
			}
		}
		return nil
	})
	return changed, failed(err, "keep %d suppressions", len(all))
}

func (s *Store) saveSuppressed(tx *gorm.DB, who digest.Subscriber) (int, error) {
	if who.Match == "" || who.Address == "" || who.Suppression.Kind == "" || who.Suppression.Kind == digest.Erased {
		return 0, errors.New("a suppression needs an address, its folded form and a reason")
	}
	if who.ID == "" {
		who.ID = s.newID()
	}
	if who.Created.IsZero() {
		who.Created = s.now()
	}
	if who.Suppression.Since.IsZero() {
		who.Suppression.Since = s.now()
	}
	row := subscriberOf(who)
	result := tx.Clauses(onConflict([]string{"match"})).Create(&row)
	if result.Error != nil || result.RowsAffected > 0 {
		return int(result.RowsAffected), result.Error
	}
	result = tx.Exec(`UPDATE subscribers SET suppression = ?, suppressed = ?, suppression_text = ?
		WHERE match = ? AND (suppression = '' OR suppression IN ('bounced', 'barred') AND ? = 'complained')`,
		row.Suppression, row.Suppressed, row.SuppressionText, row.Match, row.Suppression)
	return int(result.RowsAffected), result.Error
}
