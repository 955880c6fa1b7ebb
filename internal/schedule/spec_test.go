package schedule

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func spec(t testing.TB, s string, z *time.Location) Spec {
	t.Helper()
	parsed, err := Parse(s, z)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSlotsAcrossTheChangesOfTheClock(t *testing.T) {
	paris, newYork := zone(t, "Europe/Paris"), zone(t, "America/New_York")
	for _, c := range []struct {
		story, spec string
		zone        *time.Location
		from        string
		want        []string
	}{
		{"an ordinary Monday", "0 7 * * 1", paris, "2026-11-20T00:00:00Z", []string{"2026-11-23T06:00:00Z", "2026-11-30T06:00:00Z"}},
		{"Monday stays at seven when summer begins", "0 7 * * 1", paris, "2026-03-20T00:00:00Z", []string{"2026-03-23T06:00:00Z", "2026-03-30T05:00:00Z"}},
		{"02:30 does not exist on 29 March: it comes at 03:00", "30 2 * * 0", paris, "2026-03-23T00:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-04-05T00:30:00Z"}},
		{"02:30 comes twice on 25 October: the first counts", "30 2 * * 0", paris, "2026-10-19T00:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-11-01T01:30:00Z"}},
		{"asked between the two 02:30, the next is a week later", "30 2 * * 0", paris, "2026-10-25T01:00:00Z", []string{"2026-11-01T01:30:00Z"}},
		{"New York loses 02:30 on 8 March", "30 2 * * *", newYork, "2026-03-07T12:00:00Z", []string{"2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}},
		{"New York has 01:30 twice on 1 November", "30 1 * * *", newYork, "2026-10-31T12:00:00Z", []string{"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"}},
		{"every quarter of an hour the gap is one slot", "*/15 2,3 29 3 *", paris, "2026-03-29T00:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-29T01:15:00Z"}},
	} {
		s := spec(t, c.spec, c.zone)
		now := at(t, c.from)
		for _, want := range c.want {
			next := s.Next(now)
			if !next.Equal(at(t, want)) {
				t.Errorf("%s: after %s comes %s, want %s", c.story, now.Format(time.RFC3339), next.UTC().Format(time.RFC3339), want)
				break
			}
			if prev := s.Prev(next); !prev.Equal(next) {
				t.Errorf("%s: Prev at the slot %s gives %s", c.story, want, prev.UTC().Format(time.RFC3339))
			}
			now = next
		}
	}
}

func TestPrevIsTheSlotThatNextLeadsTo(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC"} {
		for _, text := range []string{"0 7 * * 1", "30 2 * * *", "*/20 * * * *", "0 0 1 1 *", "0 12 29 2 *"} {
			s := spec(t, text, zone(t, name))
			for now := at(t, "2026-03-01T00:00:00Z"); now.Before(at(t, "2026-11-30T00:00:00Z")); now = now.Add(41*time.Hour + 13*time.Minute) {
				prev := s.Prev(now)
				if prev.IsZero() || prev.After(now) {
					t.Fatalf("%s in %s: Prev(%s) = %s", text, name, now, prev)
				}
				if next := s.Next(prev); !next.After(now) {
					t.Fatalf("%s in %s: Prev(%s) = %s, but %s lies between", text, name, now, prev, next)
				}
			}
		}
	}
}

func TestSpecsThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"TZ=UTC":                       "zone",
		"CRON_TZ=Asia/Tokyo 0 * * * *": "zone",
		"@every 0s":                    "five fields",
		"@daily":                       "five fields",
		"0 0 30 2 *":                   "never comes",
		"0 0 7 * * 1":                  "6 fields",
		"":                             "0 fields",
		"61 7 * * 1":                   "61",
		"0 7 * * funday":               "funday",
	} {
		_, err := Parse(text, time.UTC)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want a word on %q", text, err, want)
		}
	}
	if _, err := Parse("0 7 * * 1", nil); err == nil {
		t.Error("a spec without a zone was taken")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0 7 * * 1", "*/5 1-3 1,2 JAN MON", "TZ=UTC", "@every 1h", "0 0 30 2 *", "0 0 29 2 *"} {
		f.Add(s)
	}
	paris := zone(f, "Europe/Paris")
	now := at(f, "2026-10-25T00:45:00Z")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text, paris)
		if err != nil {
			return
		}
		if next := s.Next(now); !next.After(now) {
			t.Errorf("%q: after %s comes %s", text, now, next)
		}
		if prev := s.Prev(now); prev.After(now) {
			t.Errorf("%q: before %s was %s", text, now, prev)
		}
	})
}
