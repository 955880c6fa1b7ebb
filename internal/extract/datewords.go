package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// moment is a date as a text tells it.
type moment struct {
	at      time.Time
	timed   bool // with a time of day
	located bool // with a zone or offset of its own
}

var months = map[string]time.Month{
	"janvier": 1, "janv": 1, "jan": 1, "january": 1, "février": 2, "fevrier": 2, "févr": 2, "fév": 2, "feb": 2, "february": 2,
	"mars": 3, "mar": 3, "march": 3, "avril": 4, "avr": 4, "apr": 4, "april": 4, "mai": 5, "may": 5, "juin": 6, "jun": 6, "june": 6,
	"juillet": 7, "juil": 7, "jul": 7, "july": 7, "août": 8, "aout": 8, "aug": 8, "august": 8, "septembre": 9, "sept": 9, "sep": 9, "september": 9,
	"januar": 1, "jänner": 1, "februar": 2, "märz": 3, "juni": 6, "juli": 7, "oktober": 10, "dezember": 12,
	"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
	"octobre": 10, "oct": 10, "october": 10, "novembre": 11, "nov": 11, "november": 11, "décembre": 12, "decembre": 12, "déc": 12, "dec": 12, "december": 12,
}

const (
	monthWord = `(janvier|january|januar|jänner|janv|jan|enero|febrero|februar|märz|marzo|abril|mayo|junio|juni|julio|juli|agosto|septiembre|octubre|oktober|noviembre|diciembre|dezember|f[ée]vrier|february|f[ée]vr|f[ée]v|feb|mars|march|mar|avril|april|avr|apr|mai|may|juillet|july|juil|jul|juin|june|jun|ao[uû]t|august|aug|septembre|september|sept|sep|octobre|october|oct|novembre|november|nov|d[ée]cembre|december|d[ée]c|dec)\.?`
	clock     = `(?:\s*(?:,|à|a|at|-|–|—|·|\||•|@)?\s*(\d{1,2})\s?(?:h|:|heures?)\s?(\d{2})?(?::\d{2})?\s?([ap]\.?m\b\.?)?(?:\s?(UTC|GMT|Z|[+-]\d{2}:?\d{2}\b))?)?`
)

// The forms of a date in a line: 14 mars 2025, March 14, 2025, 2025-03-14,
// 14/03/2025 (day first: the only form with slashes French pages use). The
// months of German and Spanish pages are known too: both are often linked to.
var dateForms = []struct {
	re               *regexp.Regexp
	day, month, year int
}{
	{regexp.MustCompile(`(?i)\b(\d{1,2})(?:er|st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?` + monthWord + `,?\s+(?:de\s+)?(\d{4})\b` + clock), 1, 2, 3},
	{regexp.MustCompile(`(?i)\b` + monthWord + `\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b` + clock), 2, 1, 3},
	{regexp.MustCompile(`(?i)\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:T|\b)` + clock), 3, 2, 1},
	{regexp.MustCompile(`(?i)\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b` + clock), 1, 2, 3},
}

// readDate finds the first date of a line. A time without a zone is one of
// zone.
func readDate(line string, zone *time.Location) (moment, bool) {
	best, at := moment{}, -1
	for _, form := range dateForms {
		m := form.re.FindStringSubmatchIndex(line)
		if m == nil || at >= 0 && m[0] >= at {
			continue
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return line[m[2*i]:m[2*i+1]]
		}
		if got, ok := assemble(group(form.year), group(form.month), group(form.day), group(4), group(5), group(6), group(7), zone); ok {
			best, at = got, m[0]
		}
	}
	return best, at >= 0
}

func assemble(year, month, day, hour, minute, half, offset string, zone *time.Location) (moment, bool) {
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(day)
	mon, ok := months[strings.ToLower(strings.TrimSuffix(month, "."))]
	if !ok {
		n, err := strconv.Atoi(month)
		mon, ok = time.Month(n), err == nil
	}
	if !ok || !plausible(y) || mon < 1 || mon > 12 || d < 1 || d > 31 {
		return moment{}, false
	}
	m := moment{}
	h, mi := 0, 0
	if hour != "" {
		h, _ = strconv.Atoi(hour)
		mi, _ = strconv.Atoi(minute)
		switch half = strings.ToLower(strings.ReplaceAll(half, ".", "")); {
		case half == "pm" && h < 12:
			h += 12
		case half == "am" && h == 12:
			h = 0
		}
		if m.timed = h < 24 && mi < 60; !m.timed {
			h, mi = 0, 0
		}
	}
	if m.timed && offset != "" {
		zone, m.located = time.UTC, true
		if t, err := time.Parse("-0700", strings.ReplaceAll(offset, ":", "")); err == nil {
			zone = t.Location()
		}
	}
	m.at = time.Date(y, mon, d, h, mi, 0, 0, zone)
	return m, m.at.Day() == d
}

// plausible years are those of the web; programs write others for "none".
func plausible(year int) bool { return year >= 1990 && year <= 2200 }

// Words before a date that say what it is the date of. Go's \b knows ASCII
// only, so the ends of words are spelt out.
var (
	publishedWords = words(`publi[ée]+e?s?|mise?s? en ligne|parue?|post[ée]e?|posted|published|publication|écrit|written|created|cr[ée]{2}e?|veröffentlicht|erschienen|erstellt|publicad[oa]`)
	modifiedWords  = words(`modifi[ée]+e?s?|mise?s? [àa] jour|m[àa]j|updated?|modified|actualisée?|aktualisiert|geändert|actualizad[oa]`)
)

// words matches any of the alternatives as whole words.
func words(alternatives string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:` + alternatives + `)(?:$|[^\pL\pN])`)
}
