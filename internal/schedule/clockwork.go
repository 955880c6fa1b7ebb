package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Options of a Clockwork; zero values mean the defaults named here.
type Options struct {
	Node    string           // name of this process, unique among those alive; required
	Now     func() time.Time // required
	Lease   time.Duration    // a slot is held so long without a sign of life, then run again: more than nodes' clocks differ. 2 min
	Limit   time.Duration    // a job that runs longer is ended, and has failed. 3 h
	Tick    time.Duration    // the ledger is looked at this often at least. 30 s
	CatchUp time.Duration    // a slot missed for longer is left out. 24 h
	Logger  *slog.Logger
}

// Do is a job's work for one slot, which is given in the job's zone. It must
// bear being called again for a slot that it did not finish.
type Do func(ctx context.Context, slot time.Time) error

// Clockwork runs jobs. It is safe for concurrent use: jobs may be added and
// removed while it runs.
type Clockwork struct {
	ledger Ledger
	opt    Options
	wake   chan struct{}

	mu   sync.Mutex
	jobs map[string]*job
}

// job is one entry; what is below its line belongs to the clockwork's mutex.
type job struct {
	name  string
	spec  Spec
	added time.Time

	do      Do
	catchUp time.Duration
	prev    time.Time // slots around the time last asked for
	next    time.Time
	running bool
	settled time.Time // latest slot that needs no more looking after
}

// New gives a Clockwork without jobs; it panics without Node or Now, which is a
// fault of the program.
func New(ledger Ledger, opt Options) *Clockwork {
	if opt.Node == "" || opt.Now == nil {
		panic("schedule: Node and Now are required")
	}
	preset(&opt.Lease, 2*time.Minute)
	preset(&opt.Limit, 3*time.Hour)
	preset(&opt.Tick, 30*time.Second)
	preset(&opt.CatchUp, 24*time.Hour)
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	return &Clockwork{ledger: ledger, opt: opt, wake: make(chan struct{}, 1), jobs: map[string]*job{}}
}

func preset(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// Add enters a job under its name, in place of one that has it already. A job
// that never ran begins with the first slot after Add; else the latest slot
// missed is caught up once, unless it is older than Options.CatchUp.
func (c *Clockwork) Add(name, spec string, zone *time.Location, do Do) error {
	return c.AddWithin(name, spec, zone, c.opt.CatchUp, do)
}

// AddWithin is Add with a catch-up limit of the job's own.
func (c *Clockwork) AddWithin(name, spec string, zone *time.Location, catchUp time.Duration, do Do) error {
	if name == "" || do == nil {
		return errNoJob
	}
	s, err := Parse(spec, zone)
	if err != nil {
		return fmt.Errorf("job %s: %w", name, err)
	}
	j := &job{name: name, spec: s, do: do, catchUp: catchUp, added: c.opt.Now()}
	c.mu.Lock()
	if old, ok := c.jobs[name]; ok && old.spec.text == s.text && old.spec.zone.String() == zone.String() {
		old.do, old.catchUp = do, catchUp // the same times: what is known of its slots stays
	} else {
		c.jobs[name] = j
	}
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default: // Run is to look anyway
	}
	return nil
}

// Remove takes a job out. A slot of it that is running goes on.
func (c *Clockwork) Remove(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.jobs, name)
}

// Run runs the jobs until ctx ends, then waits for those that are running and
// returns nil. Trouble with the ledger is logged and tried again.
func (c *Clockwork) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	for {
		for _, j := range c.idle() {
			now := c.opt.Now()
			slot, ok := c.due(ctx, j, now)
			if !ok {
				continue
			}
			c.set(func() { j.running = true })
			running.Go(func() {
				c.run(ctx, j, slot, now)
				c.set(func() { j.running = false })
			})
		}
		timer := time.NewTimer(c.pause())
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-c.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// idle gives the jobs that are not running.
func (c *Clockwork) idle() []*job {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*job
	for _, j := range c.jobs {
		if !j.running {
			all = append(all, j)
		}
	}
	return all
}

func (c *Clockwork) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

// pause is how long nothing can be due: until the next slot, a tick at most,
// for the clock may be set and another node may die.
func (c *Clockwork) pause() time.Duration {
	now, wait := c.opt.Now(), c.opt.Tick
	for _, j := range c.idle() {
		if _, next := c.around(j, now); !next.IsZero() {
			wait = min(wait, next.Sub(now))
		}
	}
	return max(wait, time.Millisecond)
}

// around gives the slots before and after now. They change once in a slot, and
// are asked for at every tick.
func (c *Clockwork) around(j *job, now time.Time) (prev, next time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Before(j.prev) || !now.Before(j.next) {
		j.prev, j.next = j.spec.Prev(now), j.spec.Next(now)
	}
	return j.prev, j.next
}

// due tells which slot of a job this node is to run now, having entered it in
// the ledger.
func (c *Clockwork) due(ctx context.Context, j *job, now time.Time) (time.Time, bool) {
	slot, _ := c.around(j, now)
	if slot.IsZero() || !slot.After(j.settled) {
		return slot, false
	}
	last, err := c.ledger.LastSlot(ctx, j.name)
	if err != nil {
		c.failed(ctx, j, slot, "look for its last slot", err)
		return slot, false
	}
	late := now.Sub(slot)
	var catchUp time.Duration
	c.set(func() { catchUp = j.catchUp })
	switch {
	case last.IsZero() && !slot.After(j.added):
		c.baseline(ctx, j, slot)
		return slot, false
	case slot.Before(last):
		c.set(func() { j.settled = slot })
		return slot, false
	case late > catchUp:
		if slot.After(last) {
			c.opt.Logger.Warn("a slot was missed and is too old to catch up", "job", j.name, "slot", slot, "late", late)
		}
		c.set(func() { j.settled = slot })
		return slot, false
	}
	mine, err := c.ledger.BeginSlot(ctx, j.name, slot, c.opt.Node, now, c.opt.Lease)
	switch {
	case err != nil:
		c.failed(ctx, j, slot, "begin it", err)
	case mine:
		c.opt.Logger.Info("job begins", "job", j.name, "slot", slot, "late", late)
	default:
		c.others(ctx, j, slot)
	}
	return slot, mine && err == nil
}

// others leaves a slot alone that another node has done. One in the hands of a
// node is looked at again at the next tick: that node may die, or let go of it.
func (c *Clockwork) others(ctx context.Context, j *job, slot time.Time) {
	open, err := c.ledger.SlotOpen(ctx, j.name, slot)
	switch {
	case err != nil:
		c.failed(ctx, j, slot, "ask whether it has ended", err)
	case !open:
		c.set(func() { j.settled = slot })
	}
}

// baseline enters the slot before a job's first as if it had run: from here on
// a slot that nobody was there for is known to have been missed.
func (c *Clockwork) baseline(ctx context.Context, j *job, slot time.Time) {
	mine, err := c.ledger.BeginSlot(ctx, j.name, slot, c.opt.Node, c.opt.Now(), c.opt.Lease)
	if err == nil && mine {
		err = c.ledger.EndSlot(ctx, j.name, slot, c.opt.Now(), "")
	}
	if err != nil {
		c.failed(ctx, j, slot, "enter the slot before its first", err)
		return
	}
	c.set(func() { j.settled = slot })
}

func (c *Clockwork) failed(ctx context.Context, j *job, slot time.Time, doing string, err error) {
	if ctx.Err() == nil {
		c.opt.Logger.Error("the schedule's ledger failed", "job", j.name, "slot", slot, "doing", doing, "error", err)
	}
}
