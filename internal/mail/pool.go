package mail

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errClosed: Close was called.
var errClosed = errors.New("the mail sender is closed")

// pool keeps at most as many connections as it has places; the last used is
// taken first, so that those not needed grow old and go.
type pool struct {
	places chan struct{}
	rest   time.Duration
	dial   func(context.Context) (*conn, error)

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

func newPool(size int, rest time.Duration, dial func(context.Context) (*conn, error)) *pool {
	return &pool{places: make(chan struct{}, size), rest: rest, dial: dial}
}

// take gives a connection, and whether it was used before.
func (p *pool) take(ctx context.Context) (c *conn, reused bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, context.Cause(ctx)
	}
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return nil, false, context.Cause(ctx)
	}
	c, err = p.waiting()
	if c == nil && err == nil {
		c, err = p.dial(ctx)
		reused = false
	} else {
		reused = true
	}
	if err != nil {
		<-p.places
		return nil, false, err
	}
	return c, reused, nil
}

// waiting gives an idle connection, or none.
func (p *pool) waiting() (*conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	n := len(p.idle)
	if n == 0 {
		return nil, nil
	}
	c := p.idle[n-1]
	p.idle = p.idle[:n-1]
	c.timer.Stop()
	return c, nil
}

// put gives a connection back. What cannot be used again is closed.
func (p *pool) put(c *conn, usable bool) {
	defer func() { <-p.places }()
	p.mu.Lock()
	if usable && !p.closed {
		if c.timer == nil {
			c.timer = time.AfterFunc(p.rest, func() { p.expire(c) })
		} else {
			c.timer.Reset(p.rest)
		}
		p.idle = append(p.idle, c)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	c.quit()
}

// expire closes a connection that nobody took in time.
func (p *pool) expire(c *conn) {
	p.mu.Lock()
	mine := false
	for i, other := range p.idle {
		if other == c {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			mine = true
			break
		}
	}
	p.mu.Unlock()
	if mine {
		c.quit()
	}
}

func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, c := range idle {
		c.timer.Stop()
		c.quit()
	}
}
