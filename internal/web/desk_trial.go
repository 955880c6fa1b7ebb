package web

import (
	"context"
	"net/http"
	"time"
)

// sendTrial sends one edition to the editor's own address and says how it went.
func (s *site) sendTrial(w http.ResponseWriter, r *http.Request) error {
	issue, n, err := s.issue(r)
	if err != nil {
		return err
	}
	e := editorOf(r)
	if !s.trials.allow(e.ID, s.Now()) {
		return problem{http.StatusTooManyRequests, "toomany"}
	}
	ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
	defer cancel()
	f, v := s.frame(r, nil, e.Language), variantOf(r, n)
	if err := s.desk.Test(ctx, issue.ID, v, e.Address); err != nil {
		s.Logger.WarnContext(ctx, "test letter not sent", "issue", issue.ID, "editor", e.ID)
		s.say(w, r, failedKey, f.T("desk.failed.test", "Why", err.Error()), deskPage(r)+"?edition="+v.String())
		return nil
	}
	s.say(w, r, saidKey, f.T("desk.said.test", "Address", e.Address), deskPage(r)+"?edition="+v.String())
	return nil
}
