package deliver

import (
	"context"
	"time"

	"hebdo/internal/digest"
)

// Outbox is the ledger of deliveries: one row per issue and subscriber. All
// methods are safe for concurrent use by many processes.
type Outbox interface {
	// Fill adds Queued deliveries for the next part of the issue's audience, and
	// tells how many were added in all and whether more are to come. With first,
	// the audience of an issue that is only approved is frozen now; otherwise
	// Fill goes on where it was left, by whomever, as long as the issue is
	// Sending (digest.ErrConflict). Nobody gets a second row.
	Fill(ctx context.Context, issueID string, now time.Time, first bool) (queued int, more bool, err error)
	// Claim first takes back what expired in others' hands (Claimed becomes
	// Queued, Begun becomes Unsure), then hands at most c.Limit deliveries that
	// are Queued, or Deferred and due, to c.Node until c.Now+c.Lease. No delivery
	// is ever in two hands. An issue whose state is not Sending gives none.
	Claim(ctx context.Context, c digest.Claim) ([]digest.Delivery, error)
	// Turn does two things in one transaction. It settles done, as Settle does.
	// And it commits that the deliveries next are about to be sent (Begun) until
	// the given time, or as long as they were claimed when it is zero, and
	// returns those that the node still holds: the others must not be sent, nor
	// any when the issue is no longer Sending. All are of one issue.
	Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) (begun []string, err error)
	// Settle writes how sending ended, for the rows of one issue that the node
	// still holds: State, NotBefore, Attempts, FirstTried, Code, Enhanced, Reply,
	// MessageID, Updated. A row in bounced is also marked as a bounced address, in the same transaction.
	Settle(ctx context.Context, node string, done []digest.Delivery, bounced []string) error
	// Tally counts the issue's deliveries by state.
	Tally(ctx context.Context, issueID string) (digest.Tally, error)
}

// Sender brings one mail to the mail server. It returns nil when the server
// accepted it, a digest.Refusal when the server refused it, an error that is
// digest.ErrPerhapsAccepted when that cannot be known, and any other error
// when it is certain that nothing was accepted.
type Sender interface {
	Send(ctx context.Context, m digest.Mail) error
}

// Press is a Sender that can encode once what all copies of a mail share.
// Prepare returns what sends one copy: the mail m.For(c, marks), with the
// errors of Send, or digest.ErrNotBegun for a copy that was recalled. Prepare
// fails with digest.ErrUnsendable when the mail itself is at fault.
type Press interface {
	Prepare(m digest.Mail, marks []string) (send func(ctx context.Context, c digest.Copy) error, err error)
}

// Encoder is a Press that can encode a letter when it is approved, before it is
// known by whom and to whom it goes: digest.Mail.Encoded. What it gives is of
// use to Prepare, whichever process calls that.
type Encoder interface {
	Encode(m digest.Mail, marks []string) string
}

// Issues tells of an issue what is not in its ledger.
type Issues interface {
	// Editions gives what was frozen with the approval.
	Editions(ctx context.Context, issueID string) ([]digest.Edition, error)
	// Sending tells whether the issue is in the state Sending.
	Sending(ctx context.Context, issueID string) (bool, error)
}
