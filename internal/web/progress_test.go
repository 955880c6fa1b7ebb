package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// watch opens the progress of an issue as an editor and gives its events.
func watch(t *testing.T, s *site, id string) (<-chan string, context.CancelFunc, <-chan struct{}) {
	t.Helper()
	gone := make(chan struct{})
	mux := http.NewServeMux()
	mux.Handle("GET /desk/issues/{id}/progress", s.page(func(w http.ResponseWriter, r *http.Request) error {
		defer close(gone)
		return s.streamProgress(w, r)
	}))
	server := httptest.NewUnstartedServer(mux)
	server.Config.ReadTimeout, server.Config.WriteTimeout = time.Second, time.Second
	server.Start()
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/desk/issues/"+id+"/progress", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("type %q, status %d", got, resp.StatusCode)
	}
	events := make(chan string, 100)
	go func() {
		defer close(events)
		defer func() { _ = resp.Body.Close() }()
		lines := bufio.NewScanner(resp.Body)
		event := ""
		for lines.Scan() {
			if lines.Text() == "" {
				events <- event
				event = ""
				continue
			}
			event += lines.Text() + "\n"
		}
	}()
	return events, cancel, gone
}

func next(t *testing.T, events <-chan string) string {
	t.Helper()
	select {
	case e, ok := <-events:
		if !ok {
			t.Fatal("the stream ended")
		}
		return e
	case <-time.After(time.Minute):
		t.Fatal("no event for a minute")
		return ""
	}
}

func streaming(h *house) *site {
	return &site{shelf: h, desk: h, beat: 5 * time.Millisecond, streams: make(chan struct{}, 1), Options: Options{Now: func() time.Time { return monday }}}
}

func TestProgressTellsWhatChangesAndEndsWithTheDelivery(t *testing.T) {
	h := furnished(t)
	id := h.in(digest.Sending).ID
	events, _, gone := watch(t, streaming(h), id)
	if e := next(t, events); e != "event: tally\n"+`data: {"all":1998,"done":1303,"sent":1290,"open":695,"deferred":31,"refused":12,"unsure":1,"live":true}`+"\n" {
		t.Fatalf("first event %q", e)
	}
	h.mu.Lock()
	h.tallies[id] = digest.Tally{Delivered: 1985, Refused: 12, Unsure: 1}
	h.mu.Unlock()
	if e := next(t, events); !strings.Contains(e, `"sent":1985`) {
		t.Fatalf("second event %q", e)
	}
	if err := h.Move(t.Context(), id, digest.Sent, ""); err != nil {
		t.Fatal(err)
	}
	for {
		e := next(t, events)
		if strings.HasPrefix(e, "event: state\ndata: sent") {
			break
		}
	}
	<-gone
	if _, open := <-events; open {
		t.Error("the stream goes on")
	}
}

func TestAStreamOutlivesTheServersTimeoutsForPages(t *testing.T) {
	h := furnished(t)
	id := h.in(digest.Sending).ID
	events, _, _ := watch(t, streaming(h), id)
	next(t, events)
	time.Sleep(1300 * time.Millisecond) // of a real connection: no made-up clock reaches it
	h.mu.Lock()
	h.tallies[id] = digest.Tally{Delivered: 1998}
	h.mu.Unlock()
	if e := next(t, events); !strings.Contains(e, `"sent":1998`) {
		t.Errorf("event %q", e)
	}
}

func TestProgressEndsWithTheRequest(t *testing.T) {
	h := furnished(t)
	s := streaming(h)
	events, cancel, gone := watch(t, s, h.in(digest.Paused).ID)
	next(t, events)
	cancel()
	select {
	case <-gone:
	case <-time.After(time.Minute):
		t.Fatal("the handler outlived its request")
	}
	if len(s.streams) != 0 {
		t.Error("its place was not given back")
	}
}

func TestOpenStreamsAreBounded(t *testing.T) {
	h := furnished(t)
	b := open(t, h).logIn()
	b.get("/desk/issues/none/progress").want(t, http.StatusNotFound)
	s := streaming(h)
	s.streams <- struct{}{}
	err := s.streamProgress(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if p := problemOf(err, httptest.NewRequest("GET", "/", nil)); p.status != http.StatusServiceUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestProgressThroughTheWholeSite(t *testing.T) {
	h := furnished(t)
	b := open(t, h).logIn()
	a := b.get("/desk/issues/" + h.in(digest.Sent).ID + "/progress") // sent: it ends at once
	a.want(t, http.StatusOK, "event: tally", "event: state\ndata: sent")
	if a.header.Get("Cache-Control") == "" || a.header.Get("X-Accel-Buffering") != "no" {
		t.Errorf("headers %v", a.header)
	}
}
