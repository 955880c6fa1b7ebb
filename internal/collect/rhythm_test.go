package collect

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// visitor visits one source, at a time of the test's choosing.
type visitor struct {
	*testing.T
	memory *ledger
	now    time.Time
	c      *Collector
	source digest.Source
}

// newVisitor waits for an answer as long as it may take, or has this patience.
func newVisitor(t *testing.T, kind digest.SourceKind, url string, patience ...time.Duration) *visitor {
	v := &visitor{T: t, memory: newLedger(), now: monday, source: digest.Source{ID: "s", Kind: kind, URL: url}}
	client := fetch.New(fetch.Options{
		UserAgent: "HebdoTest/1.0", Interval: -1, Backoff: time.Millisecond, Timeout: append(patience, time.Minute)[0], Retries: -1,
		Patience: time.Millisecond, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: func() time.Time { return v.now },
	})
	t.Cleanup(client.Close)
	n := 0
	v.c = New(client, v.memory, Options{Now: func() time.Time { return v.now }, NewID: func() string { n++; return fmt.Sprint(n) }})
	return v
}

// visit gives the titles it brought and the codes of its notes.
func (v *visitor) visit(look func(context.Context, []digest.Source) ([]digest.Article, []digest.Note, error)) (titles, codes []string) {
	v.Helper()
	articles, notes, err := look(v.Context(), []digest.Source{v.source})
	if err != nil {
		v.Fatal(err)
	}
	for _, a := range articles {
		titles = append(titles, a.Title)
	}
	for _, n := range notes {
		codes = append(codes, n.Code)
	}
	return titles, codes
}

func (v *visitor) state() digest.SourceState { return v.memory.states["s"] }

func TestASourceIsVisitedByItsOwnRhythm(t *testing.T) {
	hourly := digest.SourceState{Newest: monday, Rhythm: time.Hour, Entries: 20}
	for name, c := range map[string]struct {
		state digest.SourceState
		after time.Duration // since its youngest article
		want  time.Duration
	}{
		"no dates":                {digest.SourceState{Entries: 20}, 0, time.Hour},
		"hourly":                  {hourly, 0, 30 * time.Minute},
		"hourly, and asleep":      {hourly, 32 * time.Hour, 2 * time.Hour},
		"hourly, silent for ages": {hourly, 9000 * time.Hour, 12 * time.Hour},
		"every second":            {digest.SourceState{Newest: monday, Rhythm: time.Second, Entries: 20}, 0, 15 * time.Minute},
		"monthly":                 {digest.SourceState{Newest: monday, Rhythm: 720 * time.Hour, Entries: 20}, 0, 12 * time.Hour},
	} {
		if got := interval(c.state, monday.Add(c.after)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	spread := map[time.Duration]bool{}
	for i := range 50 {
		d := jitter(digest.SourceState{SourceID: fmt.Sprint(i)}, time.Hour)
		if spread[d] = true; d < 54*time.Minute || d > 66*time.Minute {
			t.Errorf("%v is more than a tenth off", d)
		}
	}
	if len(spread) < 40 {
		t.Errorf("50 sources are visited at %d moments", len(spread))
	}
}

func TestDueVisitsOnlyWhatItsRhythmAsksFor(t *testing.T) {
	asked := 0
	url := serve(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) {
		asked++
		text("text/xml", rss(item(1), item(2), item(3)))(w, r)
	}})
	v := newVisitor(t, digest.SourceFeed, url+"/feed")
	v.visit(v.c.Due)
	v.visit(v.c.Due)
	if asked != 1 {
		t.Fatalf("asked %d times at one moment", asked)
	}
	v.visit(v.c.Articles) // by hand
	v.now = v.state().NextVisit
	v.visit(v.c.Due)
	if asked != 3 {
		t.Errorf("asked %d times, want 3", asked)
	}
}

func TestAServersRetryAfterIsRememberedAcrossRestarts(t *testing.T) {
	asked := 0
	url := serve(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) {
		asked++
		status(http.StatusTooManyRequests, "Retry-After", "7200")(w, r)
	}})
	v := newVisitor(t, digest.SourceFeed, url+"/feed")
	_, codes := v.visit(v.c.Articles)
	if !slices.Equal(codes, []string{"source.busy"}) || v.state().Health(v.now).Condition != digest.SourceBusy {
		t.Fatalf("%v %+v", codes, v.state())
	}
	again := newVisitor(t, digest.SourceFeed, url+"/feed") // another process
	again.memory.states["s"] = v.state()
	again.now = monday.Add(119 * time.Minute)
	if _, codes := again.visit(again.c.Articles); !slices.Equal(codes, []string{"source.held"}) || asked != 1 {
		t.Errorf("%v, asked %d times", codes, asked)
	}
	again.now = monday.Add(121 * time.Minute)
	again.visit(again.c.Articles)
	if asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
}

