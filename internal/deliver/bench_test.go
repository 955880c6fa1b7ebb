package deliver_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/store"
)

var (
	recipients  = flag.Int("recipients", 10000, "how many readers BenchmarkSend writes to")
	profile     = flag.String("profile", "", "a file for the processor's profile of BenchmarkSend's last sender")
	connections = flag.Int("connections", 8, "of BenchmarkSend, the ceiling's too")
)

// BenchmarkSend brings an issue to its readers the whole way: ledger on disk,
// letters spliced, SMTP to a sink in a process of its own. What it prints is
// relative to the ceiling, the fastest that a Go client gets one prebuilt
// message of the same size into the same sink, measured right before and right
// after. Sender and ceiling are processes of their own too, so that processor
// time and memory are theirs alone. smtp-sink is Debian's, of postfix; it is
// left out where it is not found.
//
//	go test ./internal/deliver -bench Send -run '^$' [-recipients 1000000]
func BenchmarkSend(b *testing.B) {
	home := newHome(b, *recipients)
	for _, sink := range []string{"rawsink", "smtp-sink"} {
		b.Run(sink, func(b *testing.B) {
			address, unsigned := startSink(b, sink), 0.0
			for _, sign := range []string{"unsigned", "ed25519", "rsa"} {
				if sign != "unsigned" && sink != "rawsink" {
					continue
				}
				b.Run(sign, func(b *testing.B) {
					for b.Loop() {
						home.measure(b, address, sign, &unsigned)
					}
				})
			}
		})
	}
}

func (h home) measure(b *testing.B, address, sign string, unsigned *float64) {
	n := *recipients
	if sign == "rsa" {
		n = min(n, 2000) // a second a thousand; what counts is the processor time of one
	}
	task := h.newTask(b, address, sign, n)
	ceiling := func() float64 { return run(b, "ceiling", task).Rate }
	before := ceiling()
	took := run(b, "sender", task)
	after := ceiling()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(2*took.Rate/(before+after), "of-ceiling")
	b.ReportMetric(took.Rate, "mails/s")
	b.ReportMetric((before+after)/2, "ceiling/s")
	b.ReportMetric(took.CPU, "cpu-µs/mail")
	b.ReportMetric(took.Peak, "peak-MB")
	b.ReportMetric(before/after, "ceiling-before/after")
	switch sign {
	case "unsigned":
		*unsigned = took.CPU
	case "ed25519":
		b.ReportMetric(took.CPU-*unsigned, "µs-over-unsigned")
	case "rsa":
		b.ReportMetric((took.CPU-*unsigned)/took.Bare, "of-bare-rsa")
	}
}

// home is an installation with readers.
type home struct {
	file   string
	letter digest.Letter
	bytes  int // of one message
}

func open(tb testing.TB, file string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), "sqlite:"+file, store.Options{Now: time.Now, NewID: newID})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func newHome(tb testing.TB, n int) home {
	tb.Helper()
	h := home{file: filepath.Join(tb.TempDir(), "hebdo.db"), letter: bigLetter()}
	s := open(tb, h.file)
	defer s.Close()
	check := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	check(s.Migrate(tb.Context()))
	check(s.SaveNewsletter(tb.Context(), newsletter))
	var batch []digest.Subscription
	for i := range n {
		a := address(i)
		batch = append(batch, digest.Subscription{Newsletter: newsletter.Slug, State: digest.Active, Language: digest.French,
			Length: digest.Full, Name: "Élodie " + strconv.Itoa(i), Subscriber: digest.Subscriber{Address: a, Match: a}})
		if len(batch) == 5000 || i == n-1 {
			check(s.SaveSubscriptions(tb.Context(), batch))
			batch = batch[:0]
		}
	}
	c := courier(tb, nil, nil, time.Now, deliver.Options{})
	m, err := c.Compose(issue, newsletter, h.letter, digest.Delivery{ID: uid('d', 1), SubscriptionID: uid('a', 1), SubscriberID: uid('b', 1), Address: address(1)})
	check(err)
	var raw bytes.Buffer
	check(mail.Write(m, &raw))
	h.bytes = raw.Len()
	return h
}

// bigLetter has 40 kB of HTML and 7.5 kB of text.
func bigLetter() digest.Letter {
	l := letterIn(digest.French)
	l.HTML = "<!doctype html><html lang=\"fr\"><body>" + strings.Repeat("  <p class=\"story\">Une phrase à peu près de la longueur d’une ligne de code.</p>\n", 482) + l.HTML
	l.Text = strings.Repeat("Une phrase à peu près de la longueur d’une ligne de texte.\n", 120) + l.Text
	return l
}

// task is what a child process is to do; it comes as JSON in HEBDO_BENCH.
type task struct {
	Role, File, Issue, Address, Sign string
	Profile                          string // of the processor's time, written by a sender
	Bytes, Mails, Connections        int
}

// figures is what it prints.
type figures struct{ Rate, CPU, Peak, Bare float64 }

// newTask approves an issue and fills its ledger. With fewer mails than
// readers, the others are taken off the list.
func (h home) newTask(tb testing.TB, address, sign string, mails int) task {
	tb.Helper()
	ctx := tb.Context()
	s := open(tb, h.file)
	defer s.Close()
	check := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	i, err := s.SaveIssue(ctx, digest.Issue{Newsletter: newsletter.Slug, Slot: newID(), State: digest.InReview})
	check(err)
	i, err = s.ApproveIssue(ctx, i, func(i digest.Issue) ([]digest.Edition, error) {
		return []digest.Edition{{IssueID: i.ID, Letter: h.letter, Hash: deliver.Hash(h.letter)}}, nil
	})
	check(err)
	_, err = s.Enqueue(ctx, i.ID, time.Now())
	check(err)
	_, err = s.MoveIssue(ctx, i.ID, digest.Sending, time.Now())
	check(err)
	return task{File: h.file, Issue: i.ID, Address: address, Sign: sign, Bytes: h.bytes, Mails: mails, Connections: *connections, Profile: *profile}
}

// run does a task in a process of its own.
func run(tb testing.TB, role string, t task) (f figures) {
	tb.Helper()
	t.Role = role
	c := child(tb, t)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(out, &f); err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	return f
}

func child(tb testing.TB, t task) *exec.Cmd {
	tb.Helper()
	text, err := json.Marshal(t)
	if err != nil {
		tb.Fatal(err)
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "HEBDO_BENCH="+string(text))
	return c
}

// startSink gives the address of a sink that runs until the benchmark ends.
func startSink(b *testing.B, name string) string {
	b.Helper()
	if name == "rawsink" {
		c := child(b, task{Role: "sink"})
		out, err := c.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		started(b, c)
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil && err != io.EOF {
			b.Fatal(err)
		}
		return strings.TrimSpace(line)
	}
	file := os.Getenv("SMTP_SINK")
	for _, place := range []string{"smtp-sink", "/usr/sbin/smtp-sink"} {
		if found, err := exec.LookPath(place); err == nil && file == "" {
			file = found
		}
	}
	if file == "" {
		b.Skip("smtp-sink of postfix is not installed; SMTP_SINK may name it")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	arguments := []string{"-m", "256", address, "1024"}
	if os.Geteuid() == 0 {
		arguments = append([]string{"-u", "nobody"}, arguments...)
	}
	started(b, exec.Command(file, arguments...))
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return address
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.Fatalf("%s does not listen", file)
	return ""
}

func started(b *testing.B, c *exec.Cmd) {
	b.Helper()
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

func (t task) String() string { return fmt.Sprintf("%s of %s", t.Role, t.Issue) }
