package deliver_test

import (
	"database/sql"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hebdo/internal/digest"
)

// faulty is how often a fault happens that is not a kill.
func faulty() int { return max(3, *crashes/20) }

// still stops the process for a moment, so that what it has begun can be
// marked while a fault comes over it.
func (w *trial) still(p *process, fault func()) {
	w.Helper()
	if _, over := p.ended(); over {
		fault()
		return
	}
	w.must(p.Process.Signal(syscall.SIGSTOP))
	w.mark("", 1)
	fault()
	w.must(p.Process.Signal(syscall.SIGCONT))
}

// serverDies has the mail server reset its connections at any moment, and be
// away for a while, until the issue pauses; then a person resumes it.
func (w *trial) serverDies(times int) {
	w.Helper()
	p := w.start(sending)
	for i := range times {
		if _, over := p.ended(); over { // it gave up
			w.finish(p, 1)
			p = w.start(sending)
		}
		w.awaitLetters(p, 1+w.rng.IntN(w.readers/times))
		w.moment(10 * time.Millisecond)
		if i%2 == 0 {
			w.still(p, w.door.cut)
			continue
		}
		w.still(p, w.door.shut)
		if i%4 == 1 {
			w.finish(p, 1)
			if state := w.state(); state != digest.Paused {
				w.Errorf("the mail server is away, and the issue is %s", state)
			}
		} else {
			w.moment(2 * time.Second)
		}
		w.door.unlock()
	}
	for tries := 0; w.state() != digest.Sent; tries++ { // what broke off before the dot waits for its time
		if tries > 5+times {
			w.Fatalf("it does not come to an end%s", w.where())
		}
		w.finish(p, 1)
		w.setClock(time.Duration(tries+1) * 7 * time.Hour)
		p = w.start(sending)
	}
	w.finish(p, nothingToDo)
	w.verdict()
}

func (w *trial) state() digest.State {
	w.Helper()
	i, err := w.ledger.Issue(w.Context(), w.issue)
	w.must(err)
	return i.State
}

// setClock makes the processes' clock wrong, from one moment to the next.
func (w *trial) setClock(wrong time.Duration) {
	w.Helper()
	name := w.env["HEBDO_CRASH_CLOCK"]
	w.must(os.WriteFile(name+".new", []byte(wrong.String()), 0o600))
	w.must(os.Rename(name+".new", name))
}

// clockJumps sets the clock hours forward and back while letters are sent, and
// kills what sends now and then, so that leases lie in the past and in the
// future.
func (w *trial) clockJumps(times int) {
	w.Helper()
	p := w.start(sending)
	for i := range times {
		w.awaitLetters(p, 1+w.rng.IntN(w.readers/times))
		if _, over := p.ended(); over {
			break
		}
		if i%2 == 0 {
			p.kill()
			w.mark("", 1)
		}
		w.setClock(time.Duration(w.rng.IntN(20*60)-10*60) * time.Minute)
		if i%2 == 0 {
			p = w.start(sending)
		}
	}
	p.kill()
	w.mark("", 1)
	w.setClock(-11 * time.Hour) // earlier than ever: what is held is held until hours from now
	w.finish(w.start(sending), nothingToDo)
	w.verdict()
}

// databaseLocked has another process lock the database for so long, at any
// moment, the start included. Nothing becomes unsure by that.
func (w *trial) databaseLocked(times int, most time.Duration) {
	w.Helper()
	driver, name, lock := "pgx", w.env["HEBDO_DATABASE_URL"], []string{"BEGIN", "LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"}
	if file, lite := strings.CutPrefix(name, "sqlite:"); lite {
		driver, name, lock = "sqlite", file, []string{"BEGIN EXCLUSIVE"}
	}
	pool, err := sql.Open(driver, name)
	w.must(err)
	defer pool.Close()
	other, err := pool.Conn(w.Context())
	w.must(err)
	defer other.Close()
	var p *process
	for i := range times {
		if p != nil {
			w.awaitLetters(p, 1+w.rng.IntN(w.readers/times))
		}
		for _, statement := range lock {
			w.await("the lock", func() bool {
				_, err := other.ExecContext(w.Context(), statement)
				return err == nil
			})
		}
		if i == 0 {
			p = w.start(sending)
		}
		time.Sleep(most/2 + time.Duration(w.rng.Int64N(int64(most/2))))
		_, err = other.ExecContext(w.Context(), "ROLLBACK")
		w.must(err)
	}
	w.finish(p, nothingToDo)
	w.verdict()
}

// diskFull lets the file reach its limit in the midst of sending. Nothing is
// sent that cannot be written down; what waits to be written is held, and all
// goes on when there is room, whether the program was started again or not.
func (w *trial) diskFull() {
	w.Helper()
	w.release()
	url := w.env["HEBDO_DATABASE_URL"]
	file := strings.TrimPrefix(url, "sqlite:")
	db, err := sql.Open("sqlite", file)
	w.must(err)
	defer db.Close()
	// Something else in the file, which gives room when it goes.
	_, err = db.ExecContext(w.Context(), "CREATE TABLE ballast (b BLOB)")
	w.must(err)
	_, err = db.ExecContext(w.Context(), "INSERT INTO ballast VALUES (zeroblob(4000000))")
	w.must(err)
	full := func() *process {
		var pages int
		w.must(db.QueryRowContext(w.Context(), "PRAGMA page_count").Scan(&pages))
		p := w.start(sending, "HEBDO_DATABASE_URL", url+"?max_page_count="+strconv.Itoa(pages+1+w.rng.IntN(4)))
		stands, last := time.Now(), -1
		w.await("the disk to be full", func() bool {
			if n := w.letters(); n != last {
				stands, last = time.Now(), n
			}
			_, over := p.ended()
			return over || last > 0 && time.Since(stands) > 2*time.Second
		})
		return p
	}
	// Killed, or told to stop, while the disk is full: it says what is the matter,
	// and what it could not write down is unsure.
	p := full()
	w.mark("", 1)
	if left := w.tally().Open(); left == 0 {
		w.Fatal("the disk was never full")
	}
	before := w.letters()
	if _, over := p.ended(); !over && *crashes < 100 {
		p.kill() // it would hold what it has to write for its time of grace
	} else if !over {
		w.must(p.Process.Signal(syscall.SIGTERM))
	}
	w.finish(p, 1, -1)
	if said := p.said.String(); !strings.Contains(said, "database is full") || !strings.Contains(said, "make room") {
		w.Errorf("it does not say that there is no room:\n%s", said)
	}
	if n := w.letters(); n != before {
		w.Errorf("%d letters were sent when nothing could be written", n-before)
	}
	// Left alone until there is room, it holds what it has to write.
	p = full()
	_, err = db.ExecContext(w.Context(), "DROP TABLE ballast")
	w.must(err)
	if w.finish(p, 1) != 0 { // it was not to begin anything, and had nothing to hold
		w.finish(w.start(sending))
	}
	w.verdict()
}
