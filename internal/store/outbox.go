package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// openDeliveries and heldDeliveries are the conditions of two partial indexes.
// They stand word for word in the migrations: a database uses such an index
// only for a query that repeats its condition.
const (
	openDeliveries = `state IN ('queued', 'deferred', 'claimed', 'sending')`
	heldDeliveries = `state IN ('claimed', 'sending')`
	issueSending   = `EXISTS (SELECT 1 FROM issues WHERE issues.id = ? AND issues.state = 'sending')`
)

// Claim first takes back what expired (Claimed becomes Queued, Begun becomes
// Unsure), then hands at most c.Limit deliveries that are Queued, or Deferred
// and due, to c.Node until c.Now+c.Lease. No delivery is ever in two hands. An
// issue whose state is not Sending gives none.
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
		var views []deliveryView
		err := s.change(ctx, func(tx *gorm.DB) (err error) {
			if err = s.byIndex(tx); err == nil {
				err = s.takeBack(tx, c)
			}
			if err == nil {
				views, err = s.claim(tx, c)
			}
			return err
		})
		if err != nil {
			return nil, failed(err, "claim deliveries of issue %s", c.IssueID)
		}
		var given []digest.Delivery
		for _, v := range views {
			if v.refusal() == "" {
				given = append(given, v.delivery())
			}
		}
		if len(given) > 0 || len(views) == 0 {
			return given, nil
		}
	}
}

func (s *Store) byIndex(tx *gorm.DB) error {
	if s.dialect.byIndex == "" {
		return nil
	}
	return tx.Exec(s.dialect.byIndex).Error
}

// takeBack ends the leases that expired. It never waits for a node that is
// just settling.
func (s *Store) takeBack(tx *gorm.DB, c digest.Claim) error {
	now := micros(c.Now)
	return tx.Exec(`UPDATE deliveries
		SET state = CASE state WHEN 'claimed' THEN 'queued' ELSE 'unsure' END, lease = 0, updated = ?
		WHERE id IN (SELECT id FROM deliveries WHERE issue_id = ? AND `+heldDeliveries+` AND lease < ?`+s.dialect.skipLocked+`)`,
		now, c.IssueID, now).Error
}

// claim takes deliveries for the node and refuses those of who has left. The
// choice is materialised: PostgreSQL might otherwise make it more than once.
func (s *Store) claim(tx *gorm.DB, c digest.Claim) ([]deliveryView, error) {
	now := micros(c.Now)
	var ids []string
	err := tx.Raw(`
		WITH chosen AS MATERIALIZED (
			SELECT id FROM deliveries
			WHERE issue_id = ? AND `+openDeliveries+` AND (state = 'queued' OR state = 'deferred' AND not_before <= ?)
				AND `+issueSending+`
			ORDER BY id LIMIT ?`+s.dialect.skipLocked+`)
		UPDATE deliveries SET state = 'claimed', node = ?, lease = ?, updated = ?
		WHERE id IN (SELECT id FROM chosen)
		RETURNING id`,
		c.IssueID, now, c.IssueID, c.Limit, c.Node, micros(c.Now.Add(c.Lease)), now).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var all []deliveryView
	for _, batch := range chunks(ids, idBatch) {
		var views []deliveryView
		if err := tx.Raw(deliveryViews+`WHERE d.id IN ? ORDER BY d.id`, batch).Scan(&views).Error; err != nil {
			return nil, err
		}
		all = append(all, views...)
	}
	return all, refuseLeft(tx, all, now)
}

