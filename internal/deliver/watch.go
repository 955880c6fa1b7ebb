package deliver

import (
	"context"
	"errors"
	"time"
)

// errHeld: the issue was paused or cancelled.
var errHeld = errors.New("the issue is not being sent any more")

// glance is how often a run looks whether its issue is still being sent: a
// pause takes effect within a second, however slowly mails leave.
const glance = 250 * time.Millisecond

// watch halts the run when the issue is paused or cancelled, by whatever
// process, until ctx, which ends with the run, has ended.
func (r *run) watch(ctx context.Context) {
	every(ctx, glance, func() {
		limited, cancel := context.WithTimeout(ctx, r.opt.Lease)
		defer cancel()
		on, err := r.issues.Sending(limited, r.issueID)
		if err == nil && !on { // a database that fails is told of by what is written there
			r.halt(errHeld)
		}
	})
}

// every calls do at each interval until ctx has ended.
func every(ctx context.Context, interval time.Duration, do func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}
