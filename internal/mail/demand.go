package mail

import (
	"runtime"
	"time"
)

// demand tells how many connections are worth using at a time. A server on this
// machine or next to it is kept busy by two for each processor here. More are
// not quicker, and no mail would be in line to be announced, which spares a
// write and a wait. Any other server gets all there may be: as soon as mails
// take longer than quick, or those in line see none come back.
type demand struct {
	few, most int
	took      time.Duration // a mail lately had a connection for so long
	slow      bool          // the server is; it stays so
}

const (
	quick  = 2 * time.Millisecond // a mail, its transport included
	lately = 256                  // mails: one that a busy machine keeps waiting says nothing of the server
	stuck  = time.Second          // with mails in line
)

// newDemand knows nothing of the server yet. Without measuring it is a slow one.
func newDemand(most int, measuring bool) demand {
	few := max(4, 2*runtime.GOMAXPROCS(0))
	return demand{few: few, most: most, slow: !measuring || few >= most}
}

func (d *demand) enough() int {
	if d.slow {
		return d.most
	}
	return d.few
}

// note takes in for how long a mail had a connection.
func (d *demand) note(took time.Duration) {
	d.took += (max(0, took) - d.took) / lately
	d.slow = d.slow || d.took >= quick
}
