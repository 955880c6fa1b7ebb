package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/render"
)

type deskView struct {
	frame
	Choice []filter   // newsletters to look at
	Lists  []deskList // those that have lines
	Older  string     // URL of the next page; empty: there is none
	None   string     // what to do where there is nothing yet
}

// deskList is a part of the list: what waits for a person comes first.
type deskList struct {
	ID, Title string
	Lines     []deskLine
}

// filter is one newsletter to restrict the list to.
type filter struct {
	Name, URL string
	Current   bool
}

// deskLine is an issue in the list of the desk.
type deskLine struct {
	ID, Newsletter, Subject string
	State                   digest.State
	Number, Stories         int
	Date, Created           time.Time
	Warnings, Blockers      int
	Several                 bool // there is more than one newsletter
}

// listIssues shows the newest issues of every newsletter, or page by page
// those of one.
func (s *site) listIssues(w http.ResponseWriter, r *http.Request) error {
	all, err := s.shelf.Newsletters(r.Context())
	if err != nil {
		return err
	}
	v := deskView{frame: s.deskFrame(r)}
	v.Title = v.T("desk.issues.title")
	wanted := r.URL.Query().Get("newsletter")
	v.None = v.none(all, "desk.issues.none")
	if len(all) == 1 {
		wanted = all[0].Slug
	} else if len(all) > 1 {
		v.Choice = choice(all, wanted, v.frame)
	}
	var lines []deskLine
	for _, n := range all {
		if wanted != "" && wanted != n.Slug {
			continue
		}
		before := ""
		if wanted != "" {
			before = r.URL.Query().Get("before")
		}
		issues, err := s.shelf.Issues(r.Context(), n.Slug, before, perPage+1)
		if err != nil {
			return err
		}
		if len(issues) > perPage {
			issues = issues[:perPage]
			if wanted != "" {
				v.Older = "/desk/?" + url.Values{"newsletter": {n.Slug}, "before": {issues[perPage-1].ID}}.Encode()
			}
		}
		for _, i := range issues {
			lines = append(lines, deskLineOf(i, n, len(all) > 1))
		}
	}
	v.sort(lines, wanted == "")
	s.show(w, r, http.StatusOK, "desk/issues.html", v)
	return nil
}

// none is a text for a list without lines; where there is no newsletter, how to
// bring one in comes first.
func (f frame) none(all []digest.Newsletter, key string) string {
	if len(all) == 0 {
		key = "desk.newsletters.none"
	}
	return f.T(key)
}

func choice(all []digest.Newsletter, wanted string, f frame) []filter {
	list := []filter{{f.T("desk.issues.all"), "/desk/", wanted == ""}}
	for _, n := range all {
		list = append(list, filter{n.Name, "/desk/?newsletter=" + url.QueryEscape(n.Slug), wanted == n.Slug})
	}
	return list
}

// sort puts the newest first and what waits for a decision above the rest;
// short keeps one page of the rest.
func (v *deskView) sort(lines []deskLine, short bool) {
	slices.SortStableFunc(lines, func(a, b deskLine) int { return b.Created.Compare(a.Created) })
	var waiting, rest []deskLine
	for _, l := range lines {
		if l.State == digest.InReview {
			waiting = append(waiting, l)
		} else if !short || len(rest) < perPage {
			rest = append(rest, l)
		}
	}
	if len(waiting) > 0 {
		v.Lists = append(v.Lists, deskList{"waiting", v.T("desk.issues.waiting"), waiting})
	}
	title := v.T("desk.issues.rest")
	if len(waiting) == 0 {
		title = v.T("desk.issues.every")
	}
	if len(rest) > 0 {
		v.Lists = append(v.Lists, deskList{"rest", title, rest})
	}
}

func deskLineOf(i digest.Issue, n digest.Newsletter, several bool) deskLine {
	line := deskLine{
		ID: i.ID, Newsletter: n.Name, Subject: render.Typeset(frontOf(i, n.MainLanguage()).Subject, n.MainLanguage()), State: i.State,
		Number: i.Number, Stories: i.Stories(), Date: i.Date.In(zoneOf(n)), Created: i.Created, Several: several,
	}
	for _, note := range i.Notes {
		switch note.Level {
		case digest.Warning:
			line.Warnings++
		case digest.Blocker:
			line.Blockers++
		}
	}
	return line
}
