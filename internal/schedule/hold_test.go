package schedule_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"hebdo/internal/schedule"
	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

// onBoth runs a test in a bubble, once with each real database.
func onBoth(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Parallel()
	for name, url := range map[string]func(*testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "hebdo.db") },
		"PostgreSQL": func(t *testing.T) string { return storetest.Postgres(t, os.Getenv) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := url(t)
			synctest.Test(t, func(t *testing.T) {
				s, err := store.Open(t.Context(), at, store.Options{Now: time.Now, NewID: uuid.NewString})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if err := s.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				begin(t, s)
				test(t, s)
			})
		})
	}
}

// begin makes the letter known at midnight, so that its slots count.
func begin(t *testing.T, l schedule.Ledger) {
	t.Helper()
	var d diary
	live(t, letter(t, l, "first", d.note), time.Minute)
	d.want(t)
}

// line is a node's way to the ledger, which may be cut.
type line struct {
	*store.Store
	cut    atomic.Bool
	silent bool // nothing refuses either: a call waits as long as it may
}

var errCut = errors.New("the database is out of reach")

func (l *line) LastSlot(ctx context.Context, job string) (time.Time, error) {
	if l.cut.Load() {
		return time.Time{}, errCut
	}
	return l.Store.LastSlot(ctx, job)
}

func (l *line) BeginSlot(ctx context.Context, job string, slot time.Time, node string, now time.Time, lease time.Duration) (bool, error) {
	if l.cut.Load() {
		return false, errCut
	}
	return l.Store.BeginSlot(ctx, job, slot, node, now, lease)
}

func (l *line) KeepSlot(ctx context.Context, job string, slot time.Time, node string, until time.Time) (bool, error) {
	if l.cut.Load() && l.silent {
		<-ctx.Done()
		return false, ctx.Err()
	}
	if l.cut.Load() {
		return false, errCut
	}
	return l.Store.KeepSlot(ctx, job, slot, node, until)
}

func (l *line) SlotOpen(ctx context.Context, job string, slot time.Time) (bool, error) {
	if l.cut.Load() {
		return false, errCut
	}
	return l.Store.SlotOpen(ctx, job, slot)
}

func (l *line) EndSlot(ctx context.Context, job string, slot time.Time, now time.Time, trouble string) error {
	if l.cut.Load() {
		return errCut
	}
	return l.Store.EndSlot(ctx, job, slot, now, trouble)
}

// letter is a node with a job at six.
func letter(t *testing.T, l schedule.Ledger, name string, do schedule.Do) *schedule.Clockwork {
	t.Helper()
	c := node(l, name)
	if err := c.Add("letter", "0 6 * * *", time.UTC, do); err != nil {
		t.Fatal(err)
	}
	return c
}

// endless works until it is stopped.
func endless(ctx context.Context, _ time.Time) error {
	<-ctx.Done()
	return ctx.Err()
}

// six is when the letter's first slot comes; the bubble begins at midnight.
func six(minutes time.Duration) time.Duration {
	return time.Until(time.Date(2000, 1, 1, 6, 0, 0, 0, time.UTC).Add(minutes * time.Minute))
}

func TestWhatAStopCutOffIsTakenUpByTheNextProcess(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		live(t, letter(t, s, "a", endless), six(10))
		time.Sleep(3 * time.Second)
		var d diary
		live(t, letter(t, s, "b", d.note), time.Minute)
		d.want(t, "Sat 06:00 at Sat 06:10")
		live(t, letter(t, s, "c", d.note), 12*time.Hour)
		d.want(t, "Sat 06:00 at Sat 06:10")
	})
}

func TestWhatAStopCutOffIsTakenUpByAnotherNodeWithinATick(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var took time.Time
		stopped := time.Now().Add(six(10))
		var wg sync.WaitGroup
		wg.Go(func() { live(t, letter(t, s, "a", endless), six(10)) })
		wg.Go(func() {
			time.Sleep(six(1))
			live(t, letter(t, s, "b", func(context.Context, time.Time) error { took = time.Now(); return nil }), time.Hour)
		})
		wg.Wait()
		if late := took.Sub(stopped); late < 0 || late > 30*time.Second {
			t.Errorf("it was taken up after %s", late)
		}
	})
}

func TestSlotOfANodeThatWasKilledIsTakenUpAfterAShortLease(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		killed := &line{Store: s}
		var took time.Time
		var wg sync.WaitGroup
		wg.Go(func() { live(t, letter(t, killed, "killed", endless), six(55)) })
		time.Sleep(six(55) - time.Millisecond)
		killed.cut.Store(true) // who is killed writes nothing any more
		time.Sleep(3 * time.Second)
		at := time.Now()
		live(t, letter(t, s, "next", func(context.Context, time.Time) error { took = time.Now(); return nil }), 30*time.Minute)
		wg.Wait()
		if late := took.Sub(at); late < 0 || late > 3*time.Minute {
			t.Errorf("it was taken up after %s", late)
		}
	})
}

