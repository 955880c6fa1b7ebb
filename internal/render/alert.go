package render

import (
	"fmt"

	"hebdo/internal/digest"
)

// AlertKind is why an editor is written to. It is part of message keys:
// "alert.thin.heading", "alert.thin.words", "alert.thin.next".
type AlertKind string

// The kinds of alerts.
const (
	AlertThin      AlertKind = "thin"      // too few stories: nothing is sent this time
	AlertUndrafted AlertKind = "undrafted" // no draft could be made at its time
	AlertPaused    AlertKind = "paused"    // mail servers refuse too much: sending waits for a person
)

// Alert is what an editor must know between two issues.
type Alert struct {
	Kind   AlertKind
	Issue  digest.Issue  // may be empty
	Detail string        // facts, shown as they are; may be empty
	Notes  []digest.Note // may be empty
	Desk   string        // address of the page where something can be done; may be empty

	Refused, Unsure int // readers to whom going on sends nothing, unless it is asked for
}

// Alert writes the mail for one alert.
func (r *Renderer) Alert(nl digest.Newsletter, lang digest.Language, a Alert) (digest.Letter, error) {
	w := r.viewer(nl, lang)
	view := AlertView{Frame: w.frame(), Desk: a.Desk}
	say := func(part string) string {
		return w.words.T("alert."+string(a.Kind)+"."+part, "Name", view.Newsletter.Name,
			"Count", a.Issue.Stories(), "Wanted", nl.MinStories)
	}
	view.Heading, view.Words, view.Next = say("heading"), say("words"), say("next")
	view.Subject = w.words.T("alert.subject", "Name", view.Newsletter.Name, "Heading", view.Heading)
	view.Title, view.Preheader = view.Subject, shorten(maxPreheader-1, view.Words)
	if detail := line(a.Detail, maxSentence); detail != "" {
		view.Notes = append(view.Notes, detail)
	}
	// A note begins with its command, so that no line breaks within what is copied.
	again := func(kind string, count int) {
		if count > 0 {
			view.Notes = append(view.Notes, w.words.T("alert.again."+kind, "Count", count, "Number", a.Issue.Number, "Newsletter", nl.Slug))
		}
	}
	again("refused", a.Refused)
	again("unsure", a.Unsure)
	view.Notes = append(view.Notes, w.notes(a.Notes)...)
	letter, err := r.set(lang).letter("email/alert", view.Frame, view)
	if err != nil {
		return digest.Letter{}, fmt.Errorf("rendering the %s alert of %s: %w", a.Kind, nl.Slug, err)
	}
	return letter, nil
}
