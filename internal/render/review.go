package render

import (
	"fmt"
	"strings"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// Review tells the editor that a draft is ready at desk, what is in it, what
// went wrong on the way, and what happens next by the newsletter's rule. due
// is when it goes out without a person at the earliest; zero: never.
func (r *Renderer) Review(nl digest.Newsletter, lang digest.Language, issue digest.Issue, desk string, due time.Time) (digest.Letter, error) {
	w := r.viewer(nl, lang)
	n, blocked := issue.Blocked()
	if blocked {
		due = time.Time{}
	}
	view := ReviewView{
		Frame:   w.frame(),
		Issue:   r.View(issue, nl, digest.Variant{Language: w.lang, Length: digest.Full}),
		Desk:    desk,
		Fate:    w.fate(due),
		Notes:   w.notes(issue.Notes),
		LeftOut: len(issue.LeftOut),
	}
	if blocked {
		view.Blocked = w.note(n)
	}
	view.Subject = w.words.T("review.subject", "Name", view.Newsletter.Name, "Day", view.Issue.Day)
	view.Title = view.Subject
	view.Preheader = w.preheader("", view.Issue)
	letter, err := r.set(lang).letter("email/review", view.Frame, view)
	if err != nil {
		return digest.Letter{}, fmt.Errorf("rendering the editor's mail for issue %s: %w", issue.ID, err)
	}
	return letter, nil
}

// fate says whether the draft goes out by itself, and when.
func (w viewer) fate(due time.Time) string {
	if due.IsZero() || w.nl.Review.Mode != digest.ReviewAuto {
		return w.words.T("review.required")
	}
	return w.words.T("review.auto", "After", duration(w.words, w.nl.Review.After)) + " " +
		w.words.T("review.due", "When", w.words.DateTime(due.In(zone(w.nl))))
}

// duration says a time span in hours and minutes.
func duration(words *locale.Words, d time.Duration) string {
	d = d.Round(time.Minute)
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	var said []string
	if hours > 0 {
		said = append(said, words.T("review.hours", "Count", hours))
	}
	if minutes > 0 || hours == 0 {
		said = append(said, words.T("review.minutes", "Count", minutes))
	}
	return strings.Join(said, " ")
}

// maxNotes is how many notes a mail shows; the desk shows them all.
const maxNotes = 15

// notes says the trouble met, what blocks first.
func (w viewer) notes(all []digest.Note) []string {
	var said []string
	for _, level := range []digest.Level{digest.Blocker, digest.Warning, digest.Info} {
		for _, n := range all {
			if n.Level == level {
				said = append(said, w.note(n))
			}
		}
	}
	if more := len(said) - maxNotes; more > 0 {
		said = append(said[:maxNotes], w.words.T("review.more", "Count", more))
	}
	return said
}

// note puts a note in words: what, where, and the facts.
func (w viewer) note(n digest.Note) string {
	where, detail := line(n.Where, maxLine), line(n.Detail, maxLine)
	said := n.Code
	if key := "note." + n.Code; w.words.Has(key) {
		said = w.words.T(key, "Where", where, "Detail", detail)
	}
	if where != "" && !strings.Contains(said, where) {
		said += w.words.T("review.where", "Where", where)
	}
	if detail != "" && !strings.Contains(said, detail) {
		said += " (" + detail + ")"
	}
	return Typeset(line(said, maxSentence), w.lang)
}
