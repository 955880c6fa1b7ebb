package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	byPrefix  = regexp.MustCompile(`(?i)^\s*(?:article\s+)?(?:(?:écrit|publié|rédigé|posté|written|posted|published|reported|words|(?:entretien|interview|propos)(?: (?:réalisée?|recueillis?|menée?))?)\s+)?(?:par|by|von|de la part de)\s*:?\s+|^\s*(?:interview|texte?|auteure?s?|autrices?|authors?|autore?n?|redaktion|rédaction)\s*:\s*`)
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
		part = strings.Trim(byPrefix.ReplaceAllString(part, ""), " .:()[]\"«»“”’'*–—-|,·•")
		if i := strings.IndexAny(part, "(["); i > 0 {
			part = strings.TrimSpace(part[:i])
		}
		part = strings.TrimSpace(roleAfter.ReplaceAllString(beforeRest(part), ""))
		if len(out) > 0 && post.MatchString(part) {
			continue
		}
		if role := roleBefore.FindString(part); role != "" && strings.Contains(part[len(role):], " ") {
			part = part[len(role):]
		}
		if isName(part) && !noName[letters(part)] && !portrait.MatchString(part) && !publishedWords.MatchString(part) && !modifiedWords.MatchString(part) && !has(out, part) {
			out = append(out, part)
		}
	}
	return out
}

// beforeRest is a name without what sites write behind it and a comma would set
// apart: "Ada Lovelace Journaliste", "Ada Lovelace Publié le", "Ada Lovelace @ada".
func beforeRest(part string) string {
	end := len(part)
	for _, re := range []*regexp.Regexp{portrait, post, publishedWords, modifiedWords, account, dayOfMonth, otherHand} {
		if at := re.FindStringIndex(part); at != nil {
			end = min(end, at[0])
		}
	}
	if name := strings.TrimSpace(part[:end]); strings.ContainsAny(name, " \u00a0") && !goesOnTo.MatchString(name) {
		return name
	}
	return part
}

// goesOnTo: "Letters to the Editor" is no name before its last word either.
var goesOnTo = regexp.MustCompile(`(?i)\s(?:the|of|to|an?|le|la|les|un|une|du|des|de)$`)

var (
	account    = regexp.MustCompile(`\s@\w`)
	dayOfMonth = regexp.MustCompile(`(?i)\s(?:(?:le |on )?\d{1,2}(?:er|st|nd|rd|th)? ` + monthWord + `|` + monthWord + ` \d)`)
	otherHand  = regexp.MustCompile(`(?i)\s(?:` + otherWork + `) (?:by|par)\s`)
)

// post is what people are besides authors: degrees, offices.
var post = regexp.MustCompile(`(?i)(?:^|\s)(?:ph\.?d|mba|m\.?d|llm|esq|(?:senior|junior|staff|lead|principal|chief|head|vice|managing|associate|assistant|executive|deputy) \pL.*|vp|c[etfiom]o|engineer|director|professor|scientist|researcher|analyst|manager|fellow|president|producer|ingénieure?|direct(?:eur|rice)|professeure?|cherch(?:eur|euse)|analyste|responsable|présidente?|chef(?:fe)? de \pL.*|grand reporter|envoyée? spéciale?)(?:\s|$)`)

// roleAfter is what sites glue to a name.
var roleAfter = regexp.MustCompile(`(?i)\s+(?:shares?|alle artikel|all articles|tous les articles|follow|suivre|staff(?: writer)?|for (?:the )?\S+(?: \S+){0,3}|posts?)$`)

// roleBefore is what stands before a name without a colon, or in the link to all
// its bearer wrote.
var roleBefore = regexp.MustCompile(`(?i)^(?:(?:interview|texte?|reportage|entretien|propos|story|foto|photo)s?|(?:(?:view|see|read|voir|lire) )?(?:(?:all|more|tous les|toutes les|les|d[’']autres) )?(?:posts|articles|stories|billets|publications) (?:by|from|de|par)|alles von)\s+`)

