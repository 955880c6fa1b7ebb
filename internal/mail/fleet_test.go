package mail_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// fleet starts a mail server for each weight.
func fleet(t *testing.T, now func() time.Time, weights ...int) (*mail.Fleet, []*smtptest.Server) {
	t.Helper()
	var servers []*smtptest.Server
	var relays []mail.Relay
	for _, w := range weights {
		server, err := smtptest.Start(smtptest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = server.Close() })
		servers = append(servers, server)
		relays = append(relays, mail.Relay{Weight: w, Options: mail.Options{Host: server.Host(), Port: server.Port(), TLS: "none", Timeout: 10 * time.Second}})
	}
	f, err := mail.NewFleet(relays, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, servers
}

func counts(servers []*smtptest.Server) (n []int) {
	for _, s := range servers {
		n = append(n, len(s.Messages()))
	}
	return n
}

func sendMany(t *testing.T, f *mail.Fleet, n int) {
	t.Helper()
	send, err := f.Prepare(letter(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		c := digest.Copy{Address: fmt.Sprintf("reader%d@example.net", i), EnvelopeFrom: "bounce@news.example.org", MessageID: fmt.Sprintf("%d@news.example.org", i), Date: letter().Date}
		if err := send(t.Context(), c); err != nil {
			t.Fatalf("mail %d: %v", i, err)
		}
	}
}

func TestEveryRelayGetsItsShare(t *testing.T) {
	f, servers := fleet(t, time.Now, 2, 1, 0)
	sendMany(t, f, 30)
	if got := fmt.Sprint(counts(servers)); got != "[20 10 0]" {
		t.Errorf("of 30 mails by weights 2, 1 and stand-by: %s", got)
	}
}

func TestWhatARelayDidNotHearGoesToTheNextAndItRests(t *testing.T) {
	var mu sync.Mutex
	at := time.Now()
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	f, servers := fleet(t, now, 1, 1, 0)
	servers[0].Answer(smtptest.Answer{At: smtptest.Connect, Code: 421, Times: 1})
	sendMany(t, f, 10)
	if got := fmt.Sprint(counts(servers)); got != "[0 10 0]" {
		t.Errorf("while the first rests: %s", got)
	}
	_ = servers[1].Close()
	sendMany(t, f, 5)
	if got := fmt.Sprint(counts(servers)); got != "[0 10 5]" {
		t.Errorf("with only the one left that stands by: %s", got)
	}
	mu.Lock()
	at = at.Add(time.Minute) // the first has rested, and is asked again
	mu.Unlock()
	sendMany(t, f, 4)
	if got := fmt.Sprint(counts(servers)); got != "[4 10 5]" {
		t.Errorf("after the rest: %s", got)
	}
}

func TestWhatWasRefusedOrPerhapsAcceptedGoesToNoOtherRelay(t *testing.T) {
	for _, c := range []struct {
		answer smtptest.Answer
		want   error
	}{
		{smtptest.Answer{At: smtptest.Rcpt, Code: 550, Text: "no such user"}, nil},
		{smtptest.Answer{At: smtptest.Rcpt, Code: 451, Text: "later"}, nil},
		{smtptest.Answer{At: smtptest.Dot, Drop: true}, digest.ErrPerhapsAccepted},
	} {
		f, servers := fleet(t, time.Now, 1, 0)
		servers[0].Answer(c.answer)
		err := f.Send(t.Context(), letter())
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c.answer, err)
		}
		if got := counts(servers)[1]; got != 0 {
			t.Errorf("%+v: another relay got it too", c.answer)
		}
	}
}

func TestAnAlertGoesByWhicheverRelayTakesIt(t *testing.T) {
	f, servers := fleet(t, time.Now, 3, 1)
	servers[1].Answer(smtptest.Answer{At: smtptest.Rcpt, Code: 550, Text: "5.7.1 not from you"})
	if err := f.Insist(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(counts(servers)); got != "[1 0]" {
		t.Error(got)
	}
	servers[0].Answer(smtptest.Answer{At: smtptest.Rcpt, Code: 550, Text: "5.7.1 nor you"})
	if err := f.Insist(t.Context(), letter()); err == nil {
		t.Error("nobody took it, and nobody says so")
	}
}

func TestARelaysRateIsItsOwn(t *testing.T) {
	server := func() mail.Options {
		s, err := smtptest.Start(smtptest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return mail.Options{Host: s.Host(), Port: s.Port(), TLS: "none", Timeout: 10 * time.Second}
	}
	slow, quick := server(), server()
	f, err := mail.NewFleet([]mail.Relay{{Options: slow, Weight: 1, Rate: .001}, {Options: quick, Weight: 1}}, time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	sendMany(t, f, 10) // the slow one takes a mail in a quarter of an hour: all the others go by the quick one
}

// A mail that waits for its relay's rate is given back when it is recalled.
func TestMailWaitingForARateIsRecalled(t *testing.T) {
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	f, err := mail.NewFleet([]mail.Relay{{Weight: 1, Rate: .001, Options: mail.Options{Host: server.Host(), Port: server.Port(), TLS: "none"}}}, time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	send, err := f.Prepare(letter(), nil)
	if err != nil {
		t.Fatal(err)
	}
	recall := make(chan struct{})
	time.AfterFunc(50*time.Millisecond, func() { close(recall) })
	for i, want := range []error{nil, digest.ErrNotBegun} {
		c := digest.Copy{Address: "reader@example.net", MessageID: "a@news.example.org", Date: letter().Date, Recall: recall}
		if err := send(t.Context(), c); !errors.Is(err, want) {
			t.Errorf("mail %d: %v, want %v", i, err, want)
		}
	}
	if n := len(server.Messages()); n != 1 {
		t.Errorf("%d mails arrived, want 1", n)
	}
}

func TestAFleetNeedsARelayThatSends(t *testing.T) {
	if _, err := mail.NewFleet([]mail.Relay{{Options: mail.Options{Host: "127.0.0.1"}}}, time.Now, nil); err == nil {
		t.Error("all stand by, and nobody says so")
	}
	if _, err := mail.NewFleet([]mail.Relay{{Weight: 1}}, time.Now, nil); err == nil {
		t.Error("a relay without a host")
	}
}
