package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"hebdo/internal/digest"
	"hebdo/internal/render"
)

// editionView is the web edition of an issue. Issue is the view that the letter
// is made of, too.
type editionView struct {
	frame
	Issue      render.IssueView
	Sources    int
	Canonical  string
	Alternates []tongue // the same page in every language, absolute
	Previous   *issueLine
	Next       *issueLine
}

// webEdition shows an issue as it stands on the web: /letter/12.
func (s *site) webEdition(w http.ResponseWriter, r *http.Request) error {
	n, err := s.newsletter(r)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 {
		return digest.ErrNotFound
	}
	issue, err := s.shelf.IssueNumbered(r.Context(), n.Slug, number)
	if err != nil {
		return err
	}
	if issue.State == digest.Cancelled {
		// Who got it follows its link. What the editor took back is not shown, but
		// they are told what became of it: the address is neither wrong nor cut.
		return problem{http.StatusGone, "withdrawn"}
	}
	// Letters link to the main language without saying so.
	v := s.edition(issue, n, s.frame(r, &n, n.MainLanguage()))
	for _, t := range v.Languages {
		t.URL = s.absolute(n.Slug, strconv.Itoa(number)) + "?lang=" + url.QueryEscape(string(t.Tag))
		v.Alternates = append(v.Alternates, t)
	}
	if v.Previous, err = s.neighbour(r, v.frame, number-1); err != nil {
		return err
	}
	if v.Next, err = s.neighbour(r, v.frame, number+1); err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "site/issue.html", v)
	return nil
}

func (s *site) edition(i digest.Issue, n digest.Newsletter, f frame) editionView {
	v := editionView{
		frame: f, Issue: s.Views.View(i, n, digest.Variant{Language: f.Lang, Length: digest.Full}),
		Canonical: s.absolute(n.Slug, strconv.Itoa(i.Number)),
	}
	if f.Lang != n.MainLanguage() {
		v.Canonical += "?lang=" + url.QueryEscape(string(f.Lang))
	}
	v.Title = v.Issue.Subject
	names := map[string]bool{}
	for _, section := range i.Sections {
		for _, item := range section.Items {
			for _, c := range item.Citations {
				names[c.Source] = true
			}
		}
	}
	v.Sources = len(names)
	return v
}

// neighbour is the issue before or after, if readers can have it.
func (s *site) neighbour(r *http.Request, f frame, number int) (*issueLine, error) {
	if number < 1 {
		return nil, nil
	}
	i, err := s.shelf.IssueNumbered(r.Context(), f.Letter.Slug, number)
	if errors.Is(err, digest.ErrNotFound) || err == nil && i.State == digest.Cancelled {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	line := lineOf(i, f)
	return &line, nil
}

// absolute is a page's public address.
func (s *site) absolute(parts ...string) string {
	return s.PublicURL.JoinPath(parts...).String()
}
