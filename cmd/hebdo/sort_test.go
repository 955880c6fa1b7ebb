package main

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// enter logs the editor in.
func (s *server) enter() {
	s.t.Helper()
	password := regexp.MustCompile(`Password: (\S+)`).FindStringSubmatch(s.hebdo(exitDone, "admin", "create", editorsMail))[1]
	if page := s.browser.post("/desk/login", "address", editorsMail, "password", password); page.status != 303 {
		s.t.Fatalf("the log-in answers %d", page.status)
	}
}

// told gives an issue's stories, each as the IDs of its articles.
func told(issue digest.Issue) (stories []digest.Item) {
	for _, section := range issue.Sections {
		stories = append(stories, section.Items...)
	}
	return stories
}

func TestAnEditorPartsAndJoinsStoriesForGood(t *testing.T) {
	p, clock := week(t, "review: required")
	s := p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft and the editor's mail", func() bool { issue, ok := s.theIssue(); return ok && !issue.Told.IsZero() })
	s.enter()
	issue, _ := s.theIssue()
	desk := "/desk/issues/" + issue.ID
	several := slices.IndexFunc(told(issue), func(it digest.Item) bool { return len(it.Citations) > 1 })
	if several < 0 {
		t.Fatalf("no story has two sources: %+v, left out %+v, notes %+v", issue.Sections, issue.LeftOut, issue.Notes)
	}
	it := told(issue)[several]
	page := s.browser.get(desk)
	if !strings.Contains(page.body, `action="`+desk+`/stories/part"`) || !strings.Contains(page.body, `action="`+desk+`/stories/join"`) {
		t.Fatalf("the desk offers neither:\n%s", page.body)
	}
	others := strings.Join(regexp.MustCompile(`(?s)<select name="with">.*?</select>`).FindAllString(page.body, -1), "")
	if got := strings.Count(others, "<option"); got != len(told(issue))*(len(told(issue))-1) {
		t.Errorf("%d stories are offered %d others", len(told(issue)), got)
	}
	away := it.Citations[1].Article
	version := fmt.Sprint(issue.Version)
	if page := s.browser.post(desk+"/stories/part", "version", version, "story", it.Story, "article", "no-such"); page.status != 404 {
		t.Errorf("an article that is not there: %d", page.status)
	}
	if page := s.browser.post(desk+"/stories/part", "version", version, "story", it.Story, "article", away); page.status != 303 {
		t.Fatalf("parting answers %d\n%s", page.status, page.body)
	}
	if page := s.browser.get(desk); !strings.Contains(html.UnescapeString(page.body), "L’article est mis à part") && !strings.Contains(page.body, "stands apart") {
		t.Error("the desk does not say what was done")
	}
	if page := s.browser.post(desk+"/stories/join", "version", version, "story", it.Story, "with", it.Story); page.status != 409 {
		t.Errorf("an editor who has not seen the change: %d", page.status)
	}

	issue, _ = s.theIssue()
	one, other := storyWith(issue, it.Citations[0].Article), storyWith(issue, away)
	if one == nil || other == nil || one.Story == other.Story || one.Story != it.Story {
		t.Fatalf("they are not apart: %+v, %+v", one, other)
	}
	if issue.State != digest.InReview || issue.Told.IsZero() {
		t.Errorf("the issue is %s, told %s", issue.State, issue.Told)
	}
	// Drafted again, they stay apart.
	nl, err := s.store.Newsletter(t.Context(), "lettre")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = s.pipeline.Draft(t.Context(), nl, "2026-11-20#1", nil); err != nil {
		t.Fatal(err)
	}
	list, err := s.store.Issues(t.Context(), "lettre", "", 10)
	if err != nil || len(list) != 2 {
		t.Fatal(len(list), err)
	}
	for _, i := range list {
		if a, b := storyWith(i, it.Citations[0].Article), storyWith(i, away); a != nil && b != nil && a.Story == b.Story {
			t.Errorf("issue %s has joined them again", i.Slot)
		}
	}

	if page := s.browser.post(desk+"/stories/join", "version", fmt.Sprint(issue.Version), "story", one.Story, "with", other.Story); page.status != 303 {
		t.Fatalf("joining answers %d\n%s", page.status, page.body)
	}
	issue, err = s.store.Issue(t.Context(), issue.ID)
	a, b := storyWith(issue, it.Citations[0].Article), storyWith(issue, away)
	if err != nil || a == nil || b == nil || a.Story != b.Story {
		t.Errorf("they are not one story: %v, %v, %v", a, b, err)
	}
	if page := s.browser.get(desk); !strings.Contains(html.UnescapeString(page.body), "réunis par la rédaction") && !strings.Contains(page.body, "joined by an editor") {
		t.Error("the desk does not say why they are one story")
	}
	done, err := s.store.Corrections(t.Context(), issue.ID)
	if err != nil || len(done) != 2 || done[0].What != "part" || done[1].What != "join" || done[0].Editor != editorsMail {
		t.Errorf("%+v, %v", done, err)
	}
	if n := len(p.mailTo(editorsMail)); n > 2 {
		t.Errorf("%d mails for two drafts", n)
	}
}

func storyWith(issue digest.Issue, article string) *digest.Item {
	for _, it := range told(issue) {
		if slices.ContainsFunc(it.Citations, func(c digest.Citation) bool { return c.Article == article }) {
			return &it
		}
	}
	return nil
}
