package summarise

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unnamed: a participle, a day, or a place and time, and then a pronoun:
// "Fondée à Lille, près de la gare, elle compte", "On Friday, he will", "Selon un
// relevé, il l’emporte". What opens with a preposition is the first group.
var unnamed = regexp.MustCompile(`(?i)^["“«‘'\s\x{a0}\x{202f}]*(?:` +
	`(?:\p{L}{3,}(?:é|ée|és|ées|ie|is|ies|ue|us|ues|ant|ert|erte|erts|ertes)|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|aujourd['’]hui|demain|` +
	`\p{L}{3,}(?:ed|ing)|born|(?:on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|yesterday|today)` + some + `|` +
	`((?:à|au|aux|avant|après|avec|dans|depuis|d['’]après|durant|en|lors|pendant|selon|according to|after|at|before|during|from|in|on|since|with)` + some + `)` +
	`)(?:,[\s\x{a0}](?:à|au|aux|après|avant|dans|en|jour|le|non|par|près|after|at|before|by|in|near|on|with)` + some + `)*` +
	`,[\s\x{a0}](elles?|ils?|he|she|they|it)[\s\x{a0}]+([\p{L}'’]+)`)

// some words without a comma.
const some = `(?:[\s\x{a0}][^,.;:«“"]{0,90})?`

// nobody: what "il" and "it" do when they stand for nothing.
var nobody = regexp.MustCompile(`(?i)^(y|n['’]\p{L}*|ne|se|s['’]agi\p{L}*|faut|faudra|faudrait|reste|restait|suffi\p{L}*|fait|est|était|sera|serait|existe\p{L}*|convien\p{L}*|manqu\p{L}*|sembl\p{L}*|paraît|arrive|vaut|peut|devient|` +
	`is|was|will|would|can|could|may|might|seems|emerged|takes|took|became|remains|turned|looks|appears)$`)

// dated: English writes its days and months as names.
var dated = regexp.MustCompile(`\b((Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)\b`)

// speaker: a pronoun to whom the words before it are given: « …, a-t-il dit »,
// "…,” she said".
var speaker = regexp.MustCompile(`(?i)[,»"”!…][\s\x{a0}\x{202f}]*(?:\p{L}+(?:-t)?-(?:ils?|elles?)\b|(?:he|she|they)[\s\x{a0}](?:said|says|told|added|adds|explained|wrote|noted|claimed|argued|continued|warned|insisted|recalled)\b|said[\s\x{a0}](?:he|she|they)\b)`)

// adrift tells whether somebody a sentence speaks of, or lets speak, is a
// pronoun without its name, or not told at all.
func adrift(s string) bool {
	if m := speaker.FindStringIndex(s); m != nil && !names(unquoted(s[:m[0]+1])) {
		return true
	}
	if outside := strings.TrimFunc(unquoted(s), func(r rune) bool { return !unicode.IsLetter(r) }); outside == "" {
		return true
	}
	m := unnamed.FindStringSubmatch(s)
	if m == nil || names(dated.ReplaceAllString(m[1], "")) {
		return false
	}
	impersonal := strings.EqualFold(m[2], "il") || strings.EqualFold(m[2], "it")
	return !(impersonal && nobody.MatchString(m[3]))
}

// unquoted is a sentence without what stands within quotation marks.
func unquoted(s string) string {
	var out strings.Builder
	within := false
	for _, r := range s {
		switch r {
		case '«', '“':
			within = true
		case '»', '”':
			within = false
		case '"':
			within = !within
		default:
			if !within {
				out.WriteRune(r)
			}
		}
	}
	return out.String()
}

// names tells whether a word after the first is written as names are.
func names(s string) bool {
	for i, w := range strings.Fields(s) {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, `«“"'’‘(`))
		if _, after, found := strings.Cut(w, "’"); found {
			first, _ = utf8.DecodeRuneInString(after)
		}
		if i > 0 && unicode.IsUpper(first) {
			return true
		}
	}
	return false
}
