package web

import (
	"net/http"

	"hebdo/internal/digest"
)

// undo takes back the last edit of the issue that the editor saw.
func (s *site) undo(w http.ResponseWriter, r *http.Request) error {
	if s.Revising == nil {
		return digest.ErrNotFound
	}
	version, _, err := decision(r)
	if err != nil {
		return err
	}
	e := editorOf(r)
	if err := s.Revising.Undo(r.Context(), r.PathValue("id"), version, e.Address); err != nil {
		return err
	}
	s.Logger.InfoContext(r.Context(), "edit undone", "issue", r.PathValue("id"), "editor", e.ID)
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T("desk.said.undone"), asSeen(r)+"#contents")
	return nil
}

// lastEdit says what an editor did to an issue last, who it was and when; empty:
// nobody did anything, or it can no longer be undone.
func (s *site) lastEdit(i digest.Issue, f frame) string {
	if i.Last == nil || !s.allowed(i).Revise {
		return ""
	}
	return f.T("desk.edit", "What", f.Or("desk.edit."+i.Last.What, i.Last.What), "Who", i.Last.Editor, "When", f.Moment(i.Last.At))
}
