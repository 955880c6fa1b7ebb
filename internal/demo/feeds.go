package demo

import (
	"bytes"
	stdjson "encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"time"
)

// feed writes an outlet's feed as seen from home, and its media type.
func feed(o outlet, home string, entries []entry) ([]byte, string, error) {
	switch o.Kind {
	case rss:
		return marshalXML(rssFeed(o, home, entries), "application/rss+xml; charset=utf-8")
	case atom:
		return marshalXML(atomFeed(o, home, entries), "application/atom+xml; charset=utf-8")
	case json:
		body, err := stdjson.MarshalIndent(jsonFeed(o, home, entries), "", "  ")
		return body, "application/feed+json; charset=utf-8", err
	}
	return nil, "", fmt.Errorf("%s has no feed", o.Name)
}

func marshalXML(v any, media string) ([]byte, string, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, "", err
	}
	b.WriteByte('\n')
	return b.Bytes(), media, nil
}

// RSS 2.0, with the content and Dublin Core modules.
type (
	rssRoot struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Content string     `xml:"xmlns:content,attr"`
		DC      string     `xml:"xmlns:dc,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Language    string    `xml:"language"`
		Built       string    `xml:"lastBuildDate,omitempty"`
		Items       []rssItem `xml:"item"`
	}
	rssItem struct {
		Title       string  `xml:"title"`
		Link        string  `xml:"link"`
		Creator     string  `xml:"dc:creator"`
		Published   string  `xml:"pubDate,omitempty"`
		GUID        rssGUID `xml:"guid"`
		Description string  `xml:"description"`
		Content     string  `xml:"content:encoded,omitempty"`
	}
	rssGUID struct {
		Permalink bool   `xml:"isPermaLink,attr"`
		Value     string `xml:",chardata"`
	}
)

func rssFeed(o outlet, home string, entries []entry) rssRoot {
	root := rssRoot{
		Version: "2.0", Content: "http://purl.org/rss/1.0/modules/content/", DC: "http://purl.org/dc/elements/1.1/",
		Channel: rssChannel{Title: o.Name, Link: home + "/", Description: o.Tagline, Language: string(o.Language)},
	}
	for _, e := range entries {
		item := rssItem{
			Title: e.Title, Link: home + e.Path(), Creator: e.Author, Description: summary(e, home),
			GUID: rssGUID{Value: "tag:" + o.Host + ":" + e.Slug},
		}
		if e.Special != undated {
			item.Published = e.Published.Format(time.RFC1123Z)
		}
		if o.whole {
			item.Content = markup(e)
		}
		root.Channel.Items = append(root.Channel.Items, item)
	}
	if len(entries) > 0 {
		root.Channel.Built = entries[0].Published.Format(time.RFC1123Z)
	}
	return root
}

// Atom, RFC 4287.
type (
	atomRoot struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID        string    `xml:"id"`
		Title     string    `xml:"title"`
		Link      atomLink  `xml:"link"`
		Author    string    `xml:"author>name"`
		Published string    `xml:"published"`
		Updated   string    `xml:"updated"`
		Summary   *atomText `xml:"summary"`
		Content   *atomText `xml:"content"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

func atomFeed(o outlet, home string, entries []entry) atomRoot {
	root := atomRoot{
		Lang: string(o.Language), ID: "tag:" + o.Host + ",2020:feed", Title: o.Name,
		Links: []atomLink{{Rel: "alternate", Href: home + "/"}, {Rel: "self", Href: home + o.Feed}},
	}
	for _, e := range entries {
		at := e.Published.Format(time.RFC3339)
		a := atomEntry{
			ID: "tag:" + o.Host + ",2020:" + e.Slug, Title: e.Title, Author: e.Author, Published: at, Updated: at,
			Link: atomLink{Rel: "alternate", Href: home + e.Path()},
		}
		if o.whole {
			a.Content = &atomText{Type: "html", Text: markup(e)}
		} else {
			a.Summary = &atomText{Type: "text", Text: e.Lead()}
		}
		root.Entries = append(root.Entries, a)
	}
	if len(entries) > 0 {
		root.Updated = entries[0].Published.Format(time.RFC3339)
	}
	return root
}

// JSON Feed 1.1, jsonfeed.org/version/1.1.
type (
	jsonRoot struct {
		Version     string     `json:"version"`
		Title       string     `json:"title"`
		HomePage    string     `json:"home_page_url"`
		FeedURL     string     `json:"feed_url"`
		Description string     `json:"description"`
		Language    string     `json:"language"`
		Items       []jsonItem `json:"items"`
	}
	jsonItem struct {
		ID        string       `json:"id"`
		URL       string       `json:"url"`
		Title     string       `json:"title"`
		Text      string       `json:"content_text"`
		Published string       `json:"date_published"`
		Authors   []jsonAuthor `json:"authors"`
	}
	jsonAuthor struct {
		Name string `json:"name"`
	}
)

func jsonFeed(o outlet, home string, entries []entry) jsonRoot {
	root := jsonRoot{
		Version: "https://jsonfeed.org/version/1.1", Title: o.Name, HomePage: home + "/", FeedURL: home + o.Feed,
		Description: o.Tagline, Language: string(o.Language),
	}
	for _, e := range entries {
		root.Items = append(root.Items, jsonItem{
			ID: o.Key + "-" + e.Slug, URL: home + e.Path(), Title: e.Title, Text: e.Lead(),
			Published: e.Published.Format(time.RFC3339), Authors: []jsonAuthor{{Name: e.Author}},
		})
	}
	return root
}

// summary is what a feed says of an article, as HTML.
func summary(e entry, home string) string {
	s := "<p>" + html.EscapeString(e.Lead()) + "</p>"
	if e.Outlet.footer {
		s += fmt.Sprintf("\n<p>L’article <a href=\"%s\">%s</a> est apparu en premier sur <a href=\"%s/\">%s</a>.</p>",
			home+e.Path(), html.EscapeString(e.Title), home, html.EscapeString(e.Outlet.Name))
	}
	return s
}

// markup is an article's whole text as HTML.
func markup(e entry) string {
	var b strings.Builder
	for _, p := range e.Blocks {
		tag := "p"
		if p.Heading {
			tag = "h2"
		}
		fmt.Fprintf(&b, "<%s>%s</%s>\n", tag, html.EscapeString(p.Text), tag)
	}
	return b.String()
}
