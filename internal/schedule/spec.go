// Package schedule runs named jobs at cron times: each slot once, whoever runs
// it, and the latest missed one once the program is up again. That a slot ran
// is a row of the Ledger; cron gives the times only.
package schedule

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Spec is a cron schedule in a time zone: minute, hour, day of the month,
// month, day of the week (0 or sun to 6 or sat), or @hourly, @daily, @weekly,
// @monthly, @yearly.
//
// Daylight saving (the rule of ISC cron): a slot in the hour that spring leaves
// out happens at the first minute after it, together with the one that is
// there anyway; a slot in the hour that autumn has twice happens the first
// time only. A spec for every hour follows the clock instead: left-out minutes
// are left out, doubled ones happen twice.
type Spec struct {
	text   string
	zone   *time.Location
	naive  *cron.SpecSchedule // evaluated on wall-clock times, written as if they were UTC
	hourly bool
}

// Parse reads a spec. The error says what to write instead.
func Parse(spec string, zone *time.Location) (Spec, error) {
	text := strings.Join(strings.Fields(spec), " ")
	fault := func(why string) (Spec, error) { return Spec{}, fmt.Errorf("schedule %q: %s", capped(spec), why) }
	if zone == nil {
		return fault("no time zone is given")
	}
	fields := strings.Fields(text)
	switch upper := strings.ToUpper(text); {
	case text == "":
		return fault(`it is empty; write for example "0 6 * * 1" for Mondays at 06:00`)
	case len(text) > 200:
		return fault("it is longer than 200 characters")
	case strings.HasPrefix(upper, "TZ=") || strings.HasPrefix(upper, "CRON_TZ="):
		return fault("it names a time zone; the zone is a setting of its own")
	case strings.HasPrefix(upper, "@EVERY"):
		return fault(`@every has no fixed times; write for example "*/30 * * * *" for every half hour`)
	case len(fields) == 6:
		return fault("it has six fields; there is none for seconds: minute, hour, day of the month, month, day of the week")
	case text[0] != '@' && len(fields) != 5:
		return fault(fmt.Sprintf("it has %d fields; five are needed: minute, hour, day of the month, month, day of the week", len(fields)))
	}
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor).Parse(text)
	if err != nil {
		return fault(err.Error())
	}
	naive, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return fault("it has no fixed times")
	}
	naive.Location = time.UTC
	const hours = 1<<24 - 1
	s := Spec{text: text, zone: zone, naive: naive, hourly: bits.OnesCount64(naive.Hour&hours) == 24}
	if naive.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return fault("there is no such day or time, so it never happens")
	}
	return s, nil
}

// capped keeps an error message short, whatever was written into a file.
func capped(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// String is the spec as it was written.
func (s Spec) String() string { return s.text }

// Zone is where its times are meant.
func (s Spec) Zone() *time.Location { return s.zone }

// overlap is the most by which a zone's clock was ever put back.
const overlap = 3 * time.Hour

// Next is the first slot after t, in the spec's zone; the zero time when there
// is none within five years.
func (s Spec) Next(t time.Time) time.Time {
	var best time.Time
	for w := s.naive.Next(wall(t.In(s.zone)).Add(-overlap)); !w.IsZero(); w = s.naive.Next(w) {
		first, second := s.instants(w)
		for _, at := range []time.Time{first, second} {
			if at.After(t) && (best.IsZero() || at.Before(best)) {
				best = at
			}
		}
		if first.After(t) {
			break // later wall-clock times begin no earlier
		}
	}
	return best
}

// Prev is the last slot at or before t, in the spec's zone; the zero time when
// there is none within nine years. It widens a window back until it holds a
// slot, then bisects.
func (s Spec) Prev(t time.Time) time.Time {
	holds := func(back time.Duration) bool {
		at := s.Next(t.Add(-back))
		return !at.IsZero() && !at.After(t)
	}
	const farthest = 9 * 366 * 24 * time.Hour // 29 February may be eight years away
	near, far := time.Duration(0), time.Minute
	for !holds(far) {
		if far >= farthest {
			return time.Time{}
		}
		near, far = far, min(4*far, farthest)
	}
	for far-near > time.Second {
		if middle := near + (far-near)/2; holds(middle) {
			far = middle
		} else {
			near = middle
		}
	}
	return s.Next(t.Add(-far))
}

// wall is what the clock on the wall shows at t, written as a time in UTC.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// instants are the times at which the clock on the wall shows w: one; two in
// the hour that autumn repeats, for a spec of every hour; and the end of the
// gap for a time that spring leaves out. A zero time is none.
func (s Spec) instants(w time.Time) (first, second time.Time) {
	at := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, s.zone)
	start, end := at.ZoneBounds()
	if shown := wall(at); !shown.Equal(w) {
		if s.hourly {
			return time.Time{}, time.Time{}
		}
		if shown.After(w) { // read with the old offset: at is past the change
			return start.In(s.zone), time.Time{}
		}
		return end.In(s.zone), time.Time{}
	}
	// Read with the offset before and the one after this stretch of the zone,
	// the same wall-clock time may be another instant.
	first, second = at, at
	for _, change := range []time.Time{start.Add(-1), end} {
		_, offset := change.In(s.zone).Zone()
		other := w.Add(-time.Duration(offset) * time.Second).In(s.zone)
		if !wall(other).Equal(w) {
			continue
		}
		if other.Before(first) {
			first = other
		}
		if other.After(second) {
			second = other
		}
	}
	if !s.hourly || second.Equal(first) {
		second = time.Time{}
	}
	return first, second
}

// errNoJob: a job is incomplete.
var errNoJob = errors.New("a job needs a name and something to do")
