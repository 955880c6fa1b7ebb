package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

// content is what readers and editors see of an issue.
func content(i digest.Issue) any {
	return []any{i.Fronts, i.Sections, i.LeftOut, i.Notes}
}

// Whatever the last edit was, undoing it brings back the issue, and what is
// remembered for later ones, as they were; undoing that brings the edit back.
func TestTheLastEditIsUndone(t *testing.T) {
	s, issue, desk := review(t)
	all := told(issue)
	several := all[slices.IndexFunc(all, func(it digest.Item) bool { return len(it.Citations) > 1 })]
	theme := "geopolitics"
	if under(issue, all[0].Story) == theme {
		theme = "hardware"
	}
	remembered := func() any {
		t.Helper()
		rulings, err := s.store.Constraints(t.Context(), "lettre")
		if err != nil {
			t.Fatal(err)
		}
		lessons, err := s.store.Placements(t.Context(), "lettre")
		if err != nil {
			t.Fatal(err)
		}
		return []any{rulings, lessons}
	}
	if page := s.browser.post(desk+"/undo", "version", fmt.Sprint(issue.Version)); page.status != 404 {
		t.Errorf("nothing was done, and undoing answers %d", page.status)
	}
	first := all[0]
	for _, edit := range []struct {
		what, act string
		fields    []string
	}{
		{"order", "/stories/order", []string{"theme", issue.Sections[0].Theme.ID, "to", "down"}},
		{"reword", "/stories/" + first.Story + "/words", []string{"headline-fr", "Un autre titre", "summary-fr", "D’autres mots."}},
		{"place", "/stories/place", []string{"story", first.Story, "theme", theme}},
		{"place", "/stories/place", []string{"story", first.Story, "theme", "security"}}, // of a story that was placed before
		{"part", "/stories/part", []string{"story", several.Story, "article", several.Citations[1].Article}},
		{"join", "/stories/join", []string{"story", all[1].Story, "with", all[2].Story}},
	} {
		before, _ := s.theIssue()
		kept := remembered()
		after := s.does(edit.act, edit.fields...)
		taught := remembered()
		if after.Last == nil || after.Last.What != edit.what || after.Last.Editor != editorsMail || after.Last.At.IsZero() {
			t.Fatalf("%s: %+v", edit.what, after.Last)
		}
		if cmp.Equal(content(before), content(after)) {
			t.Fatalf("%s changed nothing", edit.what)
		}
		if page := html.UnescapeString(s.browser.get(desk).body); !strings.Contains(page, "par "+editorsMail) && !strings.Contains(page, "by "+editorsMail) {
			t.Errorf("%s: the desk does not say whose the last change was", edit.what)
		}
		undone := s.does("/undo")
		if diff := cmp.Diff(content(before), content(undone)); diff != "" {
			t.Errorf("%s undone (-before +after):\n%s", edit.what, diff)
		}
		if diff := cmp.Diff(kept, remembered()); diff != "" {
			t.Errorf("%s undone is remembered (-before +after):\n%s", edit.what, diff)
		}
		again := s.does("/undo")
		if diff := cmp.Diff(content(after), content(again)); diff != "" {
			t.Errorf("%s, undone and done again:\n%s", edit.what, diff)
		}
		if diff := cmp.Diff(taught, remembered()); diff != "" {
			t.Errorf("%s, undone and done again, is remembered:\n%s", edit.what, diff)
		}
	}
	// An approved issue goes back to review by this, as by any edit.
	issue = s.does("/approve")
	stale := fmt.Sprint(issue.Version - 1)
	if page := s.browser.post(desk+"/undo", "version", stale); page.status != 409 {
		t.Errorf("an editor who has not seen the approval: %d", page.status)
	}
	if issue = s.does("/undo"); issue.State != digest.InReview {
		t.Errorf("the issue is %s", issue.State)
	}
	// A draft made anew has nothing to undo.
	s.does("/reject", "remark", "encore")
	if issue, err := s.pipeline.Draft(t.Context(), newsletterOf(s), issue.Slot, nil); err != nil || issue.Last != nil || issue.Rewritten() > 0 {
		t.Errorf("%+v, %v", issue.Last, err)
	}
}
