package extract

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const dispatch = "Le pont qui relie les deux rives du port rouvre lundi, trois semaines après la tempête qui avait emporté son tablier."

func TestTheDayReadersSeeAgainstTheFields(t *testing.T) {
	zone := paris(t)
	field := func(s string) string { return `<meta property="article:published_time" content="` + s + `">` }
	for name, c := range map[string]struct{ head, above, below, want string }{
		"alone":                          {"", "", "<p>10.02.2026</p>", "2026-02-10"},
		"a field that is later":          {field("2026-02-17"), "", "<p>Mardi 10 février 2026</p>", "2026-02-10"},
		"a field in another zone":        {field("2026-02-11T02:41:00Z"), "", "<p>Inès Daoud 10/2/2026 22:41</p>", "2026-02-10"},
		"a field that is much later":     {field("2026-02-17"), "", "<p>28 juin 2014</p>", "2026-02-17"},
		"a field that is earlier":        {field("2026-02-10"), "", "<p>21 mars 2026</p>", "2026-02-10"},
		"an appointment":                 {field("2026-02-10"), "", "<p>Rendez-vous : 5 février 2026 à 20 h, salle du port</p>", "2026-02-10"},
		"a change":                       {field("2026-02-10"), "", "<p>Mis à jour le 4 février 2026</p>", "2026-02-10"},
		"the day of today at the top":    {"", "<p>12 février 2026</p>", "<p>Publié le 10 février 2026</p>", "2026-02-10"},
		"by whom and when":               {field("2026-02-12"), "", "<p>Par Inès Daoud, le 10 février 2026</p>", "2026-02-10"},
		"month or day, nobody can tell":  {field("2026-02-10"), "", `<p lang="en">3/2/2026</p>`, "2026-02-10"},
		"the beginning of the text":      {"", "", "<p>BREST, 10 février 2026 – " + dispatch + "</p><aside><p>17.02.2026</p></aside>", "2026-02-10"},
		"the beginning, in brackets":     {"", "", "<p>(10 février 2026) " + dispatch + "</p><aside><p>17.02.2026</p></aside>", "2026-02-10"},
		"a field against the beginning":  {field("2026-02-12"), "", "<p>BREST, 10 février 2026 – " + dispatch + "</p>", "2026-02-12"},
		"changed, and published before":  {"", "", "<p>Mis à jour le 12 février 2026, publié le 10 février 2026</p>", "2026-02-10"},
		"the year of a copyright":        {"", "", "<footer><p>© La Gazette 2026</p></footer>", "0001-01-01"},
		"the first of January":           {"", "", "<p>1er janvier 2026</p>", "2026-01-01"},
		"nothing but a change":           {"", "", "<p>Modifié le 10 février 2026</p><footer><p>© 2026</p></footer>", "2026-02-10"},
		"German":                         {"", "", "<p>Veröffentlicht am 10. Februar 2026, 4 Minuten</p>", "2026-02-10"},
		"Spanish":                        {"", "", "<p>10 de febrero de 2026</p>", "2026-02-10"},
		"the fields against a far guess": {field("2026-02-10") + `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Le pont rouvre lundi","datePublished":"2026-02-10T08:00:00+01:00"}</script>`, "", "", "2026-02-10"},
	} {
		lang := "fr"
		if strings.Contains(c.below, `lang="en"`) {
			lang = "en"
		}
		page := `<html lang="` + lang + `"><head><title>Le pont rouvre lundi</title>` + c.head + `</head><body><main>` + c.above + `<h1>Le pont rouvre lundi</h1>` + c.below + prose(4) + `</main></body></html>`
		r, err := Read([]byte(page), "https://gazette.example/pont", Hint{Zone: zone, Now: time.Date(2026, 4, 1, 0, 0, 0, 0, zone)})
		if got := r.Article.Published.Format(time.DateOnly); err != nil || got != c.want {
			t.Errorf("%s: %s, want %s (%v)\n%s", name, got, c.want, err, strings.Join(r.Reasons, "\n"))
		}
	}
}

