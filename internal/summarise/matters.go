package summarise

import (
	"regexp"

	"hebdo/internal/digest"
)

// matterWords is how long a sentence on why the news matters may be.
const matterWords = 40

// significance is what French and English say when they say why something
// matters. It is narrow on purpose: a story without such a sentence has none,
// and a wrong one would put words in an editor's mouth.
var significance = anyOf{
	regexp.MustCompile(`(?i)(` +
		`\b(est|sont|reste|serait|sera) (très |particulièrement |d['’]autant plus )?(importante?s?|cruciale?s?|décisi(f|ve)s?|capitale?s?),? (car|parce qu|puisqu)|` +
		`\b(cela|ce qui|ça|voilà qui) change(ra|rait)? (tout|la donne)\b)`),
	regexp.MustCompile(`(?i)(\bmarque(ra|rait)? un tournant\b|\b(fait|fera|ferait|crée|créerait) (un précédent|jurisprudence|date)\b|` +
		`\bouvr(e|ira|irait) la voie (à|au|aux)\b|\bl['’]enjeu (est|dépasse|n['’]est)\b|\b(est|c['’]est) (la|le) premi(er|ère) (fois qu|à )|\bc['’]est (la|le) plus (gros|grand|fort|vaste|important)[a-zé]*\b|` +
		`\bpourrai(t|ent) (bien )?(contraindre|obliger|forcer|bouleverser|priver|retarder)\b)`),
	regexp.MustCompile(`(?i)(\bmatters?,? because\b|\b(is|are|was) (important|significant|crucial),? because\b|\bwhy (it|this) matters\b|\b(sets?|would set) a precedent\b|\bmarks? a (turning point|watershed)\b|` +
		`\b(could|may|might) (force|oblige|compel|reshape|upend|delay|derail|open the (way|door))\b|\b(the|this) (ruling|decision|order|law|deal|rule|release|result|finding) means\b|\bthe first (time|in [A-Z]\w+ to)\b)`),
}

// matters finds where a source says why the news matters, in sentences that
// are not told already; quoted counts the words taken from each source so far.
func matters(use []reading, told []digest.Sentence, quoted map[string]int, most int) digest.Sentence {
	taken := map[string]bool{}
	for _, s := range told {
		taken[s.Text] = true
	}
	for _, d := range use {
		for _, c := range d.candidates {
			switch {
			case c.words > matterWords || taken[c.text] || dangling.MatchString(c.text) || adrift(c.text) || !significance.MatchString(c.text):
			case most > 0 && quoted[sourceOf(d.article)]+c.words > most:
			case unfit(c.text, d.lang) != "" || foreign(c.text, d.lang):
			default:
				return d.sentences([]candidate{c})[0]
			}
		}
	}
	return digest.Sentence{}
}
