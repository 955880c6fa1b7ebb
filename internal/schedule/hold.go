package schedule

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// Why a job is ended though the program goes on: another node may run its slot.
var (
	errTaken  = errors.New("the slot has ended, or is another node's")
	errUnsure = errors.New("the slot could not be held: the ledger is out of reach")
)

// run does a job's work for a slot entered at begun, and writes down how it
// ended. Cut off by the end of the program, the slot is given back; lost with its
// work undone, it is another node's to write down.
func (c *Clockwork) run(ctx context.Context, j *job, slot, begun time.Time) {
	limited, cancel := context.WithTimeoutCause(ctx, c.opt.Limit, fmt.Errorf("the job ran longer than it may (%s)", c.opt.Limit))
	defer cancel()
	held, lose := context.WithCancelCause(limited)
	kept := make(chan error, 1)
	go func() { kept <- c.hold(held, j, slot, begun, lose) }()
	err := c.safely(held, j, slot)
	lose(nil)
	lost := <-kept
	switch {
	case err != nil && ctx.Err() != nil:
		c.opt.Logger.Warn("job cut off by the end of the program", "job", j.name, "slot", slot)
		c.release(ctx, j, slot)
		return
	case err != nil && lost != nil:
		c.opt.Logger.Warn("job ended before its work was done", "job", j.name, "slot", slot, "error", lost)
		return
	}
	trouble := ""
	if err != nil {
		trouble = err.Error()
		c.opt.Logger.Error("job failed", "job", j.name, "slot", slot, "error", err)
	} else {
		c.opt.Logger.Info("job done", "job", j.name, "slot", slot)
	}
	c.set(func() { j.settled = slot })
	c.end(ctx, j, slot, trouble)
}

// hold renews the lease of a slot, last known to be held at sure, until ctx
// ends. It ends the job, and says why, when the slot is lost, or may be soon:
// what is left of the lease then is for the job to stop, and for clocks that
// differ.
func (c *Clockwork) hold(ctx context.Context, j *job, slot, sure time.Time, lose context.CancelCauseFunc) error {
	safe := c.opt.Lease * 3 / 4
	for wait := c.opt.Lease / 4; pause(ctx, wait); {
		now := c.opt.Now()
		trial, stop := context.WithTimeout(ctx, min(safe-now.Sub(sure), c.opt.Lease/6))
		mine, err := c.ledger.KeepSlot(trial, j.name, slot, c.opt.Node, now.Add(c.opt.Lease))
		stop()
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil && mine:
			sure, wait = now, c.opt.Lease/4
			continue
		case err == nil:
			lose(errTaken)
			return errTaken
		}
		c.failed(ctx, j, slot, "hold it", err)
		left := safe - c.opt.Now().Sub(sure)
		if left <= 0 {
			lose(errUnsure)
			return errUnsure
		}
		wait = min(left, c.opt.Lease/12)
	}
	return nil
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// release gives a slot back, so that another node or the next process need not
// wait for its lease. A program that ends does not try for long.
func (c *Clockwork) release(ctx context.Context, j *job, slot time.Time) {
	c.write(ctx, 5*time.Second, j, slot, "give it back", func(ctx context.Context) error {
		_, err := c.ledger.KeepSlot(ctx, j.name, slot, c.opt.Node, time.Time{})
		return err
	})
}

// end writes how a slot ended. One that is not written down is run once more
// after its lease.
func (c *Clockwork) end(ctx context.Context, j *job, slot time.Time, trouble string) {
	c.write(ctx, 15*time.Second, j, slot, "write how it ended", func(ctx context.Context) error {
		return c.ledger.EndSlot(ctx, j.name, slot, c.opt.Now(), trouble)
	})
}

// write tries again and again, for so long, even when the program ends.
func (c *Clockwork) write(ctx context.Context, long time.Duration, j *job, slot time.Time, doing string, try func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), long)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil {
			return
		}
		c.failed(ctx, j, slot, doing, err)
		if !pause(ctx, 2*time.Second) {
			return
		}
	}
}

// safely turns a panic of a job into an error.
func (c *Clockwork) safely(ctx context.Context, j *job, slot time.Time) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.opt.Logger.Error("job panicked", "job", j.name, "slot", slot, "stack", string(debug.Stack()))
			err = fmt.Errorf("the job panicked: %v", p)
		}
	}()
	var do Do
	c.set(func() { do = j.do })
	return do(ctx, slot)
}
