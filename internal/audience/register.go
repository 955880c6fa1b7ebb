package audience

import (
	"context"
	"time"

	"hebdo/internal/digest"
)

// Register keeps who is on which list.
type Register interface {
	// SubscriptionOf finds an address's subscription to a newsletter by its
	// case-folded form (Subscriber.Match), or fails with digest.ErrNotFound.
	SubscriptionOf(ctx context.Context, newsletter, match string) (digest.Subscription, error)
	// Subscription finds one by ID, or fails with digest.ErrNotFound.
	Subscription(ctx context.Context, id string) (digest.Subscription, error)
	// SaveSubscriptions inserts or updates (by newsletter and address) all of
	// them or none. A subscriber already known keeps its ID, its address as
	// first typed and its suppression; so does a subscription its ID.
	SaveSubscriptions(ctx context.Context, subs []digest.Subscription) error
	// Subscriptions lists a newsletter's, in order of ID, those after the given
	// ID, at most limit.
	Subscriptions(ctx context.Context, newsletter, after string, limit int) ([]digest.Subscription, error)
	// EraseSubscriber removes what is personal of an address from every table
	// and leaves a suppressed row that no longer tells it.
	EraseSubscriber(ctx context.Context, match string, now time.Time) error
}

// Postman brings a confirmation mail to somebody who asked to subscribe.
type Postman interface {
	Confirm(ctx context.Context, sub digest.Subscription, link string) error
}
