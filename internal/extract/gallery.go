package extract

import (
	"regexp"
	"strconv"
	"unicode/utf8"
)

// A gallery is a row of pictures put into an article, each with its number and
// the number of all: "1/50 … 2/50 … 3/50". What it tells is another story.

// fewestCounted is how many numbers in a row no list of fractions has.
const fewestCounted = 4

var (
	counter = regexp.MustCompile(`(?:^|[^\d/])(\d{1,3}) ?/ ?(\d{1,3})`)
	counts  = regexp.MustCompile(`(?i)^\W*\d{1,3} ?(?:/|sur|of) ?\d{1,3}\s+(?:photos?|images?|pictures?|slides?|diapositives?|vues?)\b`)
)

// isGallery tells whether the captions of a gallery run through a paragraph.
func isGallery(s string) bool {
	next, of, counted := 0, "", 0
	for _, m := range counter.FindAllStringSubmatch(s, -1) {
		k, _ := strconv.Atoi(m[1])
		switch {
		case k == 1:
			next, of, counted = 2, m[2], 1
		case k == next && m[2] == of:
			next++
			counted++
		}
		if counted >= fewestCounted {
			return true
		}
	}
	return false
}

// withoutGalleries takes galleries out of a text, with the headings above them,
// and lines that count a picture: "3/28 photos".
func withoutGalleries(blocks []block) []block {
	var out []block
	for _, b := range blocks {
		switch {
		case isGallery(b.text):
			for len(out) > 0 && out[len(out)-1].kind == heading {
				out = out[:len(out)-1]
			}
		case counts.MatchString(b.text) && utf8.RuneCountInString(b.text) <= maxBoilerplate && !sentence(b.text):
		default:
			out = append(out, b)
		}
	}
	return out
}
