package mail

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"hebdo/internal/digest"
)

// idle is how long a connection that nobody needs stays open.
const idle = 20 * time.Second

// errClosed: Close was called.
var errClosed = errors.New("the mail sender is closed")

// pool keeps at most so many connections; the last used is taken first, so that
// those not needed grow old and go. When enough are in use one waits in line,
// and may be announced on one of them meanwhile.
type pool struct {
	now  func() time.Time
	dial func(context.Context) (*conn, error)

	mu     sync.Mutex
	demand demand
	open   int // those being opened included
	idle   []*conn
	line   []*waiter   // who came first is first
	alarm  *time.Timer // rings when the line is stuck
	closed bool
}

// waiter is somebody in line.
type waiter struct {
	mail *envelope
	turn chan *conn // gives one connection; nil is the right to open one
	on   *conn      // where the mail is announced
	gone bool       // after it was announced
}

func newPool(opt Options, dial func(context.Context) (*conn, error)) *pool {
	p := &pool{now: opt.Now, dial: dial, demand: newDemand(opt.Connections, opt.Now != nil)}
	if p.now == nil {
		p.now = func() time.Time { return time.Time{} }
	}
	p.alarm = time.AfterFunc(stuck, p.hurry)
	return p
}

// take gives a connection for a mail, and whether it was used before. A mail
// that is recalled while it waits in line fails with digest.ErrNotBegun.
func (p *pool) take(ctx context.Context, mail *envelope) (c *conn, reused bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, context.Cause(ctx)
	}
	c, w, err := p.enter(mail)
	if err != nil {
		return nil, false, err
	}
	if w != nil {
		select {
		case c = <-w.turn:
		case <-mail.recall:
			p.withdraw(w)
			return nil, false, digest.ErrNotBegun
		case <-ctx.Done():
			p.withdraw(w)
			return nil, false, context.Cause(ctx)
		}
	}
	if c != nil {
		c.since = p.now()
		return c, true, nil
	}
	if c, err = p.dial(ctx); err != nil {
		p.decline(nil)
		return nil, false, err
	}
	c.since = p.now()
	return c, false, nil
}

// enter gives an idle connection, or a place in line, or neither: the right to
// open a connection.
func (p *pool) enter(mail *envelope) (*conn, *waiter, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, nil, errClosed
	}
	if c, ok := p.room(); ok {
		return c, nil, nil
	}
	w := &waiter{mail: mail, turn: make(chan *conn, 1)}
	p.line = append(p.line, w)
	if len(p.line) == 1 {
		p.watch()
	}
	return nil, w, nil
}

// room gives an idle connection, or nil: the right to open one; false: enough
// are in use.
func (p *pool) room() (c *conn, ok bool) {
	n := len(p.idle)
	if p.open-n >= p.demand.enough() {
		return nil, false
	}
	if n == 0 {
		p.open++
		return nil, true
	}
	c, p.idle = p.idle[n-1], p.idle[:n-1]
	c.timer.Stop()
	return c, true
}

// follow gives the connection to the first in line as soon as it is given back,
// and tells whose mail can be announced on it; false: nobody's.
func (p *pool) follow(c *conn) (mail envelope, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.line) == 0 {
		return envelope{}, false
	}
	w := p.line[0]
	if w.mail.singly || w.mail.utf8 {
		return envelope{}, false
	}
	p.line = slices.Delete(p.line, 0, 1)
	c.next, w.on = w, c
	return *w.mail, true
}

// withdraw leaves the line.
func (p *pool) withdraw(w *waiter) {
	p.mu.Lock()
	if i := slices.Index(p.line, w); i >= 0 {
		p.line = slices.Delete(p.line, i, i+1)
		p.mu.Unlock()
		return
	}
	if w.on != nil && w.on.next == w {
		w.gone = true
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.decline(<-w.turn) // it came at the same moment
}

// decline gives back a connection, or with nil the right to open one, on which
// nothing was begun. Where a mail was announced the server waits for it, and
// would take anything for it.
func (p *pool) decline(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c != nil && c.announced {
		c.broken = true
		defer c.quit()
		c = nil
	}
	p.pass(nil, c)
}

// put gives a connection back. What cannot be used again is closed; whoever is
// announced on it opens another.
func (p *pool) put(c *conn, usable bool) {
	p.mu.Lock()
	p.demand.note(p.now().Sub(c.since))
	next := c.next
	c.next = nil
	c.announced = next != nil
	if next != nil && next.gone {
		next, usable, c.broken = nil, false, true
	}
	if p.closed && next == nil && len(p.line) == 0 {
		usable = false
	}
	if usable {
		p.pass(next, c)
	} else {
		p.pass(next, nil)
	}
	p.admit()
	p.watch()
	p.mu.Unlock()
	if !usable {
		c.quit()
	}
}

// admit lets those in line have what there is room for now.
func (p *pool) admit() {
	for len(p.line) > 0 {
		c, ok := p.room()
		if !ok {
			return
		}
		p.pass(nil, c)
	}
}

// watch begins to wait for the next connection that comes back to the line.
func (p *pool) watch() {
	if len(p.line) > 0 && !p.demand.slow {
		p.alarm.Reset(stuck)
	}
}

// hurry lets those in line have all connections, when none has come back.
func (p *pool) hurry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.line) > 0 {
		p.demand.slow = true
		p.admit()
	}
}

// pass gives a connection, or the right to open one, to the next: the first in
// line when none is named. A connection that nobody waits for rests.
func (p *pool) pass(next *waiter, c *conn) {
	if next == nil && len(p.line) > 0 {
		next = p.line[0]
		p.line = slices.Delete(p.line, 0, 1)
	}
	switch {
	case next != nil:
		next.turn <- c
	case c == nil:
		p.open--
	default:
		if c.timer == nil {
			c.timer = time.AfterFunc(idle, func() { p.expire(c) })
		} else {
			c.timer.Reset(idle)
		}
		p.idle = append(p.idle, c)
	}
}

// expire closes a connection that nobody took in time.
func (p *pool) expire(c *conn) {
	p.mu.Lock()
	i := slices.Index(p.idle, c)
	if i >= 0 {
		p.idle = slices.Delete(p.idle, i, i+1)
		p.open--
	}
	p.mu.Unlock()
	if i >= 0 {
		c.quit()
	}
}

func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.alarm.Stop()
	idle := p.idle
	p.idle = nil
	p.open -= len(idle)
	p.mu.Unlock()
	for _, c := range idle {
		c.timer.Stop()
		c.quit()
	}
}
