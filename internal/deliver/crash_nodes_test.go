package deliver_test

import (
	"net/url"
	"strings"
	"syscall"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail/smtptest"
)

// node is one of several machines on one database.
type node struct {
	*process
	name string
	wire *gate // to the database; nil: its own way
}

// startNode runs a server that does nothing but send.
func (w *trial) startNode(name string, wire *gate) *node {
	w.Helper()
	at, err := url.Parse(w.env["HEBDO_DATABASE_URL"])
	w.must(err)
	if wire != nil {
		at.Host = wire.address.String()
	}
	p := w.start([]string{"serve", "--role", "deliver"}, "HEBDO_NODE", name, "HEBDO_DATABASE_URL", at.String())
	return &node{p, name, wire}
}

// held are the deliveries that a node holds.
func (w *trial) held(n *node) int {
	w.Helper()
	rows, err := w.ledger.Deliveries(w.Context(), w.issue, []digest.DeliveryState{digest.Claimed, digest.Begun}, "", 10000)
	w.must(err)
	held := 0
	for _, d := range rows {
		if strings.HasPrefix(d.Node, n.name+"/") {
			held++
		}
	}
	return held
}

// nodesFall has three machines send from one PostgreSQL, of which one is killed
// and one is cut off from the database, again and again. A machine that is cut
// off knows nothing of it: its packets are held back, and go through later.
func (w *trial) nodesFall(times int) {
	w.Helper()
	at, err := url.Parse(w.env["HEBDO_DATABASE_URL"])
	w.must(err)
	wire := newGate(w.T, at.Host)
	query := at.Query()
	query.Set("idle_in_transaction_session_timeout", "3000") // else a minute
	at.RawQuery = query.Encode()
	w.env["HEBDO_DATABASE_URL"], w.env["HEBDO_DELIVER_LEASE"] = at.String(), "5s"
	w.server.Answer(smtptest.Answer{At: smtptest.Mail, Delay: pace()}) // so that all have something to do
	w.release()
	a, b, c := w.startNode("a", nil), w.startNode("b", wire), w.startNode("c", nil)
	for range times {
		want := w.letters() + 1 + w.rng.IntN(w.readers/times/2)
		w.await("letters", func() bool { return w.letters() >= want || w.state() == digest.Sent })
		if w.state() != digest.Sending {
			break
		}
		wire.stall()
		a.kill()
		w.mark("a/", 1)
		w.mark("b/", 1)
		w.await("the lost machines' leases to end", func() bool {
			w.see("a/") // what was on the wire has arrived a moment later
			w.see("b/")
			time.Sleep(20 * time.Millisecond)
			return w.held(a) == 0 && w.held(b) == 0 || w.state() == digest.Sent
		})
		w.moment(500 * time.Millisecond)
		wire.heal()
		a = w.startNode("a", nil)
	}
	w.await("the end", func() bool { return w.state() == digest.Sent })
	for _, n := range []*node{a, b, c} {
		w.must(n.Process.Signal(syscall.SIGTERM))
		w.finish(n.process, -1) // one just started may not be listening for the signal yet
	}
	w.verdict()
}

// pace is how long the mail server takes for each letter, when three machines
// share the work.
func pace() time.Duration {
	if *crashes < 100 {
		return 50 * time.Millisecond
	}
	return 10 * time.Millisecond
}
