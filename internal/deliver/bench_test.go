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
	"slices"
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
	recipients  = flag.Int("recipients", 10000, "how many readers BenchmarkSend and BenchmarkNodes write to")
	rounds      = flag.Int("rounds", 3, "how often BenchmarkSend and BenchmarkNodes measure before they take the median")
	profile     = flag.String("profile", "", "a file for the processor's profile of BenchmarkSend's last sender")
	connections = flag.Int("connections", 8, "of each sender, and of the ceiling")
)

// BenchmarkSend brings an issue to its readers the whole way: ledger on disk,
// letters spliced, SMTP to a sink in a process of its own. What it prints is
// relative to the ceiling, the fastest that a Go client gets one prebuilt
// message of the same size into the same sink over as many connections,
// measured before and after each round; all figures are medians of the rounds.
// Sender and ceiling are processes of their own too, so that processor time and
// memory are theirs alone. smtp-sink is Debian's, of postfix; it is left out
// where it is not found, and SMTP_SINK may name it.
//
// To compare: of-ceiling (.85 at least with smtp-sink, .60 with the cheapest
// sink), cpu-µs/mail unsigned (250 at most), peak-MB (100), of-bare-rsa (1.25),
// µs-over-unsigned with Ed25519 (150). They hold on a machine that does
// nothing else: ceiling-spread is that of the ceilings.
//
//	go test ./internal/deliver -bench Send -run '^$' -recipients 50000
//	go test ./internal/deliver -bench Send/rawsink/unsigned -run '^$' -recipients 1000000 -rounds 1 -timeout 1h
func BenchmarkSend(b *testing.B) {
	home := newHome(b, onDisk(b), *recipients)
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
	ceiling := func() float64 {
		return run(b, "ceiling", task{Address: address, Bytes: h.bytes, Mails: n, Connections: *connections}).Rate
	}
	var share, rate, cpu, peak, bare []float64
	ceilings := []float64{ceiling()}
	for range *rounds {
		took := run(b, "sender", h.newTask(b, address, sign, n))
		ceilings = append(ceilings, ceiling())
		around := ceilings[len(ceilings)-2:]
		share = append(share, 2*took.Rate/(around[0]+around[1]))
		rate, cpu, peak, bare = append(rate, took.Rate), append(cpu, took.CPU), append(peak, took.Peak), append(bare, took.Bare)
	}
	took := figures{Rate: median(rate), CPU: median(cpu), Peak: slices.Max(peak), Bare: median(bare)}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(share), "of-ceiling")
	b.ReportMetric(took.Rate, "mails/s")
	b.ReportMetric(median(ceilings), "ceiling/s")
	b.ReportMetric(took.CPU, "cpu-µs/mail")
	b.ReportMetric(took.Peak, "peak-MB")
	b.ReportMetric(slices.Max(ceilings)/slices.Min(ceilings), "ceiling-spread")
	switch sign {
	case "unsigned":
		*unsigned = took.CPU
	case "ed25519":
		b.ReportMetric(took.CPU-*unsigned, "µs-over-unsigned")
	case "rsa":
		b.ReportMetric((took.CPU-*unsigned)/took.Bare, "of-bare-rsa")
	}
}

func median(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// home is an installation with readers.
type home struct {
	url    string // of the database
	letter digest.Letter
	bytes  int // of one message
}

func open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), url, store.Options{Now: time.Now, NewID: newID})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// onDisk is a SQLite database of the test's own.
func onDisk(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "hebdo.db") }

func newHome(tb testing.TB, url string, n int) home {
	tb.Helper()
	h := home{url: url, letter: bigLetter()}
	s := open(tb, h.url)
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
	Role, URL, Issue, Address, Sign string
	Profile                         string // of the processor's time, written by a sender
	Bytes, Mails, Connections       int
}

// figures is what it prints.
type figures struct{ Rate, CPU, Peak, Bare float64 }

// newTask approves an issue and fills its ledger. With fewer mails than
// readers, the others are taken off the list.
func (h home) newTask(tb testing.TB, address, sign string, mails int) task {
	tb.Helper()
	ctx := tb.Context()
	s := open(tb, h.url)
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
	return task{URL: h.url, Issue: i.ID, Address: address, Sign: sign, Bytes: h.bytes, Mails: mails, Connections: *connections, Profile: *profile}
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
