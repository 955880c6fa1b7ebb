package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// logIn enters the desk as an editor who is new.
func (s *server) logIn() {
	s.t.Helper()
	password := regexp.MustCompile(`Password: (\S+)`).FindStringSubmatch(s.hebdo(exitDone, "admin", "create", editorsMail))[1]
	if page := s.browser.post("/desk/login", "address", editorsMail, "password", password); page.status != 303 {
		s.t.Fatalf("the log-in answers %d", page.status)
	}
}

// A first letter is drafted by hand. Approved at the desk, it once waited for
// good while the desk said that it would go out at its time.
func TestAnIssueMadeByHandGoesOutFromTheDesk(t *testing.T) {
	p := newPress(t, "")
	p.newsletter("min_stories: 3", "review: required")
	p.subscribe(7)
	p.hebdo(exitDone, "subscribers", "suppressed", "import", p.file("barred.csv", "email,reason\n"+reader(6)+",barred\n"))
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	s := p.served(newWallClock(time.Now()))
	s.logIn()
	issue, _ := s.theIssue()
	desk := "/desk/issues/" + issue.ID
	if page := s.browser.post(desk+"/approve", "version", fmt.Sprint(issue.Version)); page.status != 303 {
		t.Fatalf("the approval answers %d\n%s", page.status, page.body)
	}
	page := s.browser.get(desk)
	if !strings.Contains(page.body, "goes out when you send it") || !strings.Contains(page.body, "Send to 6 readers") {
		t.Errorf("the desk does not tell how it is sent:\n%s", page.body)
	}
	s.quietly()
	if n := len(p.letters()); n != 0 || !s.isIn(digest.Approved)() {
		t.Fatalf("%d letters went out by themselves", n)
	}
	if page := s.browser.post(desk+"/send", "version", fmt.Sprint(issue.Version)); page.status != 409 {
		t.Errorf("sending what was seen before its approval answers %d", page.status)
	}
	issue, _ = s.theIssue()
	if page := s.browser.post(desk+"/send", "version", fmt.Sprint(issue.Version)); page.status != 303 {
		t.Fatalf("sending answers %d\n%s", page.status, page.body)
	}
	eventually(t, "all letters", s.isIn(digest.Sent))
	if got := p.letters(); len(got) != 6 {
		t.Errorf("letters went to %v", got)
	}
	if page := s.browser.post(desk+"/send", "version", fmt.Sprint(issue.Version)); page.status != 409 {
		t.Errorf("sending it again answers %d", page.status)
	}
}

func TestAnApprovalOnTheCommandLineNamesTheNextStep(t *testing.T) {
	p := newPress(t, "")
	p.newsletter("min_stories: 3", "review: required")
	p.subscribe(1)
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	said := p.hebdo(exitDone, "approve", "--newsletter", "lettre")
	if !strings.Contains(said, "hebdo send 1 --newsletter lettre") || strings.Contains(said, "hebdo serve") {
		t.Errorf("of an issue made by hand it says %s", said)
	}
	p.hebdo(exitDone, "send", "1", "--newsletter", "lettre", "--yes")

	q, clock := week(t, "review: required")
	s := q.ready(clock)
	clock.set(friday)
	eventually(t, "the draft, and the editor's mail", s.told)
	if said := q.hebdo(exitDone, "approve"); !strings.Contains(said, "hebdo serve sends it when its time has come") || !strings.Contains(said, "hebdo send 1\n") {
		t.Errorf("of an issue that has its time it says %s", said)
	}
}

// A letter that Gmail would cut was announced as one that goes out by itself,
// and then never did; only who tried to approve it was told, in a code.
func TestADraftTellsWhatItsLettersWouldSufferFrom(t *testing.T) {
	p := newPress(t, "")
	p.newsletter("min_stories: 3", "review: auto-after 1h", "draft_at: 0 16 * * 5", "send_at: 0 7 * * 1")
	if err := os.Mkdir(filepath.Join(p.dir, "email"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.file("email/long.html", `{{define "publisher"}}<p>`+strings.Repeat("Mentions légales. ", 6000)+`</p>{{end}}`)
	p.env["HEBDO_TEMPLATES"] = p.dir
	const why = "fr/full: the letter is too long"
	p.hebdo(exitDone, "collect")
	if said := p.complaint(exitDone, "draft"); strings.Count(said, why) != 1 || !strings.Contains(said, "Lower budget") {
		t.Errorf("the draft says %s", said)
	}
	told := p.mailTo(editorsMail)
	if len(told) != 1 || !strings.Contains(told[0], "la lettre est trop longue") || strings.Contains(told[0], "partira de lui-même") {
		t.Errorf("the editor is told %s", told)
	}
	if said := p.complaint(exitRefused, "approve"); !strings.Contains(said, why) {
		t.Errorf("the approval says %s", said)
	}
	delete(p.env, "HEBDO_TEMPLATES")
	p.hebdo(exitDone, "approve") // the letters are what they are now
}