// noName are words that stand where names do: labels of forms, roles,
// networks, accounts.
var noName = map[string]bool{
	"name": true, "nom": true, "mastodon": true, "twitter": true, "facebook": true, "linkedin": true, "instagram": true, "text": true, "texte": true,
	"author": true, "authors": true, "auteur": true, "auteurs": true, "autor": true, "autoren": true, "admin": true, "administrator": true, "administrateur": true,
	"wordpressadmin": true, "webmaster": true, "staff": true, "staffwriter": true, "staffwriters": true, "staffreporter": true, "staffreporters": true, "interview": true, "redaktion": true, "anonymous": true, "anonyme": true, "guest": true, "user": true,
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

// credit is who wrote a page, and what says so.
type credit struct {
	who []string
	why string
}

// A name may be a person's, a single word, or that of a house: the site, an
// agency, an editorial team.
const (
	person = iota
	oneWord
	house
	ranks
)

// authors takes the first field that names a person; if none does, the first
// with a single word, and then the first that names a house.
func authors(m meta, library, host string, near []string, h Hint) credit {
	fields := []struct {
		why  string
		said []string
	}{
		{"the library's reading", []string{library}}, {"JSON-LD or microdata", m.people}, {"the fields of the head", m.authors}, {"the feed", h.Authors},
		{"an element marked as the author's", m.bylines[:min(5, len(m.bylines))]}, {"a line by the headline", near}, {"a link to the author's page", m.profiles},
	}
	houses := []string{m.site, m.publisher, h.Source}
	var best [ranks]credit
	var said []string
	for _, field := range fields {
		var found [ranks][]string
		for _, f := range field.said {
			for _, n := range append(names(f), penName(f)...) {
				n = withoutHouse(n, houses)
				rank := rankOf(n, houses, host)
				said = append(said, n)
				if !has(found[rank], n) && len(found[rank]) < 8 {
					found[rank] = append(found[rank], n)
				}
			}
		}
		for rank, who := range found {
			if len(who) > 0 && len(best[rank].who) == 0 {
				best[rank] = credit{who, field.why}
			}
		}
	}
	for _, c := range best {
		if len(c.who) > 0 {
			for i, n := range c.who {
				c.who[i] = withoutMonth(n, said)
			}
			return c
		}
	}
	return credit{}
}

// withoutMonth takes off a name the month that is left of a date when its figures
// go, where another field says the name alone.
func withoutMonth(name string, said []string) string {
	i := strings.LastIndexByte(name, ' ')
	if i > 0 && months[strings.ToLower(name[i+1:])] > 0 && has(said, name[:i]) {
		return name[:i]
	}
	return name
}

// rankOf tells a person's name from a word and from a house.
func rankOf(name string, houses []string, host string) int {
	l := letters(name)
	for _, s := range houses {
		if l == letters(s) {
			return house
		}
	}
	if core := hostCore(host); len(core) >= 4 && (strings.Contains(l, core) || len(l) >= 4 && strings.Contains(core, l)) || houseWords.MatchString(name) || noName[l] {
		return house
	}
	if !strings.ContainsAny(name, " \u00a0") {
		return oneWord
	}
	return person
}

// houseWords are those of names that no person has.
var houseWords = regexp.MustCompile(`(?i)(?:^|[\s-])(?:e\.? ?v|gmbh|inc|ltd|llc|s\.?a\.?s?|ag|team|redaktion|rédaction|redacción|editorial|editors|staff|verlag|stiftung|foundation|university|université|magazin|magazine|press|presse|online|zeitung|news)\.?$|^(?:www|la rédaction|rédaction|redaktion|redacción)\b`)

// hostCore is the name in a host: helmholtzklima of www.helmholtz-klima.de.
func hostCore(host string) string {
	parts := strings.Split(strings.TrimPrefix(strings.ToLower(host), "www."), ".")
	if len(parts) < 2 {
		return ""
	}
	core := parts[len(parts)-2]
	if len(core) <= 3 && len(parts) > 2 { // co.uk, gv.at
		core = parts[len(parts)-3]
	}
	return letters(core)
}

// withoutHouse takes the site's name off the end of a person's.
func withoutHouse(name string, houses []string) string {
	words := strings.Fields(name)
	for _, s := range houses {
		n := len(strings.Fields(s))
		if n > 0 && len(words)-n >= 2 && letters(strings.Join(words[len(words)-n:], "")) == letters(s) {
			return strings.Join(words[:len(words)-n], " ")
		}
	}
	return name
}

// penName gives a name with figures or an underscore in it, as forums and
// blogs have them, and the word by which a paper signs itself.
func penName(s string) []string {
	s = strings.TrimSpace(byPrefix.ReplaceAllString(squeeze(s), ""))
	if handle.MatchString(s) || letters(s) == "redaktion" {
		return []string{s}
	}
	return nil
}

var handle = regexp.MustCompile(`^\pL[\pL_.-]{2,20}[_\d][\pL\d_]{0,8}$`)
