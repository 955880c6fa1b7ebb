package web

import (
	"net/http"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/track"
)

func (s *site) showPreferences(w http.ResponseWriter, r *http.Request) error {
	return s.look(w, r, track.Preferences, "site/preferences.html", "site.preferences.title")
}

func (s *site) savePreferences(w http.ResponseWriter, r *http.Request) error {
	id, err := s.owner(r, track.Preferences)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	sub, err := s.readers.Subscription(r.Context(), id)
	if err != nil {
		return err
	}
	p := audience.Preferences{Language: sub.Language, Length: digest.Full, Paused: r.PostFormValue("paused") != ""}
	n, err := s.shelf.Newsletter(r.Context(), sub.Newsletter)
	if err != nil {
		return err
	}
	for _, l := range n.Languages {
		if string(l) == r.PostFormValue("language") {
			p.Language = l
		}
	}
	if r.PostFormValue("length") == string(digest.Short) {
		p.Length = digest.Short
	}
	var ok bool
	if p.Without, ok = s.without(r, n, sub); !ok {
		return s.present(w, r, sub, "site/preferences.html", "site.preferences.title", noTheme)
	}
	if sub, err = s.readers.Prefer(r.Context(), id, p); err != nil {
		return err
	}
	return s.present(w, r, sub, "site/preferences.html", "site.preferences.title", saved)
}
