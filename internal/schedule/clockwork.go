package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options of a Clockwork; zero values mean the defaults named here.
type Options struct {
	Node    string           // name of this process, unique among those alive; required
	Now     func() time.Time // required
	Logger  *slog.Logger
	Lease   time.Duration // after which a slot begun by a node that died is given again; 30 min
	CatchUp time.Duration // a missed slot older than this is let go; 24 h
	Tick    time.Duration // how often the clock is looked at; 5 s. Shorter than the time between two slots
}

// Clockwork runs jobs at their times.
type Clockwork struct {
	ledger Ledger
	opt    Options
	jobs   []job
}

type job struct {
	name string
	spec Spec
	do   func(ctx context.Context, slot time.Time) error
}

// New gives a Clockwork without jobs; it panics without Node or Now, which is a
// fault of the program.
func New(ledger Ledger, opt Options) *Clockwork {
	if opt.Node == "" || opt.Now == nil {
		panic("schedule: Node and Now are required")
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if opt.Lease <= 0 {
		opt.Lease = 30 * time.Minute
	}
	if opt.CatchUp <= 0 {
		opt.CatchUp = 24 * time.Hour
	}
	if opt.Tick <= 0 {
		opt.Tick = 5 * time.Second
	}
	return &Clockwork{ledger: ledger, opt: opt}
}

// Add gives the clockwork a job under a name that stays the same across
// restarts. Call it before Run.
func (c *Clockwork) Add(name, spec string, zone *time.Location, do func(ctx context.Context, slot time.Time) error) error {
	parsed, err := Parse(spec, zone)
	if err != nil {
		return err
	}
	c.jobs = append(c.jobs, job{name, parsed, do})
	return nil
}

// Run runs each job when its slot comes, until ctx ends; it returns nil then.
// A slot that passed while nothing ran is caught up once, the latest only, and
// none older than CatchUp. A job new to the ledger begins with its next slot:
// nobody wants last week's issue from a program installed today. A slot runs
// once whoever runs it; one whose job failed is not run again, one whose node
// died is, when the lease is over. What a job fails or panics with is logged
// and kept with its slot.
func (c *Clockwork) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, j := range c.jobs {
		group.Go(func() error {
			c.keep(ctx, j)
			return nil
		})
	}
	return group.Wait()
}

// keep looks at the clock for one job, again and again.
func (c *Clockwork) keep(ctx context.Context, j job) {
	ticker := time.NewTicker(c.opt.Tick)
	defer ticker.Stop()
	for {
		if err := c.look(ctx, j); err != nil && ctx.Err() == nil {
			c.opt.Logger.ErrorContext(ctx, "schedule: the ledger failed", "job", j.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// look runs the job if a slot has come that has not been run.
func (c *Clockwork) look(ctx context.Context, j job) error {
	now := c.opt.Now()
	slot := j.spec.Prev(now)
	if slot.IsZero() {
		return nil
	}
	last, err := c.ledger.LastSlot(ctx, j.name)
	if err != nil {
		return fmt.Errorf("asking for the last slot of %s: %w", j.name, err)
	}
	fresh := last.IsZero()
	if last.After(slot) || !fresh && now.Sub(slot) > c.opt.CatchUp {
		return nil
	}
	mine, err := c.ledger.BeginSlot(ctx, j.name, slot, c.opt.Node, now, c.opt.Lease)
	if err != nil {
		return fmt.Errorf("beginning %s of %s: %w", j.name, slot.Format(time.RFC3339), err)
	}
	if !mine {
		return nil
	}
	if fresh { // what came before the job counts as run: from here on nothing is missed
		return c.ledger.EndSlot(ctx, j.name, slot, now, "")
	}
	c.opt.Logger.InfoContext(ctx, "schedule: job begins", "job", j.name, "slot", slot)
	failure := guarded(ctx, j, slot)
	if ctx.Err() != nil {
		return nil // interrupted: the slot is given again when its lease is over
	}
	trouble := ""
	if failure != nil {
		trouble = failure.Error()
		c.opt.Logger.ErrorContext(ctx, "schedule: job failed", "job", j.name, "slot", slot, "error", failure)
	}
	return c.ledger.EndSlot(ctx, j.name, slot, c.opt.Now(), trouble)
}

// guarded runs the job; its panic is an error.
func guarded(ctx context.Context, j job, slot time.Time) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, fmt.Errorf("the job %s panicked: %v", j.name, r))
		}
	}()
	return j.do(ctx, slot)
}
