package web

import (
	"net/http"

	"hebdo/internal/track"
)

func (s *site) askConfirm(w http.ResponseWriter, r *http.Request) error {
	return s.look(w, r, track.Confirm, "site/confirm.html", "site.confirm.title")
}

func (s *site) confirm(w http.ResponseWriter, r *http.Request) error {
	id, err := s.owner(r, track.Confirm)
	if err != nil {
		return err
	}
	sub, err := s.readers.Confirm(r.Context(), id)
	if err != nil {
		return err
	}
	return s.present(w, r, sub, "site/confirm.html", "site.confirm.title", saved)
}
