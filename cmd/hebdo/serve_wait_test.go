package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail/smtptest"
)

// told is when the editor knows of the draft, which is the last that is kept of
// it: whoever approves earlier may be refused, as the issue is changing.
func (s *server) told() bool {
	issue, ok := s.theIssue()
	return ok && !issue.Told.IsZero()
}

// A server looks twice a second for letters to send, so that an issue that is
// resumed goes on at once. What was put off is not taken up at every look: the
// editions would be read, and a line written, for two days.
func TestServeTakesUpWhatWasPutOffWhenItIsDueAndNotBefore(t *testing.T) {
	p, clock := week(t, "review: auto-after 10m")
	p.mail.Answer(smtptest.Answer{To: reader(1), Code: 450, Enhanced: "4.2.0", Text: "later", Times: 1})
	p.said = new(transcript)
	s := p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft, and the editor's mail", s.told)
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

// Whoever was signing up when the server was told to stop got an error; a stream
// must not keep it from stopping.
func TestAServerThatStopsLetsRequestsFinishAndEndsStreams(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	begun := make(chan string)
	mux := http.NewServeMux()
	mux.HandleFunc("/form", func(w http.ResponseWriter, r *http.Request) {
		begun <- "form"
		<-ctx.Done()
		time.Sleep(100 * time.Millisecond) // the database is at work
		if r.Context().Err() != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("/stream", func(_ http.ResponseWriter, r *http.Request) {
		begun <- "stream"
		<-r.Context().Done()
	})
	ended := make(chan error, 1)
	go func() { ended <- serveHTTP(ctx, listener, mux) }()
	answers := make(chan int, 2)
	for _, path := range []string{"/form", "/stream"} {
		go func() {
			answer, err := http.Get("http://" + listener.Addr().String() + path)
			if err != nil {
				t.Error(err)
				answers <- 0
				return
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			answers <- answer.StatusCode
		}()
		<-begun
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for range 2 {
		if code := <-answers; code != http.StatusOK {
			t.Errorf("answered %d", code)
		}
	}
}
