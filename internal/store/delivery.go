package store

import (
	"context"
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
	Lease          int64
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
	query, args := page(issueID, states, after, limit)
	var rows []deliveryView
	err := s.reader(ctx).Raw(query, args...).Scan(&rows).Error
	return each(rows, deliveryView.delivery), failed(err, "list the deliveries of issue %s", issueID)
}

// page is the query of Deliveries. In the order of subscribers there is an
// index; in any other, each page would sort the whole issue.
func page(issueID string, states []digest.DeliveryState, after string, limit int) (query string, args []any) {
	query, args = deliveryViews+`WHERE d.issue_id = ? AND d.subscriber_id > ?`, []any{issueID, after}
	if len(states) > 0 {
		query, args = query+` AND d.state IN ?`, append(args, states)
	}
	return query + ` ORDER BY d.subscriber_id LIMIT ?`, append(args, limit)
}

// DeliveryByID finds one, or fails with digest.ErrNotFound.
func (s *Store) DeliveryByID(ctx context.Context, id string) (digest.Delivery, error) {
	var rows []deliveryView
	err := s.reader(ctx).Raw(deliveryViews+`WHERE d.id = ?`, id).Scan(&rows).Error
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return digest.Delivery{}, failed(err, "delivery %s", id)
	}
	return rows[0].delivery(), nil
}

// Tally counts the issue's deliveries by state.
func (s *Store) Tally(ctx context.Context, issueID string) (digest.Tally, error) {
	var rows []struct {
		State digest.DeliveryState
		N     int
	}
	err := s.reader(ctx).Model(&deliveryRow{}).Select("state, COUNT(*) AS n").
		Where("issue_id = ?", issueID).Group("state").Scan(&rows).Error
	var tally digest.Tally
	for _, row := range rows {
		tally.Count(row.State, row.N)
	}
	return tally, failed(err, "count the deliveries of issue %s", issueID)
}

// SentSince counts the deliveries of all issues that were accepted, or perhaps
// accepted, since then, or are under way.
func (s *Store) SentSince(ctx context.Context, since time.Time) (int, error) {
	var n int64
	err := s.reader(ctx).Model(&deliveryRow{}).Where("updated >= ? AND state IN ? OR state = ?", micros(since),
		[]digest.DeliveryState{digest.Delivered, digest.Unsure}, digest.Begun).Count(&n).Error
	return int(n), failed(err, "count what went out")
}

// NextDue is the earliest time at which a Claim could find something to do for
// the issue: now for what is queued, else when something deferred is due or
// something held expires, and now for what is held since a moment that lies
// ahead. False when nothing is open, or the issue is not sending.
func (s *Store) NextDue(ctx context.Context, issueID string) (time.Time, bool, error) {
	now := micros(s.now())
	var due *int64
	err := s.reader(ctx).Raw(`SELECT MIN(due) FROM (
			SELECT CAST(? AS BIGINT) AS due WHERE EXISTS (SELECT 1 FROM deliveries WHERE issue_id = ? AND `+queuedDeliveries+`)
			UNION ALL SELECT MIN(not_before) FROM deliveries WHERE issue_id = ? AND `+deferredDeliveries+`
			UNION ALL SELECT MIN(CASE WHEN updated > ? THEN ? ELSE lease + 1 END) FROM deliveries WHERE issue_id = ? AND `+heldDeliveries+`) open
		WHERE EXISTS (SELECT 1 FROM issues WHERE id = ? AND state = 'sending')`,
		now, issueID, issueID, micros(s.now().Add(unlikely)), now, issueID, issueID).Scan(&due).Error
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
		State:   digest.DeliveryState(r.State), Node: r.Node, Lease: instant(r.Lease), NotBefore: instant(r.NotBefore),
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
