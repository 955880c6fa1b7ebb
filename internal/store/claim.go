package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// The conditions of the ledger's partial indexes. They stand word for word in
// the migrations: a database uses such an index only for a query that repeats
// its condition. A lease has who is claimed or sending, and nobody else.
const (
	queuedDeliveries   = `state = 'queued'`
	deferredDeliveries = `state = 'deferred'`
	heldDeliveries     = `lease > 0`
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
		err := s.carefully(ctx, func(_ *gorm.DB, q swift, careful bool) (func(), error) {
			var err error
			given, left, err = s.claim(q, c, careful)
			return func() {}, err
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
// any more.
func (s *Store) claim(q swift, c digest.Claim, careful bool) (given []digest.Delivery, left int, err error) {
	if s.dialect.byIndex != "" {
		if _, err := q.exec(s.dialect.byIndex); err != nil {
			return nil, 0, err
		}
	}
	if err := s.takeBack(q, c); err != nil {
		return nil, 0, err
	}
	sending, err := q.texts(`SELECT id FROM issues WHERE id = $1 AND state = 'sending'`, c.IssueID)
	if err != nil || len(sending) == 0 {
		return nil, 0, err
	}
	due, left, err := s.take(q, c, digest.Deferred, c.Limit, careful)
	if err != nil || len(due) == c.Limit {
		return due, left, err
	}
	next, more, err := s.take(q, c, digest.Queued, c.Limit-len(due), careful)
	if len(due) > 0 {
		next = append(due, next...)
	}
	return next, left + more, err
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
	_, err := q.exec(`UPDATE deliveries
		SET state = CASE state WHEN 'claimed' THEN 'queued' ELSE 'unsure' END, lease = 0, updated = $1,
			code = CASE state WHEN 'claimed' THEN code ELSE 0 END,
			enhanced = CASE state WHEN 'claimed' THEN enhanced ELSE '' END,
			reply = CASE state WHEN 'claimed' THEN reply ELSE '' END
		WHERE id IN (SELECT id FROM deliveries WHERE issue_id = $2 AND `+heldDeliveries+` AND (lease < $1 OR updated > $3) AND node <> $4`+s.dialect.skipLocked+`)`,
		micros(c.Now), c.IssueID, micros(c.Now.Add(c.Lease+unlikely)), c.Node)
	return err
}

// take claims deliveries that are queued, or deferred and due, and refuses those
// of who has left.
func (s *Store) take(q swift, c digest.Claim, from digest.DeliveryState, limit int, careful bool) (given []digest.Delivery, left int, err error) {
	state, args := queuedDeliveries+` ORDER BY id`, []any{c.IssueID, limit}
	if from == digest.Deferred {
		state, args = deferredDeliveries+` AND not_before <= $3 ORDER BY not_before`, append(args, micros(c.Now))
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
		v.Row.IssueID, v.Row.State, v.Row.Node = c.IssueID, string(digest.Claimed), c.Node
		v.Row.Lease, v.Row.Updated = micros(c.Now.Add(c.Lease)), micros(c.Now)
		d := v.delivery()
		if from == digest.Queued && v.Row.NotBefore == 0 { // a place is for who was never put off
			d.Place = place
		}
		if given == nil {
			given = make([]digest.Delivery, 0, limit)
		}
		given = append(given, d)
		return nil
	}, `WITH chosen AS `+s.dialect.once+` (
			SELECT * FROM deliveries WHERE issue_id = $1 AND `+state+` LIMIT $2`+s.dialect.skipLocked+`)
		SELECT `+claimedColumns+`
		FROM chosen d
		JOIN subscriptions s ON s.id = d.subscription_id
		JOIN subscribers r ON r.id = d.subscriber_id`, args...)
	for why, ids := range gone {
		if err == nil {
			_, err = q.exec(`UPDATE deliveries SET state = 'refused', lease = 0, code = 0, enhanced = '', reply = $2, updated = $3
				WHERE id IN `+s.listed(), keysText(ids), why, micros(c.Now))
		}
	}
	for _, part := range s.stretches(given, careful) {
		if err != nil {
			return nil, left, err
		}
		var n int
		n, err = q.exec(`UPDATE deliveries SET state = 'claimed', node = $2, lease = $3, updated = $4
			WHERE `+part.where+` AND issue_id || '' = $5 AND state || '' = $6`,
			part.key, c.Node, micros(c.Now.Add(c.Lease)), micros(c.Now), c.IssueID, string(from))
		if err == nil && n != len(part.ids) {
			err = errFewer
		}
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

// begin marks deliveries that the node has claimed as being sent, when their
// issue is. A zero until leaves their leases as they are.
func (s *Store) begin(q swift, node string, next []digest.Delivery, until int64, careful bool) (begun []string, err error) {
	now := micros(s.now())
	for _, part := range s.stretches(next, careful) {
		args := []any{part.key, node, now, next[0].ID}
		lease, held := ``, ` AND lease >= $3`
		if until > 0 {
			lease, held, args = `lease = $5, `, ``, append(args, until)
		}
		text := `UPDATE deliveries SET state = 'sending', ` + lease + `updated = $3
			WHERE ` + part.where + ` AND node = $2 AND state = 'claimed'` + held + `
				AND issue_id || '' = (SELECT i.id FROM deliveries d JOIN issues i ON i.id = d.issue_id WHERE d.id = $4 AND i.state = 'sending')`
		if careful {
			some, err := q.texts(text+` RETURNING id`, args...)
			if err != nil {
				return nil, err
			}
			begun = append(begun, some...)
			continue
		}
		switch n, err := q.exec(text, args...); {
		case err != nil:
			return nil, err
		case n != len(part.ids):
			return nil, errFewer
		}
		begun = append(begun, part.ids...)
	}
	return begun, nil
}

// listed is the list of texts in JSON that is the first argument.
func (s *Store) listed() string {
	return `(SELECT ` + s.dialect.key + ` FROM ` + s.dialect.jsonRows + `)`
}

// lock makes rows of the node's wait for nobody else until the transaction
// ends. Where several write at once they are locked in one order before
// anything is changed: a node that comes back too late may want the very rows
// that another works on by now, and each would wait for the other.
func (s *Store) lock(q swift, node string, ids []string) error {
	if s.dialect.exclusive || len(ids) == 0 {
		return nil
	}
	_, err := q.exec(`SELECT id FROM deliveries WHERE id IN `+s.listed()+` AND node = $2 AND `+heldDeliveries+
		` ORDER BY id`+s.dialect.forUpdate, keysText(ids), node)
	return err
}

// Begin commits that the given deliveries, of one issue, are about to be sent
// (Begun) and returns those that the node still holds: the others must not be
// sent. When the issue was paused or cancelled meanwhile, none is.
func (s *Store) Begin(ctx context.Context, node string, next []digest.Delivery, until time.Time) ([]string, error) {
	return s.Turn(ctx, node, nil, nil, next, until)
}
