package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// maxRemark is the longest note an editor may leave, in characters.
const maxRemark = 2000

// approve releases the issue that the editor saw: the form names its version.
func (s *site) approve(w http.ResponseWriter, r *http.Request) error {
	issue, err := s.shelf.Issue(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	version, remark, err := decision(r)
	if err != nil {
		return err
	}
	if _, blocked := issue.Blocked(); blocked {
		err = problem{http.StatusConflict, "blocked"}
	} else {
		err = s.desk.Approve(r.Context(), issue.ID, version, editorOf(r).Address, remark)
	}
	if err != nil {
		s.keepNote(r, deskPage(r), remark)
		return err
	}
	s.decided(w, r, departure(issue, s.Now()))
	return nil
}

// reject sends it back, with the reason.
func (s *site) reject(w http.ResponseWriter, r *http.Request) error {
	version, remark, err := decision(r)
	if err != nil {
		return err
	}
	e := editorOf(r)
	if remark == "" {
		s.say(w, r, failedKey, s.frame(r, nil, e.Language).T("desk.failed.remark"), asSeen(r)+"#decision")
		return nil
	}
	if err := s.desk.Reject(r.Context(), r.PathValue("id"), version, e.Address, remark); err != nil {
		s.keepNote(r, deskPage(r), remark)
		return err
	}
	s.decided(w, r, "desk.said.rejected")
	return nil
}

// decision reads what the forms about an issue share: the version that the
// editor saw, and a remark where there is one.
func decision(r *http.Request) (version int, remark string, err error) {
	if err := r.ParseForm(); err != nil {
		return 0, "", badForm(err)
	}
	version, err = strconv.Atoi(r.PostFormValue("version"))
	remark = strings.TrimSpace(r.PostFormValue("remark"))
	if err != nil || utf8.RuneCountInString(remark) > maxRemark {
		return 0, "", problem{http.StatusBadRequest, "form"}
	}
	return version, remark, nil
}

func (s *site) decided(w http.ResponseWriter, r *http.Request, said string) {
	e := editorOf(r)
	s.Logger.InfoContext(r.Context(), "issue decided", "issue", r.PathValue("id"), "editor", e.ID, "what", said)
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T(said), asSeen(r))
}

// deskPage is the page of the issue that an action is about.
func deskPage(r *http.Request) string { return "/desk/issues/" + url.PathEscape(r.PathValue("id")) }

// asSeen is that page with the edition that was shown on it.
func asSeen(r *http.Request) string {
	if edition := r.FormValue("edition"); edition != "" {
		return deskPage(r) + "?edition=" + url.QueryEscape(edition)
	}
	return deskPage(r)
}

// verdict says who approved or rejected an issue; empty: nobody has. Of one
// that was drafted again after a rejection it says nothing.
func (f frame) verdict(i digest.Issue) string {
	key, when := "desk.issue.", f.Moment(i.Approved)
	switch {
	case i.ApprovedBy == "" || i.State != digest.Rejected && when == "":
		return ""
	case i.State == digest.Rejected:
		key += "rejected"
	default:
		key += "approved"
	}
	switch i.ApprovedBy {
	case digest.ByRule:
		key += ".rule"
	case digest.ByConsole:
		key += ".console"
	}
	return f.T(key, "Who", i.ApprovedBy, "When", when)
}
