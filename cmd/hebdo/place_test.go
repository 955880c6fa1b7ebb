package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// under gives the theme that a story stands under.
func under(issue digest.Issue, story string) string {
	for _, s := range issue.Sections {
		for _, it := range s.Items {
			if it.Story == story {
				return s.Theme.ID
			}
		}
	}
	return ""
}

func TestAMoveToAnotherThemeIsKeptAndLearned(t *testing.T) {
	p, clock := week(t, "review: required")
	s := p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft and the editor's mail", func() bool { issue, ok := s.theIssue(); return ok && !issue.Told.IsZero() })
	s.enter()
	issue, _ := s.theIssue()
	desk, it := "/desk/issues/"+issue.ID, told(issue)[0]
	was, to := under(issue, it.Story), "geopolitics"
	if was == to {
		to = "hardware"
	}
	if page := s.browser.get(desk); !strings.Contains(page.body, `action="`+desk+`/stories/place"`) || !strings.Contains(page.body, `<option value="`+to+`">`) {
		t.Fatalf("the desk offers no other theme:\n%s", page.body)
	}
	version := fmt.Sprint(issue.Version)
	for _, theme := range []string{"no-such", was} {
		if page := s.browser.post(desk+"/stories/place", "version", version, "story", it.Story, "theme", theme); page.status != 404 {
			t.Errorf("theme %q: %d", theme, page.status)
		}
	}
	if page := s.browser.post(desk+"/stories/place", "version", version, "story", it.Story, "theme", to); page.status != 303 {
		t.Fatalf("moving answers %d\n%s", page.status, page.body)
	}
	if page := s.browser.post(desk+"/stories/place", "version", version, "story", it.Story, "theme", was); page.status != 409 {
		t.Errorf("an editor who has not seen the change: %d", page.status)
	}
	stories := issue.Stories()
	issue, _ = s.theIssue()
	if got := under(issue, it.Story); got != to || issue.State != digest.InReview || issue.Stories() != stories {
		t.Errorf("it stands under %q in an issue %s of %d stories, not %q of %d", got, issue.State, issue.Stories(), to, stories)
	}
	for _, section := range issue.Sections {
		for n, x := range section.Items {
			if x.Lead != (n == 0) {
				t.Errorf("story %d of %s: lead %v", n, section.Theme.ID, x.Lead)
			}
		}
	}
	kept, err := s.store.Placements(t.Context(), "lettre")
	if err != nil || len(kept) != 1 || kept[0].Was != was || kept[0].Theme != to || kept[0].Title == "" || kept[0].Text == "" || kept[0].Editor != editorsMail {
		t.Fatalf("%+v, %v", kept, err)
	}
	// The command line shows it, and hands it on to the filter.
	var list themesJSON
	if err := json.Unmarshal([]byte(p.hebdo(exitDone, "themes", "--json")), &list); err != nil || len(list.Themes) != 9 || list.Learned != nil {
		t.Errorf("%+v, %v", list, err)
	}
	if out := p.hebdo(exitDone, "themes", "--examples"); !strings.Contains(out, `"theme":"`+to+`","was":"`+was+`"`) || !strings.Contains(out, `"group":"`+issue.ID+`"`) {
		t.Error(out)
	}
	if out := p.hebdo(exitDone, "themes"); !strings.Contains(out, to) {
		t.Error(out)
	}
}
