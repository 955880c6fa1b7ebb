package web

import (
	"context"
	"errors"
	"net/http"
	"path"
	"strings"

	"hebdo/internal/digest"
)

type logInView struct {
	frame
	Address string
	Next    string
	Note    string // written before the session ended, for the page of Next
	Wrong   bool
}

func (s *site) showLogIn(w http.ResponseWriter, r *http.Request) error {
	if s.sessions.GetString(r.Context(), whoKey) != "" {
		http.Redirect(w, r, "/desk/", http.StatusSeeOther)
		return nil
	}
	s.showLogInForm(w, r, http.StatusOK, logInView{Next: local(r.URL.Query().Get("next"))})
	return nil
}

func (s *site) showLogInForm(w http.ResponseWriter, r *http.Request, status int, v logInView) {
	v.frame = s.frame(r, nil, "")
	v.Title = v.T("desk.login.title")
	s.show(w, r, status, "desk/login.html", v)
}

// logIn opens a session under a new token. A wrong address and a wrong
// password get the same answer after the same work.
func (s *site) logIn(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	v := logInView{Address: r.PostFormValue("address"), Next: local(r.PostFormValue("next")), Note: r.PostFormValue("note"), Wrong: true}
	address, by := strings.ToLower(strings.TrimSpace(v.Address)), household(s.client(r))
	if !s.logInsBy.allow(by, s.Now()) || !s.logInsFor.allow(address, s.Now()) {
		return problem{http.StatusTooManyRequests, "toomany"}
	}
	e, ok, err := s.identify(r.Context(), address, r.PostFormValue("password"))
	if err != nil {
		return err
	}
	if !ok {
		s.Logger.WarnContext(r.Context(), "log-in refused", "client", by)
		s.showLogInForm(w, r, http.StatusUnprocessableEntity, v)
		return nil
	}
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Put(r.Context(), whoKey, e.Address)
	s.sessions.Put(r.Context(), proofKey, proof(e))
	s.keepNote(r, v.Next, v.Note)
	s.logInsFor.pardon(address)
	http.Redirect(w, r, v.Next, http.StatusSeeOther)
	return nil
}

// identify checks a password, a made-up one where the address is unknown.
func (s *site) identify(ctx context.Context, address, password string) (digest.Editor, bool, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return digest.Editor{}, false, ctx.Err()
	}
	e, err := s.editors.Editor(ctx, address)
	stored := e.Password
	if errors.Is(err, digest.ErrNotFound) {
		stored = nobody
	} else if err != nil {
		return digest.Editor{}, false, err
	}
	ok, err2 := s.verify(stored, password)
	return e, ok && err == nil, err2
}

func (s *site) logOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/login", http.StatusSeeOther)
	return nil
}

// local is where to go after log-in: a page of the desk, nowhere else.
func local(next string) string {
	clean, _, _ := strings.Cut(next, "?")
	if strings.HasPrefix(next, "/desk/") && path.Clean(clean)+"/" != "/desk/login/" && !strings.Contains(clean, "..") && !strings.ContainsAny(next, "\\\r\n") {
		return next
	}
	return "/desk/"
}
