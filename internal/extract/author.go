package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	byPrefix  = regexp.MustCompile(`(?i)^\s*(?:article\s+)?(?:(?:écrit|publié|rédigé|posté|written|posted|published|reported|words|(?:entretien|interview|propos)(?: (?:réalisée?|recueillis?|menée?))?)\s+)?(?:par|by|von|de la part de)\s*:?\s+|^\s*(?:interview|texte?|auteure?s?|autrice|author|autore?n?|redaktion|rédaction)\s*:\s*`)
	nameSplit = regexp.MustCompile(`\s*[;,|/•·&]\s*|\s+(?:et|and|und|y|avec|with)\s+|\s+[–—-]\s+`)
	particles = map[string]bool{"de": true, "du": true, "des": true, "d": true, "la": true, "le": true, "van": true, "von": true, "der": true, "den": true, "di": true, "da": true, "del": true, "el": true, "al": true, "bin": true, "ben": true, "ter": true, "zu": true, "y": true, "e": true, "dos": true, "af": true, "av": true}
)

// names takes a byline apart into people. What is no name goes: roles,
// addresses, places, dates.
func names(byline string) []string {
	if strings.Contains(byline, "://") || strings.Contains(byline, "www.") {
		return nil
	}
	var out []string
	for _, part := range nameSplit.Split(byPrefix.ReplaceAllString(squeeze(byline), ""), -1) {
		part = strings.Trim(byPrefix.ReplaceAllString(part, ""), " .:()[]\"«»“”’'*")
		if i := strings.IndexAny(part, "(["); i > 0 {
			part = strings.TrimSpace(part[:i])
		}
		part = strings.TrimSpace(roleAfter.ReplaceAllString(part, ""))
		if isName(part) && !noName[letters(part)] && !portrait.MatchString(part) && !publishedWords.MatchString(part) && !modifiedWords.MatchString(part) && !has(out, part) {
			out = append(out, part)
		}
	}
	return out
}

// roleAfter is what sites glue to a name.
var roleAfter = regexp.MustCompile(`(?i)\s+(?:shares?|alle artikel|all articles|tous les articles|follow|suivre|staff(?: writer)?|for (?:the )?\S+(?: \S+){0,3}|posts?)$`)

// noName are words that stand where names do: labels of forms, roles,
// networks, accounts.
var noName = map[string]bool{
	"name": true, "nom": true, "mastodon": true, "twitter": true, "facebook": true, "linkedin": true, "instagram": true, "text": true, "texte": true,
	"author": true, "authors": true, "auteur": true, "auteurs": true, "autor": true, "autoren": true, "admin": true, "administrator": true, "administrateur": true,
	"wordpressadmin": true, "webmaster": true, "staff": true, "interview": true, "redaktion": true, "anonymous": true, "anonyme": true, "guest": true, "user": true,
	"editor": true, "follow": true, "share": true, "email": true, "website": true, "unknown": true, "default": true, "none": true, "null": true, "undefined": true,
}

// isName tells whether a line may be a person's or an agency's name: one to
// five words that begin with a capital, but for particles.
func isName(s string) bool {
	if n := utf8.RuneCountInString(s); n < 2 || n > 50 || strings.ContainsAny(s, "@:?!0123456789\"<>=#") {
		return false
	}
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\u00a0' })
	if len(fields) > 5 {
		return false
	}
	capital := false
	for i, w := range fields {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "’'\"("))
		switch {
		case unicode.IsUpper(r) || unicode.Is(unicode.Lo, r):
			capital = true
		case particles[strings.ToLower(strings.TrimRight(w, ".'’"))] || strings.HasPrefix(w, "d’") || strings.HasPrefix(w, "d'") || strings.HasPrefix(w, "l’") || strings.HasPrefix(w, "l'"):
		case i == 0 && len(fields) == 1: // a pen name: freeman84 has digits, "zorglub" not
			capital = true
		default:
			return false
		}
	}
	return capital
}

func has(list []string, s string) bool {
	for _, have := range list {
		if letters(have) == letters(s) {
			return true
		}
	}
	return false
}

// authors takes the first field that holds a name.
func authors(m meta, library, site string, near []string, h Hint) []string {
	fields := [][]string{{library}, m.people, m.authors, h.Authors, m.bylines[:min(5, len(m.bylines))], near, m.profiles}
	for _, field := range fields {
		var out []string
		for _, f := range field {
			for _, n := range names(f) {
				if letters(n) != letters(site) && !has(out, n) && len(out) < 8 {
					out = append(out, n)
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}
