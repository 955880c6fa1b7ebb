package deliver

import (
	"context"
	"crypto/rand"
	"fmt"

	"hebdo/internal/digest"
)

// Drain sends what is due of an issue and returns when nothing is: deferred
// deliveries wait for another call. It fails with ErrStopped
// when the mail server takes nothing, with ctx's error when ctx ended, with
// digest.ErrNotApproved when the issue is not approved, and otherwise when an
// edition or the newsletter is at fault (then nothing was sent) or the ledger
// failed. Whenever it returns, all that was begun is settled, as far as the
// ledger could be reached, and all that was claimed is back in the queue.
func (c *Courier) Drain(ctx context.Context, issue digest.Issue, nl digest.Newsletter) (Report, error) {
	begun := c.opt.Now()
	if issue.State != digest.Sending {
		if err := issue.State.Move(digest.Sending); err != nil {
			return Report{}, err
		}
		return Report{}, fmt.Errorf("the issue is %s, not %s: %w", issue.State, digest.Sending, digest.ErrConflict)
	}
	shelf, err := c.load(ctx, issue, nl)
	if err != nil {
		return Report{}, err
	}
	r := &run{Courier: c, shelf: shelf, issueID: issue.ID, letter: nl.Slug, node: c.opt.Node + "/" + rand.Text()[:8], breaker: breaker{limit: c.opt.Breaker}}
	err = r.all(ctx)
	r.turnBatch(0)
	report, counting := c.report(ctx, issue.ID, begun)
	if err == nil {
		err = counting
	}
	c.opt.Logger.Info("drained", "issue", issue.ID, "sent", report.Sent, "deferred", report.Deferred, "refused", report.Refused,
		"unsure", report.Unsure, "queued", report.Queued, "failed", err != nil)
	return report, err
}
