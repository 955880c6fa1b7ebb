package store

import (
	"strings"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// settle writes a batch in one statement and gives the IDs that were still the
// node's. The first row of VALUES tells PostgreSQL the columns' types. The
// reply for someone erased meanwhile is not kept: it may tell the address.
func settle(tx *gorm.DB, node string, done []digest.Delivery) ([]string, error) {
	rows := make([]string, len(done))
	args := make([]any, 0, 10*len(done)+1)
	for i, d := range done {
		if rows[i] = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; i == 0 {
			rows[i] = "(CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT)," +
				" CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT))"
		}
		args = append(args, d.ID, string(d.State), micros(d.NotBefore), d.Attempts, micros(d.FirstTried),
			d.Code, clean(d.Enhanced), clean(d.Reply), d.MessageID, micros(d.Updated))
	}
	var ids []string
	err := tx.Raw(`
		WITH done (id, state, not_before, attempts, first_tried, code, enhanced, reply, message_id, updated) AS
			(VALUES `+strings.Join(rows, ", ")+`)
		UPDATE deliveries SET state = done.state, lease = 0, not_before = done.not_before, attempts = done.attempts,
			first_tried = done.first_tried, code = done.code, enhanced = done.enhanced,
			reply = CASE WHEN EXISTS (SELECT 1 FROM subscribers r WHERE r.id = deliveries.subscriber_id AND r.suppression = 'erased')
				THEN '' ELSE done.reply END,
			message_id = done.message_id, updated = done.updated
		FROM done
		WHERE deliveries.id = done.id AND deliveries.node = ? AND deliveries.state IN ('claimed', 'sending')
		RETURNING deliveries.id`, append(args, node)...).Scan(&ids).Error
	return ids, err
}
