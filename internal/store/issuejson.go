package store

import (
	"bytes"
	"encoding/json"
	"time"

	"hebdo/internal/digest"
)

// The parts of an issue as JSON. Structs that have the very fields of their
// noun are converted whole, which stops compiling when the noun changes. A
// field may be added; a name once written stays.

type frontJSON struct {
	Subject      string         `json:"subject"`
	Preheader    string         `json:"preheader,omitempty"`
	Essentials   []sentenceJSON `json:"essentials,omitempty"`
	Minutes      int            `json:"minutes,omitempty"`
	ShortMinutes int            `json:"short_minutes,omitempty"`
}

type sectionJSON struct {
	Theme themeJSON  `json:"theme"`
	Items []itemJSON `json:"items,omitempty"`
	Moved bool       `json:"moved,omitempty"`
}

type itemJSON struct {
	Story     string                          `json:"story"`
	Lead      bool                            `json:"lead,omitempty"`
	Moved     bool                            `json:"moved,omitempty"`
	Citations []citationJSON                  `json:"citations,omitempty"`
	Wordings  map[digest.Language]wordingJSON `json:"wordings,omitempty"`
	Earlier   *earlierJSON                    `json:"earlier,omitempty"`
	Why       []reasonJSON                    `json:"why,omitempty"`
	Score     float64                         `json:"score"`
	Evidence  []evidenceJSON                  `json:"evidence,omitempty"`
}

type earlierJSON struct {
	Issue    string    `json:"issue"`
	Number   int       `json:"number,omitempty"`
	Date     time.Time `json:"date,omitzero"`
	Story    string    `json:"story"`
	Headline string    `json:"headline,omitempty"`
}

type citationJSON struct {
	Article     string          `json:"article"`
	Title       string          `json:"title"`
	URL         string          `json:"url,omitempty"`
	Source      string          `json:"source"`
	Authors     []string        `json:"authors,omitempty"`
	Language    digest.Language `json:"language,omitempty"`
	Published   time.Time       `json:"published,omitzero"`
	Minutes     int             `json:"minutes,omitempty"`
	Image       string          `json:"image,omitempty"`
	Site        string          `json:"site,omitempty"`
	ImageAlt    string          `json:"image_alt,omitempty"`
	ImageWidth  int             `json:"image_width,omitempty"`
	ImageHeight int             `json:"image_height,omitempty"`
	Further     bool            `json:"further,omitempty"`
}

type wordingJSON struct {
	Headline         string          `json:"headline"`
	HeadlineLanguage digest.Language `json:"headline_language,omitempty"`
	Sentences        []sentenceJSON  `json:"sentences,omitempty"`
	Matters          *sentenceJSON   `json:"matters,omitempty"`
	Editor           string          `json:"editor,omitempty"`
}

type sentenceJSON struct {
	Text     string          `json:"text"`
	Article  string          `json:"article"`
	Start    int             `json:"start"`
	End      int             `json:"end"`
	Language digest.Language `json:"language,omitempty"`
}

type reasonJSON struct {
	A      string   `json:"a"`
	B      string   `json:"b"`
	Shared []string `json:"shared,omitempty"`
	Score  float64  `json:"score"`
}

type evidenceJSON struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

type leftOutJSON struct {
	Title  string `json:"title"`
	URL    string `json:"url,omitempty"`
	Source string `json:"source,omitempty"`
	Reason string `json:"reason"`
}

type noteJSON struct {
	Level  digest.Level `json:"level"`
	Stage  string       `json:"stage"`
	Code   string       `json:"code"`
	Where  string       `json:"where,omitempty"`
	Detail string       `json:"detail,omitempty"`
}

func frontToJSON(f digest.Front) frontJSON {
	return frontJSON{Subject: f.Subject, Preheader: f.Preheader, Essentials: each(f.Essentials, sentenceToJSON), Minutes: f.Minutes, ShortMinutes: f.ShortMinutes}
}

func (f frontJSON) front() digest.Front {
	return digest.Front{Subject: f.Subject, Preheader: f.Preheader, Essentials: each(f.Essentials, sentenceJSON.sentence), Minutes: f.Minutes, ShortMinutes: f.ShortMinutes}
}

func sectionToJSON(s digest.Section) sectionJSON {
	return sectionJSON{Theme: themeToJSON(s.Theme), Items: each(s.Items, itemToJSON), Moved: s.Moved}
}

func (s sectionJSON) section() digest.Section {
	return digest.Section{Theme: s.Theme.theme(), Items: each(s.Items, itemJSON.item), Moved: s.Moved}
}

func itemToJSON(i digest.Item) itemJSON {
	return itemJSON{
		Story: i.Story, Lead: i.Lead, Moved: i.Moved, Score: i.Score, Earlier: earlierToJSON(i.Earlier),
		Citations: each(i.Citations, citationToJSON), Wordings: eachValue(i.Wordings, wordingToJSON),
		Why:      each(i.Why, func(r digest.Reason) reasonJSON { return reasonJSON(r) }),
		Evidence: each(i.Evidence, func(e digest.Evidence) evidenceJSON { return evidenceJSON(e) }),
	}
}

func (i itemJSON) item() digest.Item {
	return digest.Item{
		Story: i.Story, Lead: i.Lead, Moved: i.Moved, Score: i.Score, Earlier: (*digest.Earlier)(i.Earlier),
		Citations: each(i.Citations, func(c citationJSON) digest.Citation { return digest.Citation(c) }),
		Wordings:  eachValue(i.Wordings, wordingJSON.wording),
		Why:       each(i.Why, func(r reasonJSON) digest.Reason { return digest.Reason(r) }),
		Evidence:  each(i.Evidence, func(e evidenceJSON) digest.Evidence { return digest.Evidence(e) }),
	}
}

// earlierToJSON keeps the time as all others are kept.
func earlierToJSON(e *digest.Earlier) *earlierJSON {
	if e == nil {
		return nil
	}
	out := earlierJSON(*e)
	out.Date = instant(micros(e.Date))
	return &out
}

// citationToJSON keeps the time as all others are kept.
func citationToJSON(c digest.Citation) citationJSON {
	c.Published = instant(micros(c.Published))
	return citationJSON(c)
}

func wordingToJSON(w digest.Wording) wordingJSON {
	out := wordingJSON{Headline: w.Headline, HeadlineLanguage: w.HeadlineLanguage, Sentences: each(w.Sentences, sentenceToJSON), Editor: w.Editor}
	if w.Matters.Text != "" {
		m := sentenceToJSON(w.Matters)
		out.Matters = &m
	}
	return out
}

func (w wordingJSON) wording() digest.Wording {
	out := digest.Wording{Headline: w.Headline, HeadlineLanguage: w.HeadlineLanguage, Sentences: each(w.Sentences, sentenceJSON.sentence), Editor: w.Editor}
	if w.Matters != nil {
		out.Matters = w.Matters.sentence()
	}
	return out
}

func sentenceToJSON(s digest.Sentence) sentenceJSON { return sentenceJSON(s) }

func (s sentenceJSON) sentence() digest.Sentence { return digest.Sentence(s) }

// sameJSON compares what would be stored. What cannot be stored (a score that
// is no number) is equal to nothing: storing it fails by itself.
func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
