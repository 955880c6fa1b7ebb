package deliver_test

import (
	"errors"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"
)

// gate is a TCP proxy on a port of its own that can be shut (connections are
// refused), cut (those open are reset) and stalled (nothing gets through, and
// nobody is told).
type gate struct {
	t       *testing.T
	target  string
	address *net.TCPAddr
	all     sync.WaitGroup

	mu       sync.Mutex
	moves    *sync.Cond
	stalled  bool
	closed   bool
	listener net.Listener
	open     map[net.Conn]bool // both sides
}

func newGate(t *testing.T, target string) *gate {
	t.Helper()
	g := &gate{t: t, target: target, open: map[net.Conn]bool{}, address: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}}
	g.moves = sync.NewCond(&g.mu)
	g.unlock()
	t.Cleanup(func() {
		g.shut()
		g.all.Wait()
	})
	return g
}

func (g *gate) port() string { return strconv.Itoa(g.address.Port) }

// unlock listens, again and again on the same port.
func (g *gate) unlock() {
	g.t.Helper()
	var l net.Listener
	var err error
	for range 600 { // somebody's outgoing connection may have the port
		if l, err = net.Listen("tcp", g.address.String()); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.address, g.listener, g.closed = l.Addr().(*net.TCPAddr), l, false
	g.all.Go(func() { g.serve(l) })
}

func (g *gate) serve(l net.Listener) {
	for {
		in, err := l.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", g.target)
		if err != nil {
			in.Close()
			continue
		}
		g.mu.Lock()
		if g.closed {
			in.Close()
			out.Close()
		} else {
			g.open[in], g.open[out] = true, true
			g.all.Go(func() { g.pass(out, in) })
			g.all.Go(func() { g.pass(in, out) })
		}
		g.mu.Unlock()
	}
}

// pass copies until either side ends, and stands still while the gate is stalled.
func (g *gate) pass(to, from net.Conn) {
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		g.mu.Lock()
		for g.stalled && !g.closed {
			g.moves.Wait()
		}
		g.mu.Unlock()
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			break
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range []net.Conn{to, from} {
		c.Close()
		delete(g.open, c)
	}
}

// cut resets all connections.
func (g *gate) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.open {
		_ = c.(*net.TCPConn).SetLinger(0) // it is gone the next moment
		c.Close()
	}
}

// shut refuses connections from now on, and cuts those open.
func (g *gate) shut() {
	g.mu.Lock()
	g.closed = true
	err := g.listener.Close()
	g.mu.Unlock()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		g.t.Error(err)
	}
	g.moves.Broadcast()
	g.cut()
}

// stall holds back all bytes, in both directions, until heal.
func (g *gate) stall() { g.hold(true) }
func (g *gate) heal()  { g.hold(false) }

func (g *gate) hold(yes bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stalled = yes
	g.moves.Broadcast()
}
