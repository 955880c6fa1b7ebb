package digest

import (
	"fmt"
	"slices"
	"time"
)

// Issue is one number of a newsletter, from draft to sent.
type Issue struct {
	ID         string
	Newsletter string // slug
	Slot       string // with Newsletter the issue's key: the scheduled time (RFC 3339), or "2026-11-23#1" by hand
	Number     int    // given at approval, without gaps; 0 before
	State      State
	Version    int       // grows with every change; a write names the version it read
	Date       time.Time // the day on the letter
	From, To   time.Time // when what it is made of became ready: was published, or came to hand later; From excluded
	Oldest     time.Time // what was published until then is too old, even if it came to hand in the window
	Fronts     map[Language]Front
	Sections   []Section
	LeftOut    []LeftOut
	Notes      []Note
	Last       *Edit // nil: nobody has edited the draft
	Created    time.Time
	Told       time.Time     // when the editor's mail was accepted; zero: not yet
	Waited     time.Duration // how long an editor could have objected since Told, downtime left out
	Approved   time.Time
	ApprovedBy string // editor's address or user name, or ByRule or ByConsole; of a rejected issue, who rejected it
	Sent       time.Time
	Remark     string // the editor's word at approval or rejection
}

// Who decides on an issue without a name.
const (
	ByRule    = "auto"         // the review rule: nobody objected in time
	ByConsole = "command line" // somebody at a shell that names no user
)

// Front is what a reader of one language sees before the stories.
type Front struct {
	Subject      string
	Preheader    string // adds to the subject, 35-150 characters
	Essentials   []Sentence
	Minutes      int // reading time of the whole issue
	ShortMinutes int // of its short edition
}

// Section is a theme with its stories.
type Section struct {
	Theme Theme
	Items []Item
	Moved bool // an editor said where among the sections it stands
}

// Item is a story as it stands in an issue.
type Item struct {
	Story     string     // story ID
	Lead      bool       // the first of its section
	Moved     bool       // an editor said where in its section it stands
	Citations []Citation // sources, the one whose page the headline links to first
	Wordings  map[Language]Wording
	Earlier   *Earlier // the issue that told how it began; nil: none
	Why       []Reason
	Score     float64
	Evidence  []Evidence
}

// Citation is an article as an issue refers to it. It is a copy: the issue
// stays what it was when articles change or go.
type Citation struct {
	Article     string // article ID
	Title       string
	URL         string
	Source      string // name as readers see it
	Authors     []string
	Language    Language
	Published   time.Time
	Minutes     int    // reading time of the whole article
	Image       string // only where the source allows it
	Site        string // as the page names it, where that is not what readers call the source
	ImageAlt    string // what Image shows, in the page's words
	ImageWidth  int    // pixels; 0: not said
	ImageHeight int
	Further     bool // its source stands before it already: editors see it, readers see the source once
}

// LeftOut is a story or article that is not in the issue, and why.
type LeftOut struct {
	Title  string
	URL    string
	Source string
	Reason string // message key without its "leftout." prefix
}

// Time is the scheduled time to send; false: the issue was made by hand, has
// none, and waits for a person.
func (i Issue) Time() (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, i.Slot)
	return t, err == nil
}

// Stories counts the issue's stories.
func (i Issue) Stories() int {
	n := 0
	for _, s := range i.Sections {
		n += len(s.Items)
	}
	return n
}

// Item finds a story of the issue, to be read or changed; nil: it has none such.
func (i Issue) Item(story string) *Item {
	for _, s := range i.Sections {
		for n := range s.Items {
			if s.Items[n].Story == story {
				return &s.Items[n]
			}
		}
	}
	return nil
}

// Ordered tells whether an editor changed the order of stories or themes.
func (i Issue) Ordered() bool {
	return slices.ContainsFunc(i.Sections, func(s Section) bool {
		return s.Moved || slices.ContainsFunc(s.Items, func(it Item) bool { return it.Moved })
	})
}

// Rewritten counts the stories that an editor rewrote in some language.
func (i Issue) Rewritten() int {
	n := 0
	for _, s := range i.Sections {
		for _, it := range s.Items {
			for _, w := range it.Wordings {
				if w.Editor != "" {
					n++
					break
				}
			}
		}
	}
	return n
}

// Blocked tells whether a note forbids approval, and which.
func (i Issue) Blocked() (Note, bool) {
	for _, n := range i.Notes {
		if n.Level == Blocker {
			return n, true
		}
	}
	return Note{}, false
}

// State is where an issue stands.
type State string

// The states of an issue.
const (
	Draft     State = "draft"
	InReview  State = "review"
	Approved  State = "approved"
	Sending   State = "sending"
	Paused    State = "paused"
	Sent      State = "sent"
	Cancelled State = "cancelled"
	Rejected  State = "rejected"
	Skipped   State = "skipped" // the week was too thin
)

// next holds every allowed move. Sent goes back to Sending for late joiners or
// a chosen retry; an edit takes an approved issue back to review; nothing
// leads out of Cancelled.
var next = map[State][]State{
	Draft:    {InReview, Skipped},
	InReview: {Approved, Rejected},
	Approved: {InReview, Sending},
	Sending:  {Sent, Paused, Cancelled},
	Paused:   {Sending, Cancelled},
	Sent:     {Sending},
	Rejected: {Draft},
	Skipped:  {Draft},
}

// May tells whether an issue in state s may become t.
func (s State) May(t State) bool {
	for _, n := range next[s] {
		if n == t {
			return true
		}
	}
	return false
}

// Move refuses, with ErrConflict or ErrNotApproved, a step that the state
// machine does not allow.
func (s State) Move(t State) error {
	switch {
	case s.May(t):
		return nil
	case t == Sending && (s == Draft || s == InReview || s == Rejected || s == Skipped):
		return fmt.Errorf("%w: it is in the state %s", ErrNotApproved, s)
	default:
		return stepError{s, t}
	}
}

// stepError is a conflict that nobody else had a part in.
type stepError struct{ from, to State }

func (e stepError) Error() string {
	return fmt.Sprintf("an issue in the state %s cannot become %s", e.from, e.to)
}

func (e stepError) Unwrap() error { return ErrConflict }

// Editable tells whether the issue's content may still change.
func (s State) Editable() bool { return s == Draft || s == InReview || s == Rejected || s == Approved }

// States lists every state, in the order of an issue's life.
func States() []State {
	return []State{Draft, InReview, Rejected, Skipped, Approved, Sending, Paused, Sent, Cancelled}
}
