package main

import (
	"testing"
	"time"

	"hebdo/internal/digest"
)

// A feed that shows its entries for a day would lose six days of a weekly
// letter's week if it were only read for the draft.
func TestServeVisitsSourcesBetweenDrafts(t *testing.T) {
	p, clock := week(t, "review: required")
	s := p.ready(clock)
	clock.set(friday.Add(-46 * time.Minute))
	read := func() []digest.Article {
		all, err := s.store.Material(t.Context(), digest.Issue{Newsletter: "lettre", To: friday})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	eventually(t, "articles, read before the draft", func() bool { return len(read()) > 0 })
	if issue, ok := s.theIssue(); ok {
		t.Errorf("the issue %s was drafted before its time", issue.Slot)
	}
}
