package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxRemark is the longest note an editor may leave, in characters.
const maxRemark = 2000

// decision is what Approve and Reject have in common.
type decision func(ctx context.Context, id string, version int, editor, remark string) error

// approve releases the issue that the editor saw: the form names its version.
func (s *site) approve(w http.ResponseWriter, r *http.Request) error {
	issue, err := s.shelf.Issue(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, blocked := issue.Blocked(); blocked {
		return problem{http.StatusConflict, "blocked"}
	}
	return s.decide(w, r, s.desk.Approve, "desk.said.approved")
}

// reject sends it back, with the reason.
func (s *site) reject(w http.ResponseWriter, r *http.Request) error {
	if strings.TrimSpace(r.FormValue("remark")) == "" {
		s.say(w, r, failedKey, s.frame(r, nil, editorOf(r).Language).T("desk.failed.remark"), deskPage(r)+"#decision")
		return nil
	}
	return s.decide(w, r, s.desk.Reject, "desk.said.rejected")
}

func (s *site) decide(w http.ResponseWriter, r *http.Request, act decision, said string) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	version, err := strconv.Atoi(r.PostFormValue("version"))
	remark := strings.TrimSpace(r.PostFormValue("remark"))
	if err != nil || utf8.RuneCountInString(remark) > maxRemark {
		return problem{http.StatusBadRequest, "form"}
	}
	e := editorOf(r)
	if err := act(r.Context(), r.PathValue("id"), version, e.Address, remark); err != nil {
		return err
	}
	s.Logger.InfoContext(r.Context(), "issue decided", "issue", r.PathValue("id"), "editor", e.ID, "what", said)
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T(said), deskPage(r))
	return nil
}

// deskPage is the page of the issue that an action is about.
func deskPage(r *http.Request) string { return "/desk/issues/" + url.PathEscape(r.PathValue("id")) }
