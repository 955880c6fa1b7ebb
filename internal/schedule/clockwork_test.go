package schedule_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/schedule"
)

// ledger keeps slots in memory as its contract says.
type ledger struct {
	mu     sync.Mutex
	slots  map[string]map[int64]*entry
	broken error
}

type entry struct {
	node    string
	until   time.Time
	ended   bool
	trouble string
}

func newLedger() *ledger { return &ledger{slots: map[string]map[int64]*entry{}} }

func (l *ledger) LastSlot(_ context.Context, job string) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var last time.Time
	for unix := range l.slots[job] {
		if t := time.Unix(unix, 0); t.After(last) {
			last = t
		}
	}
	return last, l.broken
}

func (l *ledger) BeginSlot(_ context.Context, job string, slot time.Time, node string, now time.Time, lease time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.slots[job] == nil {
		l.slots[job] = map[int64]*entry{}
	}
	if e, ok := l.slots[job][slot.Unix()]; ok && (e.ended || now.Before(e.until)) {
		return false, l.broken
	}
	l.slots[job][slot.Unix()] = &entry{node: node, until: now.Add(lease)}
	return true, l.broken
}

func (l *ledger) KeepSlot(_ context.Context, job string, slot time.Time, node string, until time.Time) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.slots[job][slot.Unix()]
	mine := e.node == node && !e.ended
	if mine {
		e.until = until
	}
	return mine, l.broken
}

func (l *ledger) SlotOpen(_ context.Context, job string, slot time.Time) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.slots[job][slot.Unix()]
	return ok && !e.ended, l.broken
}

func (l *ledger) EndSlot(_ context.Context, job string, slot time.Time, _ time.Time, trouble string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.slots[job][slot.Unix()]
	e.ended, e.trouble = true, trouble
	return l.broken
}

func (l *ledger) entry(job string, slot time.Time) entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.slots[job][slot.Unix()]; ok {
		return *e
	}
	return entry{}
}

// diary notes which slots ran, and when.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(_ context.Context, slot time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, slot.Format("Mon 15:04")+" at "+time.Now().In(slot.Location()).Format("Mon 15:04"))
	return nil
}

func (d *diary) want(t *testing.T, lines ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if diff := cmp.Diff(lines, d.lines); diff != "" {
		t.Errorf("slots run (-want +got):\n%s", diff)
	}
}

// live runs a clockwork for so long, and waits until it has ended.
func live(t *testing.T, c *schedule.Clockwork, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := c.Run(ctx); err != nil {
		t.Error(err)
	}
}

func node(l schedule.Ledger, name string) *schedule.Clockwork {
	return schedule.New(l, schedule.Options{Node: name, Now: time.Now})
}

// The bubble's clock begins on Saturday 1 January 2000 at midnight UTC.

func TestJobRunsAtItsTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		c := node(newLedger(), "a")
		if err := c.Add("letter", "0 6 * * 1", zone(t, "Europe/Paris"), d.note); err != nil {
			t.Fatal(err)
		}
		live(t, c, 15*24*time.Hour)
		d.want(t, "Mon 06:00 at Mon 06:00", "Mon 06:00 at Mon 06:00")
	})
}

func TestFirstStartCatchesNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		c := node(newLedger(), "a")
		if err := c.Add("letter", "55 23 * * *", time.UTC, d.note); err != nil {
			t.Fatal(err)
		}
		live(t, c, 23*time.Hour) // the slot five minutes ago is none of its business
		d.want(t)
	})
}

func TestFirstSlotOfAllIsCaughtUpToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		l := newLedger()
		for range 2 { // installed at midnight, down at 6:00, the first slot it would have had
			c := node(l, "a")
			if err := c.Add("letter", "0 6 * * *", time.UTC, d.note); err != nil {
				t.Fatal(err)
			}
			live(t, c, time.Hour)
			time.Sleep(7 * time.Hour)
		}
		d.want(t, "Sat 06:00 at Sat 08:00")
	})
}

func TestMissedSlotIsCaughtUpOnceAndOnlyTheLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		l := newLedger()
		c := node(l, "a")
		if err := c.Add("letter", "0 */6 * * *", time.UTC, d.note); err != nil {
			t.Fatal(err)
		}
		live(t, c, 7*time.Hour)
		time.Sleep(13 * time.Hour) // down at 12:00 and 18:00
		for range 2 {
			c = node(l, "a")
			if err := c.Add("letter", "0 */6 * * *", time.UTC, d.note); err != nil {
				t.Fatal(err)
			}
			live(t, c, time.Hour)
		}
		d.want(t, "Sat 06:00 at Sat 06:00", "Sat 18:00 at Sat 20:00")
	})
}

func TestSlotTooOldIsNotCaughtUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		l := newLedger()
		c := node(l, "a")
		add := func() {
			if err := c.AddWithin("letter", "0 6 * * *", time.UTC, 2*time.Hour, d.note); err != nil {
				t.Fatal(err)
			}
		}
		add()
		live(t, c, 7*time.Hour)
		time.Sleep(26 * time.Hour) // up again on Sunday at 09:00
		c = node(l, "a")
		add()
		live(t, c, 22*time.Hour)
		d.want(t, "Sat 06:00 at Sat 06:00", "Mon 06:00 at Mon 06:00")
	})
}

func TestOneSlotRunsOnOneNodeOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		l := newLedger()
		var wg sync.WaitGroup
		for _, name := range []string{"a", "b", "c"} {
			wg.Go(func() {
				c := node(l, name)
				if err := c.Add("letter", "0 6 * * *", time.UTC, d.note); err != nil {
					t.Error(err)
				}
				live(t, c, 3*24*time.Hour)
			})
		}
		wg.Wait()
		d.want(t, "Sat 06:00 at Sat 06:00", "Sun 06:00 at Sun 06:00", "Mon 06:00 at Mon 06:00")
	})
}

