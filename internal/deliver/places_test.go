package deliver_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// shared is a ledger that knows how many deliveries each run has begun.
type shared struct {
	*ledger
	turns sync.Mutex
	nodes map[string]int
}

func (s *shared) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) ([]string, error) {
	begun, err := s.ledger.Turn(ctx, node, done, bounced, next, until)
	s.turns.Lock()
	defer s.turns.Unlock()
	s.nodes[node] += len(begun)
	return begun, err
}

// Two letters that went out at once had twice as much under way: a kill left
// more unsure than twice the connections. Nor does the first keep all places.
func TestRunsShareThePlacesForWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &shared{ledger: readers(600, time.Now), nodes: map[string]int{}}
		var mu sync.Mutex
		got, atOnce, most := map[string]int{}, 0, 0
		c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
			mu.Lock()
			got[m.To]++
			atOnce++
			most = max(most, atOnce)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			atOnce--
			mu.Unlock()
			return nil
		}), time.Now, deliver.Options{Connections: 3, Batch: 20})
		var runs sync.WaitGroup
		for n := range 3 {
			runs.Go(func() {
				time.Sleep(time.Duration(n) * 5 * time.Second) // the first has all places by then
				if _, err := c.Drain(t.Context(), issue, newsletter); err != nil {
					t.Error(err)
				}
			})
		}
		runs.Wait()
		if l.maxBegun > 6 || l.maxBegun < 4 {
			t.Errorf("%d were under way at once, with 3 connections", l.maxBegun)
		}
		if len(got) != 600 {
			t.Errorf("%d got it", len(got))
		}
		for node, n := range l.nodes {
			if len(l.nodes) != 3 || n < 60 {
				t.Errorf("%s of %d runs sent %d", node, len(l.nodes), n)
			}
		}
	})
}
