package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Options of a Clockwork; zero values mean the defaults named here.
type Options struct {
	Node    string           // name of this process, unique among those alive; required
	Now     func() time.Time // required
	Lease   time.Duration    // a job may run so long; a slot begun by a node that died is run again after it. 1 h
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
	name    string
	spec    Spec
	do      Do
	catchUp time.Duration
	added   time.Time

	prev    time.Time // slots around the time last asked for
	next    time.Time
	running bool
	settled time.Time // latest slot that needs no more looking after
	retry   time.Time // a slot that another node holds is asked for again then
}

// New gives a Clockwork without jobs; it panics without Node or Now, which is a
// fault of the program.
func New(ledger Ledger, opt Options) *Clockwork {
	if opt.Node == "" || opt.Now == nil {
		panic("schedule: Node and Now are required")
	}
	preset(&opt.Lease, time.Hour)
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
func (c *Clockwork) Add(name, spec string, zone *time.Location, do func(ctx context.Context, slot time.Time) error) error {
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
			slot, ok := c.due(ctx, j)
			if !ok {
				continue
			}
			c.set(func() { j.running = true })
			running.Go(func() {
				c.run(ctx, j, slot)
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
func (c *Clockwork) due(ctx context.Context, j *job) (time.Time, bool) {
	now := c.opt.Now()
	slot, _ := c.around(j, now)
	if slot.IsZero() || !slot.After(j.settled) || now.Before(j.retry) {
		return slot, false
	}
	last, err := c.ledger.LastSlot(ctx, j.name)
	if err != nil {
		c.failed(ctx, j, slot, "look for its last slot", err)
		return slot, false
	}
	late := now.Sub(slot)
	switch {
	case last.IsZero() && !slot.After(j.added):
		c.baseline(ctx, j, slot)
		return slot, false
	case slot.Before(last):
		c.set(func() { j.settled = slot })
		return slot, false
	case late > j.catchUp:
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
		c.set(func() { j.retry = now.Add(c.opt.Lease) }) // done, or in the hands of a node that may die
	}
	return slot, mine && err == nil
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

// run does a job's work and writes down how it ended. A job cut off by the end
// of the program is not written down: its slot is run again after the lease.
func (c *Clockwork) run(ctx context.Context, j *job, slot time.Time) {
	// It ends before another node may take the slot.
	limited, cancel := context.WithTimeoutCause(ctx, c.opt.Lease*9/10,
		fmt.Errorf("the job ran longer than it may (%s)", c.opt.Lease*9/10))
	defer cancel()
	err := c.safely(limited, j, slot)
	if err != nil && ctx.Err() != nil {
		c.opt.Logger.Warn("job cut off by the end of the program", "job", j.name, "slot", slot)
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

// end writes how a slot ended, and tries again: one that is not written down is
// run once more after its lease.
func (c *Clockwork) end(ctx context.Context, j *job, slot time.Time, trouble string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	for {
		err := c.ledger.EndSlot(ctx, j.name, slot, c.opt.Now(), trouble)
		if err == nil {
			return
		}
		c.failed(ctx, j, slot, "write how it ended", err)
		select {
		case <-time.After(2 * time.Second):
		case <-ctx.Done():
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
	return j.do(ctx, slot)
}
