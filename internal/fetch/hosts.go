package fetch

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"
)

// hosts keeps the pace of each host apart, so that a slow or dead one holds up
// nobody else. A host is forgotten when nobody waits for it and nothing is
// held against it: the map stays as small as the work in hand.
type hosts struct {
	perHost int

	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is the way to one host.
type lane struct {
	users  int           // guarded by hosts.mu
	slots  chan struct{} // holds one value per request under way
	gate   chan struct{} // holds a value while the next request may not start yet
	closed *Failure      // guarded by hosts.mu: answer with this and do not ask
}

func newHosts(perHost int) *hosts {
	return &hosts{perHost: perHost, lanes: map[string]*lane{}}
}

// enter waits for a turn; the next one comes pace later. The caller calls
// release when the answer is read. It fails with the Failure a closed host was closed with, or ctx's error.
func (h *hosts) enter(ctx context.Context, host string, pace time.Duration) (release func(), err error) {
	l := h.take(host)
	if err := h.turn(ctx, l, l.slots); err != nil {
		h.drop(host, l)
		return nil, err
	}
	leave := func() { <-l.slots; h.drop(host, l) }
	if err := h.turn(ctx, l, l.gate); err != nil {
		leave()
		return nil, err
	}
	h.open(host, l, pace)
	return leave, nil
}

// turn puts a value into one of the lane's channels, and looks again whether
// the host was closed while it waited.
func (h *hosts) turn(ctx context.Context, l *lane, c chan struct{}) error {
	if err := h.barred(l); err != nil {
		return err
	}
	select {
	case c <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := h.barred(l); err != nil {
		<-c
		return err
	}
	return nil
}

// open takes the value out of the gate after d.
func (h *hosts) open(host string, l *lane, d time.Duration) {
	if d <= 0 {
		<-l.gate
		return
	}
	h.take(host)
	time.AfterFunc(d, func() { <-l.gate; h.drop(host, l) })
}

// pause waits d before a retry, and lets nobody else start at the host meanwhile.
func (h *hosts) pause(ctx context.Context, host string, d time.Duration) error {
	l := h.take(host)
	defer h.drop(host, l)
	timer := time.NewTimer(d)
	defer timer.Stop()
	gate := l.gate
	for {
		select {
		case gate <- struct{}{}:
			defer func() { <-l.gate }()
			gate = nil // held; now only the time has to pass
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// close lets every request to the host fail with f for d.
func (h *hosts) close(host string, f Failure, d time.Duration) {
	l := h.take(host)
	h.mu.Lock()
	l.closed = &f
	h.mu.Unlock()
	time.AfterFunc(d, func() {
		h.mu.Lock()
		l.closed = nil
		h.mu.Unlock()
		h.drop(host, l)
	})
}

// explain names the page that was not asked for because its host is closed.
func (h *hosts) explain(u *url.URL, err error) error {
	var f Failure
	if errors.As(err, &f) {
		f.URL, f.settled = Public(u.String()), true
		return f
	}
	return err
}

func (h *hosts) barred(l *lane) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.closed == nil {
		return nil
	}
	return *l.closed
}

func (h *hosts) take(host string) *lane {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.lanes[host]
	if l == nil {
		l = &lane{slots: make(chan struct{}, h.perHost), gate: make(chan struct{}, 1)}
		h.lanes[host] = l
	}
	l.users++
	return l
}

func (h *hosts) drop(host string, l *lane) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(h.lanes, host)
	}
}
