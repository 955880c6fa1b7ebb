package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// faqHeading opens a block of questions and answers.
var faqHeading = regexp.MustCompile(`(?i)^[\W_]*(?:(?:la |notre |the |our |mini[- ])?(?:foire aux questions|f\.?a\.?q\.?s?(?:\W|$)|questions? (?:les plus )?(?:fréquentes?|fréquemment posées|courantes?|récurrentes?)|frequently asked questions|common(?:ly asked)? questions|people also ask|(?:vos|les) questions (?:les plus )?(?:fréquentes|courantes)))`)

func isQuestion(b block) bool {
	t := strings.TrimRight(b.text, " \u00a0»”\"’')")
	return strings.HasSuffix(t, "?") && utf8.RuneCountInString(t) <= 300
}

// splitFAQ moves the questions and answers under a heading that announces
// them, or that the page marks as its FAQ, out of the text: they are written
// for search engines and repeat the article. A heading without questions
// under it stays, and so does what follows the last answer.
func splitFAQ(blocks []block, marked []string) (text, faq []block) {
	for i := 0; i < len(blocks); i++ {
		from := i
		if faqHeading.MatchString(blocks[i].text) && utf8.RuneCountInString(blocks[i].text) <= 200 && !sentence(strings.TrimRight(blocks[i].text, "?. ")) {
			from++
		} else if !isQuestion(blocks[i]) || !has(marked, blocks[i].text) {
			text = append(text, blocks[i])
			continue
		}
		to := answers(blocks, from)
		if to == from {
			text = append(text, blocks[i])
			continue
		}
		faq = append(faq, blocks[from:to]...)
		i = to - 1
	}
	return text, faq
}

// answers gives the end of the questions and answers that begin at from. An
// answer ends at the next question or heading; the last one is as long as the
// longest before it.
func answers(blocks []block, from int) int {
	longest, i := 1, from
	for i < len(blocks) && isQuestion(blocks[i]) {
		var j int
		for j = i + 1; j < len(blocks) && j-i <= 8 && !isQuestion(blocks[j]) && blocks[j].kind != heading; j++ {
		}
		if j == i+1 {
			break // a question nobody answers
		}
		if j == len(blocks) || !isQuestion(blocks[j]) {
			return min(j, i+1+longest)
		}
		longest = max(longest, j-i-1)
		i = j
	}
	return i
}

// pairs writes questions and answers: an empty line before each question.
func pairs(faq []block) string {
	var b strings.Builder
	for i, bl := range faq {
		switch {
		case i > 0 && isQuestion(bl):
			b.WriteString("\n\n")
		case i > 0:
			b.WriteByte('\n')
		}
		b.WriteString(bl.text)
	}
	return b.String()
}

// asked gives the questions of a page's FAQ that also are headings of it.
func asked(m meta) []string { return slices.Compact(slices.Clone(m.questions)) }
