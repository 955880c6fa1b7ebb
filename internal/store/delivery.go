package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type deliveryRow struct {
	ID             string `gorm:"primaryKey"`
	IssueID        string
	SubscriptionID string
	SubscriberID   string
	Language       string
	Length         string
	State          string
	Node           string
	NotBefore      int64
	Attempts       int
	FirstTried     int64
	Code           int
	Enhanced       string
	Reply          string
	MessageID      string
	Updated        int64
}

func (deliveryRow) TableName() string { return "deliveries" }

// deliveryView is a delivery with what its reader's own rows say now. Address
// and name are not copied into the ledger: so they are erased in one place.
type deliveryView struct {
	Row         deliveryRow `gorm:"embedded"`
	Address     string
	Name        string
	Without     string
	Subscribed  string // the subscription's state
	Suppression string
}

const deliveryViews = `SELECT d.*, r.address, s.name, s.without, s.state AS subscribed, r.suppression
	FROM deliveries d
	JOIN subscriptions s ON s.id = d.subscription_id
	JOIN subscribers r ON r.id = d.subscriber_id `

// Deliveries lists those of an issue in one of the states (none: in any), in
// order of SubscriberID, those after the given one, at most limit.
func (s *Store) Deliveries(ctx context.Context, issueID string, states []digest.DeliveryState, after string, limit int) ([]digest.Delivery, error) {
	hands, err := s.readHands(ctx, issueID)
	var rows []deliveryView
	if err == nil {
		query, args := page(issueID, states, hands, after, limit)
		err = s.reader(ctx).Raw(query, args...).Scan(&rows).Error
	}
	return shown(rows, hands), failed(err, "list the deliveries of issue %s", issueID)
}

// page is the query of Deliveries. In the order of subscribers there is an
// index; in any other, each page would sort the whole issue.
func page(issueID string, states []digest.DeliveryState, hands []hand, after string, limit int) (query string, args []any) {
	query, args = deliveryViews+`WHERE d.issue_id = ? AND d.subscriber_id > ?`, []any{issueID, after}
	if len(states) > 0 {
		where, more := among(states, hands)
		query, args = query+` AND (`+where+`)`, append(args, more...)
	}
	return query + ` ORDER BY d.subscriber_id LIMIT ?`, append(args, limit)
}

// among is the condition for deliveries in one of the states. What is in a hand
// is queued in its row.
func among(states []digest.DeliveryState, hands []hand) (where string, args []any) {
	var held, other []string // those in hands that are wanted, and that are not
	for _, h := range hands {
		for state, ids := range map[digest.DeliveryState][]string{digest.Claimed: h.claimed, digest.Begun: h.begun} {
			if slices.Contains(states, state) {
				held = append(held, ids...)
			} else {
				other = append(other, ids...)
			}
		}
	}
	where, args = `d.state IN ?`, []any{states}
	if slices.Contains(states, digest.Queued) {
		if len(other) > 0 {
			where, args = where+` AND NOT (d.state = 'queued' AND d.id IN ?)`, append(args, other)
		}
	} else if len(held) > 0 {
		where, args = where+` OR d.state = 'queued' AND d.id IN ?`, append(args, held)
	}
	return where, args
}

// DeliveryByID finds one, or fails with digest.ErrNotFound.
func (s *Store) DeliveryByID(ctx context.Context, id string) (digest.Delivery, error) {
	var rows []deliveryView
	var hands []hand
	err := s.reader(ctx).Raw(deliveryViews+`WHERE d.id = ?`, id).Scan(&rows).Error
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err == nil {
		hands, err = s.readHands(ctx, rows[0].Row.IssueID)
	}
	if err != nil {
		return digest.Delivery{}, failed(err, "delivery %s", id)
	}
	return shown(rows, hands)[0], nil
}

// readHands gives the hands of an issue as they are now.
func (s *Store) readHands(ctx context.Context, issueID string) ([]hand, error) {
	var rows []handRow
	err := s.reader(ctx).Where("issue_id = ?", issueID).Find(&rows).Error
	return each(rows, handRow.open), err
}

// shown are rows as deliveries, with the states of those in hands.
func shown(rows []deliveryView, hands []hand) []digest.Delivery {
	type holder struct {
		hand  *hand
		state digest.DeliveryState
	}
	by := map[string]holder{}
	for i, h := range hands {
		for _, id := range h.claimed {
			by[id] = holder{&hands[i], digest.Claimed}
		}
		for _, id := range h.begun {
			by[id] = holder{&hands[i], digest.Begun}
		}
	}
	all := each(rows, deliveryView.delivery)
	for i := range all {
		if of, ok := by[all[i].ID]; ok && all[i].State == digest.Queued {
			all[i].State, all[i].Node, all[i].Lease = of.state, of.hand.Node, instant(of.hand.Lease)
		}
	}
	return all
}

