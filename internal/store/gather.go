package store

import "sync"

// mostGathered is how much one trip carries, in rows: few enough that callers
// go on with other work while the next trip is made, many enough that the trip
// itself costs each of them little.
const mostGathered = 64

// gather lets callers that come while the database is busy share the next trip
// to it. One of them makes the trip for all; nobody waits for callers that may
// come. Its zero value is ready.
type gather[Q, A any] struct {
	mu    sync.Mutex
	queue []*asked[Q, A]
	busy  bool
}

// asked is one caller.
type asked[Q, A any] struct {
	question Q
	rows     int
	answer   A
	err      error
	turn     chan bool // true: it is answered; false: it makes the next trip
}

// ask gives the answer that trip puts into the caller's asked, or its error.
// rows says how much the question is.
func (g *gather[Q, A]) ask(question Q, rows int, trip func([]*asked[Q, A])) (A, error) {
	own := &asked[Q, A]{question: question, rows: rows, turn: make(chan bool, 1)}
	g.mu.Lock()
	g.queue = append(g.queue, own)
	wait := g.busy
	g.busy = true
	g.mu.Unlock()
	if wait && <-own.turn {
		return own.answer, own.err
	}
	g.mu.Lock()
	n, rows := 1, g.queue[0].rows
	for n < len(g.queue) && rows < mostGathered {
		rows += g.queue[n].rows
		n++
	}
	together := g.queue[:n:n] // own is the first of them
	g.queue = g.queue[n:]
	g.mu.Unlock()
	defer g.pass(together)
	trip(together)
	return own.answer, own.err
}

// pass tells the others that they are answered, and who makes the next trip.
func (g *gather[Q, A]) pass(together []*asked[Q, A]) {
	for _, a := range together[1:] {
		a.turn <- true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy = len(g.queue) > 0; g.busy {
		g.queue[0].turn <- false
	}
}
