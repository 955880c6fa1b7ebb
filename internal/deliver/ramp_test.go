package deliver

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestARampGrowsFromDayToDay(t *testing.T) {
	r, err := ReadRamp("2026-11-23 500 2")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]int{
		"2026-11-22T23:59:59Z": 0, "2026-11-23T00:00:00Z": 500, "2026-11-23T23:59:59Z": 500, "2026-11-24T00:00:00Z": 1000,
		"2026-11-26T12:00:00Z": 4000, "2027-11-26T12:00:00Z": -1,
	} {
		at, _ := time.Parse(time.RFC3339, day)
		if got := r.Limit(at); got != want {
			t.Errorf("%s: %d, want %d", day, got, want)
		}
	}
	if none, err := ReadRamp(" "); err != nil || none.Limit(time.Now()) >= 0 {
		t.Error(none, err)
	}
	for _, wrong := range []string{"500 2", "23/11/2026 500 2", "2026-11-23 0 2", "2026-11-23 500 .5", "2026-11-23 500 NaN"} {
		if _, err := ReadRamp(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}

// volume is a ledger that others write to as well.
type volume struct {
	sent int
	err  error
}

func (v *volume) SentSince(context.Context, time.Time) (int, error) { return v.sent, v.err }

func TestADayTakesSoManyLettersOfAllProcesses(t *testing.T) {
	r, _ := ReadRamp("2026-11-23 10 2")
	v := &volume{sent: 6}
	w := &warming{ramp: r, volume: v}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	in := 0
	for range 10 {
		ok, until, err := w.enter(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			in++
		} else if want := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC); !until.Equal(want) {
			t.Errorf("the rest waits until %s", until)
		}
	}
	if in != 4 {
		t.Errorf("%d went out beside the six of another process", in)
	}
	v.sent = 0 // the next day
	if ok, _, err := w.enter(t.Context(), now.Add(24*time.Hour)); !ok || err != nil {
		t.Error(ok, err)
	}
	v.err = errors.New("gone")
	if ok, _, err := w.enter(t.Context(), now.Add(48*time.Hour)); ok || err == nil {
		t.Error("it goes on without knowing how many went out")
	}
}
