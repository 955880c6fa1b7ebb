package deliver

import (
	"context"
	"time"
)

// Leases keeps what a node has in hand its own while it is at work. With it a
// lease can be short, so that what a dead process held is soon free again, and
// a slow mail server's answer can all the same be waited for.
type Leases interface {
	// Renew extends, until the given time, the lease of every delivery of the
	// issue that the node still holds, Claimed or Begun. What was taken back
	// meanwhile stays so.
	Renew(ctx context.Context, issueID, node string, until time.Time) error
}

// renew keeps up the leases until ctx, which ends with the run, has ended.
//
// A node that cannot (its process stands still, or the ledger is out of reach
// for it) loses what it holds when the lease is over. Nobody gets a letter
// twice by that: what it had only claimed it cannot begin any more, and what it
// had begun becomes unsure, whatever it settles later.
func (r *run) renew(ctx context.Context) {
	if r.opt.Leases == nil {
		return
	}
	every(ctx, r.opt.Lease/3, func() {
		limited, cancel := context.WithTimeout(ctx, r.opt.Lease)
		defer cancel()
		until := r.opt.Now().Add(r.opt.Lease)
		err := r.opt.Leases.Renew(limited, r.issueID, r.node, until)
		if err == nil {
			r.renewed.Store(until.UnixNano())
		}
		if err != nil && ctx.Err() == nil {
			r.opt.Logger.Warn("the leases of deliveries could not be renewed", "issue", r.issueID, "error", err)
		}
	})
}
