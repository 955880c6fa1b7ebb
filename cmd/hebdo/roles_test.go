package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"hebdo/internal/store/storetest"
)

// machine is a server in a process of its own.
type machine struct {
	*exec.Cmd
	t    testing.TB
	name string
	said transcript
	done chan struct{}
	browser
}

// machine starts `hebdo serve --role` and waits until it says that it is ready.
func (p *press) machine(program, name, roles string) *machine {
	p.t.Helper()
	m := &machine{Cmd: exec.Command(program, "serve", "--role", roles), t: p.t, name: name, done: make(chan struct{})}
	m.Dir, m.Env = p.dir, append(p.variables(), "HEBDO_NODE="+name)
	m.Stdout, m.Stderr = &m.said, &m.said
	if err := m.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		defer close(m.done)
		_ = m.Wait() // its state tells
	}()
	p.t.Cleanup(func() {
		_ = m.Process.Kill()
		<-m.done
	})
	var at []string
	m.await("its address", func() bool {
		at = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/`).FindStringSubmatch(m.said.String())
		return at != nil
	})
	m.browser = *newBrowser(p.t, at[1])
	want := "ready " + strings.ReplaceAll(roles, ",", " ") + "\n"
	if got := m.get("/readyz"); got.status != 200 || got.body != want {
		p.t.Errorf("%s says %d %q, want %q", name, got.status, got.body, want)
	}
	return m
}

// await waits, for as long as the slowest machine takes.
func (m *machine) await(what string, is func() bool) {
	m.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			m.t.Fatalf("%s: waited in vain for %s\n%s", m.name, what, m.said.String())
		}
	}
}

// end tells it to stop, and gives its exit code.
func (m *machine) end() int {
	m.t.Helper()
	_ = m.Process.Signal(syscall.SIGTERM) // it may have ended
	return m.ended()
}

func (m *machine) ended() int {
	m.t.Helper()
	m.await("its end", func() bool {
		select {
		case <-m.done:
			return true
		default:
			return false
		}
	})
	return m.ProcessState.ExitCode()
}

// Three machines with different parts of the work on one PostgreSQL: people
// sign up at the one that has the pages, an issue is drafted once although two
// keep the times, and letters go out from the one that sends.
func TestMachinesHaveRoles(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: builds the program, and waits for times")
	}
	t.Parallel()
	p := newPress(t, storetest.Postgres(t, os.Getenv))
	program := executable(t, clocked)
	p.env["HEBDO_HTTP_PUBLIC_URL"] = "http://news.example.org"
	p.env["HEBDO_CRASH_CLOCK"] = filepath.Join(p.dir, "clock")
	p.newsletter("review: required", "min_stories: 3")
	p.subscribe(40)
	pages := p.machine(program, "pages", "web,schedule")
	times := p.machine(program, "times", "schedule")
	sends := p.machine(program, "sends", "deliver")
	if got := pages.get("/lettre/subscribe").status; got != 200 {
		t.Errorf("the pages: %d", got)
	}
	for _, m := range []*machine{times, sends} {
		if got := m.get("/lettre/subscribe").status; got != 404 {
			t.Errorf("%s has pages: %d", m.name, got)
		}
	}
	pages.post("/lettre/subscribe", "address", "zoe@example.net", "language", "fr")
	pages.await("the word to who signed up", func() bool { return len(p.mailTo("zoe@example.net")) == 1 })

	// A slot that comes soon; where the machine was too slow to hear of it, the next.
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	var drafted time.Time
	var fast time.Duration // the machines' clocks, so that the minute is nearly over
	list := func() string { return p.hebdo(exitDone, "issues", "list", "--json") }
	pages.await("the draft", func() bool {
		if now := time.Now(); now.Add(fast).After(drafted.Add(15 * time.Second)) {
			drafted = now.Truncate(time.Minute).Add(2 * time.Minute)
			fast = drafted.Sub(now) - 12*time.Second
			p.file("clock", fast.String())
			at := drafted.In(zone)
			p.newsletter("review: required", "min_stories: 3", fmt.Sprintf(`draft_at: "%d %d * * *"`, at.Minute(), at.Hour()),
				fmt.Sprintf(`send_at: "%d %d * * *"`, at.Add(2*time.Hour).Minute(), at.Add(2*time.Hour).Hour()))
		}
		time.Sleep(200 * time.Millisecond)
		return strings.Contains(list(), `"state": "review"`)
	})
	time.Sleep(time.Second) // for a second one that does not come
	if n := strings.Count(list(), `"state"`); n != 1 {
		t.Errorf("%d issues were drafted:\n%s", n, list())
	}
	p.hebdo(exitDone, "approve")
	comeDue(t, p.env["HEBDO_DATABASE_URL"])
	pages.await("the letters", func() bool {
		return len(p.letters()) == 40 && strings.Contains(list(), `"state": "sent"`)
	})
	for _, line := range nodes(t, p.env["HEBDO_DATABASE_URL"]) {
		if !strings.HasPrefix(line, "sends/") {
			t.Errorf("a letter was sent by %s", line)
		}
	}
	for _, m := range []*machine{pages, times, sends} {
		if code := m.end(); code != exitDone {
			t.Errorf("%s ended with %d\n%s", m.name, code, m.said.String())
		}
	}
}

// comeDue makes the approved issue one whose time has come an hour ago.
func comeDue(t *testing.T, url string) {
	t.Helper()
	change(t, url, `UPDATE issues SET slot = to_char(now() AT TIME ZONE 'UTC' - interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)
}

func change(t *testing.T, url, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

// nodes are those that sent letters.
func nodes(t *testing.T, url string) (all []string) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(context.Background(), `SELECT DISTINCT node FROM deliveries`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var node string
		if err := rows.Scan(&node); err != nil {
			t.Fatal(err)
		}
		all = append(all, node)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Two programs migrate one empty database at once; a server whose database a
// newer program has migrated stops in order and says why, and so does one that
// starts; once the program knows the schema it goes on.
func TestUpgradeOneMachineAfterTheOther(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: builds the program")
	}
	t.Parallel()
	p := newPress(t, storetest.Postgres(t, os.Getenv))
	program := executable(t, delivered)
	first, said := p.start(program, "migrate")
	second, also := p.start(program, "migrate")
	for _, err := range []error{first.Wait(), second.Wait()} {
		if err != nil {
			t.Fatalf("%v\n%s%s", err, said, also)
		}
	}
	p.newsletter("review: required")
	m := p.machine(program, "old", "deliver")
	url := p.env["HEBDO_DATABASE_URL"]
	change(t, url, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
	if code := m.ended(); code != exitFailed || !strings.Contains(m.said.String(), "newer than this program") || !strings.Contains(m.said.String(), "9999") {
		t.Errorf("it ended with %d:\n%s", code, m.said.String())
	}
	again, words := p.start(program, "serve")
	if err := again.Wait(); err == nil || !strings.Contains(words.String(), "use the newer program") {
		t.Errorf("%v\n%s", err, words)
	}
	change(t, url, `DELETE FROM goose_db_version WHERE version_id = 9999`) // the program of tomorrow knows it
	m = p.machine(program, "new", "web,schedule,deliver")
	if code := m.end(); code != exitDone {
		t.Errorf("it ended with %d:\n%s", code, m.said.String())
	}
}

// Paused, resumed and cancelled from elsewhere: after each, two machines send
// no more than what they had begun, which is twice their connections.
func TestPauseAndCancelHoldOnAllMachines(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: builds the program")
	}
	t.Parallel()
	p := approvedPress(t, storetest.Postgres(t, os.Getenv))
	program := executable(t, delivered)
	p.env["HEBDO_SMTP_CONNECTIONS"] = "2"
	const begun = 2 * 2 * 2 // machines, connections, and twice as many
	comeDue(t, p.env["HEBDO_DATABASE_URL"])
	one, two := p.machine(program, "one", "deliver"), p.machine(program, "two", "deliver,schedule")
	for _, move := range []string{"pause", "cancel"} {
		had := len(p.letters())
		one.await("letters", func() bool { return len(p.letters()) >= had+20 })
		p.hebdo(exitDone, "issues", move)
		at := len(p.letters())
		one.await("what was begun", func() bool { return p.states("sending", "claimed") == 0 })
		time.Sleep(300 * time.Millisecond)
		if more := len(p.letters()) - at; more > begun {
			t.Errorf("%d letters came in after it was to %s; %d at most were begun", more, move, begun)
		}
		if n, want := p.states("sent"), len(p.letters()); n != want || want >= readersToSend {
			t.Errorf("%d of %d are sent after it was to %s", n, want, move)
		}
		if move == "pause" {
			p.hebdo(exitDone, "issues", "resume")
		}
	}
	for address, times := range p.letters() {
		if times > 1 {
			t.Errorf("%s got it %d times", address, times)
		}
	}
	for _, m := range []*machine{one, two} {
		if code := m.end(); code != exitDone {
			t.Errorf("%s ended with %d:\n%s", m.name, code, m.said.String())
		}
	}
}
