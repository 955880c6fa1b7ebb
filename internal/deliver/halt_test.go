package deliver_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// filler has an audience that takes long to be written down.
type filler struct {
	*ledger
	parts atomic.Int32
}

const manyParts = 2000

func (f *filler) Fill(context.Context, string, time.Time, bool) (int, bool, error) {
	time.Sleep(time.Millisecond)
	return 10, f.parts.Add(1) < manyParts, nil
}

func TestFillingEndsWithTheRun(t *testing.T) {
	clk := newClock()
	l := &filler{ledger: readers(1, clk.now)}
	nobody := senderFunc(func(context.Context, digest.Mail) error { return digest.ErrUnreachable })
	c := courier(t, l, nobody, clk.now, deliver.Options{Connections: 1, Breaker: 1})
	if _, err := c.Drain(t.Context(), issue, newsletter); !errors.Is(err, deliver.ErrStopped) {
		t.Errorf("the run ended with %v", err)
	}
	if l.parts.Load() >= manyParts {
		t.Error("the run waited for the whole audience, though nothing could be sent")
	}
}

// held is an issue that somebody may pause.
type held struct {
	shelf
	paused *atomic.Bool
	looked *atomic.Int32 // how often the pause was seen
}

func (h held) Sending(context.Context, string) (bool, error) {
	if h.paused.Load() {
		h.looked.Add(1)
	}
	return !h.paused.Load(), nil
}

// full is a ledger that cannot write what became of mails.
type full struct{ *ledger }

func (f full) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) ([]string, error) {
	if len(done) > 0 {
		return nil, errors.New("the disk is full")
	}
	return f.ledger.Turn(ctx, node, done, bounced, next, until)
}

func TestAPauseHidesNoFaultOfTheLedger(t *testing.T) {
	var paused atomic.Bool
	var looked atomic.Int32
	sender := senderFunc(func(context.Context, digest.Mail) error {
		paused.Store(true)
		for looked.Load() < 2 { // so that the run has been halted
			time.Sleep(time.Millisecond)
		}
		return nil
	})
	c := deliver.New(full{readers(3, time.Now)}, held{approved(), &paused, &looked}, sender, sharedLinks,
		deliver.Options{Node: "n", Now: time.Now, Patience: time.Millisecond, Connections: 2})
	if report, err := c.Drain(t.Context(), issue, newsletter); err == nil {
		t.Errorf("mails that a server took could not be written down, and nobody says so: %+v", report)
	}
}

// A mail may take ten minutes to end. Whoever resumes the issue meanwhile, on
// another machine, needs the rest.
func TestWhatIsOnlyClaimedIsFreeAtOnceWhenAnIssueIsPaused(t *testing.T) {
	var paused atomic.Bool
	l := readers(40, time.Now)
	end := make(chan struct{})
	sender := senderFunc(func(context.Context, digest.Mail) error {
		paused.Store(true)
		<-end
		return nil
	})
	c := deliver.New(l, held{approved(), &paused, new(atomic.Int32)}, sender, sharedLinks, deliver.Options{Node: "n", Now: time.Now, Connections: 1})
	done := make(chan error, 1)
	go func() {
		_, err := c.Drain(t.Context(), issue, newsletter)
		done <- err
	}()
	free := func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		claimed := 0
		for _, d := range l.rows {
			if d.State == digest.Claimed {
				claimed++
			}
		}
		return paused.Load() && claimed == 0
	}
	for begun := time.Now(); !free() && time.Since(begun) < 20*time.Second; {
		time.Sleep(10 * time.Millisecond)
	}
	if !free() {
		t.Error("others wait for a mail that takes long")
	}
	close(end)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
