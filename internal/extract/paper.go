package extract

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// paper is what the landing page of a scientific paper says of it: arXiv,
// OpenReview, HAL and most journals use the fields that Google Scholar reads.
type paper struct {
	title    string
	authors  []string
	abstract string   // of a field
	shown    string   // of the page
	listed   string   // names in one element of the page
	dates    []string // the first version's among them
	online   string   // of the version shown, or of the first that was online
}

var (
	abstractClass = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:abstract|resume|résumé)(?:[\s_-](?:mathjax|content|text|body))?(?:$|\s)`)
	abstractLabel = regexp.MustCompile(`(?i)^\s*(?:abstract|résumé|summary)\s*[:.—–-]?\s*`)
	abstractOpen  = regexp.MustCompile(`(?i)^\s*(?:abstract|résumé)\s*[:.—–-]\s*`)
	authorsClass  = regexp.MustCompile(`(?i)(?:^|[\s_-])authors(?:$|\s)`)
	authorsLabel  = regexp.MustCompile(`(?i)^\s*(?:authors?|auteurs?)\s*:\s*`)
	titleLabel    = regexp.MustCompile(`(?i)^\s*(?:title\s*:|paper page\s*-)\s*`)
	machineMade   = regexp.MustCompile(`(?i)^\W*ai-generated summary\W*$`)
	noteMark      = regexp.MustCompile(`[\d*†‡§¶∗]+(?:\s*,\s*[\d*†‡§¶∗]+)*`)
)

// forename turns "Lovelace, Ada" round.
func forename(s string) string {
	last, first, ok := strings.Cut(s, ",")
	if !ok || strings.Contains(first, ",") || strings.TrimSpace(first) == "" {
		return s
	}
	return strings.TrimSpace(first) + " " + strings.TrimSpace(last)
}

// pixels reads the size of a picture; what is none is 0.
func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 0 || n > 100_000 {
		return 0
	}
	return n
}

// leastAbstract is how short an abstract may be, in characters.
const leastAbstract = 120

// abstractOf gives the abstract on a paper's landing page; empty where there
// is none of some length.
func abstractOf(m meta, blocks []block) string {
	for _, s := range []string{m.paper.abstract, m.paper.shown, underHeading(blocks)} {
		if s = abstractLabel.ReplaceAllString(s, ""); utf8.RuneCountInString(s) >= leastAbstract {
			return s
		}
	}
	return ""
}

// asPaper gives a paper's article: title, authors and abstract of its landing
// page instead of what extractors find among the links of the page.
func asPaper(a *digest.Article, m meta, abstract string, h Hint) {
	if abstract != "" {
		a.Text, a.FAQ = abstract, ""
	}
	if m.paper.title != "" {
		a.Title = m.paper.title
	}
	a.Title = titleLabel.ReplaceAllString(a.Title, "")
	if who := m.paper.people(m); len(who) > 0 {
		a.Authors = who
	}
	a.Published, a.Modified = m.paper.versions(a.Published, a.Modified, h)
}

// people are all who wrote a paper, in their order.
func (p paper) people(m meta) []string {
	if len(p.authors) > 0 {
		return p.authors
	}
	// A list separates names by commas, and marks notes by digits and signs.
	if who := names(noteMark.ReplaceAllString(authorsLabel.ReplaceAllString(p.listed, ""), ",")); len(who) > 0 {
		return who
	}
	var out []string
	for _, s := range m.bylines {
		for _, n := range names(noteMark.ReplaceAllString(authorsLabel.ReplaceAllString(s, ""), ",")) {
			if !has(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// versions gives the days of a paper's first version and of the one shown.
// Archives call the latter online date, journals what came before print.
func (p paper) versions(published, modified time.Time, h Hint) (time.Time, time.Time) {
	var first, last time.Time
	for _, s := range append(p.dates[:len(p.dates):len(p.dates)], p.online) {
		got, ok := stamp(s, h.zone())
		if !ok || !h.possible(got.at) {
			continue
		}
		if first.IsZero() || got.at.Before(first) {
			first = got.at
		}
		if s == p.online {
			last = got.at
		}
	}
	if first.IsZero() {
		return published, modified
	}
	if last.After(first) {
		return first, last
	}
	return first, time.Time{}
}

// underHeading gives the paragraphs that follow a heading "Abstract", or the
// one that begins with the word, without a summary that a machine made of it.
func underHeading(blocks []block) string {
	for i, b := range blocks {
		if at := abstractOpen.FindString(b.text); at != "" && utf8.RuneCountInString(b.text) >= leastAbstract {
			return b.text[len(at):]
		}
		if (b.kind != heading && !strings.EqualFold(b.text, "abstract")) || abstractLabel.ReplaceAllString(b.text, "") != "" {
			continue
		}
		var text []block
		for _, b := range blocks[i+1 : min(len(blocks), i+8)] {
			switch {
			case machineMade.MatchString(b.text) && len(text) > 0:
				text = nil // it says so below
				continue
			case machineMade.MatchString(b.text):
				text = append(text, b)
				continue
			case len(text) == 1 && machineMade.MatchString(text[0].text):
				text = nil // it says so above
				continue
			}
			if b.kind != para || utf8.RuneCountInString(b.text) <= 80 {
				break
			}
			text = append(text, b)
		}
		if len(text) > 0 {
			return join(text)
		}
	}
	return ""
}

// isPDF tells a bare PDF, which is named as such and not read.
func isPDF(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(head(body, 64), "\xef\xbb\xbf \t\r\n"), []byte("%PDF-"))
}
