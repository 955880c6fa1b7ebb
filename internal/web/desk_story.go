package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"hebdo/internal/digest"
)

// joinStories makes one story of two, as the editor says.
func (s *site) joinStories(w http.ResponseWriter, r *http.Request) error {
	return s.sort(w, r, "joined", s.placeOf, func(id string, version int, editor string) error {
		return s.Sorting.Join(r.Context(), id, version, r.PostFormValue("story"), r.PostFormValue("with"), editor)
	})
}

// partStory takes an article out of a story, as the editor says.
func (s *site) partStory(w http.ResponseWriter, r *http.Request) error {
	return s.sort(w, r, "parted", s.placeOf, func(id string, version int, editor string) error {
		return s.Sorting.Part(r.Context(), id, version, r.PostFormValue("story"), r.PostFormValue("article"), editor)
	})
}

// placeStory puts a story under another theme, as the editor says.
func (s *site) placeStory(w http.ResponseWriter, r *http.Request) error {
	return s.sort(w, r, "placed", s.placeOf, func(id string, version int, editor string) error {
		return s.Sorting.Place(r.Context(), id, version, r.PostFormValue("story"), r.PostFormValue("theme"), editor)
	})
}

// orderStories moves a story or a theme one place up or down, as the editor says.
func (s *site) orderStories(w http.ResponseWriter, r *http.Request) error {
	return s.sort(w, r, "ordered", moverOf, func(id string, version int, editor string) error {
		to := r.PostFormValue("to")
		if to != "up" && to != "down" {
			return problem{http.StatusBadRequest, "form"}
		}
		return s.Sorting.Order(r.Context(), id, version, r.PostFormValue("theme"), r.PostFormValue("story"), to == "up", editor)
	})
}

// moverOf is the button that was pressed, where it now is: pressed again, it
// moves the same on.
func moverOf(r *http.Request) string {
	what := r.PostFormValue("to") + "-" + r.PostFormValue("story")
	if r.PostFormValue("story") == "" {
		what = "theme-" + r.PostFormValue("to") + "-" + r.PostFormValue("theme")
	}
	return "#" + url.PathEscape(what)
}

// sort does one of these on the issue that the editor saw: the form names its
// version. Then it leads back to the place on the page.
func (s *site) sort(w http.ResponseWriter, r *http.Request, done string, place func(*http.Request) string, do func(id string, version int, editor string) error) error {
	if s.Sorting == nil {
		return digest.ErrNotFound
	}
	version, _, err := decision(r)
	if err != nil {
		return err
	}
	e := editorOf(r)
	if err := do(r.PathValue("id"), version, e.Address); err != nil {
		return err
	}
	s.Logger.InfoContext(r.Context(), "stories sorted", "issue", r.PathValue("id"), "editor", e.ID, "what", done)
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T("desk.said."+done), asSeen(r)+place(r))
	return nil
}

// placeOf is where on the issue's page the story that was sorted stands: of two
// that were joined one is gone.
func (s *site) placeOf(r *http.Request) string {
	issue, err := s.shelf.Issue(r.Context(), r.PathValue("id"))
	if err != nil {
		return "" // the page will say so
	}
	for _, story := range []string{r.PostFormValue("story"), r.PostFormValue("with")} {
		for _, section := range issue.Sections {
			if slices.ContainsFunc(section.Items, func(it digest.Item) bool { return it.Story == story }) {
				return "#story-" + story
			}
		}
	}
	return "#contents"
}

// otherView is a story that another may be joined with.
type otherView struct{ ID, Headline string }

// others lists an issue's stories by their headlines, in the order of the letter.
func others(themes []themeView) []otherView {
	var all []otherView
	for _, t := range themes {
		for _, s := range t.Stories {
			all = append(all, otherView{s.ID, cmp.Or(s.Headline, s.ID)})
		}
	}
	return all
}

// choiceView is a theme that stories may be placed under.
type choiceView struct{ ID, Label string }

// choices are the themes of a newsletter, in the order of the letter.
func (s *site) choices(n digest.Newsletter, lang digest.Language) []choiceView {
	var all []choiceView
	for _, t := range s.Themes(n) {
		all = append(all, choiceView{t.ID, t.Label(lang)})
	}
	return all
}
