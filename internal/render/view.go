package render

import "time"

// The views are all that templates see: plain values, already cleaned, in the
// reader's language. templates/README.md describes them to template authors;
// a field renamed here breaks their work.

// Frame is what every page and mail has.
type Frame struct {
	Newsletter NewsletterView
	Lang       string // of the reader: "fr"
	Dir        string // "ltr"
	Title      string // of the page
	Subject    string
	Preheader  string // 35 to 150 characters that add to the subject
}

// NewsletterView describes the newsletter.
type NewsletterView struct {
	Slug          string
	Name          string
	Description   string
	Publisher     string
	PostalAddress string
	Privacy       string // address of the privacy page; may be empty
	Contact       string // e-mail address that is read; may be empty
	Archive       string // address of the list of issues
	Feed          string // address of the Atom feed
}

// IssueView is an issue for the readers of one language and length.
type IssueView struct {
	Frame
	Headline    string // the subject, for display on a page
	Short       bool   // headlines and one sentence each
	Number      int    // 0: a draft
	Label       string // "Nᵒ 47", or "Brouillon"
	Day         string // "lundi 23 novembre 2026"
	Date        time.Time
	Count       int // stories
	Minutes     int // reading time of the whole issue; 0: unknown
	Online      string
	Archive     string
	Unsubscribe string // empty on the web
	Preferences string // empty on the web
	Made        string // how the letter was made
	Essentials  []SentenceView
	Sections    []SectionView
	Themes      string // the ID of every section, set apart by spaces
}

// SectionView is a theme with its stories, at least one.
type SectionView struct {
	ID      string // anchor
	Label   string
	URL     string // of the theme in the web edition
	Top     string // headline of its first story
	TopLang string // only when it is not the reader's
	Stories []StoryView
}

// StoryView is one story.
type StoryView struct {
	ID           string
	Lead         bool // the first of its section
	Headline     string
	HeadlineLang string // only when it is not the reader's
	URL          string // of the article the headline links to; may be empty
	Source       string
	Minutes      int    // reading time of the article; 0: unknown
	InLanguage   string // "en anglais"; only when it is not the reader's
	Rewritten    bool   // in the words of an editor
	Meta         string // source, minutes, language, and whether it is rewritten: "Le Monde · 3 min · en anglais"
	Sentences    []SentenceView
	Summary      string        // the sentences as one paragraph
	Matters      *SentenceView // why it matters, in a source's words; nil: no source says
	Also         []CitationView
	Earlier      *EarlierView // the issue that told how it began; nil: none
	Image        *ImageView   // nil: none
}

// SentenceView is a sentence word for word from an article, or an editor's.
type SentenceView struct {
	Text string
	Lang string // only when it is not the reader's
}

// EarlierView is the link to the issue that told how a story began.
type EarlierView struct {
	Text string // "Suite de notre numéro 12"
	URL  string
}

// CitationView is another source that tells the story.
type CitationView struct {
	Source     string
	Title      string
	Lang       string // of the article, only when it is not the reader's
	URL        string // may be empty
	InLanguage string // "en anglais"; only when it is not the reader's
}

// ImageView is a picture that its source allows to be shown.
type ImageView struct {
	URL           string
	Width, Height int // pixels at which it is laid out
	Alt           string
	AltLang       string // only when it is not the reader's
}

// ConfirmationView asks somebody to confirm a subscription.
type ConfirmationView struct {
	Frame
	Link string
}

// ReviewView tells the editor that a draft is ready.
type ReviewView struct {
	Frame
	Issue   IssueView
	Desk    string   // address of the draft on the desk
	Fate    string   // when it goes out, or that it waits
	Blocked string   // why it must not be approved; empty: it may
	Notes   []string // trouble met on the way
	LeftOut int      // stories and articles left out
}

// AlertView tells the editor that something needs a person.
type AlertView struct {
	Frame
	Heading string
	Words   string   // what happened
	Next    string   // what to do
	Desk    string   // may be empty
	Notes   []string // details
}
