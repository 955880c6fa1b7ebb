package extract

import (
	"regexp"
	"unicode/utf8"
)

// byWithin finds who wrote in a line that says other things too: "Publié le
// 14 mars 2025 par Ada Lovelace".
var byWithin = regexp.MustCompile(`(?:^|[\s,|–—·•-])(?:[Pp]ar|PAR|[Bb]y|BY|[Vv]on|VON|[Pp]ropos recueillis par|[Rr]edaktion|[Tt]exte?|[Aa]ut(?:eu|o)r(?:e|in)?)\s*:?\s+(\p{Lu}.{2,60})$`)

// nearHeadline gives the names in lines around the headline that say by whom
// the text is: pages set in tables and pages without classes have no other
// place for them.
func nearHeadline(lines []line, headline string) []string {
	at := standing(lines, headline)
	if at < 0 {
		return collectedBy(lines)
	}
	var out []string
	for i := max(0, at-3); i < min(len(lines), at+9); i++ {
		t := lines[i].text
		if i == at || utf8.RuneCountInString(t) > 110 || sentence(t) && !byPrefix.MatchString(t) || lines[i].place.aside {
			continue
		}
		for _, n := range signedBy(t) {
			if !has(out, n) {
				out = append(out, n)
			}
		}
	}
	if len(out) == 0 {
		return collectedBy(lines)
	}
	return out
}

// signedBy gives the names in a line that says by whom the text is.
func signedBy(t string) []string {
	if who, ok := credits(t); ok {
		return who // and not who edited it, or took its pictures
	}
	who := ""
	if by := byPrefix.FindString(t); by != "" {
		who = t[len(by):]
	} else if m := byWithin.FindStringSubmatchIndex(t); m != nil && !otherHand.MatchString(" "+t[:m[2]]) {
		who = t[m[2]:m[3]]
	}
	return names(beforeDate(who))
}

var interviewer = regexp.MustCompile(`(?i)^\W*(?:propos|paroles) recueillie?s? par\s*:?\s+`)

// collectedBy gives who led an interview, which French papers say in its last
// line, or who reported, which agencies say in theirs.
func collectedBy(lines []line) []string {
	for _, l := range lines {
		if by := interviewer.FindString(l.text); by != "" && utf8.RuneCountInString(l.text) <= 120 {
			return names(beforeDate(l.text[len(by):]))
		}
		if who, ok := credits(l.text); ok && len(who) > 0 && !l.place.aside {
			return who
		}
	}
	return nil
}

// beforeDate cuts a byline where it goes on to say when.
func beforeDate(s string) string {
	end := len(s)
	for _, form := range dateForms {
		if at := form.re.FindStringIndex(s); at != nil {
			end = min(end, at[0])
		}
	}
	for _, re := range []*regexp.Regexp{publishedWords, modifiedWords, onDay} {
		if at := re.FindStringIndex(s); at != nil {
			end = min(end, at[0])
		}
	}
	return s[:end]
}

var onDay = regexp.MustCompile(`(?i)\s(?:le|on|am|il y a)\s+\S*\d?`)
