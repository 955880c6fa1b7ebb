package mail_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// serve starts a mail server and a sender to it.
func serve(t *testing.T, so smtptest.Options, mo mail.Options) (*smtptest.Server, *mail.SMTP) {
	t.Helper()
	server, err := smtptest.Start(so)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	mo.Host, mo.Port = server.Host(), server.Port()
	if mo.TLS == "" {
		mo.TLS = "none"
	}
	if mo.TLS != "none" && mo.TLSConfig == nil {
		mo.TLSConfig = server.TLSConfig()
	}
	if mo.Timeout == 0 {
		mo.Timeout = 5 * time.Second
	}
	sender, err := mail.New(mo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sender.Close() })
	return server, sender
}

func letter() digest.Mail {
	return digest.Mail{
		From:         `"La Semaine IA" <lettre@news.example.org>`,
		ReplyTo:      "Rédaction <redaction@example.org>",
		To:           "reader@example.net",
		EnvelopeFrom: "bounce+abc@news.example.org",
		Subject:      "L’IA générative à l’épreuve : ce qui a compté cette semaine",
		Text:         "Bonjour,\n\n.\n.. deux points\nÀ lundi.\n",
		HTML:         "<!doctype html>\n<html lang=\"fr\"><body><p>Bonjour</p>\n</body></html>\n",
		Language:     digest.French,
		MessageID:    "la-semaine-ia.47.abc@news.example.org",
		Date:         time.Date(2026, 11, 23, 6, 0, 0, 0, time.FixedZone("CET", 3600)),
		Headers: []digest.Header{
			{Name: "List-Id", Value: "La Semaine IA générative <hebdo-fr.news.example.org>"},
			{Name: "List-Unsubscribe", Value: "<https://news.example.org/u/" + strings.Repeat("t", 53) + ">, <mailto:unsub+" + strings.Repeat("t", 53) + "@news.example.org?subject=unsubscribe>"},
			{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"},
			{Name: "Auto-Submitted", Value: "auto-generated"},
		},
	}
}

func TestMailArrivesAsItWasWritten(t *testing.T) {
	at := time.Date(2026, 11, 23, 5, 0, 1, 0, time.UTC)
	server, sender := serve(t, smtptest.Options{Now: func() time.Time { return at }}, mail.Options{})
	if err := sender.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	if err := mail.Write(letter(), &want); err != nil {
		t.Fatal(err)
	}
	got := server.Messages()
	if len(got) != 1 {
		t.Fatalf("%d messages arrived, want 1", len(got))
	}
	if d := cmp.Diff(want.String(), string(got[0].Data)); d != "" {
		t.Errorf("dots at the start of a line, or anything else, changed on the way (-written +received):\n%s", d)
	}
	got[0].Data = nil
	if d := cmp.Diff(smtptest.Message{From: "bounce+abc@news.example.org", To: "reader@example.net", At: at}, got[0]); d != "" {
		t.Error(d)
	}
}

// sendAtOnce sends mails to so many readers, all of which have to arrive.
func sendAtOnce(t *testing.T, server *smtptest.Server, sender *mail.SMTP, mails int) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range mails {
		wg.Go(func() {
			m := letter()
			m.To = fmt.Sprintf("reader%d@example.net", i)
			if err := sender.Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(server.Messages()); n != mails {
		t.Errorf("%d messages arrived, want %d", n, mails)
	}
}

func TestConnectionsAreReusedAndNeverTooMany(t *testing.T) {
	server, sender := serve(t, smtptest.Options{}, mail.Options{Connections: 3})
	sendAtOnce(t, server, sender, 60)
	if all, atOnce := server.Sessions(); all > 3 || atOnce > 3 {
		t.Errorf("%d sessions, %d at once; 3 are allowed and enough", all, atOnce)
	}
}

func TestEveryAnswerOfTheServer(t *testing.T) {
	const to = "reader@example.net"
	for name, c := range map[string]struct {
		answer smtptest.Answer
		want   digest.Refusal
	}{
		"unknown mailbox": {
			smtptest.Answer{To: to, Code: 550, Enhanced: "5.1.1", Text: "No such user here"},
			digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "No such user here"},
		},
		"greylisted": {
			smtptest.Answer{To: to, Code: 450, Enhanced: "4.7.1", Text: "Come back later"},
			digest.Refusal{Code: 450, Enhanced: "4.7.1", Text: "Come back later"},
		},
		"several lines, codes not set": {
			smtptest.Answer{To: to, Code: 550, Enhanced: "-", Text: "first line\nuser unknown"},
			digest.Refusal{Permanent: true, Code: 550, Text: "first line user unknown"},
		},
		"sender refused for good": {
			smtptest.Answer{At: smtptest.Mail, Code: 554, Enhanced: "5.7.1", Text: "not from you"},
			digest.Refusal{Permanent: true, Code: 554, Enhanced: "5.7.1", Text: "not from you"},
		},
		"sender refused for now": {
			smtptest.Answer{At: smtptest.Mail, Code: 451, Enhanced: "4.3.0", Text: "busy"},
			digest.Refusal{Code: 451, Enhanced: "4.3.0", Text: "busy"},
		},
		"content refused after the dot": {
			smtptest.Answer{To: to, At: smtptest.Dot, Code: 554, Enhanced: "5.6.0", Text: "spam"},
			digest.Refusal{Permanent: true, Code: 554, Enhanced: "5.6.0", Text: "spam"},
		},
		"disk full after the dot": {
			smtptest.Answer{To: to, At: smtptest.Dot, Code: 452, Enhanced: "4.3.1", Text: "disk full"},
			digest.Refusal{Code: 452, Enhanced: "4.3.1", Text: "disk full"},
		},
		"refused while the message is under way": {
			smtptest.Answer{To: to, At: smtptest.Data, Code: 552, Enhanced: "5.3.4", Text: "too big"},
			digest.Refusal{Permanent: true, Code: 552, Enhanced: "5.3.4", Text: "too big"},
		},
		"session ended at RCPT": {
			smtptest.Answer{To: to, Code: 421, Enhanced: "4.7.0", Text: "too many messages"},
			digest.Refusal{Code: 421, Enhanced: "4.7.0", Text: "too many messages"},
		},
		"session ended at MAIL": {
			smtptest.Answer{At: smtptest.Mail, Code: 421, Enhanced: "4.3.2", Text: "shutting down"},
			digest.Refusal{Code: 421, Enhanced: "4.3.2", Text: "shutting down", Connection: true},
		},
		"not greeted": {
			smtptest.Answer{At: smtptest.Connect, Code: 554, Text: "5.7.1 your address is on a list"},
			digest.Refusal{Permanent: true, Code: 554, Enhanced: "5.7.1", Text: "your address is on a list", Connection: true},
		},
		"not greeted for now": {
			smtptest.Answer{At: smtptest.Connect, Code: 421, Text: "too many connections"},
			digest.Refusal{Code: 421, Text: "too many connections", Connection: true},
		},
		"not heard at EHLO": {
			smtptest.Answer{At: smtptest.Hello, Code: 550, Enhanced: "5.7.0", Text: "bad name"},
			digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.7.0", Text: "bad name", Connection: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, sender := serve(t, smtptest.Options{}, mail.Options{Connections: 1})
			server.Answer(c.answer)
			err := sender.Send(t.Context(), letter())
			var got digest.Refusal
			if !errors.As(err, &got) {
				t.Fatalf("no refusal: %v", err)
			}
			c.want.Domain = "example.net"
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if n := len(server.Messages()); n != 0 {
				t.Errorf("%d messages kept, want none", n)
			}
		})
	}
}

func TestRefusalLeavesTheConnectionFitForTheNextMail(t *testing.T) {
	server, sender := serve(t, smtptest.Options{}, mail.Options{Connections: 1})
	server.Answer(smtptest.Answer{To: "gone@example.net", Code: 550, Enhanced: "5.1.1"})
	server.Answer(smtptest.Answer{To: "spam@example.net", At: smtptest.Dot, Code: 554, Enhanced: "5.7.1"})
	for _, to := range []string{"gone@example.net", "a@example.net", "spam@example.net", "gone@example.net", "gone@example.net", "b@example.net"} {
		m := letter()
		m.To = to
		err := sender.Send(t.Context(), m)
		if bad := strings.HasPrefix(to, "gone") || strings.HasPrefix(to, "spam"); bad != (err != nil) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if all, _ := server.Sessions(); all != 1 {
		t.Errorf("%d sessions, want 1", all)
	}
}

func TestLostConnection(t *testing.T) {
	const to = "reader@example.net"
	big := letter()
	big.Text = strings.Repeat("une ligne de plus qui ne tient dans aucun tampon du système\n", 200_000)
	for name, c := range map[string]struct {
		mail    digest.Mail
		answer  smtptest.Answer
		perhaps bool
		kept    int
	}{
		"before the commands":          {letter(), smtptest.Answer{At: smtptest.Mail, Drop: true}, false, 0},
		"at the recipient":             {letter(), smtptest.Answer{To: to, Drop: true}, false, 0},
		"in the midst of the message":  {big, smtptest.Answer{To: to, At: smtptest.Data, Drop: true}, false, 0},
		"after the dot, not accepted":  {letter(), smtptest.Answer{To: to, At: smtptest.Dot, Drop: true}, true, 0},
		"after the dot, but it was":    {letter(), smtptest.Answer{To: to, At: smtptest.Dot, Drop: true, Keep: true}, true, 1},
		"too slow after the dot":       {letter(), smtptest.Answer{To: to, At: smtptest.Dot, Delay: 500 * time.Millisecond, Keep: true}, true, 1},
		"too slow before the commands": {letter(), smtptest.Answer{At: smtptest.Mail, Delay: 1500 * time.Millisecond}, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, sender := serve(t, smtptest.Options{}, mail.Options{Timeout: time.Second, Answer: 100 * time.Millisecond})
			server.Answer(c.answer)
			err := sender.Send(t.Context(), c.mail)
			if err == nil || errors.Is(err, digest.ErrPerhapsAccepted) != c.perhaps {
				t.Errorf("perhaps accepted should be %v: %v", c.perhaps, err)
			}
			if errors.As(err, new(digest.Refusal)) {
				t.Errorf("no answer was given, but it is taken for one: %v", err)
			}
			if n := len(server.Messages()); n != c.kept {
				t.Errorf("%d kept, want %d", n, c.kept)
			}
		})
	}
}

func TestIdleConnectionThatTheServerClosedIsNoTrouble(t *testing.T) {
	for name, first := range map[string]smtptest.Answer{
		"hung up":  {At: smtptest.Mail, Drop: true, Times: 1},
		"said 421": {At: smtptest.Mail, Code: 421, Enhanced: "4.4.2", Text: "idle too long", Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			server, sender := serve(t, smtptest.Options{}, mail.Options{Connections: 1})
			if err := sender.Send(t.Context(), letter()); err != nil {
				t.Fatal(err)
			}
			server.Answer(first)
			if err := sender.Send(t.Context(), letter()); err != nil {
				t.Error(err)
			}
			if n := len(server.Messages()); n != 2 {
				t.Errorf("%d messages, want 2: the second went over a new connection, once", n)
			}
		})
	}
}

