package web

import (
	"net/http"

	"hebdo/internal/digest"
)

// move pauses, resumes or cancels the sending of an issue.
func (s *site) move(w http.ResponseWriter, r *http.Request) error {
	what := r.PathValue("move")
	to, ok := map[string]digest.State{"pause": digest.Paused, "resume": digest.Sending, "cancel": digest.Cancelled}[what]
	if !ok || s.Control == nil {
		return digest.ErrNotFound
	}
	e := editorOf(r)
	issue, err := s.shelf.Issue(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if what == "resume" && issue.State != digest.Paused { // nothing else may be started from here
		return digest.ErrConflict
	}
	if err := s.Control.Move(r.Context(), issue.ID, to, e.Address); err != nil {
		return err
	}
	s.Logger.InfoContext(r.Context(), "sending changed", "issue", issue.ID, "editor", e.ID, "what", what)
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T("desk.said."+what), deskPage(r)+"#delivery")
	return nil
}
