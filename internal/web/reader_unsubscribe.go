package web

import (
	"net/http"

	"hebdo/internal/track"
)

func (s *site) askUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	return s.look(w, r, track.Unsubscribe, "site/unsubscribe.html", "site.unsubscribe.title")
}

// unsubscribe serves the page's button and the one click of a mail program
// alike: 200, no redirect, no cookie, as often as it comes. Its body,
// "List-Unsubscribe=One-Click" urlencoded or multipart (RFC 8058, 3.1), says
// nothing that the method and the token do not.
func (s *site) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	id, err := s.owner(r, track.Unsubscribe)
	if err != nil {
		return err
	}
	sub, err := s.readers.Unsubscribe(r.Context(), id)
	if err != nil {
		return err
	}
	return s.present(w, r, sub, "site/unsubscribe.html", "site.unsubscribe.title", saved)
}
