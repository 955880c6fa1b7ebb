package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// slow is a week whose sites do what is asked before they answer; nil: nothing.
func slow(t *testing.T) (p *press, clock *wallClock, first *atomic.Pointer[func(*http.Request)]) {
	t.Helper()
	p, clock = week(t, "review: required")
	at, err := url.Parse(p.site)
	if err != nil {
		t.Fatal(err)
	}
	first = new(atomic.Pointer[func(*http.Request)])
	proxy := httputil.NewSingleHostReverseProxy(at)
	sites := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if do := first.Load(); do != nil {
			(*do)(r)
		}
		if r.Context().Err() == nil {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(sites.Close)
	p.site = sites.URL
	p.newsletter(append(weekly, "review: required")...)
	return p, clock, first
}

func TestADraftThatAStopCutOffIsMadeByTheNextServer(t *testing.T) {
	p, clock, first := slow(t)
	s := p.ready(clock)
	var asked atomic.Bool
	hang := func(r *http.Request) {
		asked.Store(true)
		<-r.Context().Done()
	}
	first.Store(&hang)
	clock.set(friday)
	slot := friday.Truncate(time.Minute).Add(time.Minute)
	eventually(t, "a draft under way", func() bool {
		open, err := s.store.SlotOpen(t.Context(), "draft/lettre/0 16 * * 5/Europe/Paris", slot)
		return err == nil && open && asked.Load()
	})
	s.stop()
	first.Store(nil)
	next := p.served(clock)
	eventually(t, "the draft that was cut off", next.isIn(digest.InReview))
}

// A node that slept may wake up at the end of its draft, when another has its slot.
func TestASecondRunOfASlotLeavesTheIssueThatTheFirstMade(t *testing.T) {
	p, clock, first := slow(t)
	clock.set(friday.Add(-time.Hour))
	s := p.served(clock)
	made := func(*http.Request) {
		_, err := s.store.SaveIssue(t.Context(), digest.Issue{Newsletter: "lettre", Slot: sendTime.Format(time.RFC3339), State: digest.InReview, Date: sendTime})
		if err == nil {
			first.Store(nil)
		}
	}
	first.Store(&made)
	if err := s.draftSlot(t.Context(), "lettre", friday.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if issue, ok := s.theIssue(); !ok || issue.Stories() != 0 {
		t.Errorf("the issue has %d stories: it was drafted again", issue.Stories())
	}
}
