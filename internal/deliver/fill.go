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
// sending, or ctx has ended. What is missing then is added by the next run. It
// leaves half of the time to sending: one of them writes at a time in SQLite.
func (r *run) fill(ctx context.Context) {
	f := &r.filling
	defer close(f.ended)
	wait := 100 * time.Millisecond
	for ctx.Err() == nil {
		begun := r.opt.Now()
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
			pause(ctx, min(r.opt.Now().Sub(begun), time.Second))
			continue
		case ctx.Err() != nil:
			return
		case wait > 5*time.Second:
			f.err = err
			return
		}
		pause(ctx, wait)
		wait *= 3
	}
}

// pause waits, but no longer than ctx lasts.
func pause(ctx context.Context, wait time.Duration) {
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
}

// awaitMore waits, when the queue is empty, for more to be put there; false:
// there will be no more, and the error says why that is no good end.
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
		if r.filling.err != nil {
			return false, r.filling.err
		}
		return false, r.nobody(ctx)
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}
