package digest

import "time"

// Source is a place that articles come from.
type Source struct {
	ID         string // made when it is first stored; the same for the same newsletter, kind and URL
	Newsletter string // slug
	Kind       SourceKind
	URL        string // absolute http(s) URL, a folder's path, or imaps://user@host/INBOX
	Name       string // as readers see it; else taken from the feed
	Language   Language
	Weight     float64 // how much its word counts; 0 means 1
	Images     bool    // the publisher allows its pictures to be shown
	// Links is the shape of the addresses of a page's or sitemap's articles, such
	// as "/blog/*", or "/blog/**" for all below; several are set apart by spaces.
	// Empty: a page's are recognised by structure, a sitemap's are all it has.
	Links string
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
	ETag         string // validators for a conditional GET (RFC 9110, 13); of a mailbox, how far it was read
	LastModified string
	Checked      time.Time // last visit
	Changed      time.Time // last visit that brought something new
	Failures     int       // visits failed in a row
	Trouble      string    // of the last visit; empty when it went well

	NextVisit  time.Time     // when its own rhythm asks for another look
	HeldUntil  time.Time     // the server asked for patience until then (Retry-After): nobody visits before
	Gone       time.Time     // the site said so for good (410): not visited any more until an editor says so
	Took       time.Duration // of the last visit
	Rhythm     time.Duration // usual time between two of its articles; 0: not known
	Newest     time.Time     // date of its youngest article
	Entries    int           // articles it held when it was last read
	Undated    int           // of those, without a date where one is usual
	Moved      string        // address it permanently redirects to
	MovedTimes int           // visits in a row that were led there
	Asked      time.Duration // between visits, as the source itself asks for it; 0: it does not say
}

// Visit is one look at a source that brought something or met trouble.
type Visit struct {
	SourceID string
	At       time.Time
	Took     time.Duration
	Entries  int    // articles the source held
	New      int    // of those, not seen before or edited since
	Trouble  string // message key without its "note." prefix; empty: none
}

// Coverage says what became of a source's articles: how many were found, how
// many of those could be read, how many were chosen for an issue, and how many
// still wait for their first reading.
type Coverage struct{ Found, Read, Chosen, Waiting int }
