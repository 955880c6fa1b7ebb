package collect

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxLinks is how many articles one page may list.
const maxLinks = 100

// link is an article as a page announces it.
type link struct {
	url       string
	title     string
	published time.Time
	strength  int
}

func (l link) address() string { return l.url }

// articleLinks finds the links to articles: on the same site, not to a
// section, author or file, and either announced by a heading or an article
// element, or worded like a headline (four words) over an address that is
// deeper than the page's, dated, or a slug. A link of two words is enough where
// its address has one of the shapes. They come in the page's order.
func articleLinks(doc *html.Node, base *url.URL, shapes ...string) []link {
	var found []link
	at, days := map[string]int{}, cardDays{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.A {
			continue
		}
		l, ok := articleLink(n, base, shapes, days)
		if !ok {
			continue
		}
		i, twice := at[l.url]
		switch {
		case !twice && len(found) < maxLinks:
			at[l.url] = len(found)
			found = append(found, l)
		case twice && l.strength > found[i].strength:
			if l.published.IsZero() {
				l.published = found[i].published
			}
			found[i] = l
		}
	}
	return found
}

func articleLink(n *html.Node, base *url.URL, shapes []string, days cardDays) (link, bool) {
	target, ok := sameSite(base, attr(n, "href"))
	if !ok || aside(n) {
		return link{}, false
	}
	heading, card := announcement(n)
	title := textOf(n)
	if inner := headingIn(n); inner != nil {
		heading, title = true, textOf(inner)
	}
	if title = plain(title); title == "" {
		title = plain(attr(n, "title"))
	}
	words := len(strings.Fields(title))
	shaped := deeper(base, target) && (slug.MatchString(target.Path) || dated.MatchString(target.Path))
	l := link{url: Canonical(target.String()), title: clip(title, maxTitle), published: days.of(cmp.Or(card, n))}
	switch {
	case words < 2:
		return link{}, false
	case heading && (shaped || words >= 3):
		l.strength = 3
	case card != nil && words >= 3 && (shaped || words >= 4):
		l.strength = 2
	case words >= 4 && (shaped || deeper(base, target)), fits(l.url, shapes):
		l.strength = 1
	default:
		return link{}, false
	}
	return l, true
}

var (
	slug  = regexp.MustCompile(`(?:^|/)[^/]*[\p{L}\d]+(?:[-_][\p{L}\d]+){2,}[^/]*/?$`)
	dated = regexp.MustCompile(`/20\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]|$)|[-_/]20\d{6}(?:\D|$)`)
	// listing is a path that leads to a list, a person, a form or a file.
	listing = regexp.MustCompile(`(?i)/(?:tags?|categor(?:y|ies|ie)|authors?|auteurs?|page|search|recherche|login|connexion|signin|signup|register|inscription|account|compte|cart|panier|newsletters?|rss|feed|about|a-propos|contact|privacy|legal|mentions-legales|cgu|cgv|terms|cookies?|abonnements?|subscribe)(?:/|$)|\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp[34]|xml|rss|json|css|js)$`)
)

// sameSite resolves a link and tells whether it stays on the page's site:
// the same host, with or without "www.", or a subdomain of it.
func sameSite(base *url.URL, href string) (*url.URL, bool) {
	u, err := url.Parse(absolute(base, href))
	if err != nil || u.Host == "" {
		return nil, false
	}
	here, there := siteName(base.String()), siteName(u.String())
	if here != there && !strings.HasSuffix(there, "."+here) || u.Port() != base.Port() && here == there {
		return nil, false
	}
	path := strings.Trim(u.Path, "/")
	if path == "" && u.RawQuery == "" || path == strings.Trim(base.Path, "/") && u.RawQuery == base.RawQuery || listing.MatchString(u.Path) {
		return nil, false
	}
	return u, true
}

// deeper tells whether the target has more path than the page, or a query of its own.
func deeper(base, target *url.URL) bool {
	depth := func(u *url.URL) int {
		return len(strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' }))
	}
	return depth(target) > depth(base) || depth(target) == depth(base) && slug.MatchString(target.Path) || target.RawQuery != ""
}

// aside tells whether a link belongs to the site's frame: its navigation, its
// footer, its header outside an article, a form.
func aside(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Article:
			return false
		case atom.Nav, atom.Footer, atom.Header, atom.Form, atom.Aside:
			return true
		}
	}
	return false
}

// announcement tells whether a heading encloses the link, and gives the
// element that presents the one article: an article or list item around it.
func announcement(n *html.Node) (heading bool, card *html.Node) {
	for p, up := n.Parent, 0; p != nil && up < 8; p, up = p.Parent, up+1 {
		switch p.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4:
			heading = true
		case atom.Article, atom.Li:
			return heading, p
		}
	}
	return heading, nil
}

func headingIn(n *html.Node) *html.Node {
	for _, name := range []atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4} {
		if h := find1(n, name); h != nil {
			return h
		}
	}
	return nil
}

// cardDays are the days of the cards of a page. Each is looked for once: one
// element may hold all links of a page.
type cardDays map[*html.Node]time.Time

func (days cardDays) of(card *html.Node) time.Time {
	day, known := days[card]
	if !known {
		day = dateOf(card)
		days[card] = day
	}
	return day
}

// dateOf is the day a card tells of its article, or the link itself where the
// link is the card. A date without a time is noon UTC: the same day nearly
// everywhere.
func dateOf(card *html.Node) time.Time {
	if t := timeIn(card); !t.IsZero() {
		return t
	}
	nodes := 0
	for d := range card.Descendants() {
		if nodes++; nodes > maxCard {
			break
		}
		if d.Type == html.TextNode {
			if t := wholeDate(d.Data); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

// maxCard is how many nodes of a card are looked at for its date.
const maxCard = 200

var dayWords = regexp.MustCompile(`^(?:\pL+\.?,? )?(?:\d{1,2}(?:er|st|nd|rd|th)? \pL{3,9}\.?,? (?:20)\d\d|\pL{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? 20\d\d|20\d\d-\d\d-\d\d)$`)

// wholeDate reads a text that is a day with its year, and nothing else.
func wholeDate(s string) time.Time {
	if len(s) < 8 || len(s) > 200 {
		return time.Time{}
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 40 || !dayWords.MatchString(s) {
		return time.Time{}
	}
	t := when(s)
	if t.IsZero() {
		return t
	}
	return t.Add(12 * time.Hour)
}

// timeIn reads the first time element of a card (HTML, 4.5.14), where it gives
// a full date.
func timeIn(card *html.Node) time.Time {
	value := strings.TrimSpace(attr(find1(card, atom.Time), "datetime"))
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC()
		}
	}
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return t.Add(12 * time.Hour)
	}
	return time.Time{}
}
