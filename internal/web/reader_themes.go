package web

import (
	"net/http"
	"slices"
	"strings"

	"hebdo/internal/digest"
)

// themeChoice is a theme that a reader gets or leaves out.
type themeChoice struct {
	ID    string
	Label string
	Gets  bool
}

// themeChoices are the themes that a reader may leave out: all but that of what fits
// none. None are given where there is nothing to choose.
func (s *site) themeChoices(n digest.Newsletter, sub digest.Subscription, lang digest.Language) []themeChoice {
	without := strings.Fields(sub.Without)
	var all []themeChoice
	for _, t := range s.Themes(n) {
		if t.ID != digest.OtherTheme {
			all = append(all, themeChoice{t.ID, t.Label(lang), !slices.Contains(without, t.ID)})
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// without reads which themes are left out in a form that showed them, and nil
// from any other; false: all are.
func (s *site) without(r *http.Request, n digest.Newsletter, sub digest.Subscription) (themes []string, ok bool) {
	all := s.themeChoices(n, sub, "")
	if len(all) == 0 || r.PostFormValue("themes") == "" {
		return nil, true
	}
	themes = []string{}
	for _, c := range all {
		if !slices.Contains(r.PostForm["theme"], c.ID) {
			themes = append(themes, c.ID)
		}
	}
	return themes, len(themes) < len(all)
}
