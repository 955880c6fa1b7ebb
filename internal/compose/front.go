package compose

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// Lengths in characters. Two headlines share a subject where most readers'
// programs show both. One is kept whole as far as a subject may go: a program
// with less room cuts it itself, where its window ends. A preheader below 35
// lets the beginning of the letter shine through.
const (
	subjectOfTwo     = 70
	subjectLength    = 95
	preheaderAtLeast = 35
	preheaderLength  = 140
	between          = " · "
)

// Fronts are what readers of each language see before the stories: they follow
// from the stories and their order.
func Fronts(issue digest.Issue, languages []digest.Language) map[digest.Language]digest.Front {
	out := map[digest.Language]digest.Front{}
	for _, l := range languages {
		out[l] = front(issue, leading(issue, l), l)
	}
	return out
}

// spoken is what a story gains at the front for being told in the reader's language.
const spoken = .15

// appeal is what a story is to readers of one language.
func appeal(words map[digest.Language]digest.Wording, score float64, lang digest.Language) float64 {
	if w := words[lang]; w.HeadlineLanguage == lang && w.Headline != "" {
		return score + spoken
	}
	return score
}

// leading gives the items of an issue by what they are to readers of one
// language, the one the letter opens with before all others: a reader who opens
// it for its subject finds that at once. Only where that story has no words in
// their language, and another has, another leads.
func leading(issue digest.Issue, lang digest.Language) []led {
	var out []led
	for _, s := range issue.Sections {
		for _, it := range s.Items {
			out = append(out, led{Item: it, theme: s.Theme.ID})
		}
	}
	if len(out) == 0 {
		return nil
	}
	rest := out[1:]
	if !out[0].speaks(lang) && slices.ContainsFunc(rest, func(it led) bool { return it.speaks(lang) }) {
		rest = out
	}
	sort.SliceStable(rest, func(i, j int) bool {
		return appeal(rest[i].Wordings, rest[i].Score, lang) > appeal(rest[j].Wordings, rest[j].Score, lang)
	})
	return out
}

// led is an item on its way to the front.
type led struct {
	digest.Item
	theme string
}

// speaks tells whether its headline is in a language.
func (it led) speaks(lang digest.Language) bool { return it.Wordings[lang].HeadlineLanguage == lang }

func front(issue digest.Issue, top []led, lang digest.Language) digest.Front {
	var f digest.Front
	sentences := essentials(top, lang)
	if len(top) > mostEssentials { // fewer stories are the essentials themselves
		f.Essentials = sentences
	}
	var headlines []string
	for _, it := range top {
		if h := flat(it.Wordings[lang].Headline); h != "" {
			headlines = append(headlines, h)
		}
	}
	var used int
	f.Subject, used = subject(headlines)
	f.Preheader = preheader(headlines[used:], sentences)
	f.Minutes = minutes(issue, f.Essentials, digest.Variant{Language: lang, Length: digest.Full})
	f.ShortMinutes = minutes(issue, f.Essentials, digest.Variant{Language: lang, Length: digest.Short})
	return f
}

// subject is the first headline, with the second where both fit, and how many it used.
func subject(headlines []string) (string, int) {
	switch {
	case len(headlines) == 0:
		return "", 0
	case len(headlines) > 1 && size(headlines[0])+size(between)+size(headlines[1]) <= subjectOfTwo:
		return headlines[0] + between + headlines[1], 2
	}
	return shorten(headlines[0], subjectLength), 1
}

// preheader adds to the subject: the next headlines, and where those are too
// few the first sentences.
func preheader(headlines []string, sentences []digest.Sentence) string {
	out := ""
	add := func(s string) {
		if size(out) >= preheaderAtLeast && size(out)+size(between)+size(s) > preheaderLength {
			return
		}
		if out != "" {
			out += between
		}
		out += s
	}
	for _, h := range headlines {
		if size(out) >= preheaderLength/2 {
			break
		}
		add(h)
	}
	for _, s := range sentences {
		if size(out) >= preheaderAtLeast {
			break
		}
		add(flat(s.Text))
	}
	return shorten(out, preheaderLength)
}

// minutes is the reading time of all that one edition says.
func minutes(issue digest.Issue, essentials []digest.Sentence, v digest.Variant) int {
	words := 0
	for _, q := range essentials {
		words += text.Count(q.Text)
	}
	for _, s := range issue.Sections {
		words += text.Count(s.Theme.Label(v.Language))
		for _, it := range s.Items {
			w := it.Wordings[v.Language].Cut(v.Length)
			words += text.Count(w.Headline) + text.Count(w.Matters.Text)
			for _, q := range w.Sentences {
				words += text.Count(q.Text)
			}
		}
	}
	return text.Minutes(words, v.Language)
}

// flat is text on one line, as a header needs it.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func size(s string) int { return utf8.RuneCountInString(s) }

// shorten cuts at a word and says so.
func shorten(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	short := string(r[:most-1])
	if i := strings.LastIndexByte(short, ' '); i > len(short)/3 {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,;:.·–—-«(") + "…"
}