func TestAChangeIsReadFromTheLineThatTellsIt(t *testing.T) {
	zone := paris(t)
	now := time.Date(2026, 2, 12, 9, 0, 0, 0, zone)
	for line, want := range map[string]string{
		"Publié le 10 février 2026 à 8h06, mis à jour le 11 février 2026 à 9h30": "2026-02-11 09:30",
		"Publié le 10 février 2026 | Mis à jour hier à 10h":                      "2026-02-11 10:00",
		"Published 10 February 2026. Updated 11 February 2026":                   "2026-02-11 00:00",
		"Publié le 10 février 2026":                                              "0001-01-01 00:00",
		"Mis à jour le 3 février 2026, publié le 10 février 2026":                "0001-01-01 00:00", // before it was published
	} {
		page := `<html lang="fr"><head><title>Le pont rouvre lundi</title></head><body><main><h1>Le pont rouvre lundi</h1><p>` + line + `</p>` + prose(4) + `</main></body></html>`
		a, err := Page([]byte(page), "https://gazette.example/pont", Hint{Zone: zone, Now: now})
		if got := a.Modified.Format("2006-01-02 15:04"); err != nil || got != want || a.Published.Day() != 10 || strings.Contains(a.Text, "2026") {
			t.Errorf("%s: %s after %s, want %s (%v)\n%s", line, got, a.Published, want, err, a.Text)
		}
	}
}

func TestLinesByTheHeadlineNameAndDateAndStayOutOfTheText(t *testing.T) {
	now := time.Date(2026, 2, 12, 9, 0, 0, 0, paris(t))
	for line, want := range map[string]string{
		"Par Inès Daoud — 10 février 2026 à 08:06":          "Inès Daoud",
		"Authors: Inès Daoud, Maël Quéré":                   "Inès Daoud; Maël Quéré",
		"Par Inès Daoud, journaliste à La Gazette":          "Inès Daoud",
		"By Inès Daoud and Tom O’Neill, Staff Writers":      "Inès Daoud; Tom O’Neill",
		"La Rédaction, le vendredi 6 février 2026 à 8 h 06": "",
		"Il y a 3 heures":              "",
		"Publié hier à 18h30":          "",
		"2 days ago":                   "",
		"vendredi dernier":             "",
		"Mis à jour il y a 20 minutes": "",
	} {
		page := `<html lang="fr"><head><title>Le pont rouvre lundi</title></head><body><main><h1>Le pont rouvre lundi</h1><p>` + line + `</p>` + prose(4) + `</main></body></html>`
		a, err := Page([]byte(page), "https://gazette.example/pont", Hint{Zone: paris(t), Now: now})
		if got := strings.Join(a.Authors, "; "); err != nil || got != want || strings.Contains(a.Text, line) {
			t.Errorf("%s: %q, want %q (%v)\n%s", line, got, want, err, a.Text)
		}
	}
}

func TestWhoWroteIt(t *testing.T) {
	for name, c := range map[string]struct {
		m       meta
		library string
		near    []string
		want    []string
	}{
		"a person before a house":      {meta{people: []string{"Gazette des Quais"}, bylines: []string{"Par Inès Daoud"}, site: "La Gazette"}, "", nil, []string{"Inès Daoud"}},
		"a person before a word":       {meta{people: []string{"Inès Daoud"}}, "Ponts", nil, []string{"Inès Daoud"}},
		"a word before a house":        {meta{authors: []string{"Zorglub"}, site: "La Gazette"}, "La Gazette", nil, []string{"Zorglub"}},
		"a house, if there is none":    {meta{people: []string{"Rédaction"}}, "", nil, []string{"Rédaction"}},
		"a foundation is a house":      {meta{people: []string{"Stiftung Hafen e.V."}}, "", []string{"Inès Daoud"}, []string{"Inès Daoud"}},
		"the site's name after hers":   {meta{site: "La Gazette"}, "Inès Daoud La Gazette", nil, []string{"Inès Daoud"}},
		"a role without a colon":       {meta{bylines: []string{"Interview Inès Daoud"}}, "", nil, []string{"Inès Daoud"}},
		"a pen name":                   {meta{authors: []string{"freeman84"}}, "", nil, []string{"freeman84"}},
		"no figures alone":             {meta{authors: []string{"2026"}}, "", nil, nil},
		"several, the rubric left out": {meta{}, "Ponts, Inès Daoud et Maël Quéré", nil, []string{"Inès Daoud", "Maël Quéré"}},
	} {
		if diff := cmp.Diff(c.want, authors(c.m, c.library, "www.gazette.example", c.near, Hint{}).who); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for host, want := range map[string]string{"www.helmholtz-klima.de": "helmholtzklima", "news.bbc.co.uk": "bbc", "bundeskanzleramt.gv.at": "bundeskanzleramt", "localhost": ""} {
		if got := hostCore(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}
