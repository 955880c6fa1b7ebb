package schedule

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a Ledger that keeps its promises without a database.
type memory struct {
	mu   sync.Mutex
	rows map[string]*row
}

type row struct {
	slot, until time.Time
	job, node   string
	ended       bool
	trouble     string
}

func newMemory() *memory { return &memory{rows: map[string]*row{}} }

func (m *memory) LastSlot(_ context.Context, job string) (last time.Time, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rows {
		if r.job == job && r.slot.After(last) {
			last = r.slot
		}
	}
	return last, nil
}

func (m *memory) BeginSlot(_ context.Context, job string, slot time.Time, node string, now time.Time, lease time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := job + slot.UTC().String()
	if r := m.rows[key]; r != nil && (r.ended || r.until.After(now)) {
		return false, nil
	}
	m.rows[key] = &row{slot: slot, until: now.Add(lease), job: job, node: node}
	return true, nil
}

func (m *memory) EndSlot(_ context.Context, job string, slot, _ time.Time, trouble string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rows[job+slot.UTC().String()]
	r.ended, r.trouble = true, trouble
	return nil
}

// diary writes down which slots a job ran.
type diary struct {
	mu    sync.Mutex
	slots []string
}

func (d *diary) job(result error) func(context.Context, time.Time) error {
	return func(_ context.Context, slot time.Time) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.slots = append(d.slots, slot.UTC().Format("02T15:04"))
		return result
	}
}

// run lets a node work for a while; times are those of the bubble, which begins
// on 1 January 2000 at midnight UTC.
func run(t *testing.T, ledger Ledger, node string, d time.Duration, do func(context.Context, time.Time) error) {
	t.Helper()
	c := New(ledger, Options{Node: node, Now: time.Now, Tick: time.Minute})
	if err := c.Add("draft", "0 */6 * * *", time.UTC, do); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := c.Run(ctx); err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestJobRunsAtEachSlotAndNotBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		time.Sleep(time.Hour)
		run(t, newMemory(), "a", 18*time.Hour, d.job(nil))
		if want := []string{"01T06:00", "01T12:00", "01T18:00"}; !slices.Equal(d.slots, want) {
			t.Errorf("ran %v, want %v", d.slots, want)
		}
	})
}

func TestMissedSlotIsCaughtUpOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger, d := newMemory(), diary{}
		time.Sleep(time.Hour)
		run(t, ledger, "a", time.Hour, d.job(nil)) // never saw a slot
		time.Sleep(17 * time.Hour)                 // down at 6:00, 12:00 and 18:00
		run(t, ledger, "b", time.Hour, d.job(nil))
		time.Sleep(time.Hour)
		run(t, ledger, "c", time.Hour, d.job(nil))
		if want := []string{"01T18:00"}; !slices.Equal(d.slots, want) {
			t.Errorf("ran %v, want %v", d.slots, want)
		}
	})
}

func TestSlotLongPastIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger, d := newMemory(), diary{}
		run(t, ledger, "a", time.Hour, d.job(nil))
		c := New(ledger, Options{Node: "b", Now: time.Now, CatchUp: 2 * time.Hour})
		if err := c.Add("draft", "0 */6 * * *", time.UTC, d.job(nil)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(8 * time.Hour) // 9:00: the slot of 6:00 is three hours old
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := c.Run(ctx); err != nil || len(d.slots) > 0 {
			t.Errorf("ran %v, %v", d.slots, err)
		}
	})
}

func TestManyNodesRunASlotOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger, d := newMemory(), diary{}
		time.Sleep(time.Hour)
		var group sync.WaitGroup
		for _, node := range []string{"a", "b", "c"} {
			group.Go(func() { run(t, ledger, node, 12*time.Hour, d.job(nil)) })
		}
		group.Wait()
		if want := []string{"01T06:00", "01T12:00"}; !slices.Equal(d.slots, want) {
			t.Errorf("ran %v, want %v", d.slots, want)
		}
	})
}

func TestSlotOfANodeThatDiedIsGivenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger, d := newMemory(), diary{}
		time.Sleep(time.Hour)
		run(t, ledger, "a", time.Hour, d.job(nil))
		hang := func(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() }
		run(t, ledger, "a", 4*time.Hour+time.Minute, hang) // begins 6:00, ends in the midst of it
		run(t, ledger, "b", 20*time.Minute, d.job(nil))
		if len(d.slots) != 0 {
			t.Errorf("ran %v while the lease held", d.slots)
		}
		run(t, ledger, "b", 20*time.Minute, d.job(nil))
		if want := []string{"01T06:00"}; !slices.Equal(d.slots, want) {
			t.Errorf("ran %v, want %v", d.slots, want)
		}
	})
}

func TestFailureAndPanicAreKeptAndDoNotStopTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := newMemory()
		time.Sleep(time.Hour)
		calls := 0
		run(t, ledger, "a", 12*time.Hour, func(context.Context, time.Time) error {
			if calls++; calls == 1 {
				return errors.New("no feed answers")
			}
			panic("at the disco")
		})
		var troubles []string
		for _, r := range ledger.rows {
			troubles = append(troubles, r.trouble)
		}
		all := strings.Join(troubles, "\n")
		if calls != 2 || !strings.Contains(all, "no feed answers") || !strings.Contains(all, "at the disco") {
			t.Errorf("%d calls, troubles %q", calls, all)
		}
	})
}
