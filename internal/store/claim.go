package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// The conditions of the ledger's partial indexes. They stand word for word in
// the migrations: a database uses such an index only for a query that repeats
// its condition.
const (
	queuedDeliveries   = `state = 'queued'`
	deferredDeliveries = `state = 'deferred'`
)

// Claim first takes back what expired in others' hands (Claimed becomes Queued,
// Begun becomes Unsure), then hands at most c.Limit deliveries that are Deferred
// and due, or Queued, to c.Node until c.Now+c.Lease. No delivery is ever in two
// hands. An issue whose state is not Sending gives none.
//
// Who has left since the issue was queued gets nothing: their deliveries
// become Refused, with the state of the subscription ("unsubscribed",
// "paused") or of the address ("bounced", "complained") as the reply and no
// code, and others are handed out in their place. So none given means that
// nothing is due.
func (s *Store) Claim(ctx context.Context, c digest.Claim) ([]digest.Delivery, error) {
	if c.Limit <= 0 || c.Node == "" || c.Lease <= 0 {
		return nil, fmt.Errorf("claim deliveries: node %q, limit %d and lease %s must all be given", c.Node, c.Limit, c.Lease)
	}
	for {
		var given []digest.Delivery
		left := 0
		err := s.ledger(ctx, func(_ *gorm.DB, q swift) (err error) {
			given, left, err = s.claim(q, c)
			return err
		})
		if err != nil {
			return nil, failed(err, "claim deliveries of issue %s", c.IssueID)
		}
		if len(given) > 0 || left == 0 {
			return given, nil
		}
	}
}

// claim is Claim once, within a transaction; left is how many are on no list
// any more. Claims of an issue come one after the other, and read what is in
// hands before what is queued: so what leaves a hand meanwhile is not missed,
// and what is in one is not taken for free.
func (s *Store) claim(q swift, c digest.Claim) (given []digest.Delivery, left int, err error) {
	if s.dialect.byIndex != "" {
		if _, err := q.exec(s.dialect.byIndex); err != nil {
			return nil, 0, err
		}
	}
	state, err := q.texts(`SELECT state FROM issues WHERE id = $1`+s.dialect.forUpdate, c.IssueID)
	if err != nil {
		return nil, 0, err
	}
	if err := s.takeBack(q, c); err != nil {
		return nil, 0, err
	}
	if !slices.Equal(state, []string{string(digest.Sending)}) {
		return nil, 0, nil
	}
	own, err := s.hand(q, c.IssueID, c.Node)
	if err != nil {
		return nil, 0, err
	}
	others, err := s.hands(q, c.IssueID, `AND node <> $2`, c.Node)
	if err != nil {
		return nil, 0, err
	}
	held := inHands(append(others, own))
	for _, from := range []digest.DeliveryState{digest.Deferred, digest.Queued} {
		more, gone, err := s.take(q, c, from, c.Limit-len(given), append(held, each(given, idOf)...))
		if err != nil {
			return nil, 0, err
		}
		given, left = append(given, more...), left+gone
	}
	if len(given) == 0 {
		return nil, left, nil
	}
	own.claimed = append(own.claimed, each(given, idOf)...)
	own.Lease, own.Updated = micros(c.Now.Add(c.Lease)), micros(c.Now)
	return given, left, s.put(q, own)
}

// unlikely is by how much no clocks of machines that share the work differ. A
// row written later than that was written before the clock was set back, and
// its lease would hold for as long as that.
const unlikely = 5 * time.Minute

// takeBack ends the leases of others that expired. It never waits for a node
// that is just settling. What the claiming node itself holds stays its own,
// however long the ledger was out of its reach: it is there to settle it. What
// a server said at an earlier try is not why a delivery is unsure.
func (s *Store) takeBack(q swift, c digest.Claim) error {
	lost, err := s.hands(q, c.IssueID, `AND node <> $2 AND (lease < $3 OR updated > $4)`+s.dialect.skipLocked,
		c.Node, micros(c.Now), micros(c.Now.Add(c.Lease+unlikely)))
	for _, h := range lost {
		if err == nil && len(h.begun) > 0 {
			_, err = q.exec(`UPDATE deliveries SET state = 'unsure', node = $2, code = 0, enhanced = '', reply = '', updated = $3
				WHERE id IN `+s.listed(), keysText(h.begun), h.Node, micros(c.Now))
		}
		if err == nil {
			h.claimed, h.begun = nil, nil
			err = s.put(q, h)
		}
	}
	return err
}

