package render

import (
	"fmt"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// try writes every mail once on made-up data: a template that asks for a field
// which does not exist fails here. Data that has everything and data that has
// next to nothing take both ways of every condition.
func (r *Renderer) try(lang digest.Language) error {
	full, empty := sampleNewsletter(lang), digest.Newsletter{Slug: "sample", Name: "Sample", Languages: []digest.Language{lang}}
	issue := sampleIssue(lang)
	bare := digest.Issue{ID: "sample", Date: issue.Date, Sections: []digest.Section{{Items: []digest.Item{{}}}}}
	for _, nl := range []digest.Newsletter{full, empty} {
		for _, i := range []digest.Issue{issue, bare} {
			for _, length := range []digest.Length{digest.Full, digest.Short} {
				letter, err := r.Email(i, nl, digest.Variant{Language: lang, Length: length})
				if err != nil {
					return err
				}
				if err := unsubscribable(letter); err != nil {
					return err
				}
			}
			if _, err := r.Review(nl, lang, i, "https://example.org/desk", i.Date); err != nil {
				return err
			}
			if _, err := r.Alert(nl, lang, Alert{Kind: AlertThin, Issue: i, Notes: i.Notes, Desk: nl.PrivacyURL}); err != nil {
				return err
			}
			if _, err := r.Atom(nl, lang, []digest.Issue{i}); err != nil {
				return err
			}
		}
		if _, err := r.Confirmation(nl, lang, "https://example.org/c/token"); err != nil {
			return err
		}
	}
	return nil
}

// unsubscribable fails when a template lost the link that the law and the
// mailbox providers want in each letter.
func unsubscribable(l digest.Letter) error {
	for file, body := range map[string]string{"email/issue.html": l.HTML, "email/issue.txt": l.Text} {
		if !strings.Contains(body, digest.MarkUnsubscribe) {
			return fmt.Errorf("%s has no link to unsubscribe: put {{.Unsubscribe}} into it", file)
		}
	}
	return nil
}

func sampleNewsletter(lang digest.Language) digest.Newsletter {
	return digest.Newsletter{
		Slug: "sample", Name: "Sample", Description: "A sample.", Publisher: "Sample Press",
		PostalAddress: "1 Sample Street, 75001 Paris", PrivacyURL: "https://example.org/privacy",
		Sender: "Sample <letter@example.org>", ReplyTo: "editor@example.org",
		Languages: []digest.Language{lang}, Zone: "UTC", MinStories: 5,
		Review: digest.Review{Mode: digest.ReviewAuto, After: 90 * time.Minute},
	}
}

// sampleIssue has each thing that an issue can have: a lead with a picture, a
// second source in another language, a story without a page, notes of all levels.
func sampleIssue(lang digest.Language) digest.Issue {
	other := digest.French
	if lang == other {
		other = digest.English
	}
	sentences := []digest.Sentence{{Text: "One sentence.", Language: lang}, {Text: "Another.", Language: other}}
	citations := []digest.Citation{
		{Title: "Headline", URL: "https://example.org/a", Source: "First", Language: lang, Minutes: 3, Image: "https://example.org/a.jpg"},
		{Title: "Headline", URL: "https://example.com/b", Source: "Second", Language: other, Minutes: 1},
		{Title: "Headline", Source: "Third", Language: lang},
	}
	item := func(headline string, l digest.Language, c ...digest.Citation) digest.Item {
		return digest.Item{Citations: c, Wordings: map[digest.Language]digest.Wording{
			lang: {Headline: headline, HeadlineLanguage: l, Sentences: sentences},
		}}
	}
	return digest.Issue{
		ID: "sample", Number: 1, Date: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC), Sent: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC),
		Fronts: map[digest.Language]digest.Front{lang: {Subject: "Subject", Preheader: "What adds to the subject, in one line", Essentials: sentences, Minutes: 7}},
		Sections: []digest.Section{
			{Theme: digest.Theme{ID: "models"}, Items: []digest.Item{item("Headline", lang, citations...), item("Other", other, citations[1])}},
			{Theme: digest.Theme{ID: "research"}, Items: []digest.Item{item("No page", lang, citations[2])}},
		},
		Notes:   []digest.Note{{Level: digest.Blocker, Code: "sample", Where: "here", Detail: "why"}, {Level: digest.Info, Code: "sample"}},
		LeftOut: []digest.LeftOut{{Title: "Left out"}},
	}
}
