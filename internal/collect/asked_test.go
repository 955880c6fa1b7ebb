package collect

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

func TestAFeedSaysHowOftenItWantsToBeVisited(t *testing.T) {
	const sy = ` xmlns:s="http://purl.org/rss/1.0/modules/syndication/"`
	for name, c := range map[string]struct {
		channel string
		want    time.Duration
	}{
		"nothing":                   {``, 0},
		"a time to live":            {`<ttl>90</ttl>`, 90 * time.Minute},
		"a period":                  {`<s:updatePeriod>daily</s:updatePeriod>`, 24 * time.Hour},
		"several times in a period": {`<s:updatePeriod> hourly </s:updatePeriod><s:updateFrequency>4</s:updateFrequency>`, 15 * time.Minute},
		"a frequency alone":         {`<s:updateFrequency>12</s:updateFrequency>`, 2 * time.Hour},
		"an undeclared prefix":      {`<sy:updatePeriod>weekly</sy:updatePeriod>`, 7 * 24 * time.Hour},
		"the longer of both":        {`<ttl>60</ttl><s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>2</s:updateFrequency>`, time.Hour},
		"what nobody means":         {`<ttl>-5</ttl><s:updatePeriod>often</s:updatePeriod><s:updateFrequency>0</s:updateFrequency>`, 0},
		"more than fits":            {`<ttl>99999999999999999999</ttl>`, 0},
		"that of another":           {`<x:ttl xmlns:x="urn:x">60</x:ttl>`, 0},
	} {
		doc := strings.Replace(strings.Replace(rss(item(1)), "<channel>", "<channel>"+c.channel, 1), "<rss ", "<rss"+sy+" ", 1)
		raw, err := readFeed([]byte(doc), "", "https://x.example/")
		if err != nil || len(raw.items) != 1 || raw.title == "" {
			t.Fatalf("%s: %v", name, err)
		}
		if got := raw.asked(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestWhatASourceAsksForIsHeardWithinBounds(t *testing.T) {
	often := digest.SourceState{Newest: monday, Rhythm: 10 * time.Minute, Entries: 12}
	asks := func(s digest.SourceState, d time.Duration) digest.SourceState { s.Asked = d; return s }
	for name, c := range map[string]struct {
		state digest.SourceState
		want  time.Duration
	}{
		"less than its rhythm":             {asks(digest.SourceState{Newest: monday, Rhythm: 4 * time.Hour, Entries: 9}, time.Minute), 2 * time.Hour},
		"more than its rhythm":             {asks(digest.SourceState{Newest: monday, Rhythm: 4 * time.Hour, Entries: 9}, 6*time.Hour), 6 * time.Hour},
		"a year":                           {asks(digest.SourceState{Newest: monday, Rhythm: 24 * time.Hour, Entries: 9}, 365*24*time.Hour), 12 * time.Hour},
		"so long that entries are lost":    {asks(often, 12*time.Hour), time.Hour},
		"a source without dates":           {asks(digest.SourceState{Entries: 9}, 3*time.Hour), 3 * time.Hour},
		"a source without dates, too soon": {asks(digest.SourceState{Entries: 9}, time.Minute), time.Hour},
	} {
		if got := interval(c.state, monday); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestTheNextVisitIsNotBeforeTheSourceAsksForIt(t *testing.T) {
	ttl, age := "", "max-age=14400"
	url := serve(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", age)
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, strings.Replace(rss(item(1), item(2)), "<channel>", "<channel>"+ttl, 1))
	}})
	visit := func() *visitor {
		v := newVisitor(t, digest.SourceFeed, url+"/feed")
		v.visit(v.c.Articles)
		return v
	}
	v := visit()
	if wait := v.state().NextVisit.Sub(monday); wait < 4*time.Hour || wait > 5*time.Hour {
		t.Errorf("asked by the server: %v", wait)
	}
	v.now = v.now.Add(5 * time.Hour)
	age = ""
	v.visit(v.c.Articles) // 304: the feed's word stands
	if wait := v.state().NextVisit.Sub(v.now); wait < 4*time.Hour || wait > 5*time.Hour {
		t.Errorf("not modified: %v", wait)
	}
	ttl = "<ttl>600</ttl>"
	if wait := visit().state().NextVisit.Sub(monday); wait < 10*time.Hour || wait > 11*time.Hour {
		t.Errorf("asked by the feed: %v", wait)
	}
}
