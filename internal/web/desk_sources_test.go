package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// larder is what the store knows of sources.
type larder struct{}

func (larder) SourceStates(context.Context, string) ([]digest.SourceState, error) {
	return []digest.SourceState{
		{SourceID: "s1", Checked: monday, NextVisit: monday.Add(time.Hour), Newest: monday, Entries: 20},
		{SourceID: "s2", Checked: monday, Gone: monday, Trouble: "source.gone", Failures: 1},
		{SourceID: "s3", Checked: monday, Newest: monday.AddDate(0, 0, -40), Entries: 3},
		{SourceID: "s5", Checked: monday, Newest: monday, Entries: 9},
	}, nil
}

func (larder) Coverage(context.Context, string, time.Time) (map[string]digest.Coverage, error) {
	return map[string]digest.Coverage{"s1": {Found: 40, Read: 30, Chosen: 8}, "s3": {Found: 4, Read: 4, Chosen: 1}, "s5": {Found: 9}}, nil
}

func (larder) Visits(_ context.Context, source string, limit int) ([]digest.Visit, error) {
	if source != "s2" || limit < 2 {
		return nil, nil
	}
	return []digest.Visit{{At: monday, Trouble: "source.gone"}, {At: monday.Add(-time.Hour), Entries: 20, New: 3}}, nil
}

func stocked(t *testing.T) *house {
	h := furnished(t)
	h.letters[0].Sources = []digest.Source{
		{ID: "s1", Kind: digest.SourceFeed, URL: "https://ada:secret@phare.example/feed", Name: "Le Phare"},
		{ID: "s2", Kind: digest.SourceFeed, URL: "https://labo.example/rss"},
		{ID: "s3", Kind: digest.SourcePage, URL: "https://gazette.example/ia", Name: "<b>La Gazette</b>"},
		{ID: "s4", Kind: digest.SourceFolder, URL: "/srv/textes"},
		{ID: "s5", Kind: digest.SourceFeed, URL: "https://mur.example/feed"},
	}
	return h
}

func TestTheDeskTellsHowTheSourcesDo(t *testing.T) {
	withSources := func(o *Options) { o.Sources = larder{} }
	b := open(t, stocked(t), withSources).logIn()
	a := b.get("/desk/sources")
	a.want(t, http.StatusOK, "À surveiller", "En ordre", "Le Phare", "disparue", "muette depuis 40 jours", "aucun article n’a pu être lu", "pas encore visitée",
		"53 articles trouvés, 34 lus, 9 choisis", `aria-label="40 trouvés, 30 lus, 8 choisis"`, "Supprimée pour de bon", "Dernières visites", "3 nouveaux articles sur 20", "labo.example/rss",
		"&lt;b&gt;La Gazette", `<a href="/desk/sources">Sources</a>`)
	if strings.Contains(a.body, "secret") {
		t.Error("the page shows a password")
	}
	if strings.Index(a.body, "mur.example") > strings.Index(a.body, "Le Phare") {
		t.Error("a source of which nothing can be read counts as well")
	}
	if strings.Index(a.body, "labo.example") > strings.Index(a.body, "Le Phare") {
		t.Error("what needs an editor does not come first")
	}
	b.get("/desk/sources?lang=en").want(t, http.StatusOK, "To look after", "silent for 40 days", "40 found, 30 read, 8 chosen")
	open(t, stocked(t), withSources).get("/desk/sources").wantGone(t, "/desk/login?next=%2Fdesk%2Fsources")
	open(t, stocked(t)).logIn().get("/desk/sources").want(t, http.StatusNotFound)
}