func TestContextEndsTheWait(t *testing.T) {
	for name, c := range map[string]struct {
		answer  smtptest.Answer
		perhaps bool
	}{
		"before the dot": {smtptest.Answer{At: smtptest.Mail, Delay: time.Second}, false},
		"after the dot":  {smtptest.Answer{At: smtptest.Dot, Delay: time.Second, Keep: true}, true},
		"at EHLO":        {smtptest.Answer{At: smtptest.Hello, Delay: time.Second}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, sender := serve(t, smtptest.Options{}, mail.Options{})
			server.Answer(c.answer)
			ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
			defer cancel()
			begun := time.Now()
			err := sender.Send(ctx, letter())
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, digest.ErrPerhapsAccepted) != c.perhaps {
				t.Errorf("perhaps accepted should be %v: %v", c.perhaps, err)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	sender, err := mail.New(mail.Options{Host: "127.0.0.1", Port: port, TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), letter()); !errors.Is(err, digest.ErrUnreachable) {
		t.Errorf("want ErrUnreachable: %v", err)
	}
}

func TestClosedSenderTakesNothing(t *testing.T) {
	server, sender := serve(t, smtptest.Options{}, mail.Options{})
	if err := sender.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	if err := sender.Close(); err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), letter()); err == nil || errors.Is(err, digest.ErrPerhapsAccepted) {
		t.Errorf("sent after Close: %v", err)
	}
	if n := len(server.Messages()); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}
