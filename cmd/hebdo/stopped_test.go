package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail/smtptest"
)

// Whoever sends by hand while somebody pauses is told so once, in plain words.
func TestASendBrokenOffByAPauseSaysOnlyThatItIsPaused(t *testing.T) {
	p := newPress(t, "")
	p.env["HEBDO_DELIVER_LEASE"] = "4s"
	p.newsletter("review: required", "min_stories: 3")
	p.subscribe(2)
	p.mail.Answer(smtptest.Answer{To: reader(1), Code: 550, Enhanced: "5.7.1", Text: "not from you"})
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	p.hebdo(exitDone, "approve")
	p.hebdo(exitDone, "send", "--yes")

	// The refused letter goes out again, in another process's hands; this one waits for it.
	console := func(trouble io.Writer) *console {
		return newConsole(strings.NewReader(""), io.Discard, trouble, func(name string) string { return p.env[name] })
	}
	s, err := console(io.Discard).openStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	issue, err := s.LastIssue(t.Context(), "lettre")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Again(t.Context(), issue.ID, digest.Refused, time.Now()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	claim := digest.Claim{IssueID: issue.ID, Node: "other", Limit: 1, Now: time.Now(), Lease: time.Hour}
	if held, err := s.Claim(t.Context(), claim); err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	var trouble transcript
	code := make(chan int)
	go func() { code <- console(&trouble).run(context.WithoutCancel(t.Context()), []string{"send", "--yes"}) }()
	eventually(t, "the word that it waits", func() bool { return strings.Contains(trouble.String(), "in the hands of another process") })
	p.hebdo(exitDone, "issues", "pause")
	if got := <-code; got != exitFailed {
		t.Errorf("it ended with %d", got)
	}
	said := trouble.String()
	if !strings.Contains(said, "is paused: whoever waits gets nothing") {
		t.Errorf("it does not say that the issue is paused:\n%s", said)
	}
	if strings.Contains(said, "someone else") {
		t.Errorf("it blames somebody too:\n%s", said)
	}
}
