package render

import (
	"encoding/json"
	"fmt"
	"time"

	"hebdo/internal/digest"
)

// The issue as JSON, for machines: texts as they are, with no typographic
// change. Fields may be added, none is renamed.
type issueJSON struct {
	ID         string               `json:"id"`
	Newsletter string               `json:"newsletter"`
	Slot       string               `json:"slot"`
	Number     int                  `json:"number"` // 0: a draft
	State      string               `json:"state"`
	Date       time.Time            `json:"date"`
	From       time.Time            `json:"from"`
	To         time.Time            `json:"to"`
	URL        string               `json:"url"`
	Fronts     map[string]frontJSON `json:"fronts"`
	Sections   []sectionJSON        `json:"sections"`
	LeftOut    []leftOutJSON        `json:"left_out"`
	Notes      []noteJSON           `json:"notes"`
}

type frontJSON struct {
	Subject    string         `json:"subject"`
	Preheader  string         `json:"preheader"`
	Minutes    int            `json:"minutes"`
	Essentials []sentenceJSON `json:"essentials"`
}

type sectionJSON struct {
	Theme  string            `json:"theme"`
	Labels map[string]string `json:"labels"`
	Items  []itemJSON        `json:"items"`
}

type itemJSON struct {
	Story     string                 `json:"story"`
	Lead      bool                   `json:"lead"`
	Score     float64                `json:"score"`
	Earlier   *earlierJSON           `json:"earlier,omitempty"`
	Evidence  map[string]float64     `json:"evidence"`
	Why       []reasonJSON           `json:"why"`
	Wordings  map[string]wordingJSON `json:"wordings"`
	Citations []citationJSON         `json:"citations"`
}

// earlierJSON is where an earlier issue told how a story began.
type earlierJSON struct {
	Issue    string    `json:"issue"`
	Number   int       `json:"number"`
	Date     time.Time `json:"date"`
	Story    string    `json:"story"`
	Headline string    `json:"headline"`
	URL      string    `json:"url,omitempty"`
}

type reasonJSON struct {
	Articles [2]string `json:"articles"`
	Shared   []string  `json:"shared"`
	Score    float64   `json:"score"`
}

type wordingJSON struct {
	Headline  string         `json:"headline"`
	Language  string         `json:"language"`
	Sentences []sentenceJSON `json:"sentences"`
	Matters   *sentenceJSON  `json:"matters,omitempty"`
	Rewritten bool           `json:"rewritten,omitempty"` // by an editor
}

// sentenceJSON stands at bytes start to end of its article's text; without an
// article it is an editor's.
type sentenceJSON struct {
	Text     string `json:"text"`
	Language string `json:"language"`
	Article  string `json:"article"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
}

type citationJSON struct {
	Article   string    `json:"article"`
	Title     string    `json:"title"`
	URL       string    `json:"url"`
	Source    string    `json:"source"`
	Authors   []string  `json:"authors"`
	Language  string    `json:"language"`
	Published time.Time `json:"published"`
	Minutes   int       `json:"minutes"`
}

type leftOutJSON struct {
	Title  string `json:"title"`
	URL    string `json:"url"`
	Source string `json:"source"`
	Reason string `json:"reason"`
}

type noteJSON struct {
	Level  string `json:"level"`
	Stage  string `json:"stage"`
	Code   string `json:"code"`
	Where  string `json:"where"`
	Detail string `json:"detail"`
}

// JSON is an issue for machines, in all its languages.
func (r *Renderer) JSON(issue digest.Issue, nl digest.Newsletter) ([]byte, error) {
	out := issueJSON{
		ID: issue.ID, Newsletter: nl.Slug, Slot: issue.Slot, Number: issue.Number, State: string(issue.State),
		Date: issue.Date, From: issue.From, To: issue.To, URL: r.Online(nl, issue.Number, nl.MainLanguage()),
		Fronts: map[string]frontJSON{}, Sections: []sectionJSON{}, LeftOut: []leftOutJSON{}, Notes: []noteJSON{},
	}
	for lang, f := range issue.Fronts {
		out.Fronts[string(lang)] = frontJSON{Subject: f.Subject, Preheader: f.Preheader, Minutes: f.Minutes, Essentials: sentencesJSON(f.Essentials)}
	}
	for _, s := range issue.Sections {
		section := sectionJSON{Theme: s.Theme.ID, Labels: map[string]string{}, Items: []itemJSON{}}
		for lang, words := range s.Theme.Words {
			section.Labels[string(lang)] = words.Label
		}
		for _, item := range s.Items {
			section.Items = append(section.Items, r.itemOf(item, nl))
		}
		out.Sections = append(out.Sections, section)
	}
	for _, l := range issue.LeftOut {
		out.LeftOut = append(out.LeftOut, leftOutJSON{l.Title, httpOnly(l.URL), l.Source, l.Reason})
	}
	for _, n := range issue.Notes {
		out.Notes = append(out.Notes, noteJSON{string(n.Level), n.Stage, n.Code, n.Where, n.Detail})
	}
	body, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing issue %s as JSON: %w", issue.ID, err)
	}
	return append(body, '\n'), nil
}

func (r *Renderer) itemOf(i digest.Item, nl digest.Newsletter) itemJSON {
	out := itemJSON{
		Story: i.Story, Lead: i.Lead, Score: i.Score, Evidence: map[string]float64{},
		Why: []reasonJSON{}, Wordings: map[string]wordingJSON{}, Citations: []citationJSON{},
	}
	if e := i.Earlier; e != nil {
		out.Earlier = &earlierJSON{e.Issue, e.Number, e.Date, e.Story, e.Headline, r.began(nl, *e, nl.MainLanguage())}
	}
	for _, e := range i.Evidence {
		out.Evidence[e.Name] = e.Value
	}
	for _, w := range i.Why {
		out.Why = append(out.Why, reasonJSON{Articles: [2]string{w.A, w.B}, Shared: append([]string{}, w.Shared...), Score: w.Score})
	}
	for lang, w := range i.Wordings {
		told := wordingJSON{Headline: w.Headline, Language: string(w.HeadlineLanguage), Sentences: sentencesJSON(w.Sentences), Rewritten: w.Editor != ""}
		if w.Matters.Text != "" {
			told.Matters = &sentencesJSON([]digest.Sentence{w.Matters})[0]
		}
		out.Wordings[string(lang)] = told
	}
	for _, c := range shown(i.Citations) {
		out.Citations = append(out.Citations, citationJSON{
			Article: c.Article, Title: c.Title, URL: httpOnly(c.URL), Source: c.Source, Authors: append([]string{}, c.Authors...),
			Language: string(c.Language), Published: c.Published, Minutes: c.Minutes,
		})
	}
	return out
}

func sentencesJSON(all []digest.Sentence) []sentenceJSON {
	out := []sentenceJSON{}
	for _, s := range all {
		out = append(out, sentenceJSON{s.Text, string(s.Language), s.Article, s.Start, s.End})
	}
	return out
}

// httpOnly gives an address as it is, unless it must not be linked.
func httpOnly(address string) string {
	if link(address) == "" {
		return ""
	}
	return address
}
