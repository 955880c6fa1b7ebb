package deliver

import (
	"context"
	"time"
)

// try bounds how long bringing one mail to the server may take, for one mail
// after the other: a context of its own for each costs as much as to write the
// mail's header.
type try struct {
	parent context.Context
	most   time.Duration
	ctx    context.Context // of the mail under way, and of the next when that ends in time
	cancel context.CancelCauseFunc
	clock  *time.Timer
}

// begin gives the context of a mail. It ends with the parent, or with
// context.DeadlineExceeded as its cause.
func (t *try) begin() context.Context {
	if t.ctx != nil {
		t.clock.Reset(t.most)
		return t.ctx
	}
	ctx, cancel := context.WithCancelCause(t.parent)
	t.ctx, t.cancel = ctx, cancel
	t.clock = time.AfterFunc(t.most, func() { cancel(context.DeadlineExceeded) })
	return ctx
}

// end is called when the mail has ended.
func (t *try) end() {
	if !t.clock.Stop() {
		t.close()
	}
}

// close is called when no mail comes any more.
func (t *try) close() {
	if t.ctx != nil {
		t.cancel(nil)
		t.ctx = nil
	}
}