func refuseLeft(tx *gorm.DB, views []deliveryView, now int64) error {
	left := map[string][]string{}
	for _, v := range views {
		if why := v.refusal(); why != "" {
			left[why] = append(left[why], v.Row.ID)
		}
	}
	for why, ids := range left {
		for _, batch := range chunks(ids, idBatch) {
			err := tx.Exec(`UPDATE deliveries SET state = 'refused', lease = 0, code = 0, enhanced = '', reply = ?, updated = ?
				WHERE id IN ?`, why, now, batch).Error
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// held locks those of the deliveries that are in the node's hands, always in
// the same order: a node that comes back too late may want the very rows that
// another works on by now, and each would wait for the other.
func (s *Store) held(tx *gorm.DB, node string, ids []string) (held []string, err error) {
	err = tx.Raw(`SELECT id FROM deliveries WHERE id IN ? AND node = ? AND `+heldDeliveries+` ORDER BY id`+s.dialect.forUpdate,
		ids, node).Scan(&held).Error
	return held, err
}

// Begin commits that the given deliveries are about to be sent (Begun) and
// returns those that the node still holds: the others must not be sent. When
// the issue was paused or cancelled meanwhile, none is.
func (s *Store) Begin(ctx context.Context, node string, ids []string, until time.Time) ([]string, error) {
	var begun []string
	err := s.change(ctx, func(tx *gorm.DB) (err error) {
		begun, err = s.begin(tx, node, ids, until)
		return err
	})
	if err != nil {
		return nil, failed(err, "begin %d deliveries", len(ids))
	}
	return begun, nil
}

func (s *Store) begin(tx *gorm.DB, node string, ids []string, until time.Time) (begun []string, err error) {
	for _, batch := range chunks(ids, idBatch) {
		if s.dialect.forUpdate != "" {
			if batch, err = s.held(tx, node, batch); err != nil {
				return nil, err
			}
		}
		var some []string
		err := tx.Raw(`UPDATE deliveries SET state = 'sending', lease = ?, updated = ?
			WHERE id IN ? AND node = ? AND state = 'claimed'
				AND EXISTS (SELECT 1 FROM issues WHERE issues.id = deliveries.issue_id AND issues.state = 'sending')
			RETURNING id`, micros(until), micros(s.now()), batch, node).Scan(&some).Error
		if err != nil {
			return nil, err
		}
		begun = append(begun, some...)
	}
	return begun, nil
}

// Settle writes how sending ended, for the rows the node still holds: State,
// NotBefore, Attempts, FirstTried, Code, Enhanced, Reply, MessageID, Updated.
// The others are left as they are. A row in bounced (delivery IDs) is also
// marked as a bounced address, in the same transaction, and so is who was
// refused softly for digest.SoftLimit issues in a row. State may be
// Delivered, Deferred, Refused, Unsure, or Queued to give a claim back.
func (s *Store) Settle(ctx context.Context, node string, done []digest.Delivery, bounced []string) error {
	settled := 0
	err := s.change(ctx, func(tx *gorm.DB) (err error) {
		settled, err = s.settleAll(tx, node, done, bounced)
		return err
	})
	if err == nil {
		s.tellLate(ctx, node, len(done)-settled)
	}
	return failed(err, "settle %d deliveries", len(done))
}

func (s *Store) tellLate(ctx context.Context, node string, late int) {
	if late > 0 {
		s.log.LogAttrs(ctx, slog.LevelWarn, "deliveries were settled too late: the lease was over",
			slog.String("node", node), slog.Int("deliveries", late))
	}
}

// settleAll is Settle within a transaction; it counts what was still the node's.
func (s *Store) settleAll(tx *gorm.DB, node string, done []digest.Delivery, bounced []string) (int, error) {
	for _, d := range done {
		if !d.State.Final() && d.State != digest.Deferred && d.State != digest.Queued {
			return 0, fmt.Errorf("settle delivery %s: %q is not how a sending ends", d.ID, d.State)
		}
	}
	settled := make(map[string]bool, len(done))
	for _, batch := range chunks(done, insertBatch) {
		ids, err := s.settle(tx, node, batch)
		if err != nil {
			return 0, err
		}
		for _, id := range ids {
			settled[id] = true
		}
	}
	var gone []string
	for _, id := range bounced {
		if settled[id] {
			gone = append(gone, id)
		}
	}
	if err := s.markBounced(tx, gone); err != nil {
		return 0, err
	}
	return len(settled), s.countMissed(tx, slices.DeleteFunc(slices.Clone(done), func(d digest.Delivery) bool { return !settled[d.ID] }))
}
