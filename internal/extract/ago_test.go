package extract

import (
	"strings"
	"testing"
	"time"
)

func TestDatesThatCountFromNow(t *testing.T) {
	now := time.Date(2026, 2, 11, 16, 40, 20, 0, paris(t)) // a Wednesday
	for in, want := range map[string]string{
		"Publié il y a 3 heures":     "2026-02-11T13:40",
		"il y a une heure":           "2026-02-11T15:40",
		"il y a 25 min":              "2026-02-11T16:15",
		"il y a 2 jours":             "2026-02-09T00:00",
		"il y a 3 j":                 "2026-02-08T00:00",
		"il y a une semaine":         "2026-02-04T00:00",
		"hier à 14 h":                "2026-02-10T14:00",
		"Publié hier à 8h05":         "2026-02-10T08:05",
		"avant-hier":                 "2026-02-09T00:00",
		"aujourd’hui à 9 h":          "2026-02-11T09:00",
		"vendredi dernier":           "2026-02-06T00:00",
		"mercredi dernier à 18 h 30": "2026-02-04T18:30",
		"2 days ago":                 "2026-02-09T00:00",
		"an hour ago":                "2026-02-11T15:40",
		"5h ago":                     "2026-02-11T11:40",
		"yesterday at 9:15 pm":       "2026-02-10T21:15",
		"last Friday":                "2026-02-06T00:00",
		"il y a trente ans":          "",
		"two centuries ago":          "",
		"la veille au soir":          "",
		"il y a peu d’articles dans ce numéro.": "",
	} {
		got, ok := ago(in, now)
		if s := got.at.Format("2006-01-02T15:04"); ok != (want != "") || ok && s != want {
			t.Errorf("%q: %s %v, want %q", in, s, ok, want)
		}
	}
}

func TestAPageThatOnlyCountsFromNowHasADate(t *testing.T) {
	now := time.Date(2026, 2, 11, 16, 40, 0, 0, paris(t))
	for line, want := range map[string]string{
		"<div>Publié il y a 3 heures par Ada Lovelace</div>": "2026-02-11T13:40:00+01:00",
		"<span>il y a 2 jours</span>":                        "2026-02-09T00:00:00+01:00",
	} {
		page := "<html lang=fr><head><title>Un titre assez long</title></head><body><article><h1>Un titre assez long</h1>" + line + sized("Le port a rouvert mardi après trois jours de tempête.", 5) + "</article></body></html>"
		a, err := Page([]byte(page), "https://gazette.example/x", Hint{Zone: paris(t), Now: now})
		if got := a.Published.Format(time.RFC3339); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", line, got, err, want)
		}
		if strings.Contains(line, "Ada") && (len(a.Authors) != 1 || a.Authors[0] != "Ada Lovelace") {
			t.Errorf("%q", a.Authors)
		}
	}
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{
		"Publié le 14 mars 2025 à 08h06", "Published March 3, 2026 at 9:15 pm", "2025-03-14T08:06:59+02:00", "14/03/2025 - 08:06 UTC", "le 1er août 2025", "2026/2/30",
		"il y a 3 heures", "hier à 14 h", "avant-hier", "vendredi dernier à 18 h 30", "an hour ago", "last Friday at 25:99", "Mis à jour le 29.02.2024 à 24h60", "29 mars 2026 à 2h30 +9999",
		"Par Ada Lovelace, le 3 févr. 2026", "Mon, 02 Jan 2006 15:04:05 MST", "0001-01-01T00:00:00Z",
	} {
		f.Add(s)
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 2, 11, 16, 40, 20, 0, zone)
	f.Fuzz(func(t *testing.T, line string) {
		for name, read := range map[string]func(string, *time.Location) (moment, bool){"a line": readDate, "a field": stamp} {
			got, ok := read(line, zone)
			if !ok {
				continue
			}
			if y := got.at.Year(); !plausible(y) {
				t.Fatalf("%s: the year %d", name, y)
			}
			if again, ok := stamp(got.at.Format(time.RFC3339), zone); !ok || !again.at.Equal(got.at.Truncate(time.Second)) {
				t.Fatalf("%s: %v is read as %v", name, got.at, again.at)
			}
			if h, m, s := got.at.Clock(); name == "a line" && !got.timed && h+m+s != 0 {
				t.Fatalf("%v has a time that the line has not", got.at)
			}
		}
		if got, ok := ago(line, now); ok && (got.at.After(now.Add(24*time.Hour)) || got.at.Before(now.AddDate(-2, 0, 0))) {
			t.Fatalf("%v, counted from %v", got.at, now)
		}
		if who := beforeDate(line); !strings.HasPrefix(line, who) {
			t.Fatalf("%q is not where %q begins", who, line)
		}
		bareDate(line)
		datedLine(line)
		names(line)
	})
}
