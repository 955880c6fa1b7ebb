package extract

import (
	"regexp"
	"unicode/utf8"
)

// portrait are the words of a line that says who an author is.
var portrait = words(`rédact(?:eur|rice)|journaliste|chroniqueu(?:r|se)|passionnée?|spécialis(?:te|ée?)|diplômée?|fondat(?:eur|rice)|cofondat(?:eur|rice)|correspondante?|auteure?|autrice|consultante?|expert(?:e)?|blogueu(?:r|se)|pigiste|` +
	`editor|reporter|writer|journalist|correspondent|columnist|contributor|freelancer?|author of|co-?founder|founder|enthusiast|covers|covering|writes (?:about|on|for)|graduated|based in|years of experience|blogger|specializ(?:es|ed|ing)|specialis(?:es|ed|ing)`)

// portrays tells whether a paragraph sounds like an author's portrait.
func portrays(s string) bool {
	return utf8.RuneCountInString(s) <= 700 && portrait.MatchString(s)
}

// come are the verbs with which sites call to other pages. Written without a
// capital they begin descriptions made for search engines, which no author
// wrote into the text.
var come = regexp.MustCompile(`^(?:découvrez|decouvrez|explorez|plongez|apprenez|retrouvez|lisez|suivez|comprenez|consultez|profitez|optimisez|transformez|restez|ne manquez pas|tout savoir|` +
	`discover|explore|learn|find out|read|see how|dive|check out|uncover|stay|get the|unlock|delve|join|don[’']t miss)\b`)

// teasers takes out what advertises other articles: descriptions that begin
// with such a verb in lower case, and at the end of a text whatever else
// begins in lower case after one, headings between them included.
func teasers(blocks []block) []block {
	var out []block
	called := false
	for _, b := range blocks {
		if b.kind != item && startsLower(b.text) && come.MatchString(b.text) {
			called = true
			continue
		}
		out = append(out, b)
	}
	if !called {
		return out
	}
	for len(out) > 0 {
		last := out[len(out)-1]
		if last.kind != heading && !(last.kind == para && startsLower(last.text)) {
			break
		}
		out = out[:len(out)-1]
	}
	return out
}
