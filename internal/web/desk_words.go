package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"hebdo/internal/digest"
)

// wordsView is the page on which a story is rewritten.
type wordsView struct {
	frame
	Action                  string // where the form goes
	Back                    string // the story on the issue's page
	Version                 int
	Edition                 string
	Late                    bool // the issue is approved
	Outrun                  bool // somebody changed the issue while this was written
	Closed                  bool // it can no longer be kept: what was written is shown to be copied
	Tongues                 []wordingView
	Sources                 []sourceView
	MaxHeadline, MaxSummary int // characters
}

// wordingView is a story's words in one of the issue's languages.
type wordingView struct {
	Lang   digest.Language
	Name   string
	Words  digest.Words
	Stands *digest.Words // as they are now, where others were written for an issue that somebody changed meanwhile
	Editor string        // who rewrote them
	Fault  string        // why they cannot be kept
}

// showWords is the form. What was written there before a session ended is in it.
func (s *site) showWords(w http.ResponseWriter, r *http.Request) error {
	if s.Revising == nil {
		return digest.ErrNotFound
	}
	written, err := url.ParseQuery(s.sessions.PopString(r.Context(), noteKey+r.URL.EscapedPath()))
	if err != nil {
		written = nil
	}
	return s.showWordsForm(w, r, http.StatusOK, written, nil)
}

// reword puts the editor's words in the place of the story's. When they cannot
// be kept they are shown again, with the reason.
func (s *site) reword(w http.ResponseWriter, r *http.Request) error {
	if s.Revising == nil {
		return digest.ErrNotFound
	}
	version, _, err := decision(r)
	if err != nil {
		return err
	}
	_, n, err := s.issue(r)
	if err != nil {
		return err
	}
	words := map[digest.Language]digest.Words{}
	for _, lang := range languagesOf(n) {
		if r.PostForm.Has("headline-" + string(lang)) {
			words[lang] = wordsOf(r.PostForm, lang)
		}
	}
	e := editorOf(r)
	err = s.Revising.Reword(r.Context(), r.PathValue("id"), version, r.PathValue("story"), words, e.Address)
	switch {
	case errors.Is(err, digest.ErrNoWords), errors.Is(err, digest.ErrTooLong):
		return s.showWordsForm(w, r, http.StatusUnprocessableEntity, r.PostForm, err)
	case errors.Is(err, digest.ErrConflict), errors.Is(err, digest.ErrNotFound):
		return s.showWordsForm(w, r, http.StatusConflict, r.PostForm, err)
	case err != nil:
		return err
	}
	s.Logger.InfoContext(r.Context(), "story rewritten", "issue", r.PathValue("id"), "editor", e.ID)
	s.say(w, r, saidKey, s.frame(r, nil, e.Language).T("desk.said.reworded"), asSeen(r)+"#story-"+r.PathValue("story"))
	return nil
}

// showWordsForm shows the story's words as they stand, or what was written in
// their place and why that was not kept.
func (s *site) showWordsForm(w http.ResponseWriter, r *http.Request, status int, written url.Values, fault error) error {
	issue, n, err := s.issue(r)
	if err != nil {
		return err
	}
	item := cmp.Or(issue.Item(r.PathValue("story")), &digest.Item{})
	open := item.Story != "" && s.allowed(issue).Revise
	if !open && len(written) == 0 {
		return digest.ErrNotFound
	}
	f := s.deskFrame(r)
	f.Languages = nil // the address may be that of an action
	f.Title = f.T("desk.words.title")
	v := wordsView{
		frame: f, Action: r.URL.EscapedPath(), Version: issue.Version, Edition: r.FormValue("edition"), MaxHeadline: digest.MaxHeadline, MaxSummary: digest.MaxSummary,
		Late: issue.State == digest.Approved, Closed: !open, Outrun: errors.Is(fault, digest.ErrConflict) && open,
		Back: asSeen(r) + "#story-" + url.PathEscape(r.PathValue("story")), Sources: storyOf(*item, f).Sources,
	}
	for _, lang := range languagesOf(n) {
		told := item.Wordings[lang]
		line := wordingView{Lang: lang, Name: f.Or("site.language."+string(lang), string(lang)), Words: told.Words(), Editor: told.Editor}
		if written.Has("headline-" + string(lang)) {
			line.Words = wordsOf(written, lang)
			if stands := told.Words(); line.Words != stands && v.Outrun {
				line.Stands = &stands
			} else if line.Words != stands && fault != nil {
				line.Fault = f.faultOf(line.Words.Check())
			}
		}
		v.Tongues = append(v.Tongues, line)
	}
	if kept, err := strconv.Atoi(written.Get("version")); err == nil && fault == nil { // written before a session ended
		v.Version = kept
	}
	s.show(w, r, status, "desk/words.html", v)
	return nil
}

// faultOf says why words cannot be kept; empty: they can.
func (f frame) faultOf(err error) string {
	switch {
	case errors.Is(err, digest.ErrNoWords):
		return f.T("desk.words.missing")
	case err != nil:
		return f.T("desk.words.toolong", "Headline", digest.MaxHeadline, "Summary", digest.MaxSummary)
	}
	return ""
}

// wordsOf reads the words in one language off a form.
func wordsOf(form url.Values, lang digest.Language) digest.Words {
	return digest.Words{Headline: form.Get("headline-" + string(lang)), Summary: form.Get("summary-" + string(lang))}.Tidy()
}
