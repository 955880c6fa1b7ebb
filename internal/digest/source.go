package digest

import "time"

// Source is a place that articles come from.
type Source struct {
	ID         string // made when it is first stored; the same for the same newsletter, kind and URL
	Newsletter string // slug
	Kind       SourceKind
	URL        string // absolute http(s) URL, or a folder's path
	Name       string // as readers see it; else taken from the feed
	Language   Language
	Weight     float64 // how much its word counts; 0 means 1
	Images     bool    // the publisher allows its pictures to be shown
}

// SourceKind is how a source is read.
type SourceKind string

// The kinds of sources.
const (
	SourceFeed    SourceKind = "feed"
	SourcePage    SourceKind = "page"
	SourceSitemap SourceKind = "sitemap"
	SourceFolder  SourceKind = "folder"
	SourceMailbox SourceKind = "mailbox"
)

// SourceState is what is remembered of a source between two visits.
type SourceState struct {
	SourceID     string
	Title        string // the feed's own
	ETag         string // validators for a conditional GET (RFC 9110, 13)
	LastModified string
	Checked      time.Time // last visit
	Changed      time.Time // last visit that brought something new
	Failures     int       // visits failed in a row
	Trouble      string    // of the last visit; empty when it went well
}
