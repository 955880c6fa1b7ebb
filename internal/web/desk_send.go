package web

import (
	"net/http"
	"time"

	"hebdo/internal/digest"
)

// send begins to send an approved issue now, whatever its time: the form names
// the version that the editor saw.
func (s *site) send(w http.ResponseWriter, r *http.Request) error {
	if s.Control == nil {
		return digest.ErrNotFound
	}
	version, _, err := decision(r)
	if err != nil {
		return err
	}
	issue, err := s.shelf.Issue(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if issue.Version != version || issue.State != digest.Approved { // what is paused or sent goes on elsewhere
		return digest.ErrConflict
	}
	e := editorOf(r)
	if err := s.Control.Move(r.Context(), issue.ID, digest.Sending, e.Address); err != nil {
		return err
	}
	s.Logger.InfoContext(r.Context(), "sending changed", "issue", issue.ID, "editor", e.ID, "what", "send")
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T("desk.said.send"), deskPage(r)+"#delivery")
	return nil
}

// departure is the key of what an approval says of the sending.
func departure(i digest.Issue, now time.Time) string {
	switch slot, timed := i.Time(); {
	case !timed:
		return "desk.said.approved.hand"
	case now.Before(slot):
		return "desk.said.approved"
	default:
		return "desk.said.approved.late"
	}
}

// awaited says what an approved issue waits for.
func (f frame) awaited(i digest.Issue, now time.Time) string {
	switch slot, timed := i.Time(); {
	case !timed:
		return f.T("desk.delivery.hand", "Number", i.Number)
	case now.Before(slot):
		return f.T("desk.delivery.at", "When", f.Moment(slot))
	default:
		return f.T("desk.delivery.late")
	}
}
