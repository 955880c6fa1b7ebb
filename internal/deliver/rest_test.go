package deliver_test

import (
	"fmt"
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
			server.Answer(smtptest.Answer{To: "reader1@busy.example", At: at, Code: 421, Enhanced: "4.7.0", Text: "enough for now", Times: 1})
			c := courier(t, l, sender, clk.now, deliver.Options{Connections: 1, Batch: 10})
			report, err := c.Drain(t.Context(), issue, newsletter)
			if err != nil {
				t.Fatal(err)
			}
			if report.Sent+report.Deferred != 120 || report.Deferred < 15 || !report.Next.Equal(clk.now().Add(5*time.Minute)) {
				t.Errorf("%+v: most of the domain’s thirty were to wait", report)
			}
			for i := range 120 {
				if d := l.row(i); i%4 != 1 && d.State != digest.Delivered {
					t.Errorf("%s is %s", d.Address, d.State)
				} else if i > 60 && i%4 == 1 && (d.State != digest.Deferred || d.Attempts != 0) {
					t.Errorf("%s is %s after %d tries", d.Address, d.State, d.Attempts)
				}
			}
			clk.add(5*time.Minute + time.Second)
			if report, err = c.Drain(t.Context(), issue, newsletter); err != nil || report.Sent != 120 {
				t.Errorf("%+v %v", report, err)
			}
		})
	}
}
