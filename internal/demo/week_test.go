package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// moments at which a reader may look: the usual one, just after midnight, just
// before, and around both changes of the clock.
func moments(t *testing.T) []time.Time {
	t.Helper()
	zone, err := time.LoadLocation(newsroomZone)
	if err != nil {
		t.Fatal(err)
	}
	return []time.Time{
		time.Date(2026, 11, 20, 16, 0, 0, 0, zone),
		time.Date(2026, 11, 20, 0, 0, 0, 0, zone),
		time.Date(2026, 11, 20, 23, 59, 59, 0, zone),
		time.Date(2027, 3, 29, 0, 30, 0, 0, zone),
		time.Date(2026, 10, 26, 0, 30, 0, 0, zone),
		time.Date(2027, 1, 1, 7, 0, 0, 0, zone),
	}
}

func theWeek(t *testing.T) week {
	t.Helper()
	w, err := openWeek(moments(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func words(e entry) int {
	n := 0
	for _, b := range e.Blocks {
		n += len(strings.Fields(b.Text))
	}
	return n
}

func TestTheWeekIsWhatItSaysItIs(t *testing.T) {
	w := theWeek(t)
	if len(w.outlets) != 8 {
		t.Errorf("%d outlets, want 8", len(w.outlets))
	}
	kinds := map[kind]int{}
	for _, o := range w.outlets {
		kinds[o.Kind]++
	}
	if kinds[rss] != 3 || kinds[atom] != 2 || kinds[json] != 1 || kinds[plain] != 2 {
		t.Errorf("kinds of outlets: %v", kinds)
	}
	specials := map[special]int{}
	readable, french := 0, 0
	for _, e := range w.entries {
		specials[e.Special]++
		if e.Special == wall || e.Special == gone {
			continue
		}
		readable++
		if e.Outlet.Language == digest.French {
			french++
		}
		if n := words(e); n < 120 || n > 260 {
			t.Errorf("%s/%s has %d words, want 120 to 260", e.Outlet.Key, e.Slug, n)
		}
	}
	if readable < 38 {
		t.Errorf("%d articles, want at least 38", readable)
	}
	if share := float64(french) / float64(readable); share < 2./3-.05 || share > 2./3+.05 {
		t.Errorf("%d of %d articles are French (%.0f %%), want two thirds", french, readable, 100*share)
	}
	for _, s := range []special{noisy, undated, latin1, wall, gone, offside, copied} {
		if specials[s] != 1 {
			t.Errorf("special %q occurs %d times, want once", s, specials[s])
		}
	}
}

func TestEventsAreCoveredBySeveralOutletsAndOneInBothLanguages(t *testing.T) {
	w := theWeek(t)
	outlets := map[string]map[string]bool{}
	languages := map[string]map[digest.Language]bool{}
	for _, e := range w.entries {
		if e.Event == "" {
			continue
		}
		if outlets[e.Event] == nil {
			outlets[e.Event], languages[e.Event] = map[string]bool{}, map[digest.Language]bool{}
		}
		if outlets[e.Event][e.Outlet.Key] {
			t.Errorf("%s tells of %s twice", e.Outlet.Name, e.Event)
		}
		outlets[e.Event][e.Outlet.Key] = true
		languages[e.Event][e.Outlet.Language] = true
	}
	both := 0
	for event, in := range outlets {
		if len(in) < 2 || len(in) > 4 {
			t.Errorf("%s is covered by %d outlets, want 2 to 4", event, len(in))
		}
		if len(languages[event]) == 2 {
			both++
		}
	}
	if n := len(outlets); n < 6 || n > 8 {
		t.Errorf("%d events, want 6 to 8", n)
	}
	if both != 1 {
		t.Errorf("%d events in both languages, want 1", both)
	}
}

func TestEveryThemeHasThreeStoriesAndFiveHaveFour(t *testing.T) {
	stories := map[string]map[string]bool{}
	for _, e := range theWeek(t).entries {
		if e.Special == wall || e.Special == gone {
			continue
		}
		if stories[e.Theme] == nil {
			stories[e.Theme] = map[string]bool{}
		}
		name := e.Slug
		if e.Event != "" {
			name = e.Event
		}
		stories[e.Theme][name] = true
	}
	four := 0
	for _, theme := range []string{"models", "research", "products", "companies", "regulation", "geopolitics", "hardware", "security"} {
		if len(stories[theme]) < 3 {
			t.Errorf("theme %s has %d stories, want 3 at least", theme, len(stories[theme]))
		}
		if len(stories[theme]) >= 4 {
			four++
		}
	}
	if four < 5 {
		t.Errorf("%d themes have four stories, want 5", four)
	}
}

func TestAllDatesLieInTheWeekBeforeNow(t *testing.T) {
	for _, now := range moments(t) {
		w, err := openWeek(now)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range w.entries {
			if !e.Published.Before(now) || !e.Published.After(now.AddDate(0, 0, -7)) {
				t.Errorf("at %v, %s is dated %v", now, e.Slug, e.Published)
			}
		}
		if !slices.IsSortedFunc(w.entries, func(a, b entry) int { return b.Published.Compare(a.Published) }) {
			t.Errorf("at %v the week is not in order, newest first", now)
		}
	}
}

func TestDaysInTheTextsFollowTheClock(t *testing.T) {
	for _, e := range theWeek(t).entries {
		for _, b := range e.Blocks {
			if strings.ContainsAny(b.Text, "{}") {
				t.Errorf("%s: a mark is left in %q", e.Slug, b.Text)
			}
		}
	}
	w := theWeek(t)
	i := slices.IndexFunc(w.entries, func(e entry) bool { return e.Slug == "corvus-3-modele-ouvert-lumenor" })
	if lead := w.entries[i].Lead(); !strings.Contains(lead, "a publié lundi les poids") { // 20 November 2026 is a Friday
		t.Errorf("lead: %s", lead)
	}
}

// bad typography, per language.
var (
	badFrench  = regexp.MustCompile(`['"]| [;:!?%»]|« |[^\x{a0}]»|«[^\x{a0}]|\d \d{3}|\.\.\.|  `)
	badEnglish = regexp.MustCompile(`['"]| [;:!?%]|«|»|\.\.\.|  `)
)

func TestTypographyIsThatOfItsLanguage(t *testing.T) {
	for _, e := range theWeek(t).entries {
		bad := badEnglish
		if e.Outlet.Language == digest.French {
			bad = badFrench
		}
		texts := []string{e.Title}
		for _, b := range e.Blocks {
			texts = append(texts, b.Text)
		}
		for _, text := range texts {
			if at := bad.FindStringIndex(text); at != nil {
				t.Errorf("%s/%s: %q in %q", e.Outlet.Key, e.Slug, text[at[0]:at[1]], text)
			}
		}
	}
}

func TestAMalformedArticleIsRefusedWithTheReason(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"no head":       {"Just text.\n", "no head"},
		"unknown field": {"---\ntitel: x\n---\n", `unknown field "titel"`},
		"no pair":       {"---\ntitle\n---\n", "name: value"},
		"bad time":      {"---\nat: tomorrow\n---\n", "-3 08:15"},
		"too old":       {"---\nat: -9 08:15\n---\n", "from -6 to -1"},
		"no author":     {"---\ntitle: x\nat: -1 08:15\n---\nText.\n", "must be given"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseEntry(outlets()[0], "x", c.file)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}