func TestAFeedThatIsGoneIsNotVisitedAnyMore(t *testing.T) {
	asked := 0
	url := serve(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.WriteHeader(http.StatusGone)
	}})
	v := newVisitor(t, digest.SourceFeed, url+"/feed")
	for range 3 {
		if _, codes := v.visit(v.c.Articles); !slices.Equal(codes, []string{"source.gone"}) {
			t.Errorf("%v", codes)
		}
		v.now = v.now.Add(1000 * time.Hour)
	}
	if asked != 1 || v.state().Health(v.now).Condition != digest.SourceGone {
		t.Errorf("asked %d times, %+v", asked, v.state())
	}
}

func TestAFeedThatMovedIsReadThereAfterThreeVisits(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{
		"/old": status(http.StatusMovedPermanently, "Location", "/new"), "/new": text("text/xml", rss(item(1))),
		"/lost": status(http.StatusMovedPermanently, "Location", "/home"), "/home": text("text/html", "<!doctype html><html>"),
		"/for-now": status(http.StatusFound, "Location", "/new"),
	})
	v := newVisitor(t, digest.SourceFeed, url+"/old")
	for i, want := range []string{"source.moved", "source.moved", "source.rewritten"} {
		if _, codes := v.visit(v.c.Articles); !slices.Equal(codes, []string{want}) {
			t.Errorf("visit %d: %v", i+1, codes)
		}
	}
	if got := v.memory.moved["s"]; got != url+"/new" {
		t.Errorf("it moved to %q", got)
	}
	v.source.ID = "other"
	v.visit(v.c.Articles)
	v.visit(v.c.Articles)
	if _, codes := v.visit(v.c.Articles); !slices.Equal(codes, []string{"source.twice"}) {
		t.Errorf("%v", codes)
	}
	for _, path := range []string{"/lost", "/for-now"} {
		v := newVisitor(t, digest.SourceFeed, url+path)
		for range 5 {
			v.visit(v.c.Articles)
		}
		if len(v.memory.moved) > 0 {
			t.Errorf("%s moved to %v", path, v.memory.moved)
		}
	}
}

func TestAnEditedEntryIsARevisionAndNotANewArticle(t *testing.T) {
	body := rss(item(1), item(2))
	url := serve(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) { text("text/xml", body)(w, r) }})
	v := newVisitor(t, digest.SourceFeed, url+"/feed")
	if titles, _ := v.visit(v.c.Articles); len(titles) != 2 {
		t.Fatal(titles)
	}
	if titles, _ := v.visit(v.c.Articles); len(titles) != 0 {
		t.Errorf("the same again: %v", titles)
	}
	body = rss(strings.Replace(item(1), "<title>", "<title>[Update] ", 1), item(2))
	if titles, _ := v.visit(v.c.Articles); !slices.Equal(titles, []string{"[Update] Article 1"}) {
		t.Errorf("%v", titles)
	}
	if got := v.memory.kept[len(v.memory.kept)-1]; got.State != digest.ArticleRevised || got.Seen != "tag:relais,1" {
		t.Errorf("%+v", got)
	}
	if titles, _ := v.visit(v.c.Articles); len(titles) != 0 {
		t.Errorf("once more: %v", titles)
	}
}

func TestADeadHostSlowsNobody(t *testing.T) {
	hang := make(chan struct{})
	dead := serve(t, map[string]http.HandlerFunc{"/": func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}})
	defer close(hang)
	live := serve(t, map[string]http.HandlerFunc{"/feed": text("text/xml", rss(item(1)))})
	v := newVisitor(t, digest.SourceFeed, "")
	sources := []digest.Source{}
	for i := range 6 {
		sources = append(sources, digest.Source{ID: fmt.Sprint("dead", i), Kind: digest.SourceFeed, URL: fmt.Sprint(dead, "/", i)})
	}
	sources = append(sources, digest.Source{ID: "live", Kind: digest.SourceFeed, URL: live + "/feed"})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _, _ = v.c.Articles(ctx, sources)
	}()
	kept := func() int {
		v.memory.mu.Lock()
		defer v.memory.mu.Unlock()
		return len(v.memory.kept)
	}
	for begun := time.Now(); kept() == 0 && time.Since(begun) < 50*time.Second; { // the dead host takes a minute, three times
		time.Sleep(5 * time.Millisecond)
	}
	if kept() != 1 {
		t.Errorf("%d articles while a dead host was waited for, want 1", kept())
	}
	stop()
	<-done
}
