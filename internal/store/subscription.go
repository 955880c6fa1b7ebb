package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type subscriptionRow struct {
	ID            string `gorm:"primaryKey"`
	Newsletter    string
	SubscriberID  string
	State         string
	Name          string
	Language      string
	Length        string
	Without       string
	ConsentAt     int64
	ConsentSource string
	ConsentText   string
	ConsentIP     string
	Asked         int64
	AskedTimes    int
	Confirmed     int64
	Ended         int64
	Created       int64
}

func (subscriptionRow) TableName() string { return "subscriptions" }

// SubscriptionOf finds an address's subscription to a newsletter by its
// case-folded form (Subscriber.Match), or fails with digest.ErrNotFound: then
// the Subscriber is still given where the address is known.
func (s *Store) SubscriptionOf(ctx context.Context, newsletter, match string) (digest.Subscription, error) {
	var who subscriberRow
	if err := s.reader(ctx).Where("match = ?", match).Take(&who).Error; err != nil {
		return digest.Subscription{}, failed(err, "look up a subscription")
	}
	var row subscriptionRow
	err := s.reader(ctx).Where("newsletter = ? AND subscriber_id = ?", newsletter, who.ID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return digest.Subscription{Subscriber: who.subscriber()}, failed(err, "look up a subscription")
	}
	return row.subscription(who), failed(err, "look up a subscription")
}

// Subscription finds one by ID, or fails with digest.ErrNotFound.
func (s *Store) Subscription(ctx context.Context, id string) (digest.Subscription, error) {
	var row subscriptionRow
	err := s.reader(ctx).Where("id = ?", id).Take(&row).Error
	var who subscriberRow
	if err == nil {
		err = s.reader(ctx).Where("id = ?", row.SubscriberID).Take(&who).Error
	}
	if err != nil {
		return digest.Subscription{}, failed(err, "look up a subscription")
	}
	return row.subscription(who), nil
}

// Subscriptions lists a newsletter's, in order of ID, those after the given
// ID, at most limit.
func (s *Store) Subscriptions(ctx context.Context, newsletter, after string, limit int) ([]digest.Subscription, error) {
	var rows []subscriptionRow
	err := s.reader(ctx).Where("newsletter = ? AND id > ?", newsletter, after).Order("id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, failed(err, "list the subscriptions of %s", newsletter)
	}
	subscribers := make(map[string]subscriberRow, len(rows))
	for _, batch := range chunks(rows, idBatch) {
		var some []subscriberRow
		ids := each(batch, func(r subscriptionRow) string { return r.SubscriberID })
		if err := s.reader(ctx).Where("id IN ?", ids).Find(&some).Error; err != nil {
			return nil, failed(err, "list the subscribers of %s", newsletter)
		}
		for _, who := range some {
			subscribers[who.ID] = who
		}
	}
	return each(rows, func(r subscriptionRow) digest.Subscription {
		return r.subscription(subscribers[r.SubscriberID])
	}), nil
}

// CountSubscriptions counts a newsletter's by state; a state that nobody is in
// is left out.
func (s *Store) CountSubscriptions(ctx context.Context, newsletter string) (map[digest.SubscriptionState]int, error) {
	var rows []struct {
		State digest.SubscriptionState
		N     int
	}
	err := s.reader(ctx).Model(&subscriptionRow{}).Select("state, COUNT(*) AS n").
		Where("newsletter = ?", newsletter).Group("state").Scan(&rows).Error
	counts := make(map[digest.SubscriptionState]int, len(rows))
	for _, row := range rows {
		counts[row.State] = row.N
	}
	return counts, failed(err, "count the subscriptions of %s", newsletter)
}

// CountReaders is how many a newsletter's next issue would go to: those whom
// enqueue takes.
func (s *Store) CountReaders(ctx context.Context, newsletter string) (int, error) {
	var n int64
	err := s.reader(ctx).Raw(`SELECT COUNT(*) FROM subscriptions s JOIN subscribers r ON r.id = s.subscriber_id
		WHERE s.newsletter = ? AND s.state = 'active' AND r.suppression = ''`, newsletter).Scan(&n).Error
	return int(n), failed(err, "count the readers of %s", newsletter)
}

func subscriptionOf(b digest.Subscription) subscriptionRow {
	return subscriptionRow{
		ID: b.ID, Newsletter: b.Newsletter, SubscriberID: b.Subscriber.ID, State: string(b.State), Name: clean(b.Name),
		Language: string(b.Language), Length: string(b.Length), Without: clean(b.Without), ConsentAt: micros(b.Consent.At),
		ConsentSource: clean(b.Consent.Source), ConsentText: clean(b.Consent.Text), ConsentIP: clean(b.Consent.IP),
		Asked: micros(b.Asked), AskedTimes: b.AskedTimes, Confirmed: micros(b.Confirmed),
		Ended: micros(b.Ended), Created: micros(b.Created),
	}
}

func (r subscriptionRow) subscription(who subscriberRow) digest.Subscription {
	return digest.Subscription{
		ID: r.ID, Newsletter: r.Newsletter, Subscriber: who.subscriber(), State: digest.SubscriptionState(r.State),
		Name: r.Name, Language: digest.Language(r.Language), Length: digest.Length(r.Length), Without: r.Without,
		Consent: digest.Consent{At: instant(r.ConsentAt), Source: r.ConsentSource, Text: r.ConsentText, IP: r.ConsentIP},
		Asked:   instant(r.Asked), AskedTimes: r.AskedTimes, Confirmed: instant(r.Confirmed),
		Ended: instant(r.Ended), Created: instant(r.Created),
	}
}
