package deliver_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/store"
)

// TestMain lets this binary play the parts of a benchmark that need a process
// of their own.
func TestMain(m *testing.M) {
	text := os.Getenv("HEBDO_BENCH")
	if text == "" {
		os.Exit(m.Run())
	}
	var t task
	err := json.Unmarshal([]byte(text), &t)
	if err == nil {
		err = t.do()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", t, err)
		os.Exit(1)
	}
}

func (t task) do() error {
	var (
		f   figures
		err error
	)
	switch t.Role {
	case "sink":
		return sink()
	case "ceiling":
		f, err = t.ceiling()
	default:
		f, err = t.send()
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(f)
}

// sink is the cheapest receiver there is: it looks for the end of the data and
// keeps nothing.
func sink() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go swallow(c, func(string) {})
	}
}

// swallow takes the mails of one connection, and tells for whom each was.
func swallow(c net.Conn, taken func(path string)) {
	defer c.Close()
	path := ""
	w := bufio.NewWriter(c)
	fmt.Fprint(w, "220 sink\r\n")
	_ = w.Flush()
	buf, data, end := make([]byte, 0, 256<<10), false, []byte("\r\n.\r\n")
	for {
		for {
			if data {
				i := bytes.Index(buf, end)
				if i < 0 {
					buf = buf[:copy(buf, buf[max(0, len(buf)-4):])]
					break
				}
				buf, data = buf[:copy(buf, buf[i+5:])], false
				taken(path)
				fmt.Fprint(w, "250 ok\r\n")
				continue
			}
			i := bytes.IndexByte(buf, '\n')
			if i < 0 {
				break
			}
			switch strings.ToUpper(string(buf[:min(4, i)])) {
			case "EHLO":
				fmt.Fprint(w, "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
			case "DATA":
				fmt.Fprint(w, "354 go\r\n")
				data = true
			case "RCPT":
				path = string(buf[:i])
				fmt.Fprint(w, "250 ok\r\n")
			case "QUIT":
				fmt.Fprint(w, "221 bye\r\n")
				_ = w.Flush()
				return
			default:
				fmt.Fprint(w, "250 ok\r\n")
			}
			buf = buf[:copy(buf, buf[i+1:])]
		}
		_ = w.Flush()
		n, err := c.Read(buf[len(buf):cap(buf)])
		if err != nil {
			return
		}
		buf = buf[:len(buf)+n]
	}
}

// ceiling sends one prebuilt message over and over, pipelined.
func (t task) ceiling() (figures, error) {
	line := strings.Repeat("x", 76) + "\r\n"
	body := []byte("From: a@example.net\r\nTo: b@example.net\r\nSubject: t\r\n\r\n" + strings.Repeat(line, t.Bytes/len(line)) + ".\r\n")
	var left atomic.Int64
	left.Store(int64(min(t.Mails, 20000)))
	faults := make(chan error, t.Connections)
	begun, cpu := time.Now(), processor()
	var all sync.WaitGroup
	for range t.Connections {
		all.Go(func() { faults <- repeat(t.Address, body, &left) })
	}
	all.Wait()
	close(faults)
	for err := range faults {
		if err != nil {
			return figures{}, err
		}
	}
	n := float64(min(t.Mails, 20000))
	return figures{Rate: n / time.Since(begun).Seconds(), CPU: (processor() - cpu) / n}, nil
}

func repeat(address string, body []byte, left *atomic.Int64) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	w, r := bufio.NewWriterSize(c, 128<<10), textproto.NewReader(bufio.NewReader(c))
	want := func(codes ...int) error {
		if err := w.Flush(); err != nil {
			return err
		}
		for _, code := range codes {
			if _, _, err := r.ReadResponse(code); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Fprint(w, "EHLO bench.invalid\r\n")
	for err = want(220, 250); err == nil; err = want(250) {
		k := left.Add(-1)
		if k < 0 {
			return nil
		}
		fmt.Fprintf(w, "MAIL FROM:<bounce+%d@example.net>\r\nRCPT TO:<reader%d@example.net>\r\nDATA\r\n", k, k)
		if err = want(250, 250, 354); err != nil {
			return err
		}
		_, _ = w.Write(body)
	}
	return err
}

// send is what a node does with the issue.
func (t task) send() (f figures, err error) {
	ctx := context.Background()
	s, err := store.Open(ctx, t.URL, store.Options{Now: time.Now, NewID: newID})
	if err != nil {
		return f, err
	}
	defer s.Close()
	host, port, err := net.SplitHostPort(t.Address)
	if err != nil {
		return f, err
	}
	number, _ := strconv.Atoi(port)
	options := mail.Options{Host: host, Port: number, TLS: "none", Connections: t.Connections, Now: time.Now}
	if t.Sign != "unsigned" {
		private, _, err := mail.NewKey(t.Sign)
		if err != nil {
			return f, err
		}
		options.Keys = []mail.Key{{Domain: "news.example.org", Selector: "bench", Private: private}}
		f.Bare = bare(private)
	}
	smtp, err := mail.New(options)
	if err != nil {
		return f, err
	}
	defer smtp.Close()
	i, err := s.Issue(ctx, t.Issue)
	if err != nil {
		return f, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	enough := errors.New("that is enough")
	var sent atomic.Int64
	c := deliver.New(s, s, smtp, sharedLinks, deliver.Options{Node: "bench", Connections: t.Connections, Now: time.Now, Leases: s,
		Tried: func(one deliver.Tried) {
			if one.State == digest.Delivered && sent.Add(1) >= int64(t.Mails) {
				stop(enough)
			}
		}})
	if t.Profile != "" {
		file, err := os.Create(t.Profile)
		if err != nil {
			return f, err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return f, err
		}
		defer pprof.StopCPUProfile()
	}
	begun, cpu := time.Now(), processor()
	report, err := c.Drain(ctx, i, newsletter)
	if err != nil && !errors.Is(err, enough) {
		return f, err
	}
	if t.Role == "sender" && report.Sent < t.Mails || report.Refused+report.Unsure+report.Deferred > 0 {
		return f, fmt.Errorf("%d of %d were sent: %+v", report.Sent, t.Mails, report)
	}
	n := float64(report.Sent)
	f.Rate, f.CPU = n/time.Since(begun).Seconds(), (processor()-cpu)/n
	f.Peak, err = peak()
	return f, err
}

// bare is what one signature of a hash costs, in µs of processor time, with all
// processors at it as when mails are sent: two may share the parts of one.
func bare(private crypto.Signer) float64 {
	const times = 500
	sum := sha256.Sum256([]byte("x"))
	hash := crypto.SHA256
	if _, ok := private.Public().(interface{ Size() int }); !ok {
		hash = 0
	}
	workers, cpu := runtime.GOMAXPROCS(0), processor()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range times {
				_, _ = private.Sign(nil, sum[:], hash) // it is the time that counts
			}
		})
	}
	all.Wait()
	return (processor() - cpu) / float64(times*workers)
}

// processor is this process's time so far, user and system, in µs.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e3
}

// peak is the most memory this process ever had, in MB.
func peak() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kb, err := strconv.ParseFloat(fields[1], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("the system does not tell how much memory was used")
}
