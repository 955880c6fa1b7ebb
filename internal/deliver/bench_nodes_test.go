package deliver_test

import (
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/store/storetest"
)

// BenchmarkNodes has three machines send an issue from one PostgreSQL, and one
// machine another issue before and after it. Each is a process with as many
// connections as the flag says. Everybody gets one letter, or it fails. All
// share the processors of this machine, with the database and the sink.
//
// To compare: of-one, the rate of three against that of one (.9 at least).
//
//	go test ./internal/deliver -bench Nodes -run '^$' -recipients 30000
func BenchmarkNodes(b *testing.B) {
	home := newHome(b, storetest.Postgres(b, os.Getenv), *recipients)
	sink := newCountingSink(b)
	for b.Loop() {
		var of []float64
		before := home.sendFrom(b, sink, 1)
		for range *rounds {
			three := home.sendFrom(b, sink, 3)
			after := home.sendFrom(b, sink, 1)
			of, before = append(of, 2*three/(before+after)), after
		}
		b.ReportMetric(median(of), "of-one")
		b.ReportMetric(before, "mails/s-of-one")
		b.ReportMetric(0, "ns/op")
	}
}

// sendFrom sends an issue from so many machines; it gives the mails a second
// between the first and the last that the sink took.
func (h home) sendFrom(b *testing.B, sink *countingSink, machines int) float64 {
	b.Helper()
	t := h.newTask(b, sink.address, "unsigned", *recipients)
	sink.reset()
	var all sync.WaitGroup
	for range machines {
		all.Go(func() { run(b, "node", t) })
	}
	all.Wait()
	sink.mu.Lock()
	defer sink.mu.Unlock()
	for path, times := range sink.took {
		if times != 1 {
			b.Errorf("%s: %d letters", path, times)
		}
	}
	s := open(b, h.url)
	defer s.Close()
	tally, err := s.Tally(b.Context(), t.Issue)
	if want := (digest.Tally{Delivered: *recipients}); err != nil || tally != want || len(sink.took) != *recipients {
		b.Fatalf("%+v, and the sink took mails for %d of %d, %v", tally, len(sink.took), *recipients, err)
	}
	return float64(*recipients) / sink.last.Sub(sink.first).Seconds()
}

// countingSink is the cheapest sink, in this process, that knows who got how
// many letters.
type countingSink struct {
	address     string
	mu          sync.Mutex
	took        map[string]int
	first, last time.Time
}

func newCountingSink(b *testing.B) *countingSink {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &countingSink{address: l.Addr().String()}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepting.Go(func() { swallow(c, s.taken) })
		}
	})
	b.Cleanup(func() {
		l.Close()
		accepting.Wait()
	})
	return s
}

func (s *countingSink) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took, s.first = map[string]int{}, time.Time{}
}

func (s *countingSink) taken(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took[path]++
	if s.last = time.Now(); s.first.IsZero() {
		s.first = s.last
	}
}
