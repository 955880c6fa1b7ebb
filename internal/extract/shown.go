package extract

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// dating is when a page was published, and what says so.
type dating struct {
	at  time.Time
	why string
}

// agree settles when a page was published. What its search found stands unless
// the page says otherwise, with the line under its headline that readers take
// the date from, or with its fields:
//   - a shown day that no field contradicts wins;
//   - so does one that differs from the fields by a day, which is their zone;
//   - and an earlier one, for fields often give the last change;
//   - fields that agree on a day win over a find two days and more away.
//
// A year alone, as under "© 2026", is no day: htmldate makes it the first of
// January. Where only a search of the whole page found one, the day that the
// text itself begins with comes first.
func agree(found time.Time, lines []line, headline string, m meta, h Hint) dating {
	if yearAlone(found, lines, m, h) {
		found = time.Time{}
	}
	d := dating{found, "the search of the whole page"}
	if backed := supports(m.stated, found, h); !found.IsZero() && backed {
		d.why = "the page's fields"
	}
	if at, ok := h.stated(m); ok && apart(at.at, found) > 1 {
		d = dating{at.at, "the page's fields"}
	}
	shown, text, ok := shownDate(lines, headline, m, h)
	switch {
	case ok:
	case !supports(m.published, d.at, h):
		if opening, text, ok := openingDate(lines, headline, h); ok {
			return dating{opening.at, "the beginning of its text: " + text}
		}
		return d
	default:
		return d
	}
	days := apart(shown.at, d.at)
	switch {
	case days == 0:
		d.why += ", and the line under its headline: " + text
		return d
	case d.at.IsZero(), days <= 1, shown.at.Before(d.at) && days <= longBefore, !supports(m.stated, d.at, h):
		return dating{timed(shown, m, h), "the line under its headline: " + text}
	}
	return d
}

// yearAlone tells whether a day is the first of January because a year was
// found and nothing else: no field and no line names that day.
func yearAlone(at time.Time, lines []line, m meta, h Hint) bool {
	if at.IsZero() || at.Month() != time.January || at.Day() != 1 || supports(m.stated, at, h) || supports(m.published, at, h) || supports(m.dated, at, h) {
		return false
	}
	return !slices.ContainsFunc(lines, func(l line) bool {
		got, ok := readDate(l.text, h.zone())
		return ok && apart(got.at, at) == 0
	})
}

// dateline is what may stand before the date that a text begins with: a place,
// a bracket.
var (
	dateline    = regexp.MustCompile(`^\W*(?:\p{Lu}[\p{L}’' -]{1,30}(?:\([^)]{2,20}\))?\s*[,–—-]\s*)?(?:le\s+)?\W*$`)
	dateEnds    = regexp.MustCompile(`^\s*[)\]–—:/-]`)
	datelineEnd = 60 // bytes within which it stands
)

// openingDate reads the date that the first paragraphs of a text begin with:
// "PARIS, 14 mars 2025 – …".
func openingDate(lines []line, headline string, h Hint) (moment, string, bool) {
	at := standing(lines, headline)
	for i := at + 1; at >= 0 && i < min(len(lines), at+7); i++ {
		l := lines[i]
		if l.place.aside || l.place.hidden || utf8.RuneCountInString(l.text) <= 110 {
			continue
		}
		for _, form := range dateForms {
			found := form.re.FindStringIndex(l.text)
			if found == nil || found[0] > datelineEnd || !dateline.MatchString(weekdayWord.ReplaceAllString(l.text[:found[0]], "")) || !dateEnds.MatchString(l.text[found[1]:]) {
				continue
			}
			if got, ok := readDate(l.text[found[0]:found[1]], h.zone()); ok && h.possible(got.at) {
				return got, l.text[:found[1]], true
			}
		}
	}
	return moment{}, "", false
}

// shownChange reads when a page says by its headline that it was changed.
func shownChange(lines []line, headline string, h Hint) (time.Time, bool) {
	at := standing(lines, headline)
	for i := max(0, at-2); at >= 0 && i < min(len(lines), at+7); i++ {
		t := lines[i].text
		if lines[i].place.aside || lines[i].place.hidden || utf8.RuneCountInString(t) > 160 {
			continue
		}
		if words := modifiedWords.FindStringIndex(t); words != nil && words[0] <= 110 {
			if got, ok := h.dateIn(t[words[0]:]); ok && h.possible(got.at) {
				return got.at, true
			}
		}
	}
	return time.Time{}, false
}

// longBefore is how many days a field may be later than the day that is shown
// and still mean a change of the same text.
const longBefore = 90

// apart counts the days between two dates, as their pages wrote them.
func apart(a, b time.Time) int {
	if a.IsZero() || b.IsZero() {
		return 1 << 20
	}
	day := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	n := int(day(a).Sub(day(b)).Hours() / 24)
	return max(n, -n)
}

