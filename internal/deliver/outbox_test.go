package deliver_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// ledger is an Outbox in memory that keeps to its contract: leases, fencing by
// node, no delivery in two hands.
type ledger struct {
	mu       sync.Mutex
	rows     []digest.Delivery
	byID     map[string]int
	bounced  []string
	now      func() time.Time
	maxBegun int // most rows in the state sending at one time
}

// readers makes a ledger of n queued deliveries; even ones read French.
func readers(n int, now func() time.Time) *ledger {
	l := &ledger{byID: map[string]int{}, now: now}
	for i := range n {
		v := digest.Variant{Language: digest.French, Length: digest.Full}
		if i%2 == 1 {
			v.Language = digest.English
		}
		l.byID[uid('d', i)] = i
		l.rows = append(l.rows, digest.Delivery{ID: uid('d', i), IssueID: issueID, SubscriptionID: uid('a', i), SubscriberID: uid('b', i),
			Address: address(i), Variant: v, State: digest.Queued})
	}
	return l
}

const issueID = "0193e000-0000-7000-8000-000000000001"

func uid(kind byte, i int) string { return fmt.Sprintf("0193e000-000%c-7000-8000-%012d", kind, i) }

func address(i int) string { return fmt.Sprintf("reader%d@example.net", i) }

func (l *ledger) Fill(context.Context, string, time.Time, bool) (int, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.rows), false, nil
}

func (l *ledger) Claim(_ context.Context, c digest.Claim) ([]digest.Delivery, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []digest.Delivery
	for i := range l.rows {
		d := &l.rows[i]
		if d.Lease.Before(c.Now) && d.State == digest.Claimed {
			d.State, d.Node = digest.Queued, ""
		}
		if d.Lease.Before(c.Now) && d.State == digest.Begun {
			d.State, d.Node = digest.Unsure, ""
		}
		due := d.State == digest.Queued || d.State == digest.Deferred && !d.NotBefore.After(c.Now)
		if due && len(out) < c.Limit {
			d.State, d.Node, d.Lease = digest.Claimed, c.Node, c.Now.Add(c.Lease)
			out = append(out, *d)
		}
	}
	return out, nil
}

// held gives the row if the node still holds it.
func (l *ledger) held(node, id string) *digest.Delivery {
	i, ok := l.byID[id]
	if !ok {
		return nil
	}
	d := &l.rows[i]
	if d.Node != node || d.Lease.Before(l.now()) || (d.State != digest.Claimed && d.State != digest.Begun) {
		return nil
	}
	return d
}

func (l *ledger) Begin(_ context.Context, node string, next []digest.Delivery, until time.Time) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var held []string
	for _, n := range next {
		if d := l.held(node, n.ID); d != nil && d.State == digest.Claimed {
			d.State = digest.Begun
			if !until.IsZero() {
				d.Lease = until
			}
			held = append(held, n.ID)
		}
	}
	begun := 0
	for _, d := range l.rows {
		if d.State == digest.Begun {
			begun++
		}
	}
	l.maxBegun = max(l.maxBegun, begun)
	return held, nil
}

func (l *ledger) Settle(_ context.Context, node string, done []digest.Delivery, bounced []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range done {
		if row := l.held(node, d.ID); row != nil {
			d.Node, d.Lease = "", time.Time{}
			*row = d
			if slices.Contains(bounced, d.ID) {
				l.bounced = append(l.bounced, d.Address)
			}
		}
	}
	return nil
}

func (l *ledger) Tally(context.Context, string) (digest.Tally, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var t digest.Tally
	for _, d := range l.rows {
		t.Count(d.State, 1)
	}
	return t, nil
}

func (l *ledger) row(i int) digest.Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rows[i]
}

// errDead is what a process gets from the world once it was killed.
var errDead = errors.New("killed")

// mortal is a node's way to the ledger; after its death nothing gets through.
type mortal struct {
	deliver.Outbox
	mu    sync.Mutex
	calls int // left to live; negative: for ever
	flaky func() bool
}

func (m *mortal) alive() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls == 0 {
		return errDead
	}
	m.calls--
	if m.flaky != nil && m.flaky() {
		return errors.New("the database hiccups")
	}
	return nil
}

func (m *mortal) dead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls == 0
}

func (m *mortal) Claim(ctx context.Context, c digest.Claim) ([]digest.Delivery, error) {
	if err := m.alive(); err != nil {
		return nil, err
	}
	return m.Outbox.Claim(ctx, c)
}

func (m *mortal) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) ([]string, error) {
	if err := m.alive(); err != nil {
		return nil, err
	}
	return m.Outbox.Turn(ctx, node, done, bounced, next, until)
}

func (m *mortal) Settle(ctx context.Context, node string, done []digest.Delivery, bounced []string) error {
	if err := m.alive(); err != nil {
		return err
	}
	return m.Outbox.Settle(ctx, node, done, bounced)
}

// Turn is Settle and Begin.
func (l *ledger) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) ([]string, error) {
	if err := l.Settle(ctx, node, done, bounced); err != nil {
		return nil, err
	}
	return l.Begin(ctx, node, next, until)
}

// shelf gives the same editions for every issue; all are being sent.
type shelf []digest.Edition

func (s shelf) Editions(context.Context, string) ([]digest.Edition, error) { return s, nil }

func (s shelf) Sending(context.Context, string) (bool, error) { return true, nil }

// clock is set by tests.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// senderFunc is a Sender.
type senderFunc func(context.Context, digest.Mail) error

func (f senderFunc) Send(ctx context.Context, m digest.Mail) error { return f(ctx, m) }
