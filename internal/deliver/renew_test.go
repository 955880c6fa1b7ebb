package deliver_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// Renew makes the ledger of these tests one whose leases are kept up.
func (l *ledger) Renew(_ context.Context, _, node string, until time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.rows {
		if d := &l.rows[i]; d.Node == node && (d.State == digest.Claimed || d.State == digest.Begun) {
			d.Lease = until
		}
	}
	return nil
}

func TestASlowServerIsWaitedForAlthoughTheLeaseIsShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := readers(3, time.Now)
		slow := senderFunc(func(ctx context.Context, _ digest.Mail) error {
			select {
			case <-time.After(4 * time.Minute):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		a := courier(t, l, slow, time.Now, deliver.Options{Connections: 2, Leases: l})
		if _, err := a.Enqueue(t.Context(), issue); err != nil {
			t.Fatal(err)
		}
		ended := make(chan deliver.Report, 1)
		go func() {
			report, err := a.Drain(t.Context(), issue, newsletter)
			if err != nil {
				t.Error(err)
			}
			ended <- report
		}()
		time.Sleep(3 * time.Minute)
		b := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
			t.Error("another node got what this one holds")
			return nil
		}), time.Now, deliver.Options{Node: "node-b", Leases: l})
		if _, err := b.Drain(t.Context(), issue, newsletter); err != nil {
			t.Fatal(err)
		}
		same(t, deliver.Report{Sent: 3}, <-ended)
	})
}

func TestWhatADeadProcessHeldIsFreeAfterAMinute(t *testing.T) {
	clk := newClock()
	l := readers(6, clk.now)
	held, err := l.Claim(t.Context(), digest.Claim{IssueID: issueID, Node: "dead", Limit: 4, Now: clk.now(), Lease: time.Minute})
	if err != nil || len(held) != 4 {
		t.Fatal(len(held), err)
	}
	if _, err := l.Begin(t.Context(), "dead", held[:1], clk.now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	accept := senderFunc(func(context.Context, digest.Mail) error { return nil })
	c := courier(t, l, accept, clk.now, deliver.Options{Leases: l})
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil {
		t.Fatal(err)
	}
	if report.Sent != 2 || report.Queued != 4 {
		t.Errorf("before the lease is over: %+v", report)
	}
	clk.add(time.Minute + time.Second)
	if report, err = c.Drain(t.Context(), issue, newsletter); err != nil {
		t.Fatal(err)
	}
	same(t, deliver.Report{Sent: 5, Unsure: 1}, report)
}

// cut is a ledger whose node cannot renew, and whose claims arrive late, as
// when the way to it was cut for most of a lease.
type cut struct {
	*ledger
	late time.Duration
	from time.Time // nothing is renewed any more
}

func (c cut) Claim(ctx context.Context, claim digest.Claim) ([]digest.Delivery, error) {
	time.Sleep(c.late)
	return c.ledger.Claim(ctx, claim)
}

func (c cut) Renew(ctx context.Context, issue, node string, until time.Time) error {
	if time.Now().After(c.from) {
		return errors.New("cut off")
	}
	return c.ledger.Renew(ctx, issue, node, until)
}

// The crash harness found it: a machine that was cut off for most of its lease
// began letters with what was left of it, and the next moment they were unsure.
func TestALateClaimIsNotBegunWithWhatIsLeftOfItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := readers(3, time.Now)
		sender := senderFunc(func(context.Context, digest.Mail) error {
			time.Sleep(15 * time.Second)
			return nil
		})
		way := cut{l, 50 * time.Second, time.Now().Add(45 * time.Second)}
		a := courier(t, way, sender, time.Now, deliver.Options{Connections: 4, Leases: way})
		if _, err := a.Enqueue(t.Context(), issue); err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(63 * time.Second) // while it sends
			if got, err := l.Claim(t.Context(), digest.Claim{IssueID: issueID, Node: "b", Limit: 9, Now: time.Now(), Lease: time.Minute}); err != nil || len(got) > 0 {
				t.Errorf("%d given to another node: %v", len(got), err)
			}
		}()
		if _, err := a.Drain(t.Context(), issue, newsletter); err != nil {
			t.Fatal(err)
		}
		if tally, _ := l.Tally(t.Context(), issueID); tally.Delivered != 3 {
			t.Errorf("%+v", tally)
		}
	})
}
