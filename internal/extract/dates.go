package extract

import (
	"strings"
	"time"

	"github.com/markusmobius/go-dateparser"
	"github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html"
)

// dates tells when a page was published and last changed. The day is
// htmldate's, in its extensive search for the original date; the time of day
// is that of a field or line of the page that names the same day, because
// htmldate seldom keeps it. A date without a zone is read in h.Zone, one
// without a time as the beginning of its day there.
func dates(doc *html.Node, u string, m meta, h Hint) (published, modified time.Time) {
	o := htmldate.Options{UseOriginalDate: true, ExtractTime: true, URL: u}
	if !h.Now.IsZero() {
		o.MaxDate = h.Now.Add(24 * time.Hour)
		o.DateParserConfig = &dateparser.Configuration{CurrentTime: h.Now}
	}
	if at, ok := counted(m, h); ok {
		published = at
	} else if result, err := htmldate.FromDocument(doc, o); err == nil && !result.IsZero() {
		published = when(result, m, h)
	}
	published = asWritten(published, m)
	for _, s := range m.modified {
		if got, ok := stamp(s, h.Zone); ok && !got.at.Before(published) && h.possible(got.at) {
			return published, got.at
		}
	}
	return published, time.Time{}
}

// when adds the time of day to a day found by htmldate.
func when(result htmldate.Result, m meta, h Hint) time.Time {
	y, mon, d := result.DateTime.Date()
	sameDay := func(t time.Time) bool {
		y2, m2, d2 := t.Date()
		return y == y2 && mon == m2 && d == d2
	}
	for _, s := range m.published {
		if got, ok := stamp(s, h.Zone); ok && got.timed && sameDay(got.at) {
			return got.at
		}
	}
	if result.HasTime && result.HasTimezone {
		return result.DateTime
	}
	for _, l := range m.dated {
		if got, ok := readDate(l, h.Zone); ok && got.timed && sameDay(got.at) && !modifiedWords.MatchString(l) {
			return got.at
		}
	}
	t := result.DateTime
	return time.Date(y, mon, d, t.Hour(), t.Minute(), t.Second(), 0, h.Zone)
}

// counted reads a line that counts from now when the page was published, where
// no field says it: htmldate knows no such dates and would take another.
func counted(m meta, h Hint) (time.Time, bool) {
	if len(m.published) > 0 || h.Now.IsZero() {
		return time.Time{}, false
	}
	for _, l := range append(m.dated[:len(m.dated):len(m.dated)], m.ago) {
		if _, plain := readDate(l, h.Zone); plain {
			return time.Time{}, false
		}
		if got, ok := ago(l, h.Now.In(h.Zone)); ok && !(modifiedWords.MatchString(l) && !publishedWords.MatchString(l)) {
			return got.at, true
		}
	}
	return time.Time{}, false
}

// asWritten gives the same instant in the zone in which the page shows it to
// its readers: fields are often in UTC, in which the day may be another.
func asWritten(t time.Time, m meta) time.Time {
	if _, offset := t.Zone(); t.IsZero() || offset != 0 {
		return t
	}
	for _, s := range m.published {
		got, ok := moment{}, false
		if at, err := time.Parse(time.RFC3339, strings.TrimSpace(s)); err == nil {
			got, ok = moment{at: at}, true
		}
		if _, offset := got.at.Zone(); ok && offset != 0 && got.at.Truncate(time.Minute).Equal(t.Truncate(time.Minute)) {
			return got.at
		}
	}
	return t
}

// stamp reads the value of a meta field or of JSON-LD.
func stamp(s string, zone *time.Location) (moment, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00", time.RFC1123Z, time.RFC1123} {
		if t, err := time.Parse(layout, s); err == nil {
			return moment{at: t, timed: true, located: true}, plausible(t.Year())
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return moment{at: t, timed: t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0}, plausible(t.Year())
		}
	}
	return readDate(s, zone)
}

// possible keeps out dates that lie ahead: pages announce events, and clocks
// are wrong.
func (h Hint) possible(t time.Time) bool {
	return h.Now.IsZero() || !t.After(h.Now.Add(24*time.Hour))
}
