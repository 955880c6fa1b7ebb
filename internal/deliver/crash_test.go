package deliver_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hebdo/internal/store/storetest"
)

var (
	crashes = flag.Int("crashes", 6, "how often TestCrash kills what sends; 300 for the long form, with 20,000 readers")
	seed    = flag.Uint64("seed", 0, "of TestCrash's random moments; 0: another each time, which is printed")
)

// The program itself, with its ledger on disk, brings an issue to its readers
// while everything breaks: nobody gets it twice, nobody is lost (neither sent
// nor listed), and unsure are only those that were marked as being sent at the
// moment, which are never more than twice the connections.
//
//	go test ./internal/deliver -run Crash -crashes 300 -timeout 2h [-seed N]
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: builds the program and kills it")
	}
	delivered, clocked := program(t, ""), program(t, "crashclock")
	sqlite := func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "hebdo.db") }
	postgres := func(t *testing.T) string { return storetest.Postgres(t, os.Getenv) }
	for name, c := range map[string]struct {
		program  string
		database func(*testing.T) string
		what     func(*trial)
	}{
		"killed":                 {delivered, sqlite, func(w *trial) { w.killed(*crashes) }},
		"the mail server dies":   {clocked, sqlite, func(w *trial) { w.serverDies(faulty()) }},
		"the database is locked": {delivered, sqlite, func(w *trial) { w.databaseLocked(faulty(), locked()) }},
		"the disk is full":       {delivered, sqlite, func(w *trial) { w.diskFull() }},
		"the clock jumps":        {clocked, sqlite, func(w *trial) { w.clockJumps(2 * faulty()) }},
		"PostgreSQL is locked":   {delivered, postgres, func(w *trial) { w.databaseLocked(faulty(), locked()) }},
		"machines fall":          {delivered, postgres, func(w *trial) { w.nodesFall(max(2, *crashes/20)) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTrial(t, c.program, c.database(t), crowd())
			w.env["HEBDO_CRASH_CLOCK"] = filepath.Join(t.TempDir(), "clock")
			c.what(w)
		})
	}
}

// crowd is how many readers there are, so that there is something left to send
// at every kill.
func crowd() int { return min(20000, 200+66**crashes) }

// locked is how long a database may be locked: in the long form for longer
// than SQLite waits for a lock.
func locked() time.Duration {
	if *crashes < 100 {
		return 2 * time.Second
	}
	return 30 * time.Second
}

// killed kills what sends at random moments, starts it again at once, and lets
// it come to its end.
func (w *trial) killed(times int) {
	w.Helper()
	kills := 0
	for ; kills < times; kills++ {
		p := w.start(sending)
		if kills%5 == 0 { // while it starts, or fills the ledger
			w.moment(400 * time.Millisecond)
		} else {
			w.awaitLetters(p, 1+w.rng.IntN(2*w.readers/times))
			w.moment(10 * time.Millisecond)
		}
		if _, over := p.ended(); over {
			w.finish(p, nothingToDo)
			break
		}
		p.kill()
		w.mark("", 1)
	}
	w.finish(w.start(sending), nothingToDo)
	if w.Logf("%d kills", kills); kills < times/2 {
		w.Errorf("it was over after %d kills; %d were to prove something", kills, times)
	}
	w.verdict()
}

// nothingToDo is the program's exit code when all was sent before.
const nothingToDo = 3
