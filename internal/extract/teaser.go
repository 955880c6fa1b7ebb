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

// others begins the names of lists of other articles.
var others = regexp.MustCompile(`(?i)^[\s\W]*(?:(?:à|a) (?:lire|voir|découvrir) (?:aussi|également|ensuite)|(?:lire|voir) (?:aussi|également)|(?:sur le même|dans la même|plus sur ce|plus sur le) (?:sujet|thème|rubrique|catégorie)|` +
	`(?:nos |les )?(?:derniers|dernières|autres) (?:articles|actus|actualités|billets|publications|nouvelles)|(?:articles?|contenus?|sujets?|billets?|actualités) (?:similaires?|liée?s?|connexes?|recommandée?s?|associée?s?|récente?s?|populaires?)|les plus lus|vous aimerez|cela pourrait|ces articles|` +
	`(?:related|recommended|similar|popular|trending|latest|recent|more|other) (?:articles?|stories|posts?|content|reading|news|coverage)|(?:read|up) next|you (?:may|might) also|more (?:from|on|like)|keep reading|further reading)\b`)

// namesOne is a line that names the other article itself: the text goes on
// below it.
var namesOne = regexp.MustCompile(`:\s*\S`)

// Other articles at the end of a text take no more of it than this, and none
// of their teasers is longer.
const (
	othersShare = 3 // a third
	longTeaser  = 320
)

// cutOthers ends a text at a heading under which nothing but other articles
// stand: titles and teasers by turns.
func cutOthers(blocks []block) []block {
	all, before := volume(blocks), 0
	for i, b := range blocks {
		rest := all - before
		if i > 0 && rest*othersShare <= all && utf8.RuneCountInString(b.text) <= 60 && !sentence(b.text) && others.MatchString(b.text) && !namesOne.MatchString(b.text) && onlyTeasers(blocks[i+1:]) {
			return blocks[:i]
		}
		before += length(b.text)
	}
	return blocks
}

// onlyTeasers tells whether every paragraph is short and stands under a title
// of its own.
func onlyTeasers(blocks []block) bool {
	paragraphs := 0
	for _, b := range blocks {
		switch {
		case b.kind == quote:
			return false
		case b.kind == heading, b.kind == item, !sentence(b.text):
			paragraphs = 0
		default:
			if paragraphs++; paragraphs > 1 || utf8.RuneCountInString(b.text) > longTeaser {
				return false
			}
		}
	}
	return len(blocks) > 0
}
