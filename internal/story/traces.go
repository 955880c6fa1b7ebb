package story

import (
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// pages gives the pages an article stands at or names in its text, as keys:
// who links to the page of another speaks of the same thing.
func pages(a digest.Article, s string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(url, part string) {
		if url = bare(url); part != "" {
			url += "#" + part
		}
		if strings.Contains(url, "/") && !seen[url] && len(out) < 20 {
			seen[url] = true
			out = append(out, "/"+url)
		}
	}
	own, part, _ := strings.Cut(a.URL, "#")
	add(own, part) // of a changelog, say: its other parts are of other things
	for _, alias := range a.Aliases {
		add(alias, "")
	}
	for rest := s; ; {
		i := strings.Index(rest, "://")
		if i < 0 {
			return out
		}
		rest = rest[i+3:]
		end := strings.IndexAny(rest, " \t\n\"<>«»“”")
		if end < 0 {
			end = len(rest)
		}
		named, part, _ := strings.Cut(strings.TrimRight(rest[:end], ".,;:!?)]'’"), "#")
		add(named, "")
		if part != "" {
			add(named, part)
		}
	}
}

// bare takes off what does not change the page: scheme, "www.", query of
// campaigns, fragment, last slash. The bare name of a site is no page.
func bare(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		url = rest
	}
	url, _, _ = strings.Cut(url, "#")
	if page, query, ok := strings.Cut(url, "?"); ok && strings.Contains(query, "utm_") {
		url = page
	}
	return strings.TrimRight(strings.TrimPrefix(strings.ToLower(url), "www."), "/")
}

// quotation is what somebody said, word for word.
type quotation struct {
	key        string
	start, end int // of what is between the marks
}

// Lengths of a quotation that identifies its speaker's words.
const (
	quoteMin  = 5   // words
	quoteMax  = 400 // bytes
	quoteKept = 8   // words in the key
	quotesMax = 20  // of one article
)

// quotations finds what stands between quotation marks, by its first words.
func quotations(s string, words []text.Word) []quotation {
	var out []quotation
	at := 0
	for i := 0; i < len(s) && len(out) < quotesMax; {
		c, size := utf8.DecodeRuneInString(s[i:])
		closing := ""
		switch c {
		case '«':
			closing = "»"
		case '“':
			closing = "”"
		case '"':
			closing = "\""
		}
		if closing == "" {
			i += size
			continue
		}
		end := strings.Index(s[i+size:], closing)
		if end < 0 || end > quoteMax {
			i += size
			continue
		}
		from, to := i+size, i+size+end
		for at < len(words) && words[at].Start < from {
			at++
		}
		var said []string
		for k := at; k < len(words) && words[k].End <= to && len(said) < quoteKept; k++ {
			said = append(said, words[k].Fold)
		}
		if len(said) >= quoteMin {
			out = append(out, quotation{"\"" + strings.Join(said, " "), from, to})
		}
		i = to + len(closing)
	}
	return out
}
