// Package schedule runs jobs at cron times: once each, on however many
// machines, catching up a slot that was missed. robfig/cron computes the times
// only; that a slot ran is a row of the Ledger.
package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Spec is a cron spec of five fields in a time zone.
type Spec struct {
	schedule cron.Schedule // in UTC: wall clock times as if there were no zones
	zone     *time.Location
}

var parser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// Parse reads minute, hour, day of month, month and day of week, meant in the
// zone. It refuses what the library takes without a word, or panics at:
// prefixed zones, descriptors such as @every, and days that never come.
func Parse(spec string, zone *time.Location) (Spec, error) {
	spec = strings.TrimSpace(spec)
	switch {
	case zone == nil:
		return Spec{}, errors.New("a schedule needs a time zone")
	case strings.Contains(spec, "TZ="):
		return Spec{}, fmt.Errorf("%q names a zone: set the newsletter's zone in place of it", spec)
	case strings.HasPrefix(spec, "@"):
		return Spec{}, fmt.Errorf("%q: write five fields, such as 0 7 * * 1 for Monday at 7:00", spec)
	case len(strings.Fields(spec)) != 5:
		return Spec{}, fmt.Errorf("%q has %d fields: write five, minute hour day month weekday, such as 0 7 * * 1", spec, len(strings.Fields(spec)))
	}
	schedule, err := parser.Parse(spec)
	if err != nil {
		return Spec{}, fmt.Errorf("%q: %w; write minute hour day month weekday, such as 0 7 * * 1", spec, err)
	}
	s := Spec{schedule: schedule, zone: zone}
	if schedule.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Spec{}, fmt.Errorf("%q never comes: there is no such day", spec)
	}
	return s, nil
}

// Next is the first slot after t.
//
// Times are those of the wall clock. One that the clock leaves out in spring
// is the first moment after the gap; one that it shows twice in autumn is the
// first of the two.
func (s Spec) Next(t time.Time) time.Time {
	// Slots go up with the wall clock but for what an autumn night shows twice,
	// which is at most two hours anywhere.
	wall := clock(t.In(s.zone)).Add(-3 * time.Hour)
	for {
		wall = s.schedule.Next(wall)
		if wall.IsZero() {
			return time.Time{}
		}
		if slot := s.instant(wall); slot.After(t) {
			return slot
		}
	}
}

// Prev is the last slot at or before t; the zero time if there is none in the
// five years before.
func (s Spec) Prev(t time.Time) time.Time {
	for back := 25 * time.Hour; back < 5*366*24*time.Hour; back *= 4 {
		slot := s.Next(t.Add(-back))
		if slot.IsZero() || slot.After(t) {
			continue
		}
		return s.last(slot, t)
	}
	return time.Time{}
}

// last goes from a slot at or before t to the last one, by halving what lies
// between as long as that is much.
func (s Spec) last(slot, t time.Time) time.Time {
	for t.Sub(slot) > 48*time.Hour {
		middle := s.Next(slot.Add(t.Sub(slot) / 2))
		if middle.IsZero() || middle.After(t) {
			break
		}
		slot = middle
	}
	for {
		next := s.Next(slot)
		if next.IsZero() || next.After(t) {
			return slot
		}
		slot = next
	}
}

// clock is what a clock on the wall shows at t, as if it were UTC.
func clock(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// instant is when the zone's clock shows the wall time: the first time, or
// where it leaves that time out, the moment it goes on.
func (s Spec) instant(wall time.Time) time.Time {
	y, m, d := wall.Date()
	t := time.Date(y, m, d, wall.Hour(), wall.Minute(), 0, 0, s.zone)
	if clock(t).Equal(wall) {
		for _, earlier := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour} {
			if clock(t.Add(-earlier)).Equal(wall) {
				return t.Add(-earlier)
			}
		}
		return t
	}
	// The wall time does not exist. The gap ends where the zone's offset
	// changes, which lies within a day.
	before, after := t.Add(-24*time.Hour), t.Add(24*time.Hour)
	for after.Sub(before) > time.Second {
		middle := before.Add(after.Sub(before) / 2)
		if clock(middle).Before(wall) {
			before = middle
		} else {
			after = middle
		}
	}
	return after.Truncate(time.Second)
}
