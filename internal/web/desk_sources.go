package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// Sources knows how a newsletter's sources do.
type Sources interface {
	// SourceStates gives one state for each source that the newsletter names.
	SourceStates(ctx context.Context, newsletter string) ([]digest.SourceState, error)
	// Coverage tells, by source ID, what became of the articles found since.
	Coverage(ctx context.Context, newsletter string, since time.Time) (map[string]digest.Coverage, error)
	// Visits gives the last visits of a source that brought something or met
	// trouble, the latest first.
	Visits(ctx context.Context, sourceID string, limit int) ([]digest.Visit, error)
}

// shownVisits is how much of a source's history the page shows.
const shownVisits = 10

// covered is how far back coverage is counted: four issues of a weekly letter.
const covered = 28 * 24 * time.Hour

type sourcesView struct {
	frame
	Choice []filter // newsletters to look at
	Name   string   // of the one looked at
	Lists  []sourceList
	Well   int // sources that nobody has to look after
	Total  digest.Coverage
	None   string // what to do where there is nothing yet
}

// sourceList is a part of the list: what needs an editor comes first.
type sourceList struct {
	ID, Title string
	Lines     []sourceEntry
}

// sourceEntry is a source with its health and what became of its articles. The
// three widths are percentages of the busiest source's articles.
type sourceEntry struct {
	ID                  string
	Name, URL, Link     string // Link is empty for what no browser opens
	Kind                digest.SourceKind
	Condition           digest.Condition
	State, Trouble      string // words
	Visited, Next       time.Time
	Cover               digest.Coverage
	Found, Read, Picked int
	Visits              []sourceVisit // the latest first
}

// sourceVisit is a line of a source's history.
type sourceVisit struct {
	At   time.Time
	Said string
}

// listSources shows how the sources of a newsletter do.
func (s *site) listSources(w http.ResponseWriter, r *http.Request) error {
	if s.Sources == nil {
		return s.nothingHere(w, r)
	}
	all, err := s.shelf.Newsletters(r.Context())
	if err != nil {
		return err
	}
	v := sourcesView{frame: s.deskFrame(r)}
	v.Title = v.T("desk.sources.title")
	v.None = v.none(all, "desk.sources.none")
	if len(all) == 0 {
		s.show(w, r, http.StatusOK, "desk/sources.html", v)
		return nil
	}
	wanted := r.URL.Query().Get("newsletter")
	at := max(0, slices.IndexFunc(all, func(n digest.Newsletter) bool { return n.Slug == wanted }))
	if len(all) > 1 {
		for i, n := range all {
			v.Choice = append(v.Choice, filter{n.Name, "/desk/sources?newsletter=" + url.QueryEscape(n.Slug), i == at})
		}
	}
	n := all[at]
	v.Name, v.zone = n.Name, zoneOf(n)
	states, err := s.Sources.SourceStates(r.Context(), n.Slug)
	if err != nil {
		return err
	}
	coverage, err := s.Sources.Coverage(r.Context(), n.Slug, s.Now().Add(-covered))
	if err != nil {
		return err
	}
	history := make(map[string][]digest.Visit, len(n.Sources))
	for _, source := range n.Sources {
		if history[source.ID], err = s.Sources.Visits(r.Context(), source.ID, shownVisits); err != nil {
			return err
		}
	}
	v.fill(n.Sources, states, coverage, s.Now())
	v.remember(history)
	s.show(w, r, http.StatusOK, "desk/sources.html", v)
	return nil
}

// fill puts what needs an editor above the rest, and the busiest first.
func (v *sourcesView) fill(sources []digest.Source, states []digest.SourceState, coverage map[string]digest.Coverage, now time.Time) {
	of := make(map[string]digest.SourceState, len(states))
	for _, state := range states {
		of[state.SourceID] = state
	}
	most := 1
	for _, source := range sources {
		most = max(most, coverage[source.ID].Found)
	}
	var ill, well []sourceEntry
	for _, source := range sources {
		cover := coverage[source.ID]
		health := of[source.ID].Health(now).Given(cover)
		e := v.entry(source, of[source.ID], health, cover, most)
		if v.Total.Found += cover.Found; health.Well() {
			well = append(well, e)
		} else {
			ill = append(ill, e)
		}
		v.Total.Read += cover.Read
		v.Total.Chosen += cover.Chosen
	}
	v.Well = len(well)
	for _, list := range []sourceList{{"ill", v.T("desk.sources.ill"), ill}, {"well", v.T("desk.sources.well"), well}} {
		if len(list.Lines) > 0 {
			slices.SortStableFunc(list.Lines, func(a, b sourceEntry) int { return b.Cover.Found - a.Cover.Found })
			v.Lists = append(v.Lists, list)
		}
	}
}

func (v *sourcesView) entry(source digest.Source, state digest.SourceState, health digest.Health, cover digest.Coverage, most int) sourceEntry {
	e := sourceEntry{
		ID: source.ID, Name: source.Name, URL: source.URL, Kind: source.Kind, Condition: health.Condition,
		State: v.T("health."+string(health.Condition), "Count", health.Days), Visited: state.Checked, Next: state.NextVisit,
		Cover: cover, Found: cover.Found * 100 / most, Read: cover.Read * 100 / most, Picked: cover.Chosen * 100 / most,
	}
	if u, err := url.Parse(source.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		u.User = nil
		e.URL, e.Link = u.String(), u.String()
	}
	for _, name := range []string{state.Title, strings.TrimPrefix(strings.TrimPrefix(e.URL, "https://"), "http://")} {
		if e.Name == "" {
			e.Name = name
		}
	}
	e.Trouble = v.troubled(state.Trouble)
	return e
}

// troubled says in words what a visit met; empty: nothing.
func (v *sourcesView) troubled(code string) string {
	if code == "" {
		return ""
	}
	return v.Or("desk.trouble."+code, code)
}

// remember adds to each source what its last visits brought or met.
func (v *sourcesView) remember(history map[string][]digest.Visit) {
	for _, list := range v.Lists {
		for i := range list.Lines {
			for _, visit := range history[list.Lines[i].ID] {
				said := v.troubled(visit.Trouble)
				if said == "" {
					said = v.T("desk.sources.brought", "Count", visit.New, "Entries", visit.Entries)
				}
				list.Lines[i].Visits = append(list.Lines[i].Visits, sourceVisit{visit.At, said})
			}
		}
	}
}
