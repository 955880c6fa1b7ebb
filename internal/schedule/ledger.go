package schedule

import (
	"context"
	"time"
)

// Ledger remembers which slots of a job have run, for all nodes.
type Ledger interface {
	// LastSlot is the latest slot of the job that was begun; the zero time if none was.
	LastSlot(ctx context.Context, job string) (time.Time, error)
	// BeginSlot writes that node runs the slot; false when another did already.
	// A slot begun by a node that died is given again once lease has passed.
	BeginSlot(ctx context.Context, job string, slot time.Time, node string, now time.Time, lease time.Duration) (bool, error)
	// KeepSlot moves the end of the node's lease; false when the slot is not its
	// any more. With the zero time the node lets go of it.
	KeepSlot(ctx context.Context, job string, slot time.Time, node string, until time.Time) (bool, error)
	// SlotOpen tells whether the slot was begun and has not ended.
	SlotOpen(ctx context.Context, job string, slot time.Time) (bool, error)
	// EndSlot writes how it ended; trouble is empty when it went well.
	EndSlot(ctx context.Context, job string, slot time.Time, now time.Time, trouble string) error
}
