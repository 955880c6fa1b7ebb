package render

import (
	"fmt"

	"hebdo/internal/digest"
)

// Confirmation asks somebody to confirm a subscription at link. It carries
// no unsubscribe mark: nobody is subscribed yet.
func (r *Renderer) Confirmation(nl digest.Newsletter, lang digest.Language, link string) (digest.Letter, error) {
	w := r.viewer(nl, lang)
	view := ConfirmationView{Frame: w.frame(), Link: link}
	view.Subject = w.words.T("confirmation.subject", "Name", view.Newsletter.Name)
	view.Title = view.Subject
	view.Preheader = w.words.T("confirmation.preheader", "Name", view.Newsletter.Name)
	letter, err := r.set(lang).letter("email/confirmation", view.Frame, view)
	if err != nil {
		return digest.Letter{}, fmt.Errorf("rendering the confirmation mail of %s: %w", nl.Slug, err)
	}
	return letter, nil
}
