package deliver

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestProvidersOfDataAreRead(t *testing.T) {
	all := Providers()
	if len(all) < 8 {
		t.Fatalf("%d providers", len(all))
	}
	ways := newLanes(all)
	for _, c := range []struct {
		address, like string
		same          bool
	}{
		{"a@gmail.com", "b@googlemail.com", true},
		{"a@HOTMAIL.fr", "b@outlook.com", true},
		{"a@hotmail.co.uk", "b@live.fr", true},
		{"a@orange.fr", "b@free.fr", false},
	} {
		if a, b := ways.of(c.address), ways.of(c.like); a == nil || b == nil || (a == b) != c.same {
			t.Errorf("%s and %s: %p %p", c.address, c.like, a, b)
		}
	}
	for _, free := range []string{"a@example.org", "a@mail.gmail.com.example", "a@orange.example"} {
		if ways.of(free) != nil {
			t.Errorf("%s has a limit", free)
		}
	}
}

func TestAWrongLineOfLimitsIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"google 900": "line 1: write a name", "# fine\n\ngoogle many 2 gmail.com": `line 3: "many"`, "google 9 x gmail.com": `line 1: "x"`, "google NaN 1 gmail.com": "line 1",
	} {
		if _, err := ReadLimits(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestALaneSpreadsWhatItCannotTakeOverTime(t *testing.T) {
	ways := newLanes([]Limit{{Name: "slow", PerMinute: 60, Domains: []string{"slow.example"}}})
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	var in int
	var until []time.Time
	for range 20 {
		if ok, at := ways.enter("issue", "a@slow.example", now); ok {
			in++
		} else {
			until = append(until, at)
		}
	}
	if in != 2 || len(until) != 18 { // two seconds' worth go at once
		t.Fatalf("%d went at once, %d wait", in, len(until))
	}
	if first, last := until[0].Sub(now), until[17].Sub(now).Round(time.Second); first != soonest || last != soonest+17*time.Second {
		t.Errorf("they wait from %s to %s", first, last)
	}
	if !slices.IsSortedFunc(until, time.Time.Compare) {
		t.Error("not in their order")
	}
	if ok, _ := ways.enter("issue", "a@quick.example", now); !ok {
		t.Error("another domain waits with them")
	}
	// A minute later a minute's worth may go.
	got := 0
	for s := range 60 {
		for range 3 {
			if ok, _ := ways.enter("issue", "a@slow.example", now.Add(time.Duration(s+1)*time.Second)); ok {
				got++
			}
		}
	}
	if got < 57 || got > 60 {
		t.Errorf("%d went in a minute, not 60", got)
	}
}

// A cancelled issue's letters never come back for the times they were given.
func TestAnIssueDoesNotWaitBehindAnothersBacklog(t *testing.T) {
	ways := newLanes([]Limit{{Name: "slow", PerMinute: 900, Domains: []string{"slow.example"}}})
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	var last time.Time
	for range 100_000 {
		_, last = ways.enter("cancelled", "a@slow.example", now)
	}
	if off := last.Sub(now); off < 105*time.Minute || off > 125*time.Minute {
		t.Errorf("the last letter waits for %s", off)
	}
	later := now.Add(10 * time.Minute)
	for {
		ok, until := ways.enter("corrected", "a@slow.example", later)
		if ok {
			continue
		}
		if until.Sub(later) != soonest {
			t.Errorf("the corrected issue's first letter that has to wait does so for %s", until.Sub(later))
		}
		break
	}
	if _, until := ways.enter("cancelled", "a@slow.example", later); !until.After(last) {
		t.Errorf("a letter overtakes those of its own issue: %s, %s", until, last)
	}
	for range 100 { // a day later
		ways.enter("corrected", "a@slow.example", later.Add(24*time.Hour))
	}
	if known := ways.of("a@slow.example").last; len(known) != 1 {
		t.Errorf("issues that are over are kept: %v", known)
	}
}

func TestALaneNeverTakesMoreInAMinuteThanItsLimit(t *testing.T) {
	for _, limit := range []float64{0.5, 1, 7, 60, 300, 900, 10_000} {
		ways := newLanes([]Limit{{Name: "slow", PerMinute: limit, Domains: []string{"slow.example"}}})
		begun := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
		var in []time.Time
		ask := func(now time.Time) {
			for {
				if ok, _ := ways.enter("issue", "a@slow.example", now); !ok {
					return
				}
				in = append(in, now)
			}
		}
		for now := begun; now.Before(begun.Add(10 * time.Minute)); now = now.Add(250 * time.Millisecond) {
			ask(now)
		}
		took := float64(len(in))
		for i := range 5 { // idle for a while, then asked again
			ask(begun.Add(time.Hour + time.Duration(i)*29*time.Second))
		}
		for i, first := range in {
			end, _ := slices.BinarySearchFunc(in, first.Add(time.Minute), time.Time.Compare)
			if got := end - i; float64(got) > max(1, limit) {
				t.Errorf("%d letters in a minute from %s on, not %v", got, first.Sub(begun), limit)
				break
			}
		}
		if took < 0.95*10*limit {
			t.Errorf("%v letters in ten minutes, at %v a minute", took, limit)
		}
	}
}

func TestALaneHasSoManyPlaces(t *testing.T) {
	ways := newLanes([]Limit{{Name: "narrow", AtOnce: 2, Domains: []string{"narrow.example"}}})
	now := time.Now()
	var got []string
	for i := range 3 {
		ok, until := ways.enter("issue", "a@narrow.example", now)
		got = append(got, fmt.Sprint(ok, until.IsZero()))
		if i == 2 {
			ways.leave("b@narrow.example")
			ok, _ = ways.enter("issue", "a@narrow.example", now)
			got = append(got, fmt.Sprint(ok))
		}
	}
	if want := "true true,true true,false true,true"; strings.Join(got, ",") != want {
		t.Errorf("%s, want %s", strings.Join(got, ","), want)
	}
}
