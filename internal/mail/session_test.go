package mail_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
)

// script is a server that says fixed lines: an answer for each command's first
// word, and for the end of the data under ".".
func script(t *testing.T, extensions string, answers map[string]string) (*mail.SMTP, func() []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	heard := make(chan []string, 1)
	go func() {
		var lines []string
		defer func() { heard <- lines }()
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		fmt.Fprint(c, "220 mail.invalid\r\n")
		data := false
		for in := bufio.NewScanner(c); in.Scan(); {
			word, _, _ := strings.Cut(in.Text(), " ")
			if data && in.Text() != "." {
				continue
			}
			lines = append(lines, word)
			answer, ok := answers[word]
			switch {
			case word == "EHLO":
				fmt.Fprint(c, "250-mail.invalid\r\n"+extensions+"250 8BITMIME\r\n")
			case ok:
				fmt.Fprint(c, answer+"\r\n")
			case word == "DATA":
				fmt.Fprint(c, "354 go on\r\n")
			case word == "QUIT":
				fmt.Fprint(c, "221 bye\r\n")
				return
			default:
				fmt.Fprint(c, "250 ok\r\n")
			}
			data = word == "DATA" && (!ok || strings.HasPrefix(answer, "3"))
		}
	}()
	addr := l.Addr().(*net.TCPAddr)
	s, err := mail.New(mail.Options{Host: "127.0.0.1", Port: addr.Port, TLS: "none", Connections: 1, Timeout: 2 * time.Second, Answer: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() []string {
		_ = s.Close()
		_ = l.Close()
		return <-heard
	}
}

func TestServersOfAllKinds(t *testing.T) {
	const together = "250-PIPELINING\r\n"
	for name, c := range map[string]struct {
		extensions string
		answers    map[string]string
		code       int // of the refusal; 0: accepted, -1: perhaps
		heard      string
	}{
		"one that takes commands one by one":         {"", nil, 0, "EHLO MAIL RCPT DATA . MAIL RCPT DATA . QUIT"},
		"one that takes them together":               {together, nil, 0, "EHLO MAIL RCPT DATA . MAIL RCPT DATA . QUIT"},
		"RCPT refused, one by one":                   {"", map[string]string{"RCPT": "550 5.1.1 no"}, 550, "EHLO MAIL RCPT RSET MAIL RCPT QUIT"},
		"RCPT refused, together":                     {together, map[string]string{"RCPT": "550 5.1.1 no", "DATA": "554 no valid recipients"}, 550, "EHLO MAIL RCPT DATA RSET MAIL RCPT DATA QUIT"},
		"RCPT refused, and DATA asked for all same":  {together, map[string]string{"RCPT": "550 5.1.1 no", ".": "554 nobody to send to"}, 550, "EHLO MAIL RCPT DATA . MAIL RCPT DATA . QUIT"},
		"MAIL refused, together":                     {together, map[string]string{"MAIL": "451 4.3.0 busy", "RCPT": "503 need MAIL", "DATA": "503 need RCPT"}, 451, "EHLO MAIL RCPT DATA RSET MAIL RCPT DATA QUIT"},
		"forwarded (251)":                            {together, map[string]string{"RCPT": "251 will forward"}, 0, "EHLO MAIL RCPT DATA . MAIL RCPT DATA . QUIT"},
		"accepted with another code of success":      {"", map[string]string{".": "252 fine"}, 0, "EHLO MAIL RCPT DATA . MAIL RCPT DATA . QUIT"},
		"no answer that can be understood after dot": {"", map[string]string{".": "what?"}, -1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, end := script(t, c.extensions, c.answers)
			for range 2 {
				err := s.Send(t.Context(), letter())
				var r digest.Refusal
				errors.As(err, &r)
				switch {
				case c.code < 0 && errors.Is(err, digest.ErrPerhapsAccepted):
					end()
					return
				case c.code < 0, r.Code != c.code, c.code == 0 && err != nil:
					t.Errorf("%v", err)
				}
			}
			if heard := strings.Join(end(), " "); heard != c.heard {
				t.Errorf("the server heard %s, want %s", heard, c.heard)
			}
		})
	}
}

func TestServerThatTalksForEverIsCutOff(t *testing.T) {
	s, end := script(t, "", map[string]string{"MAIL": strings.Repeat("250-"+strings.Repeat("x", 1000)+"\r\n", 3000) + "250 ok"})
	if err := s.Send(t.Context(), letter()); err == nil || errors.Is(err, digest.ErrPerhapsAccepted) {
		t.Errorf("three megabytes of answer were read: %v", err)
	}
	end()
}

// liar offers PIPELINING and throws away what came with a command, or mistakes
// it for an error.
func liar(t *testing.T, confused func(rest int) (answer string, hangUp bool)) (*mail.SMTP, func() int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var accepted atomic.Int32
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				in := bufio.NewReader(c)
				fmt.Fprint(c, "220 mail.invalid\r\n")
				for {
					line, err := in.ReadString('\n')
					if err != nil {
						return
					}
					time.Sleep(5 * time.Millisecond) // what was sent together is there
					if rest := in.Buffered(); rest > 0 {
						answer, hangUp := confused(rest)
						_, _ = in.Discard(rest)
						fmt.Fprint(c, answer)
						if hangUp {
							return
						}
						continue
					}
					switch word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word {
					case "EHLO":
						fmt.Fprint(c, "250-mail.invalid\r\n250 PIPELINING\r\n")
					case "DATA":
						fmt.Fprint(c, "354 go on\r\n")
						for line != ".\r\n" {
							if line, err = in.ReadString('\n'); err != nil {
								return
							}
						}
						accepted.Add(1)
						fmt.Fprint(c, "250 ok\r\n")
					default:
						fmt.Fprint(c, "250 ok\r\n")
					}
				}
			})
		}
	})
	s, err := mail.New(mail.Options{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none", Connections: 1, Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() int {
		_ = s.Close()
		_ = l.Close()
		all.Wait()
		return int(accepted.Load())
	}
}

// A server that offers what it cannot do gets its commands one by one, after
// the first mail has shown it, and nobody's mail is lost or doubled by that.
func TestServerThatLiesAboutPipelining(t *testing.T) {
	for name, confused := range map[string]func(int) (string, bool){
		"throws the rest away":          func(int) (string, bool) { return "250 ok\r\n", false },
		"hangs up after the first":      func(int) (string, bool) { return "250 ok\r\n", true },
		"takes the rest for an error":   func(int) (string, bool) { return "250 ok\r\n503 5.5.0 improper pipelining\r\n", false },
		"takes the rest and hangs up":   func(int) (string, bool) { return "250 ok\r\n250 ok\r\n", true },
		"does not know the third thing": func(int) (string, bool) { return "250 ok\r\n250 ok\r\n500 what?\r\n", false },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, end := liar(t, confused)
			for range 3 {
				if err := s.Send(t.Context(), letter()); err != nil {
					t.Error(err)
				}
			}
			if n := end(); n != 3 {
				t.Errorf("%d of 3 mails were accepted", n)
			}
		})
	}
}
