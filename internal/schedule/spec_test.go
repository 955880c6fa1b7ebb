package schedule_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"hebdo/internal/schedule"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func parse(t testing.TB, spec string, z *time.Location) schedule.Spec {
	t.Helper()
	s, err := schedule.Parse(spec, z)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSlotsAcrossDaylightSaving(t *testing.T) {
	const paris, newYork = "Europe/Paris", "America/New_York"
	for name, c := range map[string]struct {
		spec, zone, from string
		want             []string
	}{
		"an ordinary Monday": {"0 6 * * 1", paris, "2026-11-20T00:00:00Z",
			[]string{"2026-11-23T06:00:00+01:00", "2026-11-30T06:00:00+01:00"}},
		"a Monday at six stays at six through spring": {"0 6 * * 1", paris, "2026-03-23T06:00:00+01:00",
			[]string{"2026-03-30T06:00:00+02:00", "2026-04-06T06:00:00+02:00"}},
		"Paris, spring: 02:30 does not exist and happens at 03:00": {"30 2 * * *", paris, "2026-03-28T00:00:00+01:00",
			[]string{"2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		"Paris, spring: a week's only slot is not skipped": {"30 2 * * 0", paris, "2026-03-23T00:00:00+01:00",
			[]string{"2026-03-29T03:00:00+02:00", "2026-04-05T02:30:00+02:00"}},
		"Paris, spring: two slots in the gap are one": {"15,45 2 * * *", paris, "2026-03-29T00:00:00+01:00",
			[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:15:00+02:00"}},
		"Paris, spring: the gap's slot and the one at its end are one": {"0 2,3 * * *", paris, "2026-03-29T00:00:00+01:00",
			[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"}},
		"Paris, autumn: 02:30 comes twice and happens the first time": {"30 2 * * *", paris, "2026-10-24T12:00:00+02:00",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		"Paris, autumn: asked between the two": {"30 2 * * *", paris, "2026-10-25T02:10:00+01:00",
			[]string{"2026-10-26T02:30:00+01:00"}},
		"Paris, autumn: 03:00 is there once": {"0 3 * * *", paris, "2026-10-25T00:00:00+02:00",
			[]string{"2026-10-25T03:00:00+01:00", "2026-10-26T03:00:00+01:00"}},
		"New York, spring": {"30 2 * * *", newYork, "2026-03-07T12:00:00-05:00",
			[]string{"2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"}},
		"New York, autumn": {"30 1 * * *", newYork, "2026-10-31T12:00:00-04:00",
			[]string{"2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"}},
		"every half hour follows the clock in spring": {"*/30 * * * *", paris, "2026-03-29T01:29:00+01:00",
			[]string{"2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"}},
		"every half hour follows the clock in autumn": {"*/30 * * * *", paris, "2026-10-25T02:00:00+02:00",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00", "2026-10-25T03:00:00+01:00"}},
		"midnight does not exist in Cairo": {"0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00+02:00",
			[]string{"2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"}},
		"half an hour on Lord Howe": {"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00+10:30",
			[]string{"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"}},
		"a day that Samoa left out": {"0 9 * * *", "Pacific/Apia", "2011-12-29T00:00:00-10:00",
			[]string{"2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00"}},
		"29 February": {"0 6 29 2 *", paris, "2026-01-01T00:00:00Z",
			[]string{"2028-02-29T06:00:00+01:00", "2032-02-29T06:00:00+01:00"}},
		"@weekly": {"@weekly", paris, "2026-11-23T00:00:00Z", []string{"2026-11-29T00:00:00+01:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			z := zone(t, c.zone)
			s := parse(t, c.spec, z)
			now := at(t, c.from)
			for i, w := range c.want {
				got := s.Next(now)
				if got.Format(time.RFC3339) != w {
					t.Fatalf("slot %d after %s is %s, want %s", i, now.In(z).Format(time.RFC3339), got.Format(time.RFC3339), w)
				}
				for _, later := range []time.Duration{0, time.Second, 7 * time.Second} {
					if prev := s.Prev(got.Add(later)); !prev.Equal(got) {
						t.Errorf("Prev(%s) is %s", got.Add(later), prev)
					}
				}
				if prev := s.Prev(got.Add(-time.Nanosecond)); i > 0 && prev.Format(time.RFC3339) != c.want[i-1] {
					t.Errorf("just before slot %d Prev is %s, want %s", i, prev.Format(time.RFC3339), c.want[i-1])
				}
				now = got
			}
		})
	}
}

func TestDailySlotHappensOnceOnEveryDayOfTheYear(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/New_York", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe", "Antarctica/Troll", "America/Santiago", "UTC", "Asia/Kolkata"} {
		z := zone(t, name)
		for _, spec := range []string{"0 0 * * *", "30 0 * * *", "30 1 * * *", "15 2 * * *", "0 3 * * *", "59 23 * * *"} {
			s := parse(t, spec, z)
			days := map[string]int{}
			end := time.Date(2027, 1, 1, 0, 0, 0, 0, z)
			for slot := s.Next(time.Date(2026, 1, 1, 0, 0, 0, -1, z)); slot.Before(end); slot = s.Next(slot) {
				days[slot.Format(time.DateOnly)]++
			}
			for day := time.Date(2026, 1, 1, 12, 0, 0, 0, z); day.Before(end); day = day.AddDate(0, 0, 1) {
				if n := days[day.Format(time.DateOnly)]; n != 1 {
					t.Errorf("%s in %s on %s: %d slots", spec, name, day.Format(time.DateOnly), n)
				}
			}
		}
	}
}

func TestNextAndPrevAgreeEverywhere(t *testing.T) {
	zones := []*time.Location{zone(t, "Europe/Paris"), zone(t, "America/New_York"), zone(t, "Africa/Cairo"), zone(t, "Australia/Lord_Howe"), time.UTC}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		s, err := schedule.Parse(rapid.SampledFrom([]string{"0 6 * * 1", "30 2 * * *", "*/7 * * * *", "0 */5 * * *", "0 0 1 * *", "30 1 1 1 *",
			"5 4 13 * 5", "0 2 * * 0", "@hourly", "@monthly"}).Draw(t, "spec"), z)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1735689600, 1830297600).Draw(t, "now"), 0)
		next, prev := s.Next(now), s.Prev(now)
		if !next.After(now) || prev.After(now) {
			t.Fatalf("next %s, prev %s", next, prev)
		}
		if got := s.Next(prev); !got.Equal(next) {
			t.Fatalf("Next(Prev(now)) is %s, want %s", got, next)
		}
		if got := s.Prev(next); !got.Equal(next) {
			t.Fatalf("Prev(Next(now)) is %s, want %s", got, next)
		}
		if got := s.Prev(next.Add(-1)); !got.Equal(prev) {
			t.Fatalf("Prev just before %s is %s, want %s", next, got, prev)
		}
	})
}

func TestBadSpecsGetAClearMessage(t *testing.T) {
	for spec, want := range map[string]string{
		"":                                      "empty",
		"   ":                                   "empty",
		"TZ=UTC":                                "time zone",
		"TZ=UTC 0 6 * * 1":                      "time zone",
		"CRON_TZ=Europe/Paris 0 6 * * *":        "time zone",
		"cron_tz=x":                             "time zone",
		"@every 0s":                             "@every",
		"@every 1h":                             "@every",
		"0 0 6 * * 1":                           "seconds",
		"6 * * 1":                               "five are needed",
		"0 0 30 2 *":                            "never happens",
		"0 0 31 4,6,9,11 *":                     "never happens",
		", * * * *":                             "never happens",
		"60 * * * *":                            "above maximum",
		"0 6 * * 7":                             "above maximum",
		"0 6 * * monday":                        "monday",
		"@sometimes":                            "sometimes",
		"*/0 * * * *":                           "positive",
		strings.Repeat("1,", 200) + "1 * * * *": "longer than",
	} {
		_, err := schedule.Parse(spec, time.UTC)
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 300 {
			t.Errorf("%q: want an error with %q: %v", spec, want, err)
		}
	}
	if _, err := schedule.Parse("0 6 * * 1", nil); err == nil {
		t.Error("a spec without a zone is taken")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0 6 * * 1", "TZ=UTC", "@every 0s", "0 0 30 2 *", "@weekly", "*/5 1-3,7 ? jan-mar sun", "TZ=", "@", ", , , , ,"} {
		f.Add(s)
	}
	paris := zone(f, "Europe/Paris")
	now := time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := schedule.Parse(text, paris)
		if err != nil {
			return
		}
		next, prev := s.Next(now), s.Prev(now)
		if next.IsZero() || !next.After(now) {
			t.Errorf("%q: next is %s", text, next)
		}
		if prev.After(now) || !prev.IsZero() && !s.Next(prev).Equal(next) {
			t.Errorf("%q: prev is %s, next %s", text, prev, next)
		}
	})
}
