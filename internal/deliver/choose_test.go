package deliver_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// mixed is a ledger of n readers, every third of them at slow.example.
func mixed(n int, now func() time.Time) *ledger {
	l := readers(n, now)
	for i := range l.rows {
		if i%3 == 0 {
			l.rows[i].Address = fmt.Sprintf("reader%d@slow.example", i)
		}
	}
	return l
}

// drained calls Drain as serve does, when something is due, until nothing waits.
func drained(t *testing.T, l *ledger, c *deliver.Courier, clk *clock, after func()) {
	t.Helper()
	for range 1000 {
		report, err := c.Drain(t.Context(), issue, newsletter)
		if err != nil {
			t.Fatal(err)
		}
		after()
		if report.Queued+report.Deferred == 0 {
			return
		}
		clk.add(l.due().Sub(clk.now()))
	}
	t.Fatal("it never ends")
}

// due is when the first of those that were put off may go.
func (l *ledger) due() (first time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.rows {
		if d.State == digest.Deferred && (first.IsZero() || d.NotBefore.Before(first)) {
			first = d.NotBefore
		}
	}
	return first
}

func TestALimitOfAProviderSlowsNobodyElse(t *testing.T) {
	clk := newClock()
	l := mixed(300, clk.now)
	begun := clk.now()
	var mu sync.Mutex
	sent := map[string]time.Duration{}
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		mu.Lock()
		defer mu.Unlock()
		if _, twice := sent[m.To]; twice {
			t.Errorf("%s got it twice", m.To)
		}
		sent[m.To] = clk.now().Sub(begun)
		return nil
	}), clk.now, deliver.Options{Limits: []deliver.Limit{{Name: "slow", PerMinute: 60, Domains: []string{"slow.example"}}}})
	first := true
	drained(t, l, c, clk, func() {
		if first && len(sent) != 200+2 {
			t.Errorf("%d went at once: all of the others, and two seconds' worth", len(sent))
		}
		first = false
		for i := range 300 {
			if d := l.row(i); d.State == digest.Deferred && (!d.FirstTried.IsZero() || d.Code != 0) {
				t.Errorf("%s waits for nobody but ourselves: %+v", d.Address, d)
			}
		}
	})
	if took := clk.now().Sub(begun); len(sent) != 300 || took < 90*time.Second || took > 130*time.Second {
		t.Errorf("%d letters in %s; a hundred of them, sixty a minute", len(sent), took)
	}
	for i := range 300 {
		if d := l.row(i); d.State != digest.Delivered || d.Attempts != 1 {
			t.Errorf("%s is %s after %d tries: waiting is no try", d.Address, d.State, d.Attempts)
		}
	}
}

func TestAProviderGetsSoManyLettersAtOnce(t *testing.T) {
	clk := newClock()
	l := mixed(120, clk.now)
	var under, most atomic.Int32
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		if isSlow(m.To) {
			n := under.Add(1)
			defer under.Add(-1)
			for {
				if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
					break
				}
			}
			time.Sleep(time.Millisecond)
		}
		return nil
	}), clk.now, deliver.Options{Connections: 8, Limits: []deliver.Limit{{Name: "slow", AtOnce: 2, Domains: []string{"slow.example"}}}})
	drained(t, l, c, clk, func() {})
	if got := most.Load(); got < 1 || got > 2 {
		t.Errorf("%d at once", got)
	}
	for i := range 120 {
		if d := l.row(i); d.State != digest.Delivered {
			t.Errorf("%s is %s", d.Address, d.State)
		}
	}
}

func isSlow(to string) bool {
	var i int
	_, err := fmt.Sscanf(to, "<reader%d@slow.example>", &i)
	return err == nil
}

// today counts the ledger's letters as the store does.
type today struct{ sent *atomic.Int32 }

func (v today) SentSince(context.Context, time.Time) (int, error) { return int(v.sent.Load()), nil }

func TestANewSenderSendsMoreEachDay(t *testing.T) {
	clk := newClock() // the 23rd, five in the morning
	l := readers(100, clk.now)
	ramp, err := deliver.ReadRamp("2026-11-23 20 2")
	if err != nil {
		t.Fatal(err)
	}
	var sent atomic.Int32 // of a day
	days := map[string]int{}
	var mu sync.Mutex
	c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
		mu.Lock()
		defer mu.Unlock()
		days[clk.now().Format(time.DateOnly)]++
		return nil
	}), clk.now, deliver.Options{Ramp: ramp, Volume: today{&sent}})
	drained(t, l, c, clk, func() { sent.Store(0) })
	if want := map[string]int{"2026-11-23": 20, "2026-11-24": 40, "2026-11-25": 40}; fmt.Sprint(days) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", days, want)
	}
}

type broken struct{}

func (broken) SentSince(context.Context, time.Time) (int, error) { return 0, errors.New("gone") }

func TestNothingIsSentWhenADaysLettersCannotBeCounted(t *testing.T) {
	clk := newClock()
	l := readers(10, clk.now)
	ramp, _ := deliver.ReadRamp("2026-11-23 20 2")
	c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error { t.Error("a letter went out"); return nil }),
		clk.now, deliver.Options{Ramp: ramp, Volume: broken{}})
	if _, err := c.Drain(t.Context(), issue, newsletter); err == nil {
		t.Error("and nobody says why")
	}
	for i := range 10 {
		if d := l.row(i); d.State != digest.Queued {
			t.Errorf("%s is %s", d.Address, d.State)
		}
	}
}
