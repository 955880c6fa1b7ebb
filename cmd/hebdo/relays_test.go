package main

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/mail/smtptest"
)

func TestRelaysAreReadFromOneLine(t *testing.T) {
	all, err := relays("smtps://anne:p%40ss@mx.example.org?weight=3&rate=2.5  smtp://127.0.0.1:2525?tls=none&weight=0&connections=9")
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	a, b := all[0], all[1]
	if a.Host != "mx.example.org" || a.TLS != "tls" || a.Username != "anne" || a.Password != "p@ss" || a.Weight != 3 || a.Rate != 2.5 {
		t.Errorf("%+v", a)
	}
	if b.Port != 2525 || b.TLS != "none" || b.Weight != 0 || b.Connections != 9 {
		t.Errorf("%+v", b)
	}
	for line, want := range map[string]string{
		"mx.example.org":                        "smtps://user:password@host",
		"http://mx.example.org":                 "neither smtps:// nor smtp://",
		"smtp://a:sesame@mx.example.org?colour": "weight, rate, connections",
		"smtps://mx.example.org?tls=none":       "with smtp://",
		"smtp://mx.example.org?weight=-1":       "weight is 0",
		"smtp://mx.example.org?rate=NaN":        "rate is letters a second",
		"smtp://mx.example.org:0":               "port is 1",
	} {
		_, err := relays("smtps://fine.example.org " + line)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "relay 2: ") || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestLettersGoByTheOtherRelayWhenOneIsGone(t *testing.T) {
	p := newPress(t, "")
	closed, err := net.Listen("tcp", "127.0.0.1:0") // a port where nobody answers
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	p.env["HEBDO_SMTP_PORT"] = strconv.Itoa(closed.Addr().(*net.TCPAddr).Port)
	p.env["HEBDO_SMTP_RELAYS"] = fmt.Sprintf("smtp://127.0.0.1:%d?tls=none&weight=0", p.mail.Port())
	p.newsletter("review: required", "min_stories: 3")
	p.subscribe(12)
	p.hebdo(exitDone, "collect")
	p.hebdo(exitDone, "draft")
	p.hebdo(exitDone, "approve")
	p.hebdo(exitDone, "send", "--yes")
	if got := p.letters(); len(got) != 12 {
		t.Errorf("%d of 12 letters went by the relay that stands by", len(got))
	}
}

func TestTheEditorHearsByAnotherRelayThatSendingStopped(t *testing.T) {
	p, clock := week(t, "review: auto-after 10m")
	other, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	p.env["HEBDO_SMTP_RELAYS"] = fmt.Sprintf("smtp://127.0.0.1:%d?tls=none&weight=0", other.Port())
	p.subscribe(30)
	s := p.ready(clock)
	s.trouble = "level=ERROR"
	clock.set(friday)
	eventually(t, "the draft's mail", func() bool { return len(p.mailTo(editorsMail)) == 1 })
	p.mail.Answer(smtptest.Answer{At: smtptest.Rcpt, Code: 550, Enhanced: "5.7.1", Text: "not from you"})
	issue, _ := s.theIssue()
	p.hebdo(exitDone, "approve", issue.ID)
	clock.set(sendTime)
	eventually(t, "the word by the other relay", func() bool { return len(other.Messages()) == 1 })
	if m := other.Messages()[0]; m.To != editorsMail || len(p.letters()) > 0 {
		t.Errorf("it went to %s; %d letters", m.To, len(p.letters()))
	}
	// The desk says why, until somebody decides.
	told := func() bool {
		issue, _ := s.theIssue()
		return slices.ContainsFunc(issue.Notes, func(n digest.Note) bool {
			return n.Code == "deliver.stopped" && strings.Contains(n.Detail, "550 5.7.1") && !strings.Contains(n.Detail, "@")
		})
	}
	if !told() {
		t.Error("the issue does not say why it was paused")
	}
	if p.hebdo(exitDone, "issues", "cancel"); told() {
		t.Error("it still says so after somebody decided")
	}
}
