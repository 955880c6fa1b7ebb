package deliver_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	hebdomail "hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// A domain that answers 421 is left alone for a while, with all its readers;
// the others get their letters in the same run.
func TestDomainThatSays421Rests(t *testing.T) {
	for _, at := range []smtptest.Moment{smtptest.Rcpt, smtptest.Data, smtptest.Dot} {
		t.Run(string(at), func(t *testing.T) {
			server, err := smtptest.Start(smtptest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			// One connection: over a second one, many letters may overtake the answer.
			sender, err := hebdomail.New(hebdomail.Options{Host: server.Host(), Port: server.Port(), TLS: "none", Connections: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer sender.Close()
			clk := newClock()
			l := readers(120, clk.now)
			for i := range l.rows {
				if i%4 == 1 {
					l.rows[i].Address = fmt.Sprintf("reader%d@Busy.example", i)
				}
			}
			server.Answer(smtptest.Answer{To: "reader1@busy.example", At: at, Code: 421, Enhanced: "4.7.0", Times: 1,
				Text: "enough for Reader1 now: reader1@busy.example, reader1=busy.example@relay.example, https://busy.example/?of=reader1"})
			c := courier(t, l, sender, clk.now, deliver.Options{Connections: 1, Batch: 10})
			report, err := c.Drain(t.Context(), issue, newsletter)
			if err != nil {
				t.Fatal(err)
			}
			if report.Sent+report.Deferred != 120 || report.Deferred < 15 || !l.due().Equal(clk.now().Add(5*time.Minute)) {
				t.Errorf("%+v: most of the domain’s thirty were to wait", report)
			}
			for i := range 120 {
				if d := l.row(i); i%4 != 1 && d.State != digest.Delivered {
					t.Errorf("%s is %s", d.Address, d.State)
				} else if i > 60 && i%4 == 1 && (d.State != digest.Deferred || d.Attempts != 0) {
					t.Errorf("%s is %s after %d tries", d.Address, d.State, d.Attempts)
				} else if i > 60 && i%4 == 1 && (d.Code != 421 || d.Enhanced != "4.7.0" || d.Reply != "enough for … now: … … …" || !d.FirstTried.Equal(clk.now())) {
					t.Errorf("nobody can tell since when and why %s waits: %+v", d.Address, d)
				}
			}
			clk.add(5*time.Minute + time.Second)
			if report, err = c.Drain(t.Context(), issue, newsletter); err != nil || report.Sent != 120 {
				t.Errorf("%+v %v", report, err)
			}
		})
	}
}

// says421 is a sender whom slow.example refuses for now, but for as many
// letters as it takes.
func says421(takes, tries *atomic.Int32) senderFunc {
	return func(_ context.Context, m digest.Mail) error {
		if !isSlow(m.To) || takes.Add(-1) >= 0 {
			return nil
		}
		tries.Add(1)
		return digest.Refusal{Code: 421, Enhanced: "4.7.0", Text: "not now, " + m.To}
	}
}

// Nobody waits for longer than a letter that was tried would, whichever node
// knows of the rest; those who were never tried are told from the others.
func TestDomainThatSays421ForTooLongIsGivenUp(t *testing.T) {
	clk := newClock()
	l := mixed(90, clk.now)
	begun := clk.now()
	var takes, tries atomic.Int32
	var nodes []*deliver.Courier
	for _, name := range []string{"a", "b"} {
		nodes = append(nodes, courier(t, l, says421(&takes, &tries), clk.now, deliver.Options{Node: name, Connections: 1}))
	}
	runs := 0
	for ; ; runs++ {
		report, err := nodes[runs%2].Drain(t.Context(), issue, newsletter)
		if err != nil || runs > 200 {
			t.Fatalf("it never ends: %+v %v", report, err)
		}
		if report.Queued > 0 {
			continue
		}
		if report.Sent != 60 {
			t.Fatalf("%+v: the others were to get theirs at once", report)
		}
		if report.Deferred == 0 {
			same(t, deliver.Report{Sent: 60, Refused: 30}, report)
			break
		}
		clk.add(max(0, l.due().Sub(clk.now()))) // more of them may be due than one run claims
	}
	if took := clk.now().Sub(begun); took < 48*time.Hour || took > 54*time.Hour {
		t.Errorf("it took %s", took)
	}
	never, all := 0, 0
	for i := 0; i < 90; i += 3 {
		d := l.row(i)
		if d.Code != 421 || d.Enhanced != "4.7.0" || !strings.HasPrefix(d.Reply, "not now, ") || d.FirstTried.Sub(begun) > time.Hour {
			t.Errorf("%+v", d)
		}
		if all += d.Attempts; d.Attempts == 0 {
			never++
			if strings.Contains(d.Reply, "@") {
				t.Errorf("%s was told of somebody else: %s", d.Address, d.Reply)
			}
		}
	}
	if never == 0 || all != int(tries.Load()) || len(l.bounced) != 0 {
		t.Errorf("%d were never tried; %d tries, %d in the ledger; bounced: %v", never, tries.Load(), all, l.bounced)
	}
}

func TestARestGrowsUntilTheDomainTakesALetter(t *testing.T) {
	clk := newClock()
	l := mixed(90, clk.now)
	var takes, tries atomic.Int32
	c := courier(t, l, says421(&takes, &tries), clk.now, deliver.Options{Connections: 1})
	rest := func() time.Duration { // of the last in line, who is never tried
		t.Helper()
		for range 100 {
			before := tries.Load()
			report, err := c.Drain(t.Context(), issue, newsletter)
			if n := tries.Load() - before; err != nil || n > 4 { // two under way, and two chosen before their answers are written down
				t.Fatalf("%d tries at a domain that takes nothing; %v", n, err)
			}
			if report.Queued == 0 {
				d := l.row(87)
				if d.Attempts != 0 {
					t.Fatalf("%+v", d)
				}
				return d.NotBefore.Sub(clk.now())
			}
		}
		t.Fatal("it never ends")
		return 0
	}
	var got []time.Duration
	for range 6 {
		got = append(got, rest())
		clk.add(got[len(got)-1])
	}
	if want := []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	takes.Store(2) // as many as are under way at once: one at least is written down before the next begins
	if got := rest(); got != 5*time.Minute {
		t.Errorf("%s after it took a letter", got)
	}
	clk.add(7 * time.Hour) // and nothing was sent meanwhile
	if got := rest(); got != 5*time.Minute {
		t.Errorf("%s after a long time", got)
	}
}

// Behind more letters of a resting domain than are claimed at once, the others
// go out in the same run.
func TestARunGoesOnBehindManyLettersThatArePutOff(t *testing.T) {
	clk := newClock()
	l := readers(300, clk.now)
	for i := range 290 {
		l.rows[i].Address = fmt.Sprintf("reader%d@slow.example", i)
	}
	var takes, tries atomic.Int32
	c := courier(t, l, says421(&takes, &tries), clk.now, deliver.Options{Connections: 1, Batch: 10})
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil || report.Sent != 10 || report.Deferred != 290 {
		t.Errorf("%+v %v", report, err)
	}
}
