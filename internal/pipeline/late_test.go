package pipeline_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/collect"
	"hebdo/internal/digest"
	"hebdo/internal/extract"
	"hebdo/internal/fetch"
	"hebdo/internal/pipeline"
	"hebdo/internal/render"
	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
	"hebdo/internal/summarise"
)

// desk is a newsletter made from a site that changes, at a time that is set.
type desk struct {
	*testing.T
	now   time.Time
	store *store.Store
	line  *pipeline.Pipeline
	feeds map[string][]string // articles that a feed shows, by their IDs in the labelled week
	dates map[string]string   // of these
	down  map[string]bool     // pages that cannot be had
	week  map[string]labelled // by ID
}

func newDesk(t *testing.T, now time.Time) (d *desk, address string) {
	d = &desk{T: t, now: now, feeds: map[string][]string{}, dates: map[string]string{}, down: map[string]bool{}, week: map[string]labelled{}}
	for _, a := range readWeek(t, "may.txt", now) {
		d.week[a.ID] = a
	}
	site := httptest.NewServer(http.HandlerFunc(d.serve))
	t.Cleanup(site.Close)
	clock := func() time.Time { return d.now }
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "hebdo.db"), store.Options{Now: clock, NewID: storetest.NewID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := fetch.New(fetch.Options{
		Interval: -1, Retries: -1, IgnoreRobots: true, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: clock,
	})
	t.Cleanup(client.Close)
	letters, err := render.New(render.Options{PublicURL: &url.URL{Scheme: "https", Host: "news.example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	d.store = s
	d.line = &pipeline.Pipeline{
		Collector: collect.New(client, s, collect.Options{Now: clock, NewID: storetest.NewID}),
		Extractor: extract.New(client, extract.Options{Now: clock}),
		Writer:    summarise.New(summarise.Options{}),
		Renderer:  letters,
		Archive:   s, Issues: s, Progress: s, Rulings: s,
		Now: clock, NewID: storetest.NewID,
	}
	return d, site.URL
}

// material are the articles an issue was made of, chosen or left out.
func material(issue digest.Issue) (names []string) {
	for _, left := range issue.LeftOut {
		names = append(names, path.Base(left.URL))
	}
	for _, section := range issue.Sections {
		for _, it := range section.Items {
			for _, c := range it.Citations {
				names = append(names, path.Base(c.URL))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (d *desk) serve(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	if list, ok := d.feeds[name]; ok {
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Le Phare</title>`)
		for _, id := range list {
			fmt.Fprintf(w, `<item><title>%s</title><link>http://%s/%s</link><pubDate>%s</pubDate></item>`,
				html.EscapeString(d.week[id].Title), r.Host, id, d.dates[id])
		}
		fmt.Fprint(w, `</channel></rss>`)
		return
	}
	a, ok := d.week[name]
	switch {
	case !ok:
		http.NotFound(w, r)
	case d.down[name]:
		http.Error(w, "down", http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang=%q><head><title>%s</title></head><body><main><article><h1>%[2]s</h1><p>%s</p></article></main></body></html>`,
			a.Language, html.EscapeString(a.Title), strings.ReplaceAll(html.EscapeString(a.Text), "\n\n", "</p><p>"))
	}
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// show lets a feed show an article of a date, written as feeds write it or as a day alone.
func (d *desk) show(feed, id, date string) {
	d.feeds[feed], d.dates[id] = append(d.feeds[feed], id), date
}

// read is the newsletter with these feeds, whose sources were just visited.
func (d *desk) read(urls ...string) digest.Newsletter {
	d.Helper()
	nl := digest.Newsletter{
		Slug: "week", Name: "Week", Zone: "UTC", Languages: []digest.Language{digest.French, digest.English}, Window: 7 * 24 * time.Hour,
	}
	for _, url := range urls {
		nl.Sources = append(nl.Sources, digest.Source{Kind: digest.SourceFeed, URL: url})
	}
	d.must(d.store.SaveNewsletter(d.Context(), nl))
	nl, err := d.store.Newsletter(d.Context(), "week")
	d.must(err)
	_, err = d.line.Collect(d.Context(), nl)
	d.must(err)
	return nl
}

func (d *desk) draft(nl digest.Newsletter, slot string, want ...string) digest.Issue {
	d.Helper()
	issue, err := d.line.Draft(d.Context(), nl, slot, nil)
	d.must(err)
	slices.Sort(want)
	if diff := cmp.Diff(want, material(issue)); diff != "" {
		d.Fatalf("what %s was made of (-want +got):\n%s", slot, diff)
	}
	return issue
}

func (d *desk) approve(issue digest.Issue) {
	d.Helper()
	_, err := d.store.ApproveIssue(d.Context(), issue, func(issue digest.Issue) ([]digest.Edition, error) {
		return []digest.Edition{{IssueID: issue.ID, Hash: "h", Letter: digest.Letter{Variant: digest.Variant{Language: digest.French, Length: digest.Full}}}}, nil
	})
	d.must(err)
}

// What comes to hand after a draft, dated before it, belongs to the next issue:
// at most once, and not when it is older than the window of the issue it missed.
func TestWhatComesAfterADraftBelongsToTheNextIssue(t *testing.T) {
	monday := time.Date(2026, 5, 11, 6, 0, 0, 0, time.UTC)
	d, site := newDesk(t, monday)
	phare, signal := site+"/phare", site+"/signal"
	d.show("phare", "lycee", "Fri, 08 May 2026 08:00:00 GMT")
	d.show("phare", "off-tour", "Fri, 08 May 2026 08:00:00 GMT") // in hand, and left out
	d.show("phare", "glacier", "Wed, 06 May 2026 08:00:00 GMT")
	d.down["glacier"] = true
	nl := d.read(phare)
	d.approve(d.draft(nl, "one", "lycee", "off-tour"))

	d.now = monday.Add(8 * time.Hour)
	d.down["glacier"] = false                                   // read only now
	d.show("phare", "atelier", "Sun, 10 May 2026 21:00:00 GMT") // shown only now
	d.show("phare", "hopital", "2026-05-11")                    // appeared since the draft, which its date cannot tell
	d.show("signal", "haldane", "Tue, 05 May 2026 08:00:00 GMT")
	d.show("signal", "memoire", "Sat, 02 May 2026 08:00:00 GMT") // the archive of a new source
	d.show("signal", "bench", "Tue, 12 May 2026 02:00:00 GMT")   // dated ahead
	nl = d.read(phare, signal)
	late := []string{"glacier", "atelier", "hopital", "haldane"}
	two := d.draft(nl, "two", late...)
	d.now = monday.Add(9 * time.Hour)
	d.approve(d.draft(nl, "two", late...))
	if !two.From.Equal(monday) {
		t.Errorf("the second issue begins at %s", two.From)
	}

	d.now = monday.AddDate(0, 0, 7)
	d.show("phare", "drone", "Thu, 14 May 2026 08:00:00 GMT")
	nl = d.read(phare, signal)
	d.approve(d.draft(nl, "three", "bench", "drone"))

	var again []string
	d.must(d.line.Replay(t.Context(), nl, 9, func(r pipeline.Replayed) {
		again = append(again, r.Issue.Slot)
		if r.Both != r.Issue.Stories() || len(r.Picks) != r.Both {
			t.Errorf("picked anew, %s has %+v", r.Issue.Slot, r.Picks)
		}
	}))
	if diff := cmp.Diff([]string{"three", "two", "one"}, again); diff != "" {
		t.Error(diff)
	}
}

// The first issue made once more has what it had: what was a week old when it
// was first drafted has not become too old meanwhile.
func TestTheFirstIssueDraftedAnewIsMadeOfTheSame(t *testing.T) {
	monday := time.Date(2026, 5, 11, 6, 0, 0, 0, time.UTC)
	d, site := newDesk(t, monday)
	d.show("phare", "lycee", "Mon, 04 May 2026 07:00:00 GMT")
	d.show("phare", "memoire", "Mon, 04 May 2026 05:00:00 GMT")
	nl := d.read(site + "/phare")
	d.draft(nl, "one", "lycee")
	d.now = monday.Add(3 * time.Hour)
	d.draft(nl, "one", "lycee")
}

// An issue made by hand in the morning has an earlier day on its letter than the
// one that was drafted before it and goes out at noon.
func TestAnIssueBeginsWhereTheLastDraftEnded(t *testing.T) {
	monday := time.Date(2026, 5, 11, 6, 0, 0, 0, time.UTC)
	d, site := newDesk(t, monday)
	d.show("phare", "lycee", "Fri, 08 May 2026 08:00:00 GMT")
	d.approve(d.draft(d.read(site+"/phare"), "2026-05-11T12:00:00Z", "lycee"))
	for hour, id := range []string{"hopital", "glacier", "drone"} {
		d.now = monday.Add(time.Duration(hour+1) * time.Hour)
		d.show("phare", id, d.now.Format(time.RFC1123))
		d.approve(d.draft(d.read(site+"/phare"), fmt.Sprint("2026-05-11#", hour+1), id))
	}
}
