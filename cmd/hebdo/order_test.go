package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// outline is the order of an issue: its themes, and its stories.
func outline(issue digest.Issue) (themes, stories []string) {
	for _, s := range issue.Sections {
		themes = append(themes, s.Theme.ID)
	}
	for _, it := range told(issue) {
		stories = append(stories, it.Story)
	}
	return themes, stories
}

// review serves a week until its draft is in review, with the editor logged in.
func review(t *testing.T) (s *server, issue digest.Issue, desk string) {
	t.Helper()
	p, clock := week(t, "review: required")
	s = p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft and the editor's mail", func() bool { issue, ok := s.theIssue(); return ok && !issue.Told.IsZero() })
	s.enter()
	issue, _ = s.theIssue()
	return s, issue, "/desk/issues/" + issue.ID
}

// does is an editor's act at the desk on the issue as it is, and the issue after it.
func (s *server) does(act string, fields ...string) digest.Issue {
	s.t.Helper()
	issue, _ := s.theIssue()
	page := s.browser.post("/desk/issues/"+issue.ID+act, append(fields, "version", fmt.Sprint(issue.Version))...)
	if page.status != 303 {
		s.t.Fatalf("%s %q answers %d\n%s", act, fields, page.status, page.body)
	}
	issue, _ = s.theIssue()
	return issue
}

func TestAnEditorOrdersThemesAndStories(t *testing.T) {
	s, issue, desk := review(t)
	at := slices.IndexFunc(issue.Sections, func(sec digest.Section) bool { return len(sec.Items) > 1 })
	opens := slices.IndexFunc(issue.Sections[1:], func(sec digest.Section) bool { return sec.Items[0].Wordings["fr"].HeadlineLanguage == "fr" }) + 1
	if at < 0 || opens < 1 {
		t.Fatalf("the week has nothing to put in order: %+v", issue.Sections)
	}
	section := issue.Sections[at]
	first, second := section.Items[0], section.Items[1]
	order := desk + "/stories/order"
	if page := s.browser.get(desk); !strings.Contains(page.body, `action="`+order+`"`) {
		t.Fatalf("the desk offers no order:\n%s", page.body)
	}
	seen := fmt.Sprint(issue.Version)
	for _, bad := range []struct {
		want   int
		fields []string
	}{
		{404, []string{"theme", "no-such", "to", "up"}},
		{404, []string{"theme", section.Theme.ID, "story", "no-such", "to", "up"}},
		{404, []string{"theme", section.Theme.ID, "story", first.Story, "to", "up"}},
		{404, []string{"theme", issue.Sections[len(issue.Sections)-1].Theme.ID, "to", "down"}},
		{400, []string{"theme", section.Theme.ID, "story", first.Story, "to", "away"}},
	} {
		if page := s.browser.post(order, append(bad.fields, "version", seen)...); page.status != bad.want {
			t.Errorf("%q: %d", bad.fields, page.status)
		}
	}
	issue = s.does("/stories/order", "theme", section.Theme.ID, "story", second.Story, "to", "up")
	if it := issue.Sections[at].Items[0]; it.Story != second.Story || !it.Lead || !it.Moved || issue.Sections[at].Items[1].Lead {
		t.Errorf("it does not lead: %+v", issue.Sections[at].Items)
	}
	if page := s.browser.post(order, "version", seen, "theme", section.Theme.ID, "story", first.Story, "to", "down"); page.status != 409 {
		t.Errorf("an editor who has not seen the change: %d", page.status)
	}
	issue = s.does("/stories/order", "theme", section.Theme.ID, "story", first.Story, "to", "up")
	issue = s.does("/stories/order", "theme", section.Theme.ID, "story", first.Story, "to", "down")
	// A theme comes first, and the letter opens with its story: the subject says so.
	theme, lead := issue.Sections[opens].Theme.ID, issue.Sections[opens].Items[0]
	for range opens {
		issue = s.does("/stories/order", "theme", theme, "to", "up")
	}
	themes, stories := outline(issue)
	if themes[0] != theme || stories[0] != lead.Story || !issue.Sections[0].Moved {
		t.Errorf("themes %v, stories %v", themes, stories)
	}
	if got, want := issue.Fronts["fr"].Subject, lead.Wordings["fr"].Headline; !strings.HasPrefix(got, want) {
		t.Errorf("the subject is %q, and the letter begins with %q", got, want)
	}
	// The order stays when the issue is made again, and an edit takes approval back.
	issue = s.does("/approve")
	if issue.State != digest.Approved {
		t.Fatal(issue.State)
	}
	toldAt := issue.Told
	if page := s.browser.get(desk); !strings.Contains(html.UnescapeString(page.body), "le ramène en relecture") && !strings.Contains(page.body, "back to review") {
		t.Error("the desk does not say what an edit does to an approved issue")
	}
	several := slices.IndexFunc(told(issue), func(it digest.Item) bool { return len(it.Citations) > 1 })
	parted := told(issue)[several]
	issue = s.does("/stories/part", "story", parted.Story, "article", parted.Citations[1].Article)
	if editions, err := s.store.Editions(t.Context(), issue.ID); issue.State != digest.InReview || !issue.Approved.IsZero() || len(editions) != 0 || err != nil {
		t.Errorf("it is %s, approved %s, with %d editions, %v", issue.State, issue.Approved, len(editions), err)
	}
	if !issue.Told.After(toldAt) {
		t.Error("the wait for objections goes on where it was when the issue was approved")
	}
	nowThemes, nowStories := outline(issue)
	kept := slices.DeleteFunc(nowStories, func(id string) bool { return !slices.Contains(stories, id) })
	if !slices.Equal(nowThemes[:len(themes)], themes) || !slices.Equal(kept, slices.DeleteFunc(slices.Clone(stories), func(id string) bool { return !slices.Contains(kept, id) })) || len(kept) < len(stories)-1 {
		t.Errorf("themes %v became %v, stories %v became %v", themes, nowThemes, stories, kept)
	}
	done, err := s.store.Corrections(t.Context(), issue.ID)
	if err != nil || done[0].What != "order" || done[0].Editor != editorsMail {
		t.Errorf("%+v, %v", done, err)
	}
}
