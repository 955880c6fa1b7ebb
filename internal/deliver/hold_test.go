package deliver_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// away is a ledger that cannot be written for a while.
type away struct {
	*ledger
	from, until time.Time
	refused     atomic.Int32
}

func (l *away) out() error {
	if now := time.Now(); now.After(l.from) && now.Before(l.until) {
		l.refused.Add(1)
		return errors.New("the database is locked")
	}
	return nil
}

func (l *away) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) ([]string, error) {
	if err := l.out(); err != nil {
		return nil, err
	}
	return l.ledger.Turn(ctx, node, done, bounced, next, until)
}

func (l *away) Claim(ctx context.Context, c digest.Claim) ([]digest.Delivery, error) {
	if err := l.out(); err != nil {
		return nil, err
	}
	return l.ledger.Claim(ctx, c)
}

// A lock that came before a claim ended the run: a person had to begin it again.
func TestAClaimWaitsUntilTheLedgerCanBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &away{ledger: readers(10, time.Now), from: time.Now().Add(-time.Second), until: time.Now().Add(time.Minute)}
		c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error { return nil }), time.Now, deliver.Options{Connections: 2, Patience: 10 * time.Minute})
		report, err := c.Drain(t.Context(), issue, newsletter)
		if err != nil || report.Sent != 10 || l.refused.Load() == 0 {
			t.Errorf("%+v, refused %d times, %v", report, l.refused.Load(), err)
		}
	})
}

// A ledger that could not be written for half a minute cost eight letters their
// certainty, at every beat of a server: what became of them was thrown away.
func TestWhatBecameOfLettersIsHeldUntilItCanBeWritten(t *testing.T) {
	for name, c := range map[string]struct {
		lasts time.Duration
		stop  bool // the program is told to end meanwhile
		want  deliver.Report
	}{
		"for minutes":        {5 * time.Minute, false, deliver.Report{Sent: 100}},
		"told to end":        {5 * time.Minute, true, deliver.Report{Sent: 40, Queued: 60}},
		"longer than anyone": {time.Hour, false, deliver.Report{Sent: 40, Queued: 60}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &away{ledger: readers(100, time.Now), from: time.Now().Add(9500 * time.Millisecond)}
				l.until = l.from.Add(c.lasts)
				var sent atomic.Int32
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				if c.stop {
					time.AfterFunc(time.Minute, stop)
				}
				d := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
					time.Sleep(time.Second)
					sent.Add(1)
					return nil
				}), time.Now, deliver.Options{Connections: 2, Lease: 2 * time.Hour, Patience: 10 * time.Minute})
				report, err := d.Drain(ctx, issue, newsletter)
				if (err != nil) != (c.want.Queued > 0) {
					t.Error(err)
				}
				most := c.want.Sent + 8 // under way when the ledger was gone
				if report.Sent > int(sent.Load()) || int(sent.Load()) > most || c.want.Queued == 0 && report.Sent != 100 {
					t.Errorf("%d letters were sent: %+v", sent.Load(), report)
				}
				if l.refused.Load() > 200 {
					t.Errorf("the ledger was asked %d times", l.refused.Load())
				}
			})
		})
	}
}
