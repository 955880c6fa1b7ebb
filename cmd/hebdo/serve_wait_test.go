package main

import (
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail/smtptest"
)

// A server looks twice a second for letters to send, so that an issue that is
// resumed goes on at once. What was put off is not taken up at every look: the
// editions would be read, and a line written, for two days.
func TestServeTakesUpWhatWasPutOffWhenItIsDueAndNotBefore(t *testing.T) {
	p, clock := week(t, "review: auto-after 10m")
	p.mail.Answer(smtptest.Answer{To: reader(1), Code: 450, Enhanced: "4.2.0", Text: "later", Times: 1})
	p.said = new(transcript)
	s := p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft", s.isIn(digest.InReview))
	p.hebdo(exitDone, "approve")
	clock.set(sendTime)
	drained := func() int { return strings.Count(p.said.String(), "msg=drained") }
	eventually(t, "all that can be sent", func() bool { return len(p.letters()) == 5 && drained() > 0 })
	s.quietly()
	runs := drained()
	s.quietly()
	if more := drained() - runs; more > 0 || !s.isIn(digest.Sending)() {
		t.Errorf("%d runs for a letter that is put off", more)
	}
	issue, _ := s.theIssue()
	for _, to := range []digest.State{digest.Paused, digest.Sending} {
		if _, err := s.store.MoveIssue(t.Context(), issue.ID, to, clock.now()); err != nil {
			t.Fatal(err)
		}
	}
	clock.set(sendTime.Add(6 * time.Minute))
	eventually(t, "the last letter", s.isIn(digest.Sent))
	if n := len(p.letters()); n != 6 {
		t.Errorf("%d letters", n)
	}
}
