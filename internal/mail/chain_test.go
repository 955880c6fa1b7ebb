package mail_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// chained is a server that tells behind what it has read to the end of a
// message. It offers PIPELINING and keeps it, up to there.
type chained struct {
	*mail.SMTP
	accepted sync.Map // number of mails by recipient
	behind   atomic.Int32
}

// dot is called when a message has come to its end, with what is there behind
// it already. It says what the server answers; drop throws away what is behind,
// and hangUp ends the session after the answer.
type dot func(behind string) (answer string, drop, hangUp bool)

func startChained(t *testing.T, connections int, atDot dot) *chained {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &chained{}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer c.Close(); s.speak(c, atDot) })
		}
	})
	s.SMTP, err = mail.New(mail.Options{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none",
		Connections: connections, Timeout: 500 * time.Millisecond, Answer: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(); _ = l.Close(); all.Wait() })
	return s
}

func (s *chained) speak(c net.Conn, atDot dot) {
	in := bufio.NewReader(c)
	fmt.Fprint(c, "220 mail.invalid\r\n")
	to := ""
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case strings.HasPrefix(word, "EHLO"):
			fmt.Fprint(c, "250-mail.invalid\r\n250 PIPELINING\r\n")
		case word == "QUIT":
			return
		case word == "RCPT TO":
			to = rest
			fmt.Fprint(c, "250 ok\r\n")
		case word == "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			for line != ".\r\n" {
				if line, err = in.ReadString('\n'); err != nil {
					return
				}
			}
			time.Sleep(5 * time.Millisecond) // what is behind has come, and others wait
			behind, _ := in.Peek(in.Buffered())
			if len(behind) > 0 {
				s.behind.Add(1)
			}
			answer, drop, hangUp := atDot(string(behind))
			if drop {
				_, _ = in.Discard(in.Buffered())
			}
			if strings.HasPrefix(answer, "250") {
				n, _ := s.accepted.LoadOrStore(to, new(atomic.Int32))
				n.(*atomic.Int32).Add(1)
			}
			fmt.Fprint(c, answer)
			if hangUp {
				return
			}
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

func (s *chained) took(i int) int {
	n, ok := s.accepted.Load(fmt.Sprintf("<reader%d@example.net>", i))
	if !ok {
		return 0
	}
	return int(n.(*atomic.Int32).Load())
}

func letterTo(i int) digest.Mail {
	m := letter()
	m.To = fmt.Sprintf("reader%d@example.net", i)
	return m
}

// sendAll sends to so many readers at once, the first alone.
func sendAll(ctx context.Context, s *mail.SMTP, n int) []error {
	errs := make([]error, n)
	errs[0] = s.Send(ctx, letterTo(0))
	var all sync.WaitGroup
	for i := 1; i < n; i++ {
		all.Go(func() { errs[i] = s.Send(ctx, letterTo(i)) })
	}
	all.Wait()
	return errs
}

// When mails wait for a connection, the commands of the next come with the end
// of the one under way, and its answer brings theirs: one way there and back a
// mail. All arrive once.
func TestTheNextMailIsAnnouncedBehindTheOneUnderWay(t *testing.T) {
	s := startChained(t, 2, func(string) (string, bool, bool) { return "250 ok\r\n", false, false })
	for i, err := range sendAll(t.Context(), s.SMTP, 30) {
		if err != nil || s.took(i) != 1 {
			t.Errorf("mail %d arrived %d times: %v", i, s.took(i), err)
		}
	}
	if n := s.behind.Load(); n < 20 {
		t.Errorf("%d of 30 mails had another behind them", n)
	}
}

