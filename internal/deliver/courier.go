// Package deliver brings an approved issue to every subscriber, at most once.
// A ledger row says what is about to happen before it happens: a mail is given
// to the server only after its row was committed as being sent, and what may
// have been accepted is listed, never sent again.
package deliver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// ErrStopped: the mail server takes nothing at the moment. What was not sent
// waits in the queue; Drain may be called again.
var ErrStopped = errors.New("sending stopped: the mail server takes nothing")

// Options of a Courier; zero values mean the defaults named here.
type Options struct {
	Node        string           // name of this process, for people to read in the ledger; required
	Batch       int              // deliveries claimed at a time; 2 × Connections, 50 at least
	Connections int              // of the Sender; as many mails again are given to it at the same time, to follow. 4
	Rate        float64          // mails a second at most; 0: no limit
	Limits      []Limit          // of mailbox providers, for this process
	Ramp        Ramp             // of a new sender
	Volume      Volume           // counts what went out, for the Ramp; without it there is none
	Leases      Leases           // keeps up the leases of what a run has in hand; nil: nobody does
	Lease       time.Duration    // how long what a node has in hand stays its own when nothing is heard of it; 1 min, 15 min without Leases
	Try         time.Duration    // how long bringing one mail to the server may take; 12 min, and without Leases a third of Lease at most
	Backoff     []time.Duration  // waits after the first, second, … temporary refusal, the last for all further; 5 min, 15 min, 1 h, 3 h, 6 h
	GiveUpAfter time.Duration    // a delivery refused temporarily for so long is refused for good; 48 h
	Breaker     int              // so many failures of the server, or refusals by policy, in a row stop the run; 10
	Pause       time.Duration    // wait after each failure of the server; 1 s
	Grace       time.Duration    // how long mails under way may take to end when ctx has; 20 s
	Patience    time.Duration    // how long what became of mails is held while the ledger cannot be written; 15 min
	Now         func() time.Time // required
	Logger      *slog.Logger
	Tried       func(Tried) // called for each try once it is settled, by several goroutines; may be nil
}

// Courier sends issues. It is safe for concurrent use, and any number of them,
// on any number of machines, may send the same issue.
type Courier struct {
	outbox  Outbox
	issues  Issues
	sender  Sender
	links   *track.Links
	opt     Options
	pace    *rate.Limiter
	rests   *rests
	lanes   *lanes
	warming *warming
	places  *places
}

// New gives a Courier; it panics without Node or Now, which is a fault of the program.
func New(outbox Outbox, issues Issues, sender Sender, links *track.Links, opt Options) *Courier {
	if opt.Node == "" || opt.Now == nil {
		panic("deliver: Node and Now are required")
	}
	preset(&opt.Connections, 4)
	preset(&opt.Batch, max(50, 2*opt.Connections)) // while it is claimed, what is begun has to last
	preset(&opt.Try, 12*time.Minute)               // the answer to the dot alone may take 10 (RFC 5321, 4.5.3.2.6)
	if opt.Leases != nil {
		preset(&opt.Lease, time.Minute)
	}
	preset(&opt.Lease, 15*time.Minute)
	if opt.Leases == nil {
		// With one mail before it on the same connection a try still ends before
		// another node may think it was left behind.
		opt.Try = min(opt.Try, opt.Lease/3)
	}
	preset(&opt.GiveUpAfter, 48*time.Hour)
	preset(&opt.Breaker, 10)
	preset(&opt.Pause, time.Second)
	preset(&opt.Grace, 20*time.Second)
	preset(&opt.Patience, 15*time.Minute)
	if len(opt.Backoff) == 0 {
		opt.Backoff = []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	c := &Courier{outbox: outbox, issues: issues, sender: sender, links: links, opt: opt, rests: new(rests)}
	c.lanes, c.warming = newLanes(opt.Limits), &warming{ramp: opt.Ramp, volume: opt.Volume}
	c.pace = rate.NewLimiter(rate.Inf, 1)
	begun := following * opt.Connections
	if opt.Rate > 0 {
		begun = max(1, min(begun, int(opt.Rate))) // what can go out within a second: no more is marked than that
		c.pace = rate.NewLimiter(rate.Limit(opt.Rate), 1)
		// What one node has claimed no other can send: let it have something to do for some ten seconds.
		c.opt.Batch = min(c.opt.Batch, max(2*c.opt.Connections, int(10*opt.Rate)))
	}
	c.places = newPlaces(begun)
	return c
}

// following is how many mails are in hand for a connection: one at the server,
// and one that follows it.
const following = 2

func preset[T int | time.Duration](v *T, value T) {
	if *v <= 0 {
		*v = value
	}
}

// Enqueue freezes the issue's audience, who receives its newsletter now, and
// puts the first of them into the queue; it returns how many. Drain adds the
// others while it sends. An issue that was not approved is refused with
// digest.ErrNotApproved.
func (c *Courier) Enqueue(ctx context.Context, issue digest.Issue) (int, error) {
	if issue.State != digest.Sending {
		if err := issue.State.Move(digest.Sending); err != nil {
			return 0, err
		}
	}
	n, _, err := c.outbox.Fill(ctx, issue.ID, c.opt.Now(), true)
	if err != nil {
		return 0, fmt.Errorf("queue the issue: %w", err)
	}
	return n, nil
}

// Report is where an issue's deliveries stand after a run, whoever sent them.
type Report struct {
	Queued   int // not tried yet, or in another node's hands
	Sent     int
	Deferred int // refused for now
	Refused  int
	Unsure   int     // perhaps accepted; listed, never sent again
	Seconds  float64 // the run took
}

// report counts once more, even when ctx has ended.
func (c *Courier) report(ctx context.Context, issueID string, begun time.Time) (Report, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	t, err := c.outbox.Tally(ctx, issueID)
	if err != nil {
		return Report{}, fmt.Errorf("count the deliveries: %w", err)
	}
	return Report{Queued: t.Queued + t.Claimed + t.Begun, Sent: t.Delivered, Deferred: t.Deferred, Refused: t.Refused,
		Unsure: t.Unsure, Seconds: c.opt.Now().Sub(begun).Seconds()}, nil
}

// bounded is a context for settling what was begun: ctx's end does not end it,
// but it does not last for ever.
func (c *Courier) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), c.opt.Grace)
}
