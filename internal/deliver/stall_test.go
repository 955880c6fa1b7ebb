package deliver_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// stalling is a ledger whose node stands still before every claim, so long
// that what it had claimed before has expired.
type stalling struct {
	*ledger
	clock *clock
	lease time.Duration
}

func (s stalling) Claim(ctx context.Context, c digest.Claim) ([]digest.Delivery, error) {
	s.clock.add(s.lease + time.Second)
	c.Now = s.clock.now()
	return s.ledger.Claim(ctx, c)
}

// A machine under load stood still for longer than its lease, claimed anew what
// it had already in hand, and one reader got the letter twice.
func TestNodeThatGetsItsOwnExpiredClaimAgainSendsItOnce(t *testing.T) {
	for batch := 2; batch <= 9; batch++ {
		t.Run(fmt.Sprint("batches of ", batch), func(t *testing.T) {
			c := newClock()
			l := stalling{readers(30, c.now), c, time.Minute}
			var mu sync.Mutex
			got := map[string]int{}
			box := senderFunc(func(_ context.Context, m digest.Mail) error {
				mu.Lock()
				defer mu.Unlock()
				got[m.To]++
				return nil
			})
			a := courier(t, l, box, c.now, deliver.Options{Batch: batch, Connections: 4, Lease: l.lease})
			if _, err := a.Enqueue(t.Context(), issue); err != nil {
				t.Fatal(err)
			}
			if _, err := a.Drain(t.Context(), issue, newsletter); err != nil {
				t.Fatal(err)
			}
			for to, times := range got {
				if times > 1 {
					t.Errorf("%s got it %d times", to, times)
				}
			}
		})
	}
}
