package deliver_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
	"hebdo/internal/store"
)

var crashes = flag.Int("crashes", 5, "how often TestCrash kills the sending process; 300 for the long form, with 20,000 readers")

const crashLease = time.Second

// A process that sends, with its ledger on disk, is killed at random moments
// and started again, until all is done. Nobody gets a letter twice, nobody is
// lost, and unsure are at most those that were marked as being sent at a kill,
// which are never more than twice the connections.
//
//	go test ./internal/deliver -run Crash -crashes 300
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: kills processes for some seconds")
	}
	readers := min(20000, 200+66**crashes)
	var mu sync.Mutex
	got := map[string]int{}
	server, err := smtptest.Start(smtptest.Options{OnMessage: func(m smtptest.Message) {
		mu.Lock()
		defer mu.Unlock()
		got[m.To]++
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, i := range []int{7, 77} {
		server.Answer(smtptest.Answer{To: address(i), Code: 550, Enhanced: "5.1.1", Text: "no such user"})
	}
	// Slow enough to be killed anywhere: before RCPT, in the data, after the dot.
	server.Answer(smtptest.Answer{At: smtptest.Rcpt, Delay: 3 * time.Millisecond})
	server.Answer(smtptest.Answer{At: smtptest.Dot, Delay: 3 * time.Millisecond, Keep: true})

	home := newHome(t, readers)
	todo := home.newTask(t, net.JoinHostPort(server.Host(), strconv.Itoa(server.Port())), "unsigned", readers)
	todo.Role = "crash"
	ledger := open(t, home.file)
	defer ledger.Close()
	tally := func() digest.Tally {
		n, err := ledger.Tally(t.Context(), todo.Issue)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	doubtful, kills := 0, 0
	for ; kills < *crashes && tally().Open() > 0; kills++ {
		c := child(t, todo)
		c.Stderr = os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		before := tally().Delivered
		for i := 0; tally().Delivered == before && i < 500; i++ { // let it begin
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Duration(rng.IntN(120)) * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait() // it was killed
		begun := tally().Begun
		if begun > 2*todo.Connections {
			t.Errorf("%d were marked as being sent at a kill, with %d connections", begun, todo.Connections)
		}
		doubtful += begun
		time.Sleep(crashLease + 100*time.Millisecond)
	}
	if out, err := child(t, todo).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	end := tally()
	t.Logf("%d kills, %d readers, %d marked as being sent at a kill, %d unsure", kills, readers, doubtful, end.Unsure)
	if end.Open() > 0 || end.All() != readers || end.Unsure > doubtful || end.Refused > 2 {
		t.Errorf("%+v, %d in doubt", end, doubtful)
	}
	mu.Lock()
	defer mu.Unlock()
	for after := ""; ; {
		rows, err := ledger.Deliveries(t.Context(), todo.Issue, nil, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			return
		}
		for _, d := range rows {
			n, sure := got[d.Address], d.State != digest.Unsure
			if n > 1 || sure && (n == 1) != (d.State == digest.Delivered) {
				t.Errorf("%s is %s and got it %d times", d.Address, d.State, n)
			}
		}
		after = rows[len(rows)-1].ID
	}
}

// sendUntilDone is the process that is killed: it sends until nothing waits.
func (t task) sendUntilDone() error {
	ctx := context.Background()
	s, err := store.Open(ctx, "sqlite:"+t.File, store.Options{Now: time.Now, NewID: newID})
	if err != nil {
		return err
	}
	defer s.Close()
	host, port, _ := net.SplitHostPort(t.Address)
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	smtp, err := mail.New(mail.Options{Host: host, Port: number, TLS: "none", Connections: t.Connections})
	if err != nil {
		return err
	}
	defer smtp.Close()
	c := deliver.New(s, s, smtp, sharedLinks, deliver.Options{Node: "crash", Connections: t.Connections, Lease: crashLease, Now: time.Now})
	for range 100 {
		i, err := s.Issue(ctx, t.Issue)
		if err != nil {
			return err
		}
		report, err := c.Drain(ctx, i, newsletter)
		if err != nil {
			return err
		}
		if report.Queued+report.Deferred == 0 {
			return nil
		}
		time.Sleep(crashLease / 4)
	}
	return errors.New("it does not come to an end")
}
