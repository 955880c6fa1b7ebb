package deliver_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/mail/smtptest"
	"hebdo/internal/store"
)

// program builds the program; tags are those of the build.
func program(t *testing.T, tags string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "hebdo")
	c := exec.Command("go", "build", "-tags", tags, "-o", name, "hebdo/cmd/hebdo")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return name
}

// trial is an installation that everything happens to: its ledger, a mail
// server that remembers what it accepted, and the processes that send.
type trial struct {
	*testing.T
	rng         *rand.Rand
	program     string
	env         map[string]string
	readers     int
	connections int
	gone        []int // readers whose mailbox is gone
	ledger      *store.Store
	issue       string
	server      *smtptest.Server
	door        *gate // before the mail server

	mu  sync.Mutex
	got map[string]int // letters that the mail server accepted, by address

	marked map[string]bool // deliveries that were marked as being sent when something broke
	falls  int             // how often a node did
}

// newTrial has an approved issue on the database that url names. Its random
// moments are those of the seed.
func newTrial(t *testing.T, program, url string, readers int) *trial {
	t.Helper()
	w := &trial{T: t, program: program, readers: readers, connections: 4, gone: []int{7, readers / 2},
		got: map[string]int{}, marked: map[string]bool{}}
	w.rng = rand.New(rand.NewPCG(randomness(), uint64(len(t.Name()))))
	t.Logf("-seed %d", randomness())
	w.listen()
	w.env = map[string]string{
		"HEBDO_DATABASE_URL": url, "HEBDO_SMTP_PORT": w.door.port(), "HEBDO_SMTP_TLS": "none",
		"HEBDO_SMTP_CONNECTIONS": strconv.Itoa(w.connections), "HEBDO_HTTP_LISTEN": "127.0.0.1:0",
		"HEBDO_DELIVER_LEASE": "1s", "HEBDO_NODE": "n",
	}
	var err error
	if w.ledger, err = store.Open(t.Context(), url, store.Options{Now: time.Now, NewID: newID}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.ledger.Close() })
	w.furnish()
	return w
}

// randomness is the seed: the one given, else one of this run.
var randomness = sync.OnceValue(func() uint64 {
	if *seed != 0 {
		return *seed
	}
	return rand.Uint64()
})

// listen starts the mail server, slow enough to be cut off anywhere: before
// RCPT, in the data, after the dot.
func (w *trial) listen() {
	w.Helper()
	var err error
	if w.server, err = smtptest.Start(smtptest.Options{OnMessage: w.accepted}); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { w.server.Close() })
	for _, i := range w.gone {
		w.server.Answer(smtptest.Answer{To: address(i), Code: 550, Enhanced: "5.1.1", Text: "no such user"})
	}
	w.server.Answer(smtptest.Answer{At: smtptest.Rcpt, Delay: 3 * time.Millisecond})
	w.server.Answer(smtptest.Answer{At: smtptest.Dot, Delay: 3 * time.Millisecond, Keep: true})
	w.door = newGate(w.T, net.JoinHostPort(w.server.Host(), strconv.Itoa(w.server.Port())))
}

func (w *trial) accepted(m smtptest.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.HasPrefix(m.To, "reader") { // and not a word to the editor
		w.got[m.To]++
	}
}

// letters counts those that were accepted.
func (w *trial) letters() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, times := range w.got {
		n += times
	}
	return n
}

// furnish puts readers and an approved issue into the database.
func (w *trial) furnish() {
	w.Helper()
	ctx := w.Context()
	w.must(w.ledger.Migrate(ctx))
	nl := newsletter
	nl.Editor = "editor@example.org"
	w.must(w.ledger.SaveNewsletter(ctx, nl))
	var all []digest.Subscription
	for i := range w.readers {
		a := address(i)
		all = append(all, digest.Subscription{Newsletter: nl.Slug, State: digest.Active, Language: digest.French,
			Length: digest.Full, Subscriber: digest.Subscriber{Address: a, Match: a}})
	}
	for batch := range slices.Chunk(all, 5000) {
		w.must(w.ledger.SaveSubscriptions(ctx, batch))
	}
	i, err := w.ledger.SaveIssue(ctx, digest.Issue{Newsletter: nl.Slug, Slot: newID(), State: digest.InReview})
	w.must(err)
	i, err = w.ledger.ApproveIssue(ctx, i, func(i digest.Issue) (editions []digest.Edition, _ error) {
		for _, lang := range nl.Languages {
			l := letterIn(lang)
			editions = append(editions, digest.Edition{IssueID: i.ID, Letter: l, Hash: deliver.Hash(l)})
		}
		return editions, nil
	})
	w.must(err)
	w.issue = i.ID
}

func (w *trial) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// release fills the ledger and begins sending, as `hebdo send` would.
func (w *trial) release() {
	w.Helper()
	_, err := w.ledger.Enqueue(w.Context(), w.issue, time.Now())
	w.must(err)
	_, err = w.ledger.MoveIssue(w.Context(), w.issue, digest.Sending, time.Now())
	w.must(err)
}

// process is a running program.
type process struct {
	*exec.Cmd
	said bytes.Buffer // its output; to be read once it has ended
	done chan struct{}
}

