package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// subscriptionColumns are those that a repeated save writes.
var subscriptionColumns = []string{
	"state", "name", "language", "length", "without", "consent_at", "consent_source", "consent_text", "consent_ip",
	"asked", "asked_times", "confirmed", "ended",
}

// SaveSubscriptions inserts or updates (by newsletter and address) all of them
// or none. A subscriber already known keeps its ID, its address as first typed
// and its suppression; so does a subscription its ID and when it was created.
// Of several for one newsletter and address the last counts. New ones without
// an ID get one.
func (s *Store) SaveSubscriptions(ctx context.Context, subs []digest.Subscription) error {
	subs, err := s.lastOfEach(subs)
	if err != nil {
		return failed(err, "keep subscriptions")
	}
	err = s.change(ctx, func(tx *gorm.DB) error {
		for _, batch := range chunks(subs, insertBatch) {
			if err := saveSubscriptions(tx, batch); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "keep %d subscriptions", len(subs))
}

// lastOfEach leaves one subscription for a newsletter and address, made
// complete, in an order which all writers share, so that two imports never
// wait for each other crosswise.
func (s *Store) lastOfEach(subs []digest.Subscription) ([]digest.Subscription, error) {
	type key struct{ match, newsletter string }
	last := make(map[key]digest.Subscription, len(subs))
	for _, b := range subs {
		if b.Subscriber.Match == "" || b.Subscriber.Address == "" {
			return nil, errors.New("a subscriber needs an address and its folded form")
		}
		if b.ID == "" {
			b.ID = s.newID()
		}
		if b.Subscriber.ID == "" {
			b.Subscriber.ID = s.newID()
		}
		if b.Created.IsZero() {
			b.Created = s.now()
		}
		if b.Subscriber.Created.IsZero() {
			b.Subscriber.Created = b.Created
		}
		last[key{b.Subscriber.Match, b.Newsletter}] = b
	}
	out := make([]digest.Subscription, 0, len(last))
	for _, b := range last {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b digest.Subscription) int {
		if c := strings.Compare(a.Subscriber.Match, b.Subscriber.Match); c != 0 {
			return c
		}
		return strings.Compare(a.Newsletter, b.Newsletter)
	})
	return out, nil
}

func saveSubscriptions(tx *gorm.DB, subs []digest.Subscription) error {
	var people []subscriberRow
	var matches []string
	for _, b := range subs {
		if n := len(matches); n == 0 || matches[n-1] != b.Subscriber.Match {
			matches = append(matches, b.Subscriber.Match)
			people = append(people, subscriberOf(b.Subscriber))
		}
	}
	if err := tx.Clauses(onConflict([]string{"match"})).Create(&people).Error; err != nil {
		return err
	}
	var known []subscriberRow
	if err := tx.Select("id", "match").Where("match IN ?", matches).Find(&known).Error; err != nil {
		return err
	}
	ids := make(map[string]string, len(known))
	for _, row := range known {
		ids[row.Match] = row.ID
	}
	rows := each(subs, func(b digest.Subscription) subscriptionRow {
		b.Subscriber.ID = ids[b.Subscriber.Match]
		return subscriptionOf(b)
	})
	return tx.Clauses(onConflict([]string{"newsletter", "subscriber_id"}, subscriptionColumns...)).Create(&rows).Error
}
