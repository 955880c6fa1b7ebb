package deliver

import (
	"context"
	"sync/atomic"
)

// places are for letters under way: as many deliveries as there are places may
// be begun and not settled, in all runs of a Courier together, and so many can
// become unsure when the process is killed.
type places struct {
	taken chan struct{}
	runs  atomic.Int32 // under way, which share them
}

func newPlaces(n int) *places { return &places{taken: make(chan struct{}, n)} }

// share is how many one run may have.
func (p *places) share() int { return max(1, cap(p.taken)/max(1, int(p.runs.Load()))) }

// reserve takes places until the run has as many as it wants, or none is free;
// it returns how many of those it wants it has.
func (r *run) reserve(want int) int {
	for r.reserved < want {
		select {
		case r.places.taken <- struct{}{}:
			r.reserved++
		default:
			return r.reserved
		}
	}
	return want
}

// await waits for a place, which another run gives back when it settles.
func (r *run) await(ctx context.Context) error {
	if r.reserved > 0 {
		return nil
	}
	select {
	case r.places.taken <- struct{}{}:
		r.reserved++
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// giveBack returns the places that the run does not need.
func (r *run) giveBack(needed int) {
	for ; r.reserved > needed; r.reserved-- {
		<-r.places.taken
	}
}
