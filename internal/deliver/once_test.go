package deliver_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// world is a mail server that misbehaves at random and counts what it accepted.
type world struct {
	mu       sync.Mutex
	rng      *rand.Rand
	trouble  float64 // share of tries that go wrong
	accepted map[string]int
	tried    map[string]int
}

func (w *world) send(m digest.Mail) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tried[m.To]++
	if w.rng.Float64() >= w.trouble {
		w.accepted[m.To]++
		return nil
	}
	switch w.rng.IntN(8) {
	case 0:
		return digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "no such user"}
	case 1:
		return digest.Refusal{Permanent: true, Code: 554, Enhanced: "5.7.1", Text: "policy"}
	case 2, 3:
		return digest.Refusal{Code: 451, Enhanced: "4.3.0", Text: "later"}
	case 4:
		return digest.ErrUnreachable
	case 5:
		return errors.New("the session broke")
	case 6: // accepted, and the answer is lost
		w.accepted[m.To]++
	}
	return digest.ErrPerhapsAccepted
}

// node is one process: it sends until it is killed, and is told nothing of the
// world from then on. A mail under way when it is killed may still arrive.
func (w *world) node(l *mortal) senderFunc {
	return func(_ context.Context, m digest.Mail) error {
		if l.dead() {
			return errDead // a dead process sends nothing
		}
		return w.send(m)
	}
}

// Whatever fails, and whenever a node is killed, nobody's letter is accepted
// twice and nobody is lost: an address either got it, or is listed as refused
// or unsure.
func TestNobodyTwiceAndNobodyLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		n := rapid.IntRange(1, 60).Draw(t, "readers")
		w := &world{rng: rand.New(rand.NewPCG(seed, 1)), trouble: rapid.Float64Range(0, 0.6).Draw(t, "trouble"),
			accepted: map[string]int{}, tried: map[string]int{}}
		clk := newClock()
		l := readers(n, clk.now)
		hiccups := rapid.Float64Range(0, 0.1).Draw(t, "hiccups")
		deaths := rapid.SliceOfN(rapid.IntRange(1, 25), 0, 6).Draw(t, "lives") // calls to the ledger before each death
		lease, luck := 10*time.Minute, rand.New(rand.NewPCG(seed, 2))
		for round := range 400 {
			m := &mortal{Outbox: l, calls: -1, flaky: func() bool { return luck.Float64() < hiccups }}
			if round < len(deaths) {
				m.calls = deaths[round]
			}
			c := deliver.New(m, approved(), w.node(m), sharedLinks, deliver.Options{Node: fmt.Sprint("node-", round), Now: clk.now,
				Batch: 1 + int(seed%17), Connections: 1 + int(seed%5), Lease: lease, Pause: time.Nanosecond, Grace: 5 * time.Millisecond, Patience: 5 * time.Millisecond})
			ctx, cancel := context.WithCancel(context.Background())
			if seed%3 == 0 && round%2 == 0 {
				time.AfterFunc(time.Duration(seed%2000)*time.Microsecond, cancel)
			}
			report, err := c.Drain(ctx, issue, newsletter)
			cancel()
			if m.dead() {
				clk.add(lease + time.Second)
				continue
			}
			if err == nil && report.Queued == 0 && report.Deferred == 0 {
				break
			}
			clk.add(2 * time.Hour) // for those deferred, and those whose settling failed
		}
		for i := range n {
			d, to := l.row(i), "<"+address(i)+">"
			got := w.accepted[to]
			switch {
			case got > 1:
				t.Fatalf("%s got it %d times: %+v", to, got, d)
			case got == 1 && d.State != digest.Delivered && d.State != digest.Unsure:
				t.Fatalf("%s got it and the ledger says %s", to, d.State)
			case got == 0 && d.State != digest.Refused && d.State != digest.Unsure:
				t.Fatalf("%s is lost: %s", to, d.State)
			}
		}
	})
}

// Several nodes at the same time, on one ledger.
func TestManyNodesShareTheWork(t *testing.T) {
	clk := newClock()
	l := readers(600, clk.now)
	w := &world{rng: rand.New(rand.NewPCG(1, 2)), accepted: map[string]int{}, tried: map[string]int{}}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			m := &mortal{Outbox: l, calls: -1}
			if i == 0 {
				m.calls = 20 // this one dies on the way
			}
			c := courier(t, m, w.node(m), clk.now, deliver.Options{Node: fmt.Sprint("node-", i), Batch: 20, Connections: 3, Grace: 10 * time.Millisecond})
			if _, err := c.Drain(t.Context(), issue, newsletter); err != nil && i != 0 {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	clk.add(time.Hour)
	c := courier(t, l, w.node(&mortal{calls: -1}), clk.now, deliver.Options{Node: "last"})
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil {
		t.Fatal(err)
	}
	if report.Sent+report.Unsure != 600 || report.Unsure > 6 {
		t.Errorf("%+v; a node with 3 connections may leave 6 unsure", report)
	}
	for to, n := range w.accepted {
		if n != 1 {
			t.Errorf("%s got it %d times", to, n)
		}
	}
	if len(w.accepted) != report.Sent+report.Unsure && len(w.accepted) < report.Sent {
		t.Errorf("%d accepted, %+v", len(w.accepted), report)
	}
}
