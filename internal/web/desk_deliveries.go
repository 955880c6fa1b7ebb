package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// Deliveries tells what became of an issue for each of its readers.
type Deliveries interface {
	// Deliveries lists those of an issue in one of the states, in order of
	// SubscriberID, those after the given one, at most limit.
	Deliveries(ctx context.Context, issueID string, states []digest.DeliveryState, after string, limit int) ([]digest.Delivery, error)
	// CountAgain is how many Again would put back into the queue.
	CountAgain(ctx context.Context, issueID string, state digest.DeliveryState) (int, error)
	// Again sends to those in one state, digest.Refused or digest.Unsure, once
	// more, as far as they still get letters, and tells how many. It fails with
	// digest.ErrConflict when nothing of the issue was sent.
	Again(ctx context.Context, issueID string, state digest.DeliveryState, editor string) (int, error)
}

// fate is what may have become of a letter, by its name in the address.
type fate struct {
	name   string
	states []digest.DeliveryState
}

var fates = []fate{
	{"refused", []digest.DeliveryState{digest.Refused}},
	{"unsure", []digest.DeliveryState{digest.Unsure}},
	{"waiting", []digest.DeliveryState{digest.Deferred, digest.Queued, digest.Claimed, digest.Begun}},
	{"sent", []digest.DeliveryState{digest.Delivered}},
}

type deliveriesView struct {
	frame
	Head   deskLine
	Fate   string
	Fates  []filter
	Lines  []deliveryLine
	Again  int    // readers who can be sent to once more
	Twice  bool   // some of them may get it twice
	Halted string // why nobody who waits gets anything; empty: they do
	More   string // where the next are; empty: there are no more
}

// deliveryLine is what became of the issue for one reader.
type deliveryLine struct {
	Address, Why string
	State        digest.DeliveryState
	Tries        int
	Changed      time.Time
	Until        time.Time // of the next try; zero: there is none, or it is due
}

// listDeliveries shows who got an issue, who did not and why, and who waits
// until when.
func (s *site) listDeliveries(w http.ResponseWriter, r *http.Request) error {
	if s.Deliveries == nil {
		return digest.ErrNotFound
	}
	issue, n, err := s.issue(r)
	if err != nil {
		return err
	}
	asked, page := fates[0], deskPage(r)+"/deliveries"
	if at := slices.IndexFunc(fates, func(f fate) bool { return f.name == r.URL.Query().Get("state") }); at >= 0 {
		asked = fates[at]
	}
	rows, err := s.Deliveries.Deliveries(r.Context(), issue.ID, asked.states, r.URL.Query().Get("after"), perPage+1)
	if err != nil {
		return err
	}
	f := s.deskFrame(r)
	f.zone, f.Languages = zoneOf(n), nil // the switch would forget the state
	v := deliveriesView{frame: f, Head: deskLineOf(issue, n, true), Fate: asked.name}
	v.Title = f.T("desk.deliveries.title")
	for _, one := range fates {
		v.Fates = append(v.Fates, filter{f.T("desk.deliveries." + one.name), page + "?state=" + one.name, one.name == asked.name})
	}
	if len(rows) > perPage {
		rows = rows[:perPage]
		v.More = page + "?" + url.Values{"state": {asked.name}, "after": {rows[perPage-1].SubscriberID}}.Encode()
	}
	if issue.State == digest.Paused || issue.State == digest.Cancelled {
		v.Halted = f.T("desk.deliveries." + string(issue.State))
	}
	for _, d := range rows {
		line := deliveryLine{Address: d.Address, Why: f.why(d), State: d.State, Tries: d.Attempts, Changed: d.Updated}
		if d.State == digest.Deferred && v.Halted == "" {
			line.Until = d.NotBefore
		}
		v.Lines = append(v.Lines, line)
	}
	if again(issue.State) && (asked.name == "refused" || asked.name == "unsure") {
		v.Twice = asked.name == "unsure"
		if v.Again, err = s.Deliveries.CountAgain(r.Context(), issue.ID, asked.states[0]); err != nil {
			return err
		}
	}
	s.show(w, r, http.StatusOK, "desk/deliveries.html", v)
	return nil
}

// again tells whether an issue in this state may go to some once more.
func again(state digest.State) bool {
	return state == digest.Sent || state == digest.Sending || state == digest.Paused
}

// why is what a server said, or what took its place, in the editor's words.
func (f frame) why(d digest.Delivery) string {
	if d.Code != 0 {
		return strings.TrimSpace(fmt.Sprintf("%d %s %s", d.Code, d.Enhanced, d.Reply))
	}
	return f.Or("desk.deliveries.why."+d.Reply, d.Reply)
}

// sendAgain sends to those who were refused, or of whom nobody knows, once more.
func (s *site) sendAgain(w http.ResponseWriter, r *http.Request) error {
	state := digest.DeliveryState(r.PostFormValue("state"))
	if s.Deliveries == nil {
		return digest.ErrNotFound
	}
	if state != digest.Refused && state != digest.Unsure {
		return problem{http.StatusBadRequest, "form"}
	}
	e := editorOf(r)
	count, err := s.Deliveries.Again(r.Context(), r.PathValue("id"), state, e.Address)
	if err != nil {
		return err
	}
	s.Logger.InfoContext(r.Context(), "sent again", "issue", r.PathValue("id"), "editor", e.ID, "state", state, "letters", count)
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T("desk.said.again", "Count", count), deskPage(r)+"#delivery")
	return nil
}
