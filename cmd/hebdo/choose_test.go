package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// A week that was too thin came after an approved issue. `hebdo send` took it
// for the latest and refused; so `hebdo approve`, which said that all was
// approved, and `hebdo send` sent the operator to each other.
func TestASkippedWeekStandsInNobodysWay(t *testing.T) {
	p := newPress(t, "")
	p.newsletter("min_stories: 3", "review: required")
	p.subscribe(1)
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	p.hebdo(exitDone, "approve")
	p.hebdo(exitNothing, "draft", "--new")

	var issues []issueJSON
	if err := json.Unmarshal([]byte(p.hebdo(exitDone, "issues", "list", "--json")), &issues); err != nil {
		t.Fatal(err)
	}
	skipped := issues[0].Slot
	for _, command := range [][2]string{
		{"send", "it had too few stories; hebdo issues list shows the others"},
		{"approve", "is skipped; this takes an issue that is in review or approved"},
		{"reject", "is skipped; this takes an issue that is in review or approved"},
	} {
		if said := p.complaint(exitRefused, command[0], skipped); !strings.Contains(said, command[1]) {
			t.Errorf("hebdo %s %s says %s", command[0], skipped, said)
		}
	}
	if shown := p.hebdo(exitDone, "preview", "--format", "json"); !strings.Contains(shown, `"number": 1`) {
		t.Errorf("it previews %.300s", shown)
	}
	p.hebdo(exitDone, "send", "--to", "chef@example.org")
	if got := p.mailTo("chef@example.org"); len(got) != 1 || strings.Contains(got[0], "draft") {
		t.Errorf("the test is %q", got)
	}
	p.hebdo(exitDone, "send", "--yes")
	if got := p.letters(); len(got) != 1 {
		t.Errorf("letters went to %v", got)
	}
}

func TestSendSaysWhatComesFirst(t *testing.T) {
	p := newPress(t, "")
	p.newsletter("min_stories: 3", "review: required")
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	said := p.complaint(exitRefused, "send", "--newsletter", "lettre")
	_, command, ok := strings.Cut(strings.TrimSpace(said), "approve it first: hebdo ")
	if !ok || !strings.HasSuffix(command, " --newsletter lettre") {
		t.Fatalf("of an issue in review it says %s", said)
	}
	p.hebdo(exitDone, strings.Fields(command)...)
	rejected := strings.Fields(command)[1]
	p.hebdo(exitDone, "reject")
	if said := p.complaint(exitRefused, "send", rejected); !strings.Contains(said, "make another: hebdo draft") {
		t.Errorf("of a rejected issue it says %s", said)
	}
}

// An argument of a variable that is not set once meant the latest issue, and
// "$ISSUE" --yes a letter to everybody.
func TestAnEmptyArgumentIsNoIssue(t *testing.T) {
	p := newPress(t, "")
	p.newsletter("min_stories: 3", "review: required")
	p.subscribe(1)
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	for _, args := range [][]string{
		{"send", "", "--yes"}, {"approve", ""}, {"reject", ""}, {"issues", "cancel", ""}, {"preview", ""}, {"subscribers", "erase", "", "--yes"},
	} {
		if said := p.complaint(exitUsage, args...); !strings.Contains(said, "an argument is empty") {
			t.Errorf("hebdo %q says %s", args, said)
		}
	}
	if n := len(p.letters()); n != 0 {
		t.Errorf("%d letters went out", n)
	}
}
