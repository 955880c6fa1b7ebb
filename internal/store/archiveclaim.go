package store

import (
	"slices"
	"strings"
	"unicode"

	"hebdo/internal/digest"
)

// A page may name another address as its own, and its site may be wrong: some
// give every post the address of the list of posts. So a claimed key is believed
// only where its holder tells the same.

// claims tells whether an article goes by another address than it was had at.
func claims(kept articleRow, key string) bool {
	return kept.URL != "" && keyed(kept.URL) != keyed(key)
}

// claimsLast puts the articles that go by their own address first, so that it
// is theirs, whatever the order they come in.
func claimsLast(articles []digest.Article, known map[string]articleRow) []digest.Article {
	all := slices.Clone(articles)
	slices.SortStableFunc(all, func(a, b digest.Article) int {
		switch ca, cb := claims(known[a.ID], a.Key), claims(known[b.ID], b.Key); {
		case ca == cb:
			return 0
		case ca:
			return 1
		}
		return -1
	})
	return all
}

// moveTo gives an article another address for its readers. Its key stays: the
// next that claims it wrongly then meets somebody who tells something else.
func (r *articleRow) moveTo(address string) {
	r.URL = address
	r.Aliases = slices.DeleteFunc(slices.Clone(r.Aliases), func(alias string) bool { return alias == address })
}

// foundAt is the address an article was had at, as far as that is known: a
// source's name for it often is its address.
func (r *articleRow) foundAt(known map[string]articleRow) string {
	if kept := known[r.ID]; claims(kept, r.Key) {
		return kept.URL
	}
	if keyed(r.URL) == r.Key && slices.Contains(r.Aliases, r.Seen) {
		return r.Seen
	}
	return r.URL
}

// phrase is how many words in a row two texts seldom have in common by chance;
// fewPhrases are what a teaser has at most.
const (
	phrase     = 3
	fewPhrases = 40
)

// sameArticle tells whether two articles are one, read twice. Their texts
// decide where both have enough of it: pages with a wrong address often have
// a headline that is everywhere the same, too.
func sameArticle(a, b articleRow) bool {
	few, many := phrases(a.Text), phrases(b.Text)
	if len(few) > len(many) {
		few, many = many, few
	}
	if len(few) < fewPhrases {
		return letters(a.Title) == letters(b.Title)
	}
	shared := 0
	for words := range few {
		if many[words] {
			shared++
		}
	}
	return 2*shared > len(few)
}

func phrases(text string) map[[phrase]string]bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	all := make(map[[phrase]string]bool, len(words))
	for i := phrase; i <= len(words); i++ {
		all[[phrase]string(words[i-phrase:i])] = true
	}
	return all
}

// letters are those of a headline, so that typography does not matter.
func letters(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
