package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

//go:embed site
var siteFiles embed.FS

// looks are the outlets' templates: site/KEY.html defines "article" and
// "index"; the other files are common to all.
type looks struct {
	outlets map[string]*template.Template
	front   *template.Template
}

func openLooks(all []outlet) (looks, error) {
	l := looks{outlets: make(map[string]*template.Template, len(all))}
	for _, o := range all {
		t, err := template.ParseFS(siteFiles, "site/noise.html", "site/wall.html", "site/missing.html", "site/"+o.Key+".html")
		if err != nil {
			return l, fmt.Errorf("look of %s: %w", o.Name, err)
		}
		l.outlets[o.Key] = t
	}
	front, err := template.ParseFS(siteFiles, "site/start.html", "site/privacy.html")
	l.front = front
	return l, err
}

// sheet is what a template of the site sees.
type sheet struct {
	Outlet  outlet
	Root    string // relative way to the outlet's front page, ends in a slash
	Home    string // the outlet's public address, without a final slash
	Entry   entry
	Charset string
	ISO     string // time of publication, RFC 3339
	Date    string // the same in the outlet's language
	Noisy   bool
	Teasers []teaser
}

// teaser is another article of the same outlet.
type teaser struct {
	Title, Path, Lead, Date, ISO string
}

// article gives the page of e, and its media type.
func (l looks) article(e entry, others []entry) ([]byte, string, error) {
	s := newSheet(e.Outlet, e.Path())
	s.Entry, s.ISO, s.Date = e, e.Published.Format(time.RFC3339), dateWords(e)
	s.Noisy = e.Special == noisy
	for _, o := range others {
		if o.Slug != e.Slug && o.Special != gone && len(s.Teasers) < 4 {
			s.Teasers = append(s.Teasers, newTeaser(o))
		}
	}
	name := "article"
	switch e.Special {
	case wall:
		name = "wall"
	case latin1:
		s.Charset = "ISO-8859-1"
	}
	body, err := s.fill(l.outlets[e.Outlet.Key], name)
	if err != nil || e.Special != latin1 {
		return body, "text/html; charset=utf-8", err
	}
	return toLatin1(body), "text/html; charset=ISO-8859-1", nil
}

// index gives the outlet's front page.
func (l looks) index(o outlet, entries []entry) ([]byte, error) {
	s := newSheet(o, "/")
	for _, e := range entries {
		s.Teasers = append(s.Teasers, newTeaser(e))
	}
	return s.fill(l.outlets[o.Key], "index")
}

// plain gives one of the outlet's pages that hold no article: "missing" for
// what is not there, "service" about the outlet itself.
func (l looks) plain(o outlet, name string) ([]byte, error) {
	return newSheet(o, "/").fill(l.outlets[o.Key], name)
}

// common gives a page of the site itself: "start", which lists the outlets for
// a browser, or "privacy".
func (l looks) common(name string, w week) ([]byte, error) {
	var b bytes.Buffer
	err := l.front.ExecuteTemplate(&b, name, w.outlets)
	return b.Bytes(), err
}

func newSheet(o outlet, path string) sheet {
	root := "./"
	if depth := strings.Count(path, "/") - 1; depth > 0 {
		root = strings.Repeat("../", depth)
	}
	return sheet{Outlet: o, Root: root, Home: o.Home(), Charset: "utf-8"}
}

func newTeaser(e entry) teaser {
	return teaser{Title: e.Title, Path: strings.TrimPrefix(e.Path(), "/"), Lead: e.Lead(), Date: dateWords(e), ISO: e.Published.Format(time.RFC3339)}
}

func (s sheet) fill(t *template.Template, name string) ([]byte, error) {
	var b bytes.Buffer
	err := t.ExecuteTemplate(&b, name, s)
	return b.Bytes(), err
}

// French tells templates which words to use.
func (s sheet) French() bool { return s.Outlet.Language == digest.French }

func dateWords(e entry) string { return locale.For(e.Outlet.Language).DateTime(e.Published) }

// toLatin1 encodes a page in ISO-8859-1; what that set lacks becomes a
// character reference, as old editorial systems wrote it.
func toLatin1(page []byte) []byte {
	out := make([]byte, 0, len(page))
	for _, r := range string(page) {
		if r < 0x100 {
			out = append(out, byte(r))
		} else {
			out = fmt.Appendf(out, "&#%d;", r)
		}
	}
	return out
}
