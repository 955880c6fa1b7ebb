package web

import "net/http"

// feed gives the latest issues as Atom (RFC 4287), in the newsletter's main
// language unless ?lang= says otherwise.
func (s *site) feed(w http.ResponseWriter, r *http.Request) error {
	n, err := s.newsletter(r)
	if err != nil {
		return err
	}
	issues, err := s.shelf.Issues(r.Context(), n.Slug, "", perPage, out...)
	if err != nil {
		return err
	}
	body, err := s.Views.Atom(n, s.frame(r, &n, n.MainLanguage()).Lang, issues)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	serve(w, r, body)
	return nil
}
