package digest

import (
	"strings"
	"time"
)

// Newsletter is the whole description of one letter: who publishes it, when,
// from which sources, for whom. One installation carries several. It is
// written as one YAML file and kept in the database by its Slug.
type Newsletter struct {
	Slug          string // lower-case letters, digits and hyphens; part of URLs
	Name          string
	Description   string // one sentence for the sign-up page and the feed
	Topic         Topic  // what it is about; empty: AITopic
	Publisher     string // who answers for it, as the law wants it named
	PostalAddress string
	PrivacyURL    string
	Sender        string // RFC 5322 mailbox with a name: "La Semaine IA" <lettre@news.example.org>
	ReplyTo       string // RFC 5322 mailbox that is read
	Editor        string // address told of drafts, thin weeks and trouble; may be empty
	Languages     []Language
	Zone          string // IANA name, in which DraftAt and SendAt are meant
	DraftAt       string // five-field cron spec; empty: drafted by hand only
	SendAt        string // five-field cron spec; empty: sent by hand only
	// Window is that of the first issue. Later ones begin where the last ended, and
	// take what came too late for that one if it is not older. 0 means 7 days.
	Window     time.Duration
	Themes     []Theme // empty: the built-in taxonomy
	Sources    []Source
	Budget     Budget
	Rank       Weights // all zero: DefaultWeights
	Review     Review
	MinStories int // a week with fewer is not sent
}

// Postal is the address on one line, as a footer has it.
func (n Newsletter) Postal() string {
	var lines []string
	for line := range strings.Lines(n.PostalAddress) {
		if line = strings.Trim(line, ", \t\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, ", ")
}

// Theme is a heading under which stories are gathered. Words are per language.
type Theme struct {
	ID    string // stable, part of anchors: "models"
	Words map[Language]ThemeWords
}

// ThemeWords describes a theme in one language.
type ThemeWords struct {
	Label       string
	Description string
	Keywords    []string
	Examples    []string // texts such as belong under it
}

// Topic is what a newsletter is about at all.
type Topic string

// The topics. What is not about AI is left out of a newsletter about it.
const (
	AITopic  Topic = "ai"
	AnyTopic Topic = "any"
)

// OtherTheme is where a story goes that fits no theme.
const OtherTheme = "other"

// Optional are the IDs of a newsletter's themes that its readers may leave out:
// all but that of what fits none.
func (n Newsletter) Optional() []string {
	var ids []string
	for _, t := range n.Themes {
		if t.ID != OtherTheme {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// Label gives the heading in lang, or in any language the theme has, or its ID.
func (t Theme) Label(lang Language) string {
	if w, ok := t.Words[lang]; ok && w.Label != "" {
		return w.Label
	}
	for _, l := range []Language{English, French} {
		if w, ok := t.Words[l]; ok && w.Label != "" {
			return w.Label
		}
	}
	return t.ID
}

// Budget bounds one issue.
type Budget struct {
	Themes          int // at most so many sections
	StoriesPerTheme int
	WordsPerStory   int // of a summary
	QuoteWords      int // at most so many verbatim words of one source in a story; 0: no other limit than WordsPerStory
}

// DefaultBudget is used for what a newsletter leaves at zero: five themes of
// four stories of 60 words, a letter of six to eight minutes.
var DefaultBudget = Budget{Themes: 5, StoriesPerTheme: 4, WordsPerStory: 60}

// Or fills the zero fields of b from d.
func (b Budget) Or(d Budget) Budget {
	if b.Themes == 0 {
		b.Themes = d.Themes
	}
	if b.StoriesPerTheme == 0 {
		b.StoriesPerTheme = d.StoriesPerTheme
	}
	if b.WordsPerStory == 0 {
		b.WordsPerStory = d.WordsPerStory
	}
	if b.QuoteWords == 0 {
		b.QuoteWords = d.QuoteWords
	}
	return b
}

// Review says whether a person has to approve before an issue is sent.
type Review struct {
	Mode  ReviewMode
	After time.Duration // with ReviewAuto: how long an editor may object
}

// ReviewMode is how an issue gets its approval.
type ReviewMode string

const (
	// ReviewRequired: nothing is sent that no person approved.
	ReviewRequired ReviewMode = "required"
	// ReviewAuto: the issue goes out when nobody objected in time, counted from
	// the moment the editor's mail was accepted, downtime left out.
	ReviewAuto ReviewMode = "auto-after"
)

// WindowOrDefault is the newsletter's window, seven days where it names none.
func (n Newsletter) WindowOrDefault() time.Duration {
	if n.Window > 0 {
		return n.Window
	}
	return 7 * 24 * time.Hour
}

// MainLanguage is the first of the newsletter's languages, French where it names none.
func (n Newsletter) MainLanguage() Language {
	if len(n.Languages) > 0 {
		return n.Languages[0]
	}
	return French
}