// Tally counts the issue's deliveries by state.
func (s *Store) Tally(ctx context.Context, issueID string) (digest.Tally, error) {
	var rows []struct {
		State          digest.DeliveryState
		N              int
		Claimed, Begun string
	}
	err := s.reader(ctx).Raw(`SELECT state, COUNT(*) AS n, '' AS claimed, '' AS begun FROM deliveries WHERE issue_id = ? GROUP BY state
		UNION ALL SELECT '', 0, claimed, begun FROM hands WHERE issue_id = ?`, issueID, issueID).Scan(&rows).Error
	var tally digest.Tally
	for _, row := range rows {
		claimed, begun := len(strings.Fields(row.Claimed)), len(strings.Fields(row.Begun))
		tally.Count(row.State, row.N)
		tally.Count(digest.Queued, -claimed-begun)
		tally.Count(digest.Claimed, claimed)
		tally.Count(digest.Begun, begun)
	}
	return tally, failed(err, "count the deliveries of issue %s", issueID)
}

// SentSince counts the deliveries of all issues that were accepted, or perhaps
// accepted, since then, or are under way.
func (s *Store) SentSince(ctx context.Context, since time.Time) (int, error) {
	var rows []struct {
		N     int
		Begun string
	}
	err := s.reader(ctx).Raw(`SELECT COUNT(*) AS n, '' AS begun FROM deliveries WHERE updated >= ? AND state IN ?
		UNION ALL SELECT 0, begun FROM hands`, micros(since), []digest.DeliveryState{digest.Delivered, digest.Unsure}).Scan(&rows).Error
	n := 0
	for _, row := range rows {
		n += row.N + len(strings.Fields(row.Begun))
	}
	return n, failed(err, "count what went out")
}

// NextDue is the earliest time at which a Claim could find something to do for
// the issue: now for what is queued, else when something deferred is due or
// a hand's lease is over, and now for a hand written at a moment that lies
// ahead. False when nothing is open, or the issue is not sending.
func (s *Store) NextDue(ctx context.Context, issueID string) (time.Time, bool, error) {
	hands, err := s.readHands(ctx, issueID)
	now := micros(s.now())
	var due *int64
	if err == nil { // of the queued, so many are in hands
		err = s.reader(ctx).Raw(`SELECT MIN(due) FROM (
				SELECT CAST(? AS BIGINT) AS due WHERE EXISTS (SELECT 1 FROM deliveries WHERE issue_id = ? AND `+queuedDeliveries+` LIMIT 1 OFFSET ?)
				UNION ALL SELECT MIN(not_before) FROM deliveries WHERE issue_id = ? AND `+deferredDeliveries+`
				UNION ALL SELECT MIN(CASE WHEN updated > ? THEN ? ELSE lease + 1 END) FROM hands WHERE issue_id = ?) open
			WHERE EXISTS (SELECT 1 FROM issues WHERE id = ? AND state = 'sending')`,
			now, issueID, len(inHands(hands)), issueID, micros(s.now().Add(unlikely)), now, issueID, issueID).Scan(&due).Error
	}
	if err != nil || due == nil {
		return time.Time{}, false, failed(err, "look for what is due of issue %s", issueID)
	}
	return instant(max(*due, 1)), true, nil
}

func (v deliveryView) delivery() digest.Delivery {
	r := v.Row
	return digest.Delivery{
		ID: r.ID, IssueID: r.IssueID, SubscriptionID: r.SubscriptionID, SubscriberID: r.SubscriberID,
		Address: v.Address, Name: v.Name, Without: v.Without,
		Variant: digest.Variant{Language: digest.Language(r.Language), Length: digest.Length(r.Length)},
		State:   digest.DeliveryState(r.State), Node: r.Node, NotBefore: instant(r.NotBefore),
		Attempts: r.Attempts, FirstTried: instant(r.FirstTried), Code: r.Code, Enhanced: r.Enhanced, Reply: r.Reply,
		MessageID: r.MessageID, Updated: instant(r.Updated),
	}
}

// refusal is why a reader gets nothing after all, in the place of a server's
// reply; empty: the letter may go.
func (v deliveryView) refusal() string {
	switch {
	case v.Suppression != "":
		return v.Suppression
	case v.Subscribed != string(digest.Active):
		return v.Subscribed
	}
	return ""
}
