package demo

import (
	"fmt"
	"strings"
	"time"
)

// special says what is wrong with an article, or out of the ordinary.
type special string

const (
	noisy   special = "noisy"    // the page is full of menus, boxes and comments
	undated special = "undated"  // the feed does not say when it was published
	latin1  special = "latin1"   // the page is in ISO-8859-1
	wall    special = "wall"     // the page answers with a request for consent
	gone    special = "gone"     // the page is not there any more
	offside special = "offtopic" // it is not about AI
	copied  special = "copy"     // the same text stands in another outlet
)

// entry is one article of the week.
type entry struct {
	Outlet    outlet
	Slug      string
	Title     string
	Author    string
	Published time.Time
	Blocks    []block
	Event     string // label for tests: what it reports on; empty if no other outlet does
	Theme     string // label for tests: where an editor would put it
	Special   special
	original  string // with copied: OUTLET/SLUG of the original
	day       int    // days before today
	clock     time.Duration
}

// block is a paragraph or a heading within an article.
type block struct {
	Heading bool
	Text    string
}

// URL is where the world outside finds the article.
func (e entry) URL() string { return e.Outlet.Home() + e.Path() }

// Path is where the article stands below its outlet's home.
func (e entry) Path() string { return e.Outlet.path(e.Slug) }

// Lead is the first paragraph.
func (e entry) Lead() string {
	for _, b := range e.Blocks {
		if !b.Heading {
			return b.Text
		}
	}
	return ""
}

// parseEntry reads an article: a head of "name: value" lines between two lines
// of three hyphens, then paragraphs separated by empty lines; a paragraph that
// begins with "## " is a heading.
func parseEntry(o outlet, slug, file string) (entry, error) {
	e := entry{Outlet: o, Slug: slug}
	head, body, ok := strings.Cut(strings.TrimPrefix(file, "---\n"), "\n---\n")
	if !ok || !strings.HasPrefix(file, "---\n") {
		return e, fmt.Errorf("no head between two lines of ---")
	}
	for _, line := range strings.Split(head, "\n") {
		name, value, ok := strings.Cut(line, ": ")
		if !ok {
			return e, fmt.Errorf("%q is not of the form name: value", line)
		}
		if err := e.set(name, value); err != nil {
			return e, err
		}
	}
	for _, p := range strings.Split(strings.TrimSpace(body), "\n\n") {
		text := strings.ReplaceAll(strings.TrimSpace(p), "\n", " ")
		heading, is := strings.CutPrefix(text, "## ")
		if text != "" {
			e.Blocks = append(e.Blocks, block{Heading: is, Text: heading})
		}
	}
	switch {
	case e.Title == "" || e.Author == "" || e.day == 0:
		return e, fmt.Errorf("title, author and at must be given")
	case e.Special == copied && e.original == "":
		return e, fmt.Errorf("a copy names its original: copy: OUTLET/SLUG")
	}
	return e, nil
}

func (e *entry) set(name, value string) error {
	switch name {
	case "title":
		e.Title = value
	case "author":
		e.Author = value
	case "event":
		e.Event = value
	case "theme":
		e.Theme = value
	case "copy":
		e.Special, e.original = copied, value
	case "special":
		e.Special = special(value)
	case "at":
		return e.setTime(value)
	default:
		return fmt.Errorf("unknown field %q", name)
	}
	return nil
}

// setTime reads "-3 08:15": three days before today, in the outlet's own time.
func (e *entry) setTime(value string) error {
	var hour, minute int
	if _, err := fmt.Sscanf(value, "-%d %d:%d", &e.day, &hour, &minute); err != nil {
		return fmt.Errorf("at %q is not of the form -3 08:15: %w", value, err)
	}
	if e.day < 1 || e.day > 6 {
		return fmt.Errorf("at %q: the week goes from -6 to -1", value)
	}
	e.clock = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	return nil
}
