package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
	"hebdo/internal/store"
)

// covered is how far back the coverage of a source is counted: four issues.
const covered = 28 * 24 * time.Hour

// statesOf gives what is remembered of each source, by its ID.
func statesOf(ctx context.Context, s *store.Store, slug string) (map[string]digest.SourceState, error) {
	states, err := s.SourceStates(ctx, slug)
	of := make(map[string]digest.SourceState, len(states))
	for _, state := range states {
		of[state.SourceID] = state
	}
	return of, err
}

// ailing says in words how a source does.
func (c *console) ailing(h digest.Health) string {
	return c.words.T("health."+string(h.Condition), "Count", h.Days)
}

// troubled says in words what a source's last visit met.
func (c *console) troubled(code string) string {
	if key := "desk.trouble." + code; c.words.Has(key) {
		return c.words.T(key)
	}
	return code
}

// reason is what a condition leaves open.
func (c *console) reason(state digest.SourceState, h digest.Health) string {
	switch h.Condition {
	case digest.SourceFailing, digest.SourceBlocked, digest.SourceSlow:
		return c.troubled(state.Trouble)
	}
	return ""
}

// printHealth shows each source with its condition, its next visit and what
// became of its articles.
func (c *console) printHealth(ctx context.Context, s *store.Store, nl digest.Newsletter, of map[string]digest.SourceState) error {
	zone, err := zoneOf(nl)
	if err != nil {
		return err
	}
	now := theWorld().now()
	coverage, err := s.Coverage(ctx, nl.Slug, now.Add(-covered))
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, c.t("sources.health.head"))
	for _, source := range nl.Sources {
		state, got := of[source.ID], coverage[source.ID]
		name := source.Name
		if name == "" {
			name = state.Title
		}
		health := state.Health(now).Given(got)
		line := fmt.Sprintf("%s\t%s\t%s\t%s\t%d → %d → %d\t%s", c.ailing(health), name, day(state.Checked, zone), day(state.NextVisit, zone),
			got.Found, got.Read, got.Chosen, fetch.Public(source.URL))
		if why := c.reason(state, health); why != "" {
			line += "\t" + why
		}
		fmt.Fprintln(w, line)
	}
	return w.Flush()
}

func day(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(zone).Format("2006-01-02 15:04 MST")
}

type sourceJSON struct {
	Kind     string  `json:"kind"`
	URL      string  `json:"url"`
	Name     string  `json:"name,omitempty"`
	Language string  `json:"language,omitempty"`
	Weight   float64 `json:"weight,omitempty"`
	Links    string  `json:"links,omitempty"`
	Checked  string  `json:"checked,omitempty"`
	Failures int     `json:"failures"`
	Trouble  string  `json:"trouble,omitempty"`

	Health     string      `json:"health"`
	SilentDays int         `json:"silent_days,omitempty"`
	Newest     string      `json:"newest,omitempty"`
	NextVisit  string      `json:"next_visit,omitempty"`
	HeldUntil  string      `json:"held_until,omitempty"`
	Gone       string      `json:"gone,omitempty"`
	Entries    int         `json:"entries"`
	Undated    int         `json:"undated,omitempty"`
	Seconds    float64     `json:"seconds"`
	Found      *int        `json:"found,omitempty"` // with --health: in 28 days
	Read       *int        `json:"read,omitempty"`
	Chosen     *int        `json:"chosen,omitempty"`
	Visits     []visitJSON `json:"visits,omitempty"`
}

type visitJSON struct {
	At      string  `json:"at"`
	Seconds float64 `json:"seconds"`
	Entries int     `json:"entries"`
	New     int     `json:"new"`
	Trouble string  `json:"trouble,omitempty"`
}

func sourceLine(s digest.Source, state digest.SourceState, cover digest.Coverage, now time.Time) sourceJSON {
	h := state.Health(now).Given(cover)
	return sourceJSON{
		Kind: string(s.Kind), URL: fetch.Public(s.URL), Name: s.Name, Language: string(s.Language), Weight: s.Weight, Links: s.Links,
		Checked: stamp(state.Checked), Failures: state.Failures, Trouble: state.Trouble,
		Health: string(h.Condition), SilentDays: h.Days, Newest: stamp(state.Newest), NextVisit: stamp(state.NextVisit),
		HeldUntil: stamp(state.HeldUntil), Gone: stamp(state.Gone), Entries: state.Entries, Undated: state.Undated,
		Seconds: state.Took.Seconds(),
	}
}

// printSources writes them for machines; with health, also what became of
// their articles and the last visits that brought something or met trouble.
func (c *console) printSources(ctx context.Context, s *store.Store, nl digest.Newsletter, of map[string]digest.SourceState, health bool) error {
	now := theWorld().now()
	coverage, err := s.Coverage(ctx, nl.Slug, now.Add(-covered))
	if err != nil {
		return err
	}
	out := []sourceJSON{}
	for _, source := range nl.Sources {
		got := coverage[source.ID]
		line := sourceLine(source, of[source.ID], got, now)
		if health {
			line.Found, line.Read, line.Chosen = &got.Found, &got.Read, &got.Chosen
			visits, err := s.Visits(ctx, source.ID, 20)
			if err != nil {
				return err
			}
			for _, v := range visits {
				line.Visits = append(line.Visits, visitJSON{stamp(v.At), v.Took.Seconds(), v.Entries, v.New, v.Trouble})
			}
		}
		out = append(out, line)
	}
	return c.print(out)
}
