package store

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// settle writes a batch in one statement, once its rows are locked, and gives
// the IDs that were still the node's. The first row of VALUES tells PostgreSQL
// the columns' types. The reply for someone erased meanwhile is not kept: it
// may tell the address.
func (s *Store) settle(tx *gorm.DB, node string, done []digest.Delivery) ([]string, error) {
	held, err := s.held(tx, node, each(done, func(d digest.Delivery) string { return d.ID }))
	if err != nil || len(held) == 0 {
		return nil, err
	}
	done = slices.DeleteFunc(slices.Clone(done), func(d digest.Delivery) bool { return !slices.Contains(held, d.ID) })
	rows := make([]string, len(done))
	args := make([]any, 0, 10*len(done))
	for i, d := range done {
		if rows[i] = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; i == 0 {
			rows[i] = "(CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT)," +
				" CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT))"
		}
		args = append(args, d.ID, string(d.State), micros(d.NotBefore), d.Attempts, micros(d.FirstTried),
			d.Code, clean(d.Enhanced), clean(d.Reply), d.MessageID, micros(d.Updated))
	}
	return held, tx.Exec(`
		WITH done (id, state, not_before, attempts, first_tried, code, enhanced, reply, message_id, updated) AS
			(VALUES `+strings.Join(rows, ", ")+`)
		UPDATE deliveries SET state = done.state, lease = 0, not_before = done.not_before, attempts = done.attempts,
			first_tried = done.first_tried, code = done.code, enhanced = done.enhanced,
			reply = CASE WHEN EXISTS (SELECT 1 FROM subscribers r WHERE r.id = deliveries.subscriber_id AND r.suppression = 'erased')
				THEN '' ELSE done.reply END,
			message_id = done.message_id, updated = done.updated
		FROM done
		WHERE deliveries.id = done.id`, args...).Error
}
