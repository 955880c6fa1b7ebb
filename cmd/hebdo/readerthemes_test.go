package main

import (
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/story"
	"hebdo/internal/track"
)

// A newsletter that names no themes has the built-in ones, and its readers may
// leave those out.
func TestReadersMayLeaveOutTheBuiltInThemes(t *testing.T) {
	s := showing(t)
	sub, err := s.house.store.SubscriptionOf(t.Context(), "semaine-ia", "lucie.amblard@courrier.example")
	if err != nil {
		t.Fatal(err)
	}
	page := s.browser.get("/p/" + s.house.links.Token(track.Preferences, sub.ID))
	for _, theme := range story.Taxonomy() {
		want := theme.ID != digest.OtherTheme
		if got := strings.Contains(page.body, `name="theme" value="`+theme.ID+`"`); got != want {
			t.Errorf("%s can be left out: %t", theme.ID, got)
		}
	}
}
