package digest

import "time"

// Story is one event as told by one or more articles, in any language.
type Story struct {
	ID       string
	Articles []Article            // the leading one first
	Why      []Reason             // one for every join; empty for a story of one article
	Theme    string               // theme ID, or OtherTheme
	Score    float64              // rank within the issue, higher first
	Evidence []Evidence           // what the score is made of
	Earlier  *Earlier             // what a sent issue told of it; nil: nothing
	Told     []string             // sentences of what it was told from then: no news any more
	LeftOut  string               // message key of why it is not in the issue; empty: it may be
	Wordings map[Language]Wording // by the reader's language
}

// Earlier is where an earlier issue told a story.
type Earlier struct {
	Issue    string // ID
	Number   int    // 0: it has none yet
	Date     time.Time
	Story    string // ID it had there
	Headline string // as it stood there, in the newsletter's main language where there was one
}

// Reason says why two articles were joined.
type Reason struct {
	A, B   string   // article IDs
	Shared []string // words, names, numbers both have
	Score  float64  // similarity in 0..1
}

// Evidence is one part of a story's score, in words an editor can check.
type Evidence struct {
	Name  string // message key: "sources", "freshness", "prominence", "novelty", "length", "weight"
	Value float64
}

// Constraint is an editor's word on two articles, kept for later runs.
type Constraint struct {
	A, B string // article keys
	Kind ConstraintKind
}

// Same tells whether two constraints are about the same articles.
func (c Constraint) Same(o Constraint) bool {
	return c.A == o.A && c.B == o.B || c.A == o.B && c.B == o.A
}

// ConstraintKind: must two articles be one story, or never.
type ConstraintKind string

// The kinds of constraints.
const (
	Join      ConstraintKind = "join"
	NeverJoin ConstraintKind = "never-join"
)

// Wording is a story told to readers of one language.
type Wording struct {
	Headline         string
	HeadlineLanguage Language
	Sentences        []Sentence
	Editor           string   // address of who rewrote it at the desk; empty: it is in the sources' words
	Matters          Sentence // where a source itself says why the news matters; empty Text: none does
}

// Cut is what an edition of a length tells of the story.
func (w Wording) Cut(l Length) Wording {
	if l == Short {
		w.Sentences, w.Matters = w.Sentences[:min(1, len(w.Sentences))], Sentence{}
	}
	return w
}

// Sentence is verbatim from an article, Text == article.Text[Start:End], or an
// editor's own.
type Sentence struct {
	Text       string
	Article    string // article ID; empty: the words are an editor's
	Start, End int    // byte offsets into the article's text
	Language   Language
}

// Latest is the time of the story's youngest article.
func (s Story) Latest() time.Time {
	var t time.Time
	for _, a := range s.Articles {
		if a.Published.After(t) {
			t = a.Published
		}
	}
	return t
}