// due is what a claim chooses from: of the issue $2, at most $3 that are queued,
// or deferred and due at $4, and none of those in the list $1.
func (s *Store) due(from digest.DeliveryState) string {
	state := queuedDeliveries + ` ORDER BY id`
	if from == digest.Deferred {
		state = deferredDeliveries + ` AND not_before <= $4 ORDER BY not_before`
	}
	return `SELECT * FROM deliveries WHERE id NOT IN ` + s.listed() + ` AND issue_id = $2 AND ` + state + ` LIMIT $3`
}

// take chooses deliveries that are queued, or deferred and due, of those not
// held, and refuses those of who has left.
func (s *Store) take(q swift, c digest.Claim, from digest.DeliveryState, limit int, held []string) (given []digest.Delivery, left int, err error) {
	if limit == 0 {
		return nil, 0, nil
	}
	args := []any{keysText(held), c.IssueID, limit}
	if from == digest.Deferred {
		args = append(args, micros(c.Now))
	}
	gone := map[string][]string{}
	place := s.places.Add(int64(limit)+1) - int64(limit)
	var v deliveryView
	columns := v.columns()
	err = q.query(func(rows scanner) error {
		if err := rows.Scan(columns...); err != nil {
			return err
		}
		place++
		if why := v.refusal(); why != "" {
			gone[why] = append(gone[why], v.Row.ID)
			left++
			return nil
		}
		v.Row.IssueID, v.Row.State, v.Row.Node, v.Row.Updated = c.IssueID, string(digest.Claimed), c.Node, micros(c.Now)
		d := v.delivery()
		d.Lease = c.Now.Add(c.Lease)
		if from == digest.Queued && v.Row.NotBefore == 0 { // a place is for who was never put off
			d.Place = place
		}
		if given == nil {
			given = make([]digest.Delivery, 0, limit)
		}
		given = append(given, d)
		return nil
	}, `SELECT `+claimedColumns+`
		FROM (`+s.due(from)+`) d
		JOIN subscriptions s ON s.id = d.subscription_id
		JOIN subscribers r ON r.id = d.subscriber_id`, args...)
	for why, ids := range gone {
		if err == nil {
			_, err = q.exec(`UPDATE deliveries SET state = 'refused', code = 0, enhanced = '', reply = $2, updated = $3
				WHERE id IN `+s.listed(), keysText(ids), why, micros(c.Now))
		}
	}
	if err == nil && from == digest.Deferred && len(given) > 0 { // what is in a hand is queued
		_, err = q.exec(`UPDATE deliveries SET state = 'queued' WHERE id IN `+s.listed(), keysText(each(given, idOf)))
	}
	return given, left, err
}

// claimedColumns are read into columns.
const claimedColumns = `d.id, d.subscription_id, d.subscriber_id, d.language, d.length, d.not_before, d.attempts,
	d.first_tried, d.code, d.enhanced, d.reply, d.message_id, r.address, s.name, s.without, s.state, r.suppression`

func (v *deliveryView) columns() []any {
	d := &v.Row
	return []any{&d.ID, &d.SubscriptionID, &d.SubscriberID, &d.Language, &d.Length, &d.NotBefore, &d.Attempts,
		&d.FirstTried, &d.Code, &d.Enhanced, &d.Reply, &d.MessageID, &v.Address, &v.Name, &v.Without, &v.Subscribed, &v.Suppression}
}

// listed is the list of texts in JSON that is the first argument.
func (s *Store) listed() string {
	return `(SELECT ` + s.dialect.key + ` FROM ` + s.dialect.jsonRows + `)`
}
