package deliver_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// An issue that is paused by another process stops on all nodes, whatever the
// pace: only what is marked may still leave, and nothing stays in anybody's
// hands. Resumed, everybody else gets it once.
func TestPauseTakesEffectOnAllNodes(t *testing.T) {
	for name, rate := range map[string]float64{"as fast as can be": 0, "ten a second": 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readers := 3000
			if rate > 0 {
				readers = 60
			}
			home := newHome(t, onDisk(t), readers)
			desk := open(t, home.url)
			defer desk.Close()
			id := home.newTask(t, "", "", readers).Issue
			var sent atomic.Int64
			sender := senderFunc(func(context.Context, digest.Mail) error {
				sent.Add(1)
				time.Sleep(2 * time.Millisecond)
				return nil
			})
			drain := func(node string, opt deliver.Options) {
				s := open(t, home.url)
				defer s.Close()
				i, err := s.Issue(context.Background(), id)
				if err != nil {
					t.Error(err)
					return
				}
				opt.Node, opt.Now = node, time.Now
				if _, err := deliver.New(s, s, sender, sharedLinks, opt).Drain(context.Background(), i, newsletter); err != nil {
					t.Error(err)
				}
			}
			var nodes sync.WaitGroup
			for _, node := range []string{"a", "b"} {
				nodes.Go(func() { drain(node, deliver.Options{Rate: rate, Connections: 4}) })
			}
			for sent.Load() < 20 {
				time.Sleep(time.Millisecond)
			}
			if _, err := desk.MoveIssue(t.Context(), id, digest.Paused, time.Now()); err != nil {
				t.Fatal(err)
			}
			before := sent.Load()
			nodes.Wait()
			if n := sent.Load() - before; n > 2*2*4 { // nodes, marks a connection, connections
				t.Errorf("%d letters left after the pause", n)
			}
			tally, err := desk.Tally(t.Context(), id)
			if err != nil || tally.Claimed+tally.Begun+tally.Unsure > 0 || tally.Delivered != int(sent.Load()) || tally.Queued == 0 {
				t.Fatalf("%+v, %d sent: %v", tally, sent.Load(), err)
			}
			if _, err := desk.MoveIssue(t.Context(), id, digest.Sending, time.Now()); err != nil {
				t.Fatal(err)
			}
			drain("c", deliver.Options{Connections: 8})
			if n := sent.Load(); n != int64(readers) {
				t.Errorf("%d letters for %d readers", n, readers)
			}
		})
	}
}

// Before a server that takes seconds for a mail, a pause stops those that are
// behind another, announced or not: what was on its way goes on, and nothing
// else leaves, though the ledger hears of no mail meanwhile.
func TestPauseBeforeASlowServer(t *testing.T) {
	t.Parallel()
	var come atomic.Int64
	server, err := smtptest.Start(smtptest.Options{OnMessage: func(smtptest.Message) { come.Add(1) }})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	sender, err := mail.New(mail.Options{Host: server.Host(), Port: server.Port(), TLS: "none", Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	home := newHome(t, onDisk(t), 40)
	id := home.newTask(t, "", "", 40).Issue
	s := open(t, home.url)
	defer s.Close()
	drain := func() {
		t.Helper()
		i, err := s.Issue(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		c := deliver.New(s, s, sender, sharedLinks, deliver.Options{Node: "node", Now: time.Now, Connections: 4})
		if _, err := c.Drain(t.Context(), i, newsletter); err != nil {
			t.Fatal(err)
		}
	}
	server.Answer(smtptest.Answer{At: smtptest.Dot, Times: 12}) // until it is known that mails can be announced
	server.Answer(smtptest.Answer{At: smtptest.Dot, Delay: 3 * time.Second, Times: 4})
	paused := make(chan error, 1)
	go func() {
		for come.Load() < 12 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second) // four are on their way by now
		_, err := s.MoveIssue(context.Background(), id, digest.Paused, time.Now())
		paused <- err
	}()
	drain()
	if err := <-paused; err != nil {
		t.Fatal(err)
	}
	if n := len(server.Messages()); n != 16 {
		t.Errorf("%d letters left, want 12 and the 4 that were on their way", n)
	}
	tally, err := s.Tally(t.Context(), id)
	if err != nil || tally.Delivered != 16 || tally.Queued != 24 {
		t.Fatalf("%+v: %v", tally, err)
	}
	if _, err := s.MoveIssue(t.Context(), id, digest.Sending, time.Now()); err != nil {
		t.Fatal(err)
	}
	drain()
	got := map[string]int{}
	for _, m := range server.Messages() {
		if got[m.To]++; got[m.To] > 1 {
			t.Errorf("%s got it twice", m.To)
		}
	}
	if len(got) != 40 {
		t.Errorf("%d of 40 readers got it", len(got))
	}
}