// A server that cannot do it is found out by one mail, and nobody's mail is
// lost or doubled by that. Only one that says nothing any more leaves that one
// mail in doubt.
func TestServerThatDoesNotUnderstandWhatFollowsAMessage(t *testing.T) {
	for name, c := range map[string]struct {
		atDot dot
		doubt int
	}{
		"throws it away":       {func(string) (string, bool, bool) { return "250 ok\r\n", true, false }, 0},
		"accepts and hangs up": {func(behind string) (string, bool, bool) { return "250 ok\r\n", false, behind != "" }, 0},
		"takes it for an error": {func(behind string) (string, bool, bool) {
			return "250 ok\r\n" + strings.Repeat("503 5.5.1 what?\r\n", min(len(behind), 1)), behind != "", false
		}, 0},
		"refuses the message by it": {func(behind string) (string, bool, bool) {
			return map[bool]string{false: "250 ok\r\n", true: "554 5.5.0 improper pipelining\r\n"}[behind != ""], true, behind != ""
		}, 0},
		"hangs up without a word": {func(behind string) (string, bool, bool) {
			return map[bool]string{false: "250 ok\r\n"}[behind != ""], true, behind != ""
		}, 1},
		"says nothing any more": {func(behind string) (string, bool, bool) {
			return map[bool]string{false: "250 ok\r\n"}[behind != ""], true, false
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startChained(t, 2, c.atDot)
			doubt := 0
			for i, err := range sendAll(t.Context(), s.SMTP, 12) {
				if errors.Is(err, digest.ErrPerhapsAccepted) {
					doubt++
					continue
				}
				if err != nil || s.took(i) != 1 {
					t.Errorf("mail %d arrived %d times: %v", i, s.took(i), err)
				}
			}
			if doubt != c.doubt || s.behind.Load() != 1 {
				t.Errorf("%d mails are in doubt, want %d; %d had another behind them, want 1", doubt, c.doubt, s.behind.Load())
			}
		})
	}
}

// A mail whose context ends while it is announced is not sent, and what was
// said of it spoils no other.
func TestAnnouncedMailThatIsGivenUp(t *testing.T) {
	const mails = 13
	var giveUp [mails]context.CancelFunc
	var ctx [mails]context.Context
	for i := range mails {
		ctx[i], giveUp[i] = context.WithCancel(t.Context())
		defer giveUp[i]()
	}
	var given atomic.Int32
	s := startChained(t, 1, func(behind string) (string, bool, bool) {
		for i := 0; i < mails; i += 3 {
			if strings.Contains(behind, fmt.Sprintf("<reader%d@", i)) {
				given.Add(1)
				giveUp[i]()
				time.Sleep(5 * time.Millisecond)
			}
		}
		return "250 ok\r\n", false, false
	})
	errs := make([]error, mails)
	errs[1] = s.Send(ctx[1], letterTo(1))
	var all sync.WaitGroup
	for i := range mails {
		if i != 1 {
			all.Go(func() { errs[i] = s.Send(ctx[i], letterTo(i)) })
		}
	}
	all.Wait()
	for i, err := range errs {
		n := s.took(i)
		if err == nil && n != 1 || err != nil && (n != 0 || !errors.Is(err, context.Canceled) || i%3 != 0) {
			t.Errorf("mail %d arrived %d times: %v", i, n, err)
		}
	}
	if given.Load() == 0 {
		t.Error("none was given up while it was announced")
	}
}

