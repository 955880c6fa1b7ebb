package story

import "hebdo/internal/digest"

// What has to speak for a theme before a text is put under it. Evidence is the
// sum of the theme's words in the text, each by its weight; two words that are
// rare elsewhere make about 4.
const (
	convincing = 2.0
	ofHeadings = .5  // themes of a heading and no more: they have few words to find
	ofBest     = .25 // of what speaks for any other theme
	ofSupport  = 1.0 // how much of what examples say counts as evidence
)

// The built-in themes are about AI. What never mentions it belongs to none of
// them, unless it comes with texts that do or says very much of the theme.
const (
	mentions = .25 // relevance of a text that mentions AI
	beyond   = 60  // evidence that is enough whatever the subject
)

// floors gives the evidence that each text needs.
func (t *Themer) floors(texts []Text, sources []string) []float64 {
	out := make([]float64, len(texts))
	if !t.field {
		for i := range out {
			out[i] = t.least
		}
		return out
	}
	about, all := map[string]float64{}, map[string]float64{}
	relevance := make([]float64, len(texts))
	for i, x := range texts {
		relevance[i] = Relevance(digest.Article{Title: x.Title, Text: x.Body, Kind: digest.KindArticle})
		all[sources[i]]++
		if relevance[i] >= mentions {
			about[sources[i]]++
		}
	}
	for i := range out {
		others := about[sources[i]]
		if relevance[i] >= mentions {
			others-- // it does not speak for itself
		}
		share := others / all[sources[i]]
		near := max(share, min(1, relevance[i]))
		out[i] = beyond
		if near > 0 {
			out[i] = min(beyond, convincing/(near*near*near))
		}
	}
	return out
}
