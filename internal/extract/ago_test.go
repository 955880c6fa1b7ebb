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
