package compose

import (
	"time"

	"hebdo/internal/digest"
)

// Plan is what an issue has to keep to.
type Plan struct {
	Newsletter string // slug
	Slot       string
	Themes     []digest.Theme // in the order of the letter; themes that are not here go under OtherTheme
	ByWeight   bool           // all sections in the order of their best story instead
	Languages  []digest.Language
	From, To   time.Time // window of publication
	Date       time.Time // the day on the letter
	Created    time.Time
	Budget     digest.Budget   // zero fields: digest.DefaultBudget
	PerSource  int             // stories one source may lead; 0: a third of the budget, at least two; less than 0: no limit
	Images     map[string]bool // by source ID: the publisher allows its pictures
	Notes      []digest.Note   // what the stages before noticed

	general bool // most of the week fits no theme
}

// main is the language whose readers the order of the stories is for.
func (p Plan) main() digest.Language {
	if len(p.Languages) == 0 {
		return ""
	}
	return p.Languages[0]
}

// perSource is the number of stories one source may lead.
func (p Plan) perSource() int {
	switch {
	case p.PerSource < 0:
		return 1 << 20
	case p.PerSource > 0:
		return p.PerSource
	}
	return max(2, p.Budget.Themes*p.Budget.StoriesPerTheme/3)
}

// theme gives the theme a story stands under: its own, or the last resort.
func (p Plan) theme(id string) (digest.Theme, int) {
	for i, t := range p.Themes {
		if t.ID == id {
			return t, i
		}
	}
	for _, t := range p.Themes {
		if t.ID == digest.OtherTheme {
			return t, len(p.Themes)
		}
	}
	return digest.Theme{ID: digest.OtherTheme}, len(p.Themes)
}
