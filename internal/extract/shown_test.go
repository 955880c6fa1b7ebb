package extract

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

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
