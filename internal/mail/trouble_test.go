package mail_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// A mail that is larger than the server takes is refused for good, is no
// bounce, and says nothing against the server.
func TestMailLargerThanTheServerTakes(t *testing.T) {
	server, sender := serve(t, smtptest.Options{MaxBytes: 1000}, mail.Options{})
	var r digest.Refusal
	if err := sender.Send(t.Context(), letter()); !errors.As(err, &r) || r.Code != 552 || !r.Permanent || r.Bounces() || r.Connection {
		t.Errorf("%#v: %v", r, err)
	}
	small := letter()
	small.HTML, small.Headers = "", nil
	if err := sender.Send(t.Context(), small); err != nil || len(server.Messages()) != 1 {
		t.Errorf("a small one: %v", err)
	}
}

// raw is a server of one connection that a function speaks for.
func raw(t *testing.T, speak func(c net.Conn, in *bufio.Scanner)) mail.Options {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		speak(c, bufio.NewScanner(c))
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return mail.Options{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none", Timeout: 300 * time.Millisecond, Answer: 300 * time.Millisecond}
}

// Servers that break off or stand still before any mail was spoken of are
// unreachable: that says nothing of the mail.
func TestServersThatNoSessionComesAboutWith(t *testing.T) {
	for name, c := range map[string]struct {
		tls   string
		speak func(c net.Conn, in *bufio.Scanner)
	}{
		"half open, never says anything": {"none", func(_ net.Conn, in *bufio.Scanner) { in.Scan() }},
		"says half a greeting": {"none", func(c net.Conn, in *bufio.Scanner) {
			fmt.Fprint(c, "220 mail")
			in.Scan()
		}},
		"half open after EHLO": {"none", func(c net.Conn, in *bufio.Scanner) {
			fmt.Fprint(c, "220 mail.invalid\r\n")
			in.Scan()
			in.Scan()
		}},
		"offers STARTTLS and refuses it": {"starttls", func(c net.Conn, in *bufio.Scanner) {
			fmt.Fprint(c, "220 mail.invalid\r\n")
			for in.Scan() {
				if strings.HasPrefix(in.Text(), "EHLO") {
					fmt.Fprint(c, "250-mail.invalid\r\n250 STARTTLS\r\n")
					continue
				}
				fmt.Fprint(c, "454 4.7.0 TLS not available\r\n")
			}
		}},
		"hangs up in the handshake": {"starttls", func(c net.Conn, in *bufio.Scanner) {
			fmt.Fprint(c, "220 mail.invalid\r\n")
			in.Scan()
			fmt.Fprint(c, "250-mail.invalid\r\n250 STARTTLS\r\n")
			in.Scan()
			fmt.Fprint(c, "220 go on\r\n")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opt := raw(t, c.speak)
			opt.TLS = c.tls
			sender, err := mail.New(opt)
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			err = sender.Send(t.Context(), letter())
			_ = sender.Close()
			var r digest.Refusal
			if !errors.Is(err, digest.ErrUnreachable) && !(errors.As(err, &r) && r.Connection) {
				t.Errorf("%#v", err)
			}
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// An answer to the end of the message that breaks off before its code is whole
// says nothing: the mail has perhaps arrived. With the code it was accepted.
func TestAnswerToTheDotThatBreaksOff(t *testing.T) {
	for said, perhaps := range map[string]bool{"25": true, "250-2.0.0 queued\r\n25": true, "250 2.0": false} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			sender, err := mail.New(raw(t, func(c net.Conn, in *bufio.Scanner) {
				fmt.Fprint(c, "220 mail.invalid\r\n")
				for in.Scan() {
					switch {
					case strings.HasPrefix(in.Text(), "EHLO"):
						fmt.Fprint(c, "250-mail.invalid\r\n250 PIPELINING\r\n")
					case in.Text() == "DATA":
						fmt.Fprint(c, "354 go on\r\n")
						for in.Scan() && in.Text() != "." {
						}
						fmt.Fprint(c, said)
						return
					default:
						fmt.Fprint(c, "250-yes\r\n250 2.1.0 indeed\r\n")
					}
				}
			}))
			if err != nil {
				t.Fatal(err)
			}
			defer sender.Close()
			if err := sender.Send(t.Context(), letter()); errors.Is(err, digest.ErrPerhapsAccepted) != perhaps || !perhaps && err != nil {
				t.Errorf("%v", err)
			}
		})
	}
}
