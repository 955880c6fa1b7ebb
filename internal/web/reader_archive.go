package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/render"
)

// perPage is how many issues an archive page lists.
const perPage = 20

// out are the states of an issue that readers may have in their inbox.
var out = []digest.State{digest.Sent, digest.Sending, digest.Paused}

type homeView struct {
	frame
	Newsletters []letterhead
}

type archiveView struct {
	frame
	Form   signUpForm
	Issues []issueLine
	Older  string // URL of the next page; empty: there is none
	First  bool   // the first page
}

// issueLine is an issue in a list for readers.
type issueLine struct {
	URL                string
	Number             int
	Date               time.Time
	Subject, Preheader string
	Minutes, Stories   int
}

// home lists the newsletters, or goes on to the only one.
func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	all, err := s.shelf.Newsletters(r.Context())
	if err != nil {
		return err
	}
	v := homeView{frame: s.frame(r, nil, "")}
	if len(all) == 1 {
		http.Redirect(w, r, v.Link("/"+all[0].Slug+"/"), http.StatusFound)
		return nil
	}
	for _, n := range all {
		v.Newsletters = append(v.Newsletters, letterhead{Slug: n.Slug, Name: n.Name, Description: n.Description, Publisher: n.Publisher})
	}
	v.Title = v.T("site.home.title")
	s.show(w, r, http.StatusOK, "site/home.html", v)
	return nil
}

// addSlash sends /letter to /letter/. The answer is kept for good by whoever
// gets it, so that it depends on the address alone.
func (s *site) addSlash(w http.ResponseWriter, r *http.Request) error {
	n, err := s.newsletter(r)
	if err != nil {
		return err
	}
	to := "/" + n.Slug + "/"
	if f := s.frame(r, &n, ""); f.asked {
		to += "?lang=" + url.QueryEscape(string(f.Lang))
	}
	http.Redirect(w, r, to, http.StatusMovedPermanently)
	return nil
}

// archive lists what a newsletter sent, with the sign-up form above.
func (s *site) archive(w http.ResponseWriter, r *http.Request) error {
	n, err := s.newsletter(r)
	if err != nil {
		return err
	}
	before := r.URL.Query().Get("before")
	issues, err := s.shelf.Issues(r.Context(), n.Slug, before, perPage+1, out...)
	if err != nil {
		return err
	}
	v := archiveView{frame: s.frame(r, &n, ""), First: before == ""}
	v.Title, v.Form = n.Name, formOf(v.frame)
	if len(issues) > perPage {
		issues = issues[:perPage]
		v.Older = "/" + n.Slug + "/?before=" + issues[perPage-1].ID + "&lang=" + string(v.Lang)
	}
	for _, i := range issues {
		v.Issues = append(v.Issues, lineOf(i, v.frame))
	}
	s.show(w, r, http.StatusOK, "site/archive.html", v)
	return nil
}

func (s *site) newsletter(r *http.Request) (digest.Newsletter, error) {
	return s.shelf.Newsletter(r.Context(), r.PathValue("newsletter"))
}

func lineOf(i digest.Issue, f frame) issueLine {
	front := frontOf(i, f.Lang)
	return issueLine{
		URL: f.LinkFixed("/" + i.Newsletter + "/" + strconv.Itoa(i.Number)), Number: i.Number, Date: i.Date,
		Subject: render.Typeset(front.Subject, f.Lang), Preheader: render.Typeset(front.Preheader, f.Lang), Minutes: front.Minutes, Stories: i.Stories(),
	}
}
