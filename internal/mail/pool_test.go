package mail_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// TestOnlyASlowServerGetsAllConnections sends more mails at once than there are
// connections. By the clock of most senders they take no time at all; by that
// of one each takes at least a second.
func TestOnlyASlowServerGetsAllConnections(t *testing.T) {
	const mails = 200
	few := max(4, 2*runtime.GOMAXPROCS(0))
	all := 2*few + 3
	var seconds atomic.Int64
	still := func() time.Time { return time.Unix(0, 0) }
	for name, c := range map[string]struct {
		now    func() time.Time
		answer smtptest.Answer
		want   int
	}{
		"quick":      {still, smtptest.Answer{Delay: 10 * time.Millisecond}, few},
		"slow":       {func() time.Time { return time.Unix(seconds.Add(1), 0) }, smtptest.Answer{Delay: 10 * time.Millisecond}, all},
		"none back":  {still, smtptest.Answer{Delay: 2 * time.Second, Times: all}, all},
		"no measure": {nil, smtptest.Answer{Delay: 10 * time.Millisecond}, all},
	} {
		t.Run(name, func(t *testing.T) {
			server, sender := serve(t, smtptest.Options{}, mail.Options{Connections: all, Now: c.now})
			c.answer.At = smtptest.Dot
			server.Answer(c.answer)
			sendAtOnce(t, server, sender, mails)
			if _, atOnce := server.Sessions(); atOnce != c.want {
				t.Errorf("%d sessions at once, want %d", atOnce, c.want)
			}
		})
	}
}