func TestSlotOfANodeThatDiedIsRunAgainAfterItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		l := newLedger()
		slot := time.Now().Add(6 * time.Hour)
		time.Sleep(6*time.Hour + time.Minute)
		if ok, err := l.BeginSlot(t.Context(), "letter", slot, "dead", time.Now(), time.Hour); !ok || err != nil {
			t.Fatal(ok, err)
		}
		time.Sleep(10 * time.Minute)
		c := node(l, "b")
		if err := c.Add("letter", "0 6 * * *", time.UTC, d.note); err != nil {
			t.Fatal(err)
		}
		live(t, c, 3*time.Hour)
		d.want(t, "Sat 06:00 at Sat 07:01")
	})
}

func TestJobCutOffByTheEndOfTheProgramIsRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		c := node(l, "a")
		if err := c.Add("letter", "0 6 * * *", time.UTC, func(ctx context.Context, _ time.Time) error {
			<-ctx.Done()
			return ctx.Err()
		}); err != nil {
			t.Fatal(err)
		}
		slot := time.Now().Add(6 * time.Hour)
		live(t, c, 6*time.Hour+time.Minute)
		if e := l.entry("letter", slot); e.ended || e.node != "a" {
			t.Fatalf("%+v", e)
		}
		var d diary
		c = node(l, "a")
		if err := c.Add("letter", "0 6 * * *", time.UTC, d.note); err != nil {
			t.Fatal(err)
		}
		live(t, c, 3*time.Hour)
		if len(d.lines) != 1 || !l.entry("letter", slot).ended {
			t.Errorf("ran again: %v", d.lines)
		}
	})
}

func TestTroubleIsStoredAndDoesNotStopTheClockwork(t *testing.T) {
	for name, c := range map[string]struct {
		do   schedule.Do
		want string
	}{
		"error": {func(context.Context, time.Time) error { return errors.New("no stories") }, "no stories"},
		"panic": {func(context.Context, time.Time) error { panic("oh") }, "the job panicked: oh"},
		"too long": {func(ctx context.Context, _ time.Time) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}, "longer than it may"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				clock := node(l, "a")
				var d diary
				if err := clock.Add("bad", "0 6 * * *", time.UTC, c.do); err != nil {
					t.Fatal(err)
				}
				if err := clock.Add("good", "30 6 * * *", time.UTC, d.note); err != nil {
					t.Fatal(err)
				}
				slot := time.Now().Add(6 * time.Hour)
				live(t, clock, 10*time.Hour)
				if e := l.entry("bad", slot); !e.ended || !strings.Contains(e.trouble, c.want) {
					t.Errorf("%+v", e)
				}
				d.want(t, "Sat 06:30 at Sat 06:30")
			})
		})
	}
}

func TestLedgerThatFailsIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		l := newLedger()
		l.broken = errors.New("database is away")
		c := node(l, "a")
		if err := c.Add("letter", "0 6 * * *", time.UTC, d.note); err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(6*time.Hour + 10*time.Minute)
			l.mu.Lock()
			defer l.mu.Unlock()
			l.broken, l.slots = nil, map[string]map[int64]*entry{}
		}()
		live(t, c, 8*time.Hour)
		d.want(t, "Sat 06:00 at Sat 06:10")
	})
}

func TestJobsComeAndGoWhileItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		c := node(newLedger(), "a")
		go func() {
			time.Sleep(time.Hour)
			if err := c.Add("letter", "0 6 * * *", time.UTC, d.note); err != nil {
				t.Error(err)
			}
			time.Sleep(6 * time.Hour) // 07:00: it moves to 09:00
			if err := c.Add("letter", "0 9 * * *", time.UTC, d.note); err != nil {
				t.Error(err)
			}
			time.Sleep(4 * time.Hour)
			c.Remove("letter")
		}()
		live(t, c, 3*24*time.Hour)
		d.want(t, "Sat 06:00 at Sat 06:00", "Sat 09:00 at Sat 09:00")
	})
}

// What a job does is given anew while it runs; it was read then without a lock.
// The race detector sees it.
func TestAJobMayBeGivenAnewWhileItIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		c := node(newLedger(), "a")
		add := func() {
			if err := c.Add("letter", "0 6 * * *", time.UTC, d.note); err != nil {
				t.Error(err)
			}
		}
		add()
		go func() {
			time.Sleep(6 * time.Hour)
			add()
		}()
		live(t, c, 8*time.Hour)
		d.want(t, "Sat 06:00 at Sat 06:00")
	})
}

func TestAutumnSundayBringsOneIssue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(at(t, "2026-10-24T12:00:00Z")))
		var d diary
		c := node(newLedger(), "a")
		if err := c.Add("letter", "30 2 * * *", zone(t, "Europe/Paris"), d.note); err != nil {
			t.Fatal(err)
		}
		live(t, c, 24*time.Hour)
		d.want(t, "Sun 02:30 at Sun 02:30")
	})
}

func TestIncompleteJobIsRefused(t *testing.T) {
	c := node(newLedger(), "a")
	if err := c.Add("", "0 6 * * *", time.UTC, func(context.Context, time.Time) error { return nil }); err == nil {
		t.Error("a job without a name is taken")
	}
	if err := c.Add("letter", "0 6 * * *", time.UTC, nil); err == nil {
		t.Error("a job without work is taken")
	}
	if err := c.Add("letter", "nonsense", time.UTC, func(context.Context, time.Time) error { return nil }); err == nil || !strings.Contains(err.Error(), "letter") {
		t.Errorf("want an error that names the job: %v", err)
	}
}
