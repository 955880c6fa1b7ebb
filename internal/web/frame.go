package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// frame is what every page has. Templates speak through it: {{$.T "key"}}.
type frame struct {
	*locale.Words
	Lang      digest.Language // of the content; Words falls back on English
	Title     string
	Languages []tongue    // to switch to, the present one included; empty: nothing to choose
	Letter    *letterhead // the newsletter the page belongs to; nil: none
	Editor    string      // address of who is logged in
	Said      string      // once, after an action
	Failed    string      // once, after an action that failed
	zone      *time.Location
	asked     bool // the language was chosen by ?lang=
	bare      bool // it is what pages of the newsletter speak to this browser when their address names none
}

// tongue is one choice of a language switch.
type tongue struct {
	Tag     digest.Language
	Name    string // in itself
	URL     string
	Current bool
}

// letterhead is a newsletter as its readers' pages show it.
type letterhead struct {
	Slug, Name, Description, Publisher, PostalAddress, PrivacyURL string
	Main                                                          digest.Language // what its pages speak unless a link says otherwise
}

// frame prepares a page in the language asked for by ?lang=, else the
// preferred one, else the browser's, as far as the newsletter has it.
func (s *site) frame(r *http.Request, n *digest.Newsletter, preferred digest.Language) frame {
	choice := []digest.Language{digest.French, digest.English}
	f := frame{zone: time.UTC}
	if n != nil {
		choice = n.Languages
		if len(choice) == 0 {
			choice = []digest.Language{n.MainLanguage()}
		}
		f.Letter = &letterhead{n.Slug, n.Name, n.Description, n.Publisher, n.Postal(), n.PrivacyURL, n.MainLanguage()}
		f.zone = zoneOf(*n)
	}
	asked := digest.ParseLanguage(r.URL.Query().Get("lang"))
	switch {
	case slices.Contains(choice, asked):
		f.Lang, f.asked = asked, true
	case slices.Contains(choice, preferred):
		f.Lang = preferred
	default:
		f.Lang = accepted(r, choice)
	}
	f.Words = locale.For(f.Lang)
	f.bare = n == nil && !f.asked || n != nil && f.Lang == n.MainLanguage() && f.Lang == accepted(r, choice)
	if len(choice) > 1 {
		for _, l := range choice {
			f.Languages = append(f.Languages, tongue{l, autonym(l), r.URL.EscapedPath() + "?lang=" + string(l), l == f.Lang})
		}
	}
	return f
}

// autonym is a language's name in itself, its tag where nobody wrote it down.
func autonym(l digest.Language) string {
	w, key := locale.For(l), "site.language."+string(l)
	if w.Language == l && w.Has(key) {
		return w.T(key)
	}
	return strings.ToUpper(string(l))
}

// accepted is the first language of Accept-Language that is on offer, else the
// first on offer.
func accepted(r *http.Request, choice []digest.Language) digest.Language {
	header := r.Header.Get("Accept-Language")
	if len(header) > 200 {
		header = ""
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err == nil {
		for _, t := range tags {
			if l := digest.ParseLanguage(t.String()); slices.Contains(choice, l) {
				return l
			}
		}
	}
	return choice[0]
}

func zoneOf(n digest.Newsletter) *time.Location {
	if z, err := time.LoadLocation(n.Zone); err == nil {
		return z
	}
	return time.UTC
}

// Link keeps the language on the way to another page. It is left out where the
// other page would speak it anyway: then each page has one address, as search
// engines see it. So links differ with Accept-Language, as every page says in
// Vary.
func (f frame) Link(path string) string {
	if f.bare {
		return path
	}
	return path + "?lang=" + url.QueryEscape(string(f.Lang))
}

// LinkFixed is Link to what speaks the main language whatever the browser
// prefers: an issue, the feed.
func (f frame) LinkFixed(path string) string {
	f.bare = f.Lang == f.Letter.Main
	return f.Link(path)
}

// Day and Moment write a time in the newsletter's zone; nothing for no time.
func (f frame) Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return f.ShortDate(t.In(f.zone))
}

// Moment is Day with the clock.
func (f frame) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return f.DateTime(t.In(f.zone))
}

// Stamp is the machine's form of a time: RFC 3339.
func (f frame) Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Or gives the text of a key, or other where no language has it.
func (f frame) Or(key, other string) string {
	if f.Has(key) {
		return f.T(key)
	}
	return other
}

// In tells the reader of another language than the page's: "en anglais".
func (f frame) In(l digest.Language) string {
	if l == "" || l == f.Lang {
		return ""
	}
	return f.Or("language.in."+string(l), strings.ToUpper(string(l)))
}