// supports tells whether a field names the day.
func supports(fields []string, at time.Time, h Hint) bool {
	for _, s := range fields {
		if got, ok := stamp(s, h.zone()); ok && apart(got.at, at) == 0 {
			return true
		}
	}
	return false
}

// stated is the day on which all fields that name one agree.
func (h Hint) stated(m meta) (moment, bool) {
	var at moment
	known := false
	for _, s := range m.stated {
		got, ok := stamp(s, h.zone())
		if !ok {
			continue
		}
		if known && apart(got.at, at.at) > 1 {
			return moment{}, false
		}
		if !known || got.timed && !at.timed {
			at, known = got, true
		}
	}
	return at, known
}

// timed adds to a shown day the time that a field gives for the same day.
func timed(shown moment, m meta, h Hint) time.Time {
	if shown.timed {
		return shown.at
	}
	for _, s := range m.published {
		if got, ok := stamp(s, h.zone()); ok && got.timed && apart(got.at, shown.at) == 0 {
			return got.at
		}
	}
	return shown.at
}

// weekdayWord may stand before a date, and says nothing more.
var weekdayWord = regexp.MustCompile(`(?i)(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)[,.]?|uhr|lecture`)

// ambiguous is a date of figures alone that may begin with the day or the month.
var ambiguous = regexp.MustCompile(`\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/\d{4}`)

// shownDate reads the date that readers see by the headline: in a line that is
// but a date, names the author or says that it was published then. Lines below
// the headline come first, for above it sites put the day of today.
func shownDate(lines []line, headline string, m meta, h Hint) (moment, string, bool) {
	at := standing(lines, headline)
	if at < 0 {
		return moment{}, "", false
	}
	order := []int{1, 2, 3, 4, 5, 6, -1, -2}
	best, text, rank := moment{}, "", 0
	for _, step := range order {
		i := at + step
		if i < 0 || i >= len(lines) || lines[i].place.aside || lines[i].place.hidden {
			continue
		}
		t := lines[i].text
		if utf8.RuneCountInString(t) > 110 || !strings.ContainsAny(t, "0123456789") {
			continue
		}
		got, ok := publishedOn(t, h)
		if !ok || !h.possible(got.at) || ambiguous.MatchString(t) && !dayFirst(m) {
			continue
		}
		if r := telling(t, step); r > rank {
			best, text, rank = got, t, r
		}
	}
	return best, text, rank > 0
}

// publishedOn reads the date of a line, that of publication where it tells
// that of a change too.
func publishedOn(t string, h Hint) (moment, bool) {
	if at := publishedWords.FindStringIndex(t); at != nil {
		if got, ok := readDate(t[at[0]:], h.zone()); ok {
			return got, true
		}
	}
	return readDate(t, h.zone())
}

// telling ranks a line with a date by how plainly it is that of publication.
func telling(t string, step int) int {
	modified := modifiedWords.FindStringIndex(t)
	published := publishedWords.FindStringIndex(t)
	switch {
	case modified != nil && published == nil:
		return 0
	case published != nil && step > -2:
		return 3
	case byPrefix.MatchString(t) && step > 0:
		return 2
	case onlyDate(t) && step > -2:
		return 1
	}
	return 0
}

// onlyDate is a line of a date, with weekday and time of day at most, and
// perhaps a name.
func onlyDate(t string) bool {
	for _, form := range dateForms {
		at := form.re.FindStringIndex(t)
		if at == nil {
			continue
		}
		before, after := weekdayWord.ReplaceAllString(t[:at[0]], ""), weekdayWord.ReplaceAllString(t[at[1]:], "")
		if length(before) <= 3 && (length(after) <= 6 || isName(strings.Trim(after, " ,-–—|·•"))) {
			return true
		}
		if length(before) <= 3 && byWithin.MatchString(after) {
			return true
		}
		return length(after) <= 3 && isName(strings.Trim(before, " ,-–—|·•")) && strings.Contains(strings.TrimSpace(before), " ")
	}
	return false
}

// dayFirst tells whether a page's language writes the day before the month.
func dayFirst(m meta) bool {
	l := strings.ToLower(m.language)
	return l != "" && (!strings.HasPrefix(l, "en") || strings.HasPrefix(l, "en-gb") || strings.HasPrefix(l, "en_gb"))
}

// standing is where a headline stands among the lines of its page; -1: nowhere.
func standing(lines []line, headline string) int {
	at := -1
	want := letters(headline)
	for i, l := range lines {
		if want != "" && l.size <= len(want) && letters(l.text) == want {
			at = i
			if l.kind == heading {
				break
			}
		}
	}
	return at
}