// start runs the program; more are variables of this process alone, as pairs.
func (w *trial) start(args []string, more ...string) *process {
	w.Helper()
	env := maps.Clone(w.env)
	for i := 0; i < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	p := &process{Cmd: exec.Command(w.program, args...), done: make(chan struct{})}
	p.Dir, p.Env = w.TempDir(), []string{"PATH=" + os.Getenv("PATH"), "LANG=C"}
	for name, value := range env {
		p.Env = append(p.Env, name+"="+value)
	}
	p.Stdout, p.Stderr = &p.said, &p.said
	w.must(p.Start())
	go func() {
		defer close(p.done)
		_ = p.Wait() // its state tells
	}()
	w.Cleanup(p.kill)
	return p
}

// tail is the end of what it said.
func (p *process) tail() string {
	said := p.said.String()
	return said[max(0, len(said)-2000):]
}

// sending is the command that sends to the end.
var sending = []string{"send", "--yes", "--json"}

func (p *process) kill() {
	_ = p.Process.Kill() // it may have ended
	<-p.done
}

// ended tells whether the process has, and with which code.
func (p *process) ended() (code int, yes bool) {
	select {
	case <-p.done:
		return p.ProcessState.ExitCode(), true
	default:
		return 0, false
	}
}

// finish waits for the end of a process, which is 0 or one of the codes.
func (w *trial) finish(p *process, codes ...int) int {
	w.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.kill()
		w.Fatalf("%v does not come to an end\n%s%s", p.Args, p.tail(), w.where())
	}
	code := p.ProcessState.ExitCode()
	if code != 0 && !slices.Contains(codes, code) {
		w.Fatalf("%v ended with %d\n%s", p.Args, code, p.tail())
	}
	return code
}

// patience is how long is waited for what has to happen, on the slowest machine.
const patience = 3 * time.Minute

// await waits for a condition.
func (w *trial) await(what string, is func() bool) {
	w.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("waited in vain for %s%s", what, w.where())
		}
	}
}

func (w *trial) where() string { return fmt.Sprintf("\n%d letters; %+v", w.letters(), w.tally()) }

// awaitLetters waits until so many more were accepted, or the process ended.
func (w *trial) awaitLetters(p *process, more int) {
	w.Helper()
	want := w.letters() + more
	w.await(fmt.Sprint(more, " more letters"), func() bool {
		_, ended := p.ended()
		return ended || w.letters() >= want
	})
}

// moment waits for at most so long, at random.
func (w *trial) moment(most time.Duration) { time.Sleep(time.Duration(w.rng.Int64N(int64(most)))) }

func (w *trial) tally() digest.Tally {
	w.Helper()
	n, err := w.ledger.Tally(context.WithoutCancel(w.Context()), w.issue)
	w.must(err)
	return n
}

// mark notes that so many nodes, whose names have the prefix, fall now: what is
// marked as being sent may become unsure, and is at most twice their connections.
func (w *trial) mark(prefix string, nodes int) {
	w.Helper()
	w.falls += nodes
	if fresh, most := w.see(prefix), 2*w.connections*nodes; fresh > most {
		w.Errorf("%d were marked as being sent, with %d connections; at most %d may be", fresh, w.connections, most)
	}
}

// see remembers which deliveries are marked as being sent now: no others may
// become unsure. It counts those not seen before.
func (w *trial) see(prefix string) (fresh int) {
	w.Helper()
	rows, err := w.ledger.Deliveries(w.Context(), w.issue, []digest.DeliveryState{digest.Begun}, "", 10000)
	w.must(err)
	for _, d := range rows {
		if strings.HasPrefix(d.Node, prefix) && !w.marked[d.ID] {
			w.marked[d.ID] = true
			fresh++
		}
	}
	return fresh
}

// verdict holds what the mail server has against what the ledger says: nobody
// got it twice, nobody is lost, and only what was marked is unsure, however
// often nodes fell at most twice their connections each time.
func (w *trial) verdict() {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var all, unsure, refused int
	for after := ""; ; {
		rows, err := w.ledger.Deliveries(w.Context(), w.issue, nil, after, 1000)
		w.must(err)
		if len(rows) == 0 {
			break
		}
		for _, d := range rows {
			all++
			switch n := w.got[d.Address]; {
			case n > 1:
				w.Errorf("%s got it %d times, and is %s", d.Address, n, d.State)
			case d.State == digest.Unsure && w.marked[d.ID]:
				unsure++
			case d.State == digest.Unsure:
				w.Errorf("%s is unsure, and was not being sent when anything broke: %s", d.Address, d.Node)
			case d.State == digest.Refused && n == 0 && slices.ContainsFunc(w.gone, func(i int) bool { return address(i) == d.Address }):
				refused++
			case d.State != digest.Delivered || n == 0:
				w.Errorf("%s is lost: %q, and %d letters came (%d %s)", d.Address, d.State, n, d.Code, d.Reply)
			}
		}
		after = rows[len(rows)-1].SubscriberID
	}
	if most := 2 * w.connections * w.falls; unsure > most {
		w.Errorf("%d are unsure; nodes fell %d times, so that %d may be", unsure, w.falls, most)
	}
	if all != w.readers {
		w.Errorf("%d deliveries for %d readers", all, w.readers)
	}
	issue, err := w.ledger.Issue(w.Context(), w.issue)
	w.must(err)
	if issue.State != digest.Sent {
		w.Errorf("the issue is %s at the end", issue.State)
	}
	w.Logf("%d readers: %d marked as being sent when something broke, %d of them unsure, %d refused, all others sent once",
		w.readers, len(w.marked), unsure, refused)
}
