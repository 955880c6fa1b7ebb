package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type subscriberRow struct {
	ID              string `gorm:"primaryKey"`
	Address         string
	Match           string
	Suppression     string
	Suppressed      int64
	SuppressionText string
	Created         int64
}

func (subscriberRow) TableName() string { return "subscribers" }

// Subscriber finds one by the case-folded form of the address
// (Subscriber.Match), or fails with digest.ErrNotFound.
func (s *Store) Subscriber(ctx context.Context, match string) (digest.Subscriber, error) {
	var row subscriberRow
	err := s.reader(ctx).Where("match = ?", match).Take(&row).Error
	return row.subscriber(), failed(err, "look up a subscriber")
}

// Suppressed lists the subscribers who get nothing any more, in order of ID,
// those after the given ID, at most limit. An erased one has no address.
func (s *Store) Suppressed(ctx context.Context, after string, limit int) ([]digest.Subscriber, error) {
	var rows []subscriberRow
	err := s.reader(ctx).Where("suppression <> '' AND id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	return each(rows, subscriberRow.subscriber), failed(err, "list suppressed subscribers")
}

// EraseSubscriber removes what is personal of an address from every table:
// the address, the name, where and from where the consent was given, what mail
// servers replied. Rows stay, for the counts of issues sent, but nothing in
// them leads back to the person; the same address may be signed up anew. What
// was queued for it is refused. digest.ErrNotFound: no such address.
func (s *Store) EraseSubscriber(ctx context.Context, match string, now time.Time) error {
	err := s.change(ctx, func(tx *gorm.DB) error {
		var row subscriberRow
		if err := tx.Where("match = ?", match).Take(&row).Error; err != nil {
			return err
		}
		waiting, err := s.takeOut(ctx, tx, row.ID)
		if err != nil {
			return err
		}
		for _, step := range eraseSteps(tx, row.ID, row.Match, waiting, micros(now)) {
			if step.Error != nil {
				return step.Error
			}
		}
		return nil
	})
	if err == nil {
		err = s.emptyLog(ctx)
	}
	return failed(err, "erase a subscriber")
}

// emptyLog takes what was changed out of SQLite's write-ahead log, which would
// keep what was erased for as long as it has room. Where a reader or another
// process holds on to it, it is left to the next call.
func (s *Store) emptyLog(ctx context.Context) error {
	if !s.dialect.exclusive {
		return nil
	}
	var busy, pages, moved int
	return s.writer(ctx).Raw(`PRAGMA wal_checkpoint(TRUNCATE)`).Row().Scan(&busy, &pages, &moved)
}

// takeOut takes the deliveries to a subscriber that nobody is sending out of
// the hands of who claimed them, and gives their IDs. No claim of the same
// issues is made until the transaction ends.
func (s *Store) takeOut(ctx context.Context, tx *gorm.DB, subscriberID string) (waiting []string, err error) {
	var open []deliveryRow
	err = tx.Select("id", "issue_id").Where("subscriber_id = ? AND state IN ('queued', 'deferred')", subscriberID).
		Order("issue_id").Find(&open).Error
	q := swift{ctx, tx.Statement.ConnPool, nil}
	for _, d := range open {
		if err == nil {
			_, err = q.texts(`SELECT id FROM issues WHERE id = $1`+s.dialect.forUpdate, d.IssueID)
		}
		if err != nil {
			return nil, err
		}
		hands, err := s.hands(q, d.IssueID, `ORDER BY node`+s.dialect.forUpdate)
		if err != nil {
			return nil, err
		}
		under := false
		for _, h := range hands {
			under = under || slices.Contains(h.begun, d.ID)
			if i := slices.Index(h.claimed, d.ID); i >= 0 {
				h.claimed = slices.Delete(h.claimed, i, i+1)
				if err := s.put(q, h); err != nil {
					return nil, err
				}
			}
		}
		if !under {
			waiting = append(waiting, d.ID)
		}
	}
	return waiting, err
}

// eraseSteps take their locks in the order of those who settle and import:
// deliveries, the subscriber, subscriptions, the lines of a file.
func eraseSteps(tx *gorm.DB, id, match string, waiting []string, now int64) []*gorm.DB {
	return []*gorm.DB{
		tx.Exec(`UPDATE deliveries SET reply = '' WHERE subscriber_id = ?`, id),
		tx.Exec(`UPDATE deliveries SET state = ?, reply = ?, updated = ? WHERE id IN ?`,
			string(digest.Refused), string(digest.Erased), now, waiting),
		tx.Exec(`UPDATE subscribers SET address = '', match = ?, suppression = ?, suppressed = ?, suppression_text = ''
			WHERE id = ?`, "erased:"+id, string(digest.Erased), now, id),
		tx.Exec(`UPDATE subscriptions SET state = ?, name = '', without = '', consent_source = '', consent_text = '', consent_ip = '',
			ended = CASE WHEN ended = 0 THEN ? ELSE ended END WHERE subscriber_id = ?`,
			string(digest.Unsubscribed), now, id),
		tx.Exec(`DELETE FROM import_lines WHERE match = ?`, match),
	}
}

// markBounced suppresses the addresses of deliveries with the server's words;
// an older suppression stays.
func (s *Store) markBounced(tx *gorm.DB, deliveryIDs []string) error {
	for _, batch := range chunks(deliveryIDs, idBatch) {
		err := tx.Exec(`UPDATE subscribers SET suppression = ?, suppressed = ?, suppression_text = COALESCE(
				(SELECT MAX(d.reply) FROM deliveries d WHERE d.subscriber_id = subscribers.id AND d.id IN ?), '')
			WHERE suppression = '' AND id IN (SELECT id FROM subscribers
				WHERE id IN (SELECT subscriber_id FROM deliveries WHERE id IN ?) ORDER BY id`+s.dialect.forUpdate+`)`,
			string(digest.Bounced), micros(s.now()), batch, batch).Error
		if err != nil {
			return err
		}
	}
	return nil
}

func subscriberOf(r digest.Subscriber) subscriberRow {
	return subscriberRow{
		ID: r.ID, Address: clean(r.Address), Match: clean(r.Match), Suppression: string(r.Suppression.Kind),
		Suppressed: micros(r.Suppression.Since), SuppressionText: clean(r.Suppression.Text), Created: micros(r.Created),
	}
}

func (r subscriberRow) subscriber() digest.Subscriber {
	return digest.Subscriber{
		ID: r.ID, Address: r.Address, Match: r.Match, Created: instant(r.Created),
		Suppression: digest.Suppression{
			Kind: digest.SuppressionKind(r.Suppression), Since: instant(r.Suppressed), Text: r.SuppressionText,
		},
	}
}
