package render

import (
	"encoding/xml"
	"fmt"
	"time"

	"hebdo/internal/digest"
)

// The feed is Atom (RFC 4287): one entry an issue, its whole text as HTML.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Author   atomAuthor  `xml:"author"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary"`
	Content   atomBody `xml:"content"`
}

type atomBody struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// Atom is the feed of a newsletter in one language, with the given issues, the
// newest first. The caller gives sent ones.
func (r *Renderer) Atom(nl digest.Newsletter, lang digest.Language, issues []digest.Issue) ([]byte, error) {
	w := r.viewer(nl, lang)
	frame := w.frame()
	feed := atomFeed{
		Lang: frame.Lang, ID: r.Archive(nl, w.lang), Title: frame.Newsletter.Name, Subtitle: frame.Newsletter.Description,
		Author: atomAuthor{Name: frame.Newsletter.Publisher},
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: r.Feed(nl, w.lang)},
			{Rel: "alternate", Type: "text/html", Href: r.Archive(nl, w.lang)},
		},
	}
	if feed.Author.Name == "" {
		feed.Author.Name = feed.Title
	}
	latest := time.Unix(0, 0) // of a feed without entries; RFC 4287 wants a date
	for _, issue := range issues {
		entry, err := w.entry(issue)
		if err != nil {
			return nil, fmt.Errorf("writing issue %d of %s into the feed: %w", issue.Number, nl.Slug, err)
		}
		feed.Entries = append(feed.Entries, entry)
		if moment := sentAt(issue); moment.After(latest) {
			latest = moment
		}
	}
	feed.Updated = latest.UTC().Format(time.RFC3339)
	body, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing the feed of %s: %w", nl.Slug, err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

func (w viewer) entry(issue digest.Issue) (atomEntry, error) {
	view := w.r.View(issue, w.nl, digest.Variant{Language: w.lang, Length: digest.Full})
	var content capped
	if err := run(w.r.set(w.lang).html, &content, "email/feed.html", view); err != nil {
		return atomEntry{}, err
	}
	date := sentAt(issue).UTC().Format(time.RFC3339)
	return atomEntry{
		ID: view.Online, Title: view.Subject, Published: date, Updated: date, Summary: view.Preheader,
		Link:    atomLink{Rel: "alternate", Type: "text/html", Href: view.Online},
		Content: atomBody{Type: "html", Body: tidyText(content.String())},
	}, nil
}

// sentAt is when readers got the issue, else its day.
func sentAt(issue digest.Issue) time.Time {
	if issue.Sent.IsZero() {
		return issue.Date
	}
	return issue.Sent
}
