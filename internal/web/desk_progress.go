package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hebdo/internal/digest"
)

// deliveryView is how far the delivery of an issue has come.
type deliveryView struct {
	All      int  `json:"all"`
	Done     int  `json:"done"` // nothing more happens to these
	Sent     int  `json:"sent"`
	Open     int  `json:"open"`
	Deferred int  `json:"deferred"` // of those open: tried, to be tried again
	Refused  int  `json:"refused"`
	Unsure   int  `json:"unsure"`
	Live     bool `json:"live"` // it is still going on
	Listed   bool `json:"-"`    // there is a page that tells who they are
	// Pace tells the rate and the time left, in words; empty: not known.
	Pace string `json:"pace,omitempty"`
}

// live tells whether an issue's counts may change by themselves.
func live(s digest.State) bool {
	return s == digest.Approved || s == digest.Sending || s == digest.Paused
}

// delivery counts what was or is being delivered; nil when nothing is.
func (s *site) delivery(r *http.Request, i digest.Issue) (*deliveryView, error) {
	t, err := s.desk.Progress(r.Context(), i.ID)
	if err != nil {
		return nil, err
	}
	if t.All() == 0 && !live(i.State) {
		return nil, nil
	}
	return &deliveryView{
		All: t.All(), Done: t.All() - t.Open(), Sent: t.Delivered, Open: t.Open(), Deferred: t.Deferred,
		Refused: t.Refused, Unsure: t.Unsure, Live: live(i.State), Listed: s.Deliveries != nil,
	}, nil
}

// A stream lives for streamLife; the browser then asks again, and is asked
// again whether it may. Silence is broken every quietFor, for proxies.
const (
	streamLife = 5 * time.Minute
	quietFor   = 15 * time.Second
)

// streamProgress sends the counts whenever they change, as server-sent events
// (HTML standard, 9.2), and an event "state" when the issue's state changes: the
// page is then out of date. It ends with the request.
func (s *site) streamProgress(w http.ResponseWriter, r *http.Request) error {
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		return problem{http.StatusServiceUnavailable, "busy"}
	}
	first, err := s.shelf.Issue(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx holds answers back otherwise
	line := &wire{w: w, out: http.NewResponseController(w)}
	_ = line.out.SetReadDeadline(time.Time{}) // else the server's own ends the stream
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	words, pace := s.frame(r, nil, editorOf(r).Language), pacer{}
	end, quiet, last := time.NewTimer(streamLife), time.NewTicker(quietFor), ""
	defer end.Stop()
	defer quiet.Stop()
	for {
		issue, err := s.shelf.Issue(r.Context(), first.ID)
		if err != nil {
			return line.stop(err)
		}
		count, err := s.delivery(r, issue)
		if err != nil {
			return line.stop(err)
		}
		if count != nil {
			count.Pace = pace.tell(words, s.Now(), count.Done, count.Open-count.Deferred)
		}
		if now, err := json.Marshal(count); err == nil && string(now) != last {
			last = string(now)
			line.send("event: tally\ndata: " + last + "\n\n")
		}
		if issue.State != first.State || !live(issue.State) {
			line.send("event: state\ndata: " + string(issue.State) + "\n\n")
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-end.C:
			return nil
		case <-quiet.C:
			line.send(": still here\n\n")
		case <-beat.C:
		}
		if line.err != nil {
			return nil // the visitor has gone
		}
	}
}

// wire writes events, each in time of its own: the server's write timeout is
// meant for pages.
type wire struct {
	w    http.ResponseWriter
	out  *http.ResponseController
	err  error
	sent bool
}

func (l *wire) send(event string) {
	if l.err != nil {
		return
	}
	_ = l.out.SetWriteDeadline(time.Time{}) // not every writer has one
	if _, l.err = fmt.Fprint(l.w, event); l.err == nil {
		l.err = l.out.Flush()
	}
	l.sent = true
}

// stop gives an error to the page's answer only while there is none yet.
func (l *wire) stop(err error) error {
	if l.sent {
		return nil
	}
	l.w.Header().Del("X-Accel-Buffering")
	return err
}
