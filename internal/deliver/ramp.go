package deliver

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Ramp is how a new sender warms up: so many letters on the first day, and each
// day so many times those of the day before. Days are UTC. The zero Ramp limits nothing.
type Ramp struct {
	From   time.Time
	First  int
	Factor float64
}

// ReadRamp reads "2026-11-23 500 2": 500 letters on that day, then twice as
// many each day. Empty: the zero Ramp.
func ReadRamp(s string) (Ramp, error) {
	if strings.TrimSpace(s) == "" {
		return Ramp{}, nil
	}
	const form = "write the first day, its letters and the factor from day to day, such as: 2026-11-23 500 2"
	fields := strings.Fields(s)
	if len(fields) != 3 {
		return Ramp{}, fmt.Errorf("%q: %s", s, form)
	}
	from, err := time.Parse(time.DateOnly, fields[0])
	first, wrong := strconv.Atoi(fields[1])
	factor, odd := strconv.ParseFloat(fields[2], 64)
	if err != nil || wrong != nil || odd != nil || first < 1 || !(factor >= 1 && factor <= 10) {
		return Ramp{}, fmt.Errorf("%q: %s", s, form)
	}
	return Ramp{from, first, factor}, nil
}

// Limit is how many letters may go out on the day of now; less than 0: any number.
func (r Ramp) Limit(now time.Time) int {
	if r.First <= 0 {
		return -1
	}
	day := math.Floor(now.Sub(r.From).Hours() / 24)
	if day < 0 {
		return 0
	}
	n := float64(r.First) * math.Pow(r.Factor, day)
	if n > 1e8 {
		return -1
	}
	return int(n)
}

// Volume counts what went out, whichever process sent it.
type Volume interface {
	// SentSince counts the deliveries that were accepted, or perhaps accepted,
	// since then, or are under way.
	SentSince(ctx context.Context, since time.Time) (int, error)
}

// warming keeps a Courier to its Ramp.
type warming struct {
	ramp   Ramp
	volume Volume

	mu      sync.Mutex
	counted time.Time
	sent    int // on the day of counted
}

// recounted is how old the count of a day's letters may get: in between, what
// this process sends is added up, and what others send is not known.
const recounted = 20 * time.Second

// enter takes a letter's place in the day; when the day is full it says when
// the next begins.
func (w *warming) enter(ctx context.Context, now time.Time) (ok bool, until time.Time, err error) {
	limit := w.ramp.Limit(now)
	if limit < 0 || w.volume == nil {
		return true, time.Time{}, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	today := now.UTC().Truncate(24 * time.Hour)
	if w.counted.Before(today) || now.Sub(w.counted) > recounted {
		if w.sent, err = w.volume.SentSince(ctx, today); err != nil {
			return false, time.Time{}, fmt.Errorf("count today's letters: %w", err)
		}
		w.counted = now
	}
	if w.sent >= limit {
		return false, today.Add(24 * time.Hour), nil
	}
	w.sent++
	return true, time.Time{}, nil
}
