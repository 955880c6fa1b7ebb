package deliver

import (
	"context"
	"errors"
	"time"

	"hebdo/internal/digest"
)

// filling puts the rest of the audience into the queue while a run sends.
type filling struct {
	grown chan struct{} // something was added since it was read last
	ended chan struct{} // closed when this run adds no more
	err   error         // why, when somebody may be missing; read after ended
}

// fill adds part after part until nobody is missing, the issue is no longer
// sending, or ctx has ended. What is missing then is added by the next run.
func (r *run) fill(ctx context.Context) {
	f := &r.filling
	defer close(f.ended)
	wait := 100 * time.Millisecond
	for ctx.Err() == nil {
		_, more, err := r.outbox.Fill(ctx, r.issueID, r.opt.Now(), false)
		switch {
		case err == nil && !more, errors.Is(err, digest.ErrConflict):
			return
		case err == nil:
			wait = 100 * time.Millisecond
			select {
			case f.grown <- struct{}{}:
			default:
			}
			continue
		case ctx.Err() != nil:
			return
		case wait > 5*time.Second:
			f.err = err
			return
		}
		select {
		case <-time.After(wait):
			wait *= 3
		case <-ctx.Done():
		}
	}
}

// awaitMore waits, when the queue is empty, for more to be put there; false:
// there will be no more.
func (r *run) awaitMore(ctx context.Context) (bool, error) {
	select {
	case <-r.filling.grown:
		return true, nil
	default:
	}
	select {
	case <-r.filling.grown:
		return true, nil
	case <-r.filling.ended:
		if len(r.filling.grown) > 0 {
			return true, nil
		}
		return false, r.filling.err
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}
