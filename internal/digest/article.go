package digest

import "time"

// Article is one text of one source.
type Article struct {
	ID         string
	SourceID   string
	SourceName string   // as readers see it
	Seen       string   // what the source calls it: its GUID or its normalised URL; unique within the source
	Key        string   // canonical URL, else a hash of the text; known after extraction
	Aliases    []string // other URLs of the same article
	URL        string   // where readers find it; empty for a text without a page
	Title      string
	Authors    []string
	Language   Language
	Published  time.Time
	Modified   time.Time
	Found      time.Time // when it was first seen
	Excerpt    string    // plain text the source gave along: a feed's summary
	Kind       ArticleKind
	Text       string  // plain; paragraphs and headings are separated by one empty line
	FAQ        string  // question-and-answer block taken out of the text, plain
	Image      string  // URL; shown only if the source allows it
	Picture    Picture // what is known of Image
	Site       string  // as its page names it; empty: it does not
	Weight     float64 // of the source
	State      ArticleState
	Raw        Raw    // what the source gave and extraction has not yet worked on
	Mark       string // changes when the source changes the article; empty: it cannot be told
}

// Picture describes an article's main picture.
type Picture struct {
	Alt           string // what it shows, in the words of the page
	Width, Height int    // pixels; 0: not said
}

// Raw is a document as a source delivered it: a file of a folder, a mail, the
// content element of a feed. It is kept until extraction has read it.
type Raw struct {
	Type string // media type: text/html, text/plain, text/markdown; empty: nothing
	Body []byte
}

// ArticleKind tells texts that can be summarised from those that cannot.
type ArticleKind string

// The kinds of articles.
const (
	KindArticle ArticleKind = "article"
	KindListing ArticleKind = "listing" // a page of links
	KindWall    ArticleKind = "wall"    // paywall, consent or login page: never summarised
	KindVideo   ArticleKind = "video"
	KindPaper   ArticleKind = "paper"
	KindThread  ArticleKind = "thread"
	KindRelease ArticleKind = "release"
	KindError   ArticleKind = "error" // the page could not be had, or says that it is not there
)

// Readable tells whether the text may be used in an issue.
func (a Article) Readable() bool {
	return a.Kind != KindWall && a.Kind != KindError && a.Kind != KindListing && a.Text != ""
}

// ArticleState is how far an article has come.
type ArticleState string

// An article is found by collect, then extracted; one that cannot be had is
// tried again at the next run until it is too old for any issue. One that its
// source edited afterwards is revised: it stands as it was read until it is
// read anew.
const (
	ArticleFound     ArticleState = "found"
	ArticleExtracted ArticleState = "extracted"
	ArticleRevised   ArticleState = "revised"
)

// Revision is what an article said before its source edited it.
type Revision struct {
	Article string // ID
	Until   time.Time
	Title   string
	Text    string // empty: it was edited before it had been read
}