// Mails that are recalled while the server is slow do not leave, wherever they
// are: in line, announced, or with a server that has not said yet that it
// wants them. Those whose message is on its way go on, and others come after.
func TestRecalledMailDoesNotLeave(t *testing.T) {
	for _, slow := range []smtptest.Moment{smtptest.Rcpt, smtptest.Dot} {
		t.Run(string(slow), func(t *testing.T) {
			t.Parallel()
			server, err := smtptest.Start(smtptest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			s, err := mail.New(mail.Options{Host: server.Host(), Port: server.Port(), TLS: "none", Connections: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			send, err := s.Prepare(letter(), nil)
			if err != nil {
				t.Fatal(err)
			}
			to := func(name string, recall <-chan struct{}) error {
				return send(t.Context(), digest.Copy{Address: name + "@example.net", MessageID: name + "@news.example.org", Date: letter().Date, Recall: recall})
			}
			if err := errors.Join(to("first", nil), to("second", nil)); err != nil { // both ways of saying more at once are known to work
				t.Fatal(err)
			}
			server.Answer(smtptest.Answer{At: slow, Delay: 1500 * time.Millisecond})
			recall := make(chan struct{})
			errs := make([]error, 8)
			var answered atomic.Bool // a mail whose message is on its way
			var all sync.WaitGroup
			for i := range errs {
				all.Go(func() {
					if errs[i] = to(fmt.Sprint("reader", i), recall); errs[i] == nil {
						answered.Store(true)
					} else if slow == smtptest.Dot && answered.Load() {
						t.Errorf("mail %d came back no sooner than its turn", i)
					}
				})
			}
			time.Sleep(500 * time.Millisecond)
			close(recall)
			all.Wait()
			left := map[string]bool{}
			for _, m := range server.Messages() {
				left[m.To] = true
			}
			begun := 0
			for i, err := range errs {
				if left[fmt.Sprintf("reader%d@example.net", i)] != (err == nil) || err != nil && !errors.Is(err, digest.ErrNotBegun) {
					t.Errorf("mail %d: %v", i, err)
				}
				if err == nil {
					begun++
				}
			}
			if want := map[smtptest.Moment]int{smtptest.Dot: 2}[slow]; begun != want {
				t.Errorf("%d mails left, want %d", begun, want)
			}
			if err := to("last", nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whatever a server answers to whom, and wherever it hangs up: what Send says
// of each mail is true, and none arrives twice.
func TestWhatIsSaidOfEachMailIsTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secure := rapid.Bool().Draw(t, "secure")
		server, err := smtptest.Start(smtptest.Options{STARTTLS: secure})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		const mails = 24
		for range rapid.IntRange(0, 10).Draw(t, "answers") {
			a := smtptest.Answer{
				At:    rapid.SampledFrom([]smtptest.Moment{smtptest.Connect, smtptest.Hello, smtptest.Mail, smtptest.Rcpt, smtptest.Data, smtptest.Dot}).Draw(t, "at"),
				Code:  rapid.SampledFrom([]int{0, 421, 450, 451, 452, 503, 550, 554}).Draw(t, "code"),
				Drop:  rapid.Bool().Draw(t, "drop"),
				Keep:  rapid.Bool().Draw(t, "keep"),
				Times: rapid.IntRange(1, 3).Draw(t, "times"),
			}
			if a.At == smtptest.Rcpt || a.At == smtptest.Data || a.At == smtptest.Dot {
				a.To = fmt.Sprintf("reader%d@example.net", rapid.IntRange(0, mails-1).Draw(t, "to"))
			}
			if a.Code != 0 && !a.Drop && a.At == smtptest.Dot {
				a.Keep = false // a server that says no and means yes cannot be seen through
			}
			server.Answer(a)
		}
		way := map[bool]string{false: "none", true: "starttls"}[secure]
		s, err := mail.New(mail.Options{Host: server.Host(), Port: server.Port(), TLS: way, TLSConfig: server.TLSConfig(),
			Connections: rapid.IntRange(1, 4).Draw(t, "connections"), Timeout: time.Second, Answer: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		errs := sendAll(context.Background(), s, mails)
		arrived := map[string]int{}
		for _, m := range server.Messages() {
			arrived[m.To]++
		}
		for i, err := range errs {
			n := arrived[fmt.Sprintf("reader%d@example.net", i)]
			switch {
			case n > 1, err == nil && n != 1, err != nil && !errors.Is(err, digest.ErrPerhapsAccepted) && n != 0:
				t.Fatalf("mail %d arrived %d times: %v", i, n, err)
			}
		}
	})
}
