package audience

import (
	"context"
	"time"

	"hebdo/internal/digest"
)

// Register keeps who is on which list.
type Register interface {
	// SubscriptionOf finds an address's subscription to a newsletter by its
	// case-folded form (Subscriber.Match), or fails with digest.ErrNotFound: then
	// the Subscriber is still given where the address is known for another reason.
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

// Staging keeps the lines of a file until all of it is on the list. Its
// transactions are short.
type Staging interface {
	Import
	// Repeats tells, in order, of every staged line whose address stands on
	// another one that counts, and keeps it out of the list. What counts is the
	// first line that suppresses the address, else the first that unsubscribes it,
	// else the first that declines, else the first.
	Repeats(ctx context.Context, i digest.Import, tell func(line, kept int)) error
	// Unasked lists the merged lines whose readers are to be asked to confirm, in
	// order, those after the given line, at most limit.
	Unasked(ctx context.Context, id string, after, limit int) ([]digest.Incoming, error)
}

// Import is the way of an import, from its beginning to its end.
type Import interface {
	// BeginImport finds the import with the key that was not ended, or begins one.
	BeginImport(ctx context.Context, want digest.Import) (digest.Import, error)
	// Stage keeps lines, those after i.Staged up to the line upTo, all or none,
	// and returns the import as it then is. It fails with digest.ErrConflict when
	// another process stages the same import.
	Stage(ctx context.Context, i digest.Import, upTo int, lines []digest.Incoming) (digest.Import, error)
	// MergeImport brings the next lines into the list, at most limit of them, all
	// or none; where the import is dry it only counts. Addresses not known yet are
	// kept as the lines say. A suppression that a line names is kept, on no list; it
	// outweighs what is kept where that is none, or it a complaint. Of the others settle decides (known has no ID where
	// the address is not on this newsletter's list), and nobody else changes a
	// row meanwhile. It returns the import as it then is; all is merged when
	// Merged stays as it was.
	MergeImport(ctx context.Context, i digest.Import, limit int,
		settle func(line digest.Incoming, known digest.Subscription) (digest.Subscription, digest.Outcome, bool)) (digest.Import, error)
	// EndImport forgets an import; repeated, it changes nothing.
	EndImport(ctx context.Context, id string) error
}

// Postman brings a confirmation mail to somebody who asked to subscribe.
type Postman interface {
	Confirm(ctx context.Context, sub digest.Subscription, link string) error
}
