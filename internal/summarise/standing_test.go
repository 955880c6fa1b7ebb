package summarise

import (
	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// cutUp gives the sentences of a text; headings are empty.
func cutUp(body string, lang digest.Language) ([]text.Span, []string) {
	spans := text.Sentences(body, lang)
	out := make([]string, len(spans))
	for i, p := range spans {
		if !p.Heading {
			out[i] = p.In(body)
		}
	}
	return spans, out
}

// standing tells whether a sentence of a French text may stand in a summary.
func standing(s string) bool { return unfit(s, digest.French) == "" }

// dangles tells whether a sentence needs the one before it to be understood.
func dangles(s string) bool { return leans(s) || adrift(s) }
