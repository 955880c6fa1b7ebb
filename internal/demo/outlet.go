package demo

import (
	"fmt"

	"hebdo/internal/digest"
)

// kind is how an outlet tells the world what is new.
type kind string

const (
	rss   kind = "rss"
	atom  kind = "atom"
	json  kind = "json"
	plain kind = "page" // an index page, no feed
)

// outlet is a made-up publisher. Its look is site/KEY.html, its articles are
// week/KEY/*.md.
type outlet struct {
	Key      string // folder name, and first path segment on the local site
	Name     string
	Tagline  string
	Host     string // made-up; a name below .example never exists (RFC 2606, 2)
	Language digest.Language
	Kind     kind
	Feed     string   // path of the feed; "/" for an index page
	pattern  string   // path of an article, with %s for its slug
	whole    bool     // the feed carries the whole text
	service  []string // pages of the outlet about itself, linked from its front page
	footer   bool     // the feed's summaries end in a plug for the site, as a well-known blog engine does
}

// outlets in the order in which a newsletter lists them.
func outlets() []outlet {
	return []outlet{
		{Key: "echo", Name: "L’Écho de Valmorne", Tagline: "Le quotidien de toute une vallée",
			Host: "www.echo-valmorne.example", Language: digest.French, Kind: rss, Feed: "/feed/", pattern: "/sciences-et-techno/%s/", footer: true},
		{Key: "fil", Name: "Le Fil Orvane", Tagline: "Agence de presse économique",
			Host: "fil-orvane.example", Language: digest.French, Kind: rss, Feed: "/rss/numerique.xml", pattern: "/depeches/%s.html"},
		{Key: "carnets", Name: "Les Carnets du Perceptron", Tagline: "Recherche et logiciel libre, sans jargon",
			Host: "carnets-perceptron.example", Language: digest.French, Kind: atom, Feed: "/atom.xml", pattern: "/billets/%s", whole: true},
		{Key: "tensoriel", Name: "Tensoriel", Tagline: "Le magazine des machines qui apprennent",
			Host: "www.tensoriel.example", Language: digest.French, Kind: json, Feed: "/feed.json", pattern: "/a/%s"},
		{Key: "silicee", Name: "La Silicée", Tagline: "Puces, serveurs, énergie",
			Host: "la-silicee.example", Language: digest.French, Kind: plain, Feed: "/", pattern: "/articles/%s.html",
			service: []string{"/contact.html", "/mentions-legales.html", "/abonnement.html"}},
		{Key: "brindlewick", Name: "The Brindlewick Wire", Tagline: "Technology news, filed hourly",
			Host: "wire.brindlewick.example", Language: digest.English, Kind: rss, Feed: "/technology/rss", pattern: "/technology/%s", whole: true},
		{Key: "tallowgate", Name: "Tallowgate Review", Tagline: "Slow reading on fast machines",
			Host: "tallowgate-review.example", Language: digest.English, Kind: atom, Feed: "/feed.atom", pattern: "/essays/%s/"},
		{Key: "fenmarsh", Name: "Fenmarsh Dispatch", Tagline: "The paper of the eastern counties",
			Host: "www.fenmarsh-dispatch.example", Language: digest.English, Kind: plain, Feed: "/", pattern: "/story/%s",
			service: []string{"/tide-tables", "/about-us", "/subscribe"}},
	}
}

// Home is the outlet's address for the world outside, without a final slash.
func (o outlet) Home() string { return "https://" + o.Host }

// path is where an article of the outlet stands below its home.
func (o outlet) path(slug string) string { return fmt.Sprintf(o.pattern, slug) }

// source is the outlet as a newsletter reads it.
func (o outlet) source(newsletter string) digest.Source {
	s := digest.Source{Newsletter: newsletter, Kind: digest.SourceFeed, URL: o.Home() + o.Feed, Name: o.Name, Language: o.Language, Weight: 1}
	if o.Kind == plain {
		s.Kind = digest.SourcePage
	}
	return s
}
