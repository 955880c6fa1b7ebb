package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"hebdo/internal/mail/smtptest"
	"hebdo/internal/store/storetest"
)

const readersToSend = 300

// approvedPress is a press with an approved issue, many readers, a mail server that
// takes its time, and a lease short enough for a test.
func approvedPress(t *testing.T, database string) *press {
	p := newPress(t, database)
	p.env["HEBDO_DELIVER_LEASE"] = "4s"
	p.newsletter("review: required", "min_stories: 3")
	p.subscribe(readersToSend)
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	p.hebdo(exitDone, "approve")
	p.mail.Answer(smtptest.Answer{At: smtptest.Rcpt, Delay: 8 * time.Millisecond})
	p.mail.Answer(smtptest.Answer{At: smtptest.Dot, Delay: 8 * time.Millisecond}) // accepted, but not yet said so
	return p
}

// letters are the accepted mails that are no word to the editor.
func (p *press) letters() map[string]int {
	got := map[string]int{}
	for _, m := range p.mail.Messages() {
		if strings.HasPrefix(m.To, "reader") {
			got[m.To]++
		}
	}
	return got
}

// start runs the real program; it is gone when the test ends.
func (p *press) start(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	p.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = p.dir, p.variables()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended long ago
		_ = cmd.Wait()
	})
	return cmd, &said
}

// until waits until enough letters came in, for 20 seconds at most.
func (p *press) until(letters int) {
	p.t.Helper()
	for range 2000 {
		if len(p.letters()) >= letters {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Fatalf("only %d letters came in; %d were waited for", len(p.letters()), letters)
}

// deliveries are the states of the report, by address.
func (p *press) deliveries() map[string]string {
	p.t.Helper()
	states := map[string]string{}
	for line := range strings.Lines(p.hebdo(exitDone, "issues", "report", "--json")) {
		var d struct{ Address, State string }
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			p.t.Fatalf("%v: %s", err, line)
		}
		states[d.Address] = d.State
	}
	return states
}

// balance checks that nobody got it twice, nobody was lost, and no more became
// unsure than may.
func (p *press) balance(kills int) {
	p.t.Helper()
	got, states := p.letters(), p.deliveries()
	unsure := 0
	for i := range readersToSend {
		address := reader(i)
		switch n, state := got[address], states[address]; {
		case n > 1:
			p.t.Errorf("%s got it %d times", address, n)
		case state == "unsure":
			unsure++
		case state != "sent" || n == 0:
			p.t.Errorf("%s is lost: %q, and %d letters came in", address, state, n)
		}
	}
	if most := kills * 2 * 4; unsure > most {
		p.t.Errorf("%d are unsure; at most %d may be", unsure, most)
	}
	if list := p.hebdo(exitDone, "issues", "list", "--json"); !strings.Contains(list, `"state": "sent"`) {
		p.t.Errorf("the issue is not closed:\n%s", list)
	}
	p.t.Logf("%d kills, %d unsure of %d", kills, unsure, readersToSend)
}

func TestSendingSurvivesKills(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: builds and kills the program")
	}
	p, program := approvedPress(t, ""), executable(t, delivered)
	// Told to stop, it ends what is under way and gives the rest back.
	send, said := p.start(program, "send", "--yes")
	p.until(20)
	if err := send.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := send.Wait(); send.ProcessState.ExitCode() != exitFailed || !strings.Contains(said.String(), "the same command goes on from here") {
		t.Errorf("told to stop: %v\n%s", err, said)
	}
	if sent, waiting := p.states("sent"), p.states("queued"); sent != len(p.letters()) || sent+waiting != readersToSend {
		t.Errorf("told to stop, it left %d sent and %d queued; %d letters came in", sent, waiting, len(p.letters()))
	}
	// Killed, it leaves what it held to the next.
	const kills = 5
	for range kills {
		send, _ := p.start(program, "send", "--yes", "--json")
		p.until(len(p.letters()) + 1 + rand.IntN(40))
		_ = send.Process.Kill()
		_ = send.Wait()
	}

	begun := time.Now()
	send, said = p.start(program, "send", "--yes", "--json")
	if err := send.Wait(); err != nil {
		t.Fatalf("the last send: %v\n%s", err, said)
	}
	var report reportJSON
	if err := json.Unmarshal(said.Bytes(), &report); err != nil || report.Queued != 0 || report.Sent+report.Unsure != readersToSend {
		t.Errorf("%v: %s", err, said)
	}
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("an operator waited %s for what dead processes held", took)
	}
	p.balance(kills)
	p.hebdo(exitNothing, "send", "--yes")
}

// states counts the deliveries in one of the states.
func (p *press) states(which ...string) int {
	n := 0
	for _, state := range p.deliveries() {
		for _, w := range which {
			if state == w {
				n++
			}
		}
	}
	return n
}

func TestTwoProcessesShareTheWorkAndSurviveKills(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: builds and kills the program")
	}
	p := approvedPress(t, storetest.Postgres(t, os.Getenv))
	program := executable(t, delivered)
	calls := [][]string{{"send", "--yes", "--json"}, {"serve"}}
	var running [2]*exec.Cmd
	running[0], _ = p.start(program, calls[0]...)
	p.until(1) // now the issue is being sent, and a server joins in
	var server *bytes.Buffer
	running[1], server = p.start(program, calls[1]...)
	const kills = 4
	for i := range kills {
		p.until(min(readersToSend*3/4, len(p.letters())+10+rand.IntN(30)))
		_ = running[i%2].Process.Kill()
		_ = running[i%2].Wait()
		var said *bytes.Buffer
		if running[i%2], said = p.start(program, calls[i%2]...); i%2 == 1 {
			server = said
		}
	}
	last, said := p.start(program, "send", "--yes", "--json")
	if err := last.Wait(); err != nil && last.ProcessState.ExitCode() != exitNothing { // the server may have closed it meanwhile
		t.Fatalf("the last send: %v\n%s", err, said)
	}
	if err := running[1].Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := running[1].Wait()
	early := running[1].ProcessState.Sys().(syscall.WaitStatus).Signaled() // by our signal, before main could catch it
	if err != nil && !early {
		t.Errorf("the server did not stop in order: %v\n%s", err, server)
	}
	p.balance(kills)
	if all, _ := p.mail.Sessions(); all < 3 {
		t.Errorf("%d connections: the processes did not share the work", all)
	}
}
