package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// problem is an answer other than success, in words of the site.problem keys.
type problem struct {
	status int
	key    string // site.problem.KEY and site.problem.KEY.text
}

func (p problem) Error() string { return http.StatusText(p.status) + ": " + p.key }

// problemView is the page that tells a visitor what went wrong and the way out.
type problemView struct {
	frame
	Status int
	Text   string
	Back   string // where to go from here
	Way    string // what is there
}

// page turns a handler that may fail into one that answers its failures. It is
// the one place where errors become HTTP statuses.
func (s *site) page(act func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := act(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the visitor has gone
	}
	p := problemOf(err, r)
	if p.status >= 500 {
		s.Logger.ErrorContext(r.Context(), "page failed", "method", r.Method, "page", r.Pattern, "error", err)
	}
	back, way := "/", "home"
	if strings.HasPrefix(r.URL.Path, "/desk/") {
		back, way = "/desk/", "desk"
		if p.status == http.StatusConflict && strings.HasPrefix(r.URL.Path, "/desk/issues/") {
			back, way = deskPage(r), "issue"
		}
	}
	f := s.frame(r, nil, editorOf(r).Language)
	f.Languages = nil // the address may be that of an action
	f.Title = f.T("site.problem." + p.key)
	if p.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "60")
	}
	s.show(w, r, p.status, "site/problem.html", problemView{
		frame: f, Status: p.status, Text: f.T("site.problem." + p.key + ".text"), Back: back, Way: f.T("site.problem." + way),
	})
}

func problemOf(err error, r *http.Request) problem {
	var p problem
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, track.ErrToken):
		return problem{http.StatusNotFound, "token"}
	case errors.Is(err, digest.ErrNotFound) && r.PathValue("token") != "":
		return problem{http.StatusNotFound, "token"}
	case errors.Is(err, digest.ErrNotFound):
		return problem{http.StatusNotFound, "notfound"}
	case errors.Is(err, digest.ErrConflict):
		return problem{http.StatusConflict, "conflict"}
	case errors.Is(err, digest.ErrNotApproved):
		return problem{http.StatusConflict, "notapproved"}
	case errors.As(err, &tooBig):
		return problem{http.StatusRequestEntityTooLarge, "toobig"}
	default:
		return problem{http.StatusInternalServerError, "internal"}
	}
}

func (s *site) nothingHere(http.ResponseWriter, *http.Request) error { return digest.ErrNotFound }
