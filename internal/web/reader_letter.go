package web

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// readerView is a page behind a link of a letter.
type readerView struct {
	frame
	Address     string // masked: letters are forwarded with their links
	State       digest.SubscriptionState
	Stopped     bool            // nothing is sent to the address, and signing up does not change that
	Choice      digest.Language // of the letter
	Short       bool
	Themes      []themeChoice
	Saved       bool
	NoTheme     bool   // all were left out: nothing was saved
	Preferences string // path
	Unsubscribe string // path
	Latest      *issueLine
}

// owner finds the subscription a token was made for.
func (s *site) owner(r *http.Request, p track.Purpose) (string, error) {
	return s.Links.Parse(p, r.PathValue("token"))
}

// outcome is what a page says of what its reader has just done.
type outcome int

const (
	nothing outcome = iota
	saved
	noTheme
)

// present shows a subscription on one of its reader's pages.
func (s *site) present(w http.ResponseWriter, r *http.Request, sub digest.Subscription, page, title string, after outcome) error {
	n, err := s.shelf.Newsletter(r.Context(), sub.Newsletter)
	if err != nil {
		return err
	}
	v := readerView{
		frame: s.frame(r, &n, sub.Language), Address: masked(sub.Subscriber.Address), State: sub.State, Stopped: stopped(sub),
		Choice: sub.Language, Short: sub.Length == digest.Short, Saved: after == saved, NoTheme: after == noTheme,
		Preferences: "/p/" + s.Links.Token(track.Preferences, sub.ID),
		Unsubscribe: "/u/" + s.Links.Token(track.Unsubscribe, sub.ID),
	}
	v.Themes = s.themeChoices(n, sub, v.Lang)
	v.Title = v.T(title, "Name", n.Name)
	latest, err := s.shelf.Issues(r.Context(), n.Slug, "", 1, out...)
	if err != nil {
		return err
	}
	if len(latest) > 0 {
		line := lineOf(latest[0], v.frame)
		v.Latest = &line
	}
	s.show(w, r, http.StatusOK, page, v)
	return nil
}

// stopped tells whether the address is suppressed. An erased one is unknown, and
// may sign up.
func stopped(sub digest.Subscription) bool {
	kind := sub.Subscriber.Suppression.Kind
	return kind != "" && kind != digest.Erased
}

// masked leaves enough of an address for its owner to know it.
func masked(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return ""
	}
	_, size := utf8.DecodeRuneInString(address)
	return address[:size] + "…\u2060" + address[at:] // no line break between
}

// look shows a page with one button and changes nothing.
func (s *site) look(w http.ResponseWriter, r *http.Request, p track.Purpose, page, title string) error {
	id, err := s.owner(r, p)
	if err != nil {
		return err
	}
	sub, err := s.readers.Subscription(r.Context(), id)
	if err != nil {
		return err
	}
	return s.present(w, r, sub, page, title, nothing)
}