func TestJobLongerThanItsLeaseKeepsItsSlot(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var begun, done atomic.Int32
		long := func(ctx context.Context, _ time.Time) error {
			begun.Add(1)
			select {
			case <-time.After(2 * time.Hour):
				done.Add(1)
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		var wg sync.WaitGroup
		for _, name := range []string{"a", "b", "c"} {
			wg.Go(func() { live(t, letter(t, s, name, long), 12*time.Hour) })
		}
		wg.Wait()
		if begun.Load() != 1 || done.Load() != 1 {
			t.Errorf("begun %d times, done %d times", begun.Load(), done.Load())
		}
	})
}

func TestOneSlotRunsOnOneOfTwoNodes(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var d diary
		var wg sync.WaitGroup
		for _, name := range []string{"a", "b"} {
			wg.Go(func() { live(t, letter(t, s, name, d.note), 2*24*time.Hour) })
		}
		wg.Wait()
		d.want(t, "Sat 06:00 at Sat 06:00", "Sun 06:00 at Sun 06:00")
	})
}

func TestJobEndsBeforeAnotherNodeMayTakeItsSlot(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) { loses(t, &line{Store: s}) })
}

func TestJobEndsBeforeAnotherNodeMayTakeItsSlotThoughNothingAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) { loses(t, &line{Store: s, silent: true}) })
}

// loses cuts the line of the node that runs the slot, and looks when the other
// takes it.
func loses(t *testing.T, lost *line) {
	t.Helper()
	var ended, took time.Time
	var wg sync.WaitGroup
	wg.Go(func() {
		live(t, letter(t, lost, "lost", func(ctx context.Context, _ time.Time) error {
			<-ctx.Done()
			ended = time.Now()
			return ctx.Err()
		}), 8*time.Hour)
	})
	wg.Go(func() {
		time.Sleep(six(1))
		live(t, letter(t, lost.Store, "other", func(context.Context, time.Time) error { took = time.Now(); return nil }), 7*time.Hour)
	})
	time.Sleep(six(5))
	lost.cut.Store(true)
	time.Sleep(20 * time.Minute)
	lost.cut.Store(false)
	wg.Wait()
	if ended.IsZero() || took.IsZero() || took.Sub(ended) < 15*time.Second {
		t.Errorf("one ended at %s, the other began at %s", ended, took)
	}
}

func TestJobEndsWhenItsSlotIsAnothers(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var begun, ended []time.Time
		slot := time.Now().Add(six(0))
		go func() { // a node whose clock is an hour fast, and that dies at once
			time.Sleep(six(5))
			if ok, err := s.BeginSlot(t.Context(), "letter", slot, "fast", time.Now().Add(time.Hour), 2*time.Minute); !ok || err != nil {
				t.Error(ok, err)
			}
		}()
		live(t, letter(t, s, "a", func(ctx context.Context, slot time.Time) error {
			begun = append(begun, time.Now())
			err := endless(ctx, slot)
			ended = append(ended, time.Now())
			return err
		}), six(120))
		if len(begun) != 2 || ended[0].Sub(slot) > 6*time.Minute || begun[1].Sub(slot) < 67*time.Minute || begun[1].Sub(slot) > 68*time.Minute {
			t.Errorf("begun at %s, ended at %s", begun, ended)
		}
	})
}

func TestJobOutlivesAShortTroubleWithTheLedger(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		shaky := &line{Store: s}
		var done atomic.Int32
		work := func(ctx context.Context, _ time.Time) error {
			select {
			case <-time.After(time.Hour):
				done.Add(1)
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		var wg sync.WaitGroup
		wg.Go(func() { live(t, letter(t, shaky, "a", work), 9*time.Hour) })
		wg.Go(func() { time.Sleep(six(1)); live(t, letter(t, s, "b", work), 2*time.Hour) })
		for range 5 {
			time.Sleep(max(six(5), 7*time.Minute))
			shaky.cut.Store(true)
			time.Sleep(45 * time.Second)
			shaky.cut.Store(false)
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("done %d times", done.Load())
		}
	})
}

func TestSlotWhoseJobFailedIsLeftToTheNext(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var runs atomic.Int32
		fails := func(context.Context, time.Time) error { runs.Add(1); return errors.New("no stories") }
		live(t, letter(t, s, "a", fails), six(10))
		live(t, letter(t, s, "b", fails), 12*time.Hour)
		if runs.Load() != 1 {
			t.Errorf("it ran %d times", runs.Load())
		}
	})
}

func TestANodeThatFoundASlotDoneIsInTimeForTheNext(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var d diary
		time.Sleep(six(-30)) // yesterday's is done, as a look at half past five tells
		live(t, letter(t, s, "a", d.note), time.Hour)
		d.want(t, "Sat 06:00 at Sat 06:00")
	})
}
