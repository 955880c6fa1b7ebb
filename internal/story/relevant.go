package story

import (
	"strings"
	"sync"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// OffTopic is the reason, as a message key, of what Relevant leaves out.
const OffTopic = "off-topic"

// mention is a word or phrase of the field.
type mention struct {
	words []string // folded
	exact []string // as written where a capital is needed, else empty
	kind  mentionKind
}

type mentionKind int

const (
	weak mentionKind = iota
	fair
	strong
)

// field is the lexicon by the first word of each entry.
var field = sync.OnceValue(func() map[string][]mention {
	out := map[string][]mention{}
	for _, line := range read("field.txt") {
		kind, phrase, _ := strings.Cut(line, " ")
		m := mention{kind: map[string]mentionKind{"fair": fair, "strong": strong}[kind]}
		for _, w := range text.Words(phrase, "") {
			written := phrase[w.Start:w.End]
			if !w.Capital {
				written = ""
			}
			m.words = append(m.words, w.Fold)
			m.exact = append(m.exact, written)
		}
		out[m.words[0]] = append(out[m.words[0]], m)
	}
	return out
})

// What a mention counts, by where it stands, and how much makes an article one
// about the field: one strong word in the title, or one in the lead with
// something beside it, or a body full of them.
const (
	strongInTitle = 2.2
	strongInLead  = 1.5
	strongInBody  = .8 // each, in 300 words
	fairInTitle   = 1.2
	fairInLead    = .8 // each different one
	fairInBody    = .3
	fairMost      = 1.8
	weakInTitle   = .5
	weakElsewhere = .25 // each different one
	weakMost      = .8
	enough        = 2.0
	shortText     = 80 // words; a text below is all lead, and says much with each word
	usualText     = 300
)

// A source that writes of little else is believed sooner: where all its articles
// are about the field, this much less is asked of each.
const trust = .95

// nearly is the relevance from which an article speaks for its source.
const nearly = .6

// Relevant leaves out, as OffTopic, the stories that are not about artificial
// intelligence: those of whose articles fewer than half are. What is asked of
// an article depends on its source: in a general newspaper the subject must be
// plain, in a letter about AI a few words of the field are enough.
func Relevant(stories []digest.Story) []digest.Story {
	out := append([]digest.Story(nil), stories...)
	relevance := make([][]float64, len(out))
	about, all := map[string]float64{}, map[string]float64{}
	for i, s := range out {
		for _, a := range s.Articles {
			r := Relevance(a)
			relevance[i] = append(relevance[i], r)
			all[sourceOf(a)]++
			if r >= nearly {
				about[sourceOf(a)]++
			}
		}
	}
	for i, s := range out {
		n := 0
		for k, a := range s.Articles {
			source := sourceOf(a)
			// One article more that is not: one alone makes no newspaper of AI.
			share := about[source] / (all[source] + 1)
			if source == "" {
				share = 0
			}
			if relevance[i][k] >= 1-trust*share {
				n++
			}
		}
		if s.LeftOut == "" && n*2 < len(s.Articles) {
			out[i].LeftOut = OffTopic
		}
	}
	return out
}

func sourceOf(a digest.Article) string {
	if a.SourceID != "" {
		return a.SourceID
	}
	return a.SourceName
}

// Relevance is how much an article is about artificial intelligence; from 1 on
// it is.
func Relevance(a digest.Article) float64 {
	title := text.Words(a.Title, "")
	score, seen := 0.0, map[string]bool{}
	eachMention(a.Title, title, func(m mention, _ int) {
		if id := strings.Join(m.words, " "); !seen[id] {
			seen[id] = true
			score += []float64{weakInTitle, fairInTitle, strongInTitle}[m.kind]
		}
	})
	s := body(a)
	words := text.Words(s, "")
	inLead := map[string]bool{}
	lead, hits, some, few := 0.0, 0.0, 0.0, 0.0
	eachMention(s, words, func(m mention, at int) {
		id := strings.Join(m.words, " ")
		leads := at < leadWords || len(words) < shortText
		switch {
		case m.kind == strong && leads && lead == 0:
			lead = strongInLead
			if len(words) < shortText {
				lead = strongInTitle
			}
		case m.kind == strong:
			hits++
		case m.kind == fair && leads && !inLead[id]:
			some += fairInLead
		case m.kind == fair && !seen[id]:
			some += fairInBody
		case m.kind == weak && !seen[id]:
			few += weakElsewhere
		}
		seen[id], inLead[id] = true, true
	})
	long, brief := 1.0, 1.0
	if n := float64(len(words)); n > usualText {
		long = usualText / n
	} else {
		brief = min(2, 1+(usualText-n)/(usualText-shortText))
	}
	return (score + lead + strongInBody*hits*long + min(fairMost, some) + min(weakMost, few*brief)) / enough
}

// eachMention finds the words of the field, the longest where several begin together.
func eachMention(s string, words []text.Word, found func(m mention, at int)) {
	for i := 0; i < len(words); i++ {
		var best mention
		for _, m := range field()[words[i].Fold] {
			if len(m.words) > len(best.words) && matches(s, words[i:], m) {
				best = m
			}
		}
		if len(best.words) > 0 {
			found(best, i)
			i += len(best.words) - 1
		}
	}
}

func matches(s string, words []text.Word, m mention) bool {
	if len(words) < len(m.words) {
		return false
	}
	for k, want := range m.words {
		w := words[k]
		if w.Fold != want || m.exact[k] != "" && s[w.Start:w.End] != m.exact[k] {
			return false
		}
	}
	return true
}
