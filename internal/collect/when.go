package collect

import (
	"strconv"
	"strings"
	"time"
)

// when reads the dates of feeds: RFC 822 and its descendants, W3C-DTF and ISO
// 8601, asctime, months in English or French, seconds since 1970. A time
// without zone is UTC; what is no date, or one no feed can mean, is zero.
func when(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 80 {
		return time.Time{}
	}
	for _, layout := range [...]string{time.RFC1123, time.RFC3339, time.RFC1123Z} {
		if layout == time.RFC1123 && !strings.HasSuffix(s, "GMT") {
			continue // other names of zones are not known to the parser
		}
		if t, err := time.Parse(layout, s); err == nil {
			return meant(t)
		}
	}
	d, ok := readDate(s)
	if !ok {
		return time.Time{}
	}
	return d.time()
}

// meant drops years that no feed can mean.
func meant(t time.Time) time.Time {
	if t.Year() < 1990 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC()
}

// date is what was found of one so far; offset is in seconds east.
type date struct {
	year, month, day, hour, minute, second, offset int
	timed, dayOfYear                               bool
}

func (d date) time() time.Time {
	if d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 && !d.dayOfYear || d.hour > 24 || d.minute > 59 || d.second > 60 {
		return time.Time{}
	}
	return meant(time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, 0, time.UTC).Add(-time.Duration(d.offset) * time.Second))
}

// readDate goes through the words and numbers of a date.
func readDate(s string) (d date, ok bool) {
	if stamp, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) >= 9 {
		if len(s) >= 12 {
			stamp /= 1000
		}
		t := time.Unix(stamp, 0).UTC()
		return date{year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), second: t.Second()}, true
	}
	if isoDate(s) {
		return readISO(s)
	}
	var numbers []string
	tuesday := false
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' || r == '\u00a0' }) {
		switch {
		case strings.Contains(word, ":") && !d.timed && digit(word[0]):
			d.timed = d.clock(word)
		case month(word) > 0 && (d.month == 0 || tuesday):
			d.month = month(word)
			tuesday = strings.HasPrefix(strings.ToLower(word), "mar") && len(word) <= 5 // the French day, when another month follows
		case digit(word[0]) && !d.timed || digit(word[0]) && len(numbers) < 2:
			for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '/' || r == '.' }) {
				if m := month(part); m > 0 && d.month == 0 {
					d.month = m
				} else if digit(part[0]) {
					numbers = append(numbers, strings.TrimRight(strings.ToLower(part), "stndrhe")) // 20th, 1er
				}
			}
		case strings.EqualFold(word, "pm") && d.hour < 12:
			d.hour += 12
		case strings.EqualFold(word, "am") && d.hour == 12:
			d.hour = 0
		case d.timed:
			d.zone(word)
		}
	}
	ok = d.fromNumbers(numbers)
	return d, ok
}

// fromNumbers tells day, month and year apart. Numbers alone have to be
// unmistakable: "03/04/2025" is two days.
func (d *date) fromNumbers(numbers []string) bool {
	value := make([]int, len(numbers))
	for i, n := range numbers {
		v, err := strconv.Atoi(n)
		if err != nil {
			return false
		}
		value[i] = v
	}
	switch {
	case d.month > 0 && len(value) == 2 && len(numbers[0]) == 4:
		d.year, d.day = value[0], value[1]
	case d.month > 0 && len(value) == 2:
		d.day, d.year = value[0], value[1]
	case d.month == 0 && len(value) == 3 && len(numbers[0]) == 4:
		d.year, d.month, d.day = value[0], value[1], value[2]
	case d.month == 0 && len(value) == 3 && (value[0] > 12 || value[0] == value[1]):
		d.day, d.month, d.year = value[0], value[1], value[2]
	case d.month == 0 && len(value) == 3 && value[1] > 12:
		d.month, d.day, d.year = value[0], value[1], value[2]
	default:
		return false
	}
	if d.year < 100 { // RFC 2822, 4.3
		d.year += 2000
		if d.year >= 2090 {
			d.year -= 100
		}
	}
	return true
}

// clock reads hh:mm[:ss], with what may stick to it: "10:30PM", "10:30:00+01:00".
func (d *date) clock(s string) bool {
	end := 0
	for end < len(s) && (digit(s[end]) || s[end] == ':' || s[end] == '.') {
		end++
	}
	whole, _, _ := strings.Cut(s[:end], ".")
	var got [3]int
	for i, part := range strings.Split(whole, ":") {
		v, err := strconv.Atoi(part)
		if err != nil || i > 2 {
			return false
		}
		got[i] = v
	}
	d.hour, d.minute, d.second = got[0], got[1], got[2]
	switch rest := strings.ToLower(s[end:]); {
	case rest == "pm" && d.hour < 12:
		d.hour += 12
	case rest == "am" && d.hour == 12:
		d.hour = 0
	case rest != "":
		d.zone(s[end:])
	}
	return true
}

// zone reads an offset or one of the names that feeds use (RFC 822, 5.1, and
// those of Europe).
func (d *date) zone(s string) {
	s = strings.ToUpper(strings.Trim(s, "()"))
	sign := strings.IndexAny(s, "+-")
	name := s
	if sign >= 0 {
		name = s[:sign]
	}
	hours := map[string]int{
		"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
		"ET": -5, "CT": -6, "MT": -7, "PT": -8, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9,
		"A": -1, "M": -12, "N": 1, "Y": 12,
	}
	if h, ok := hours[name]; ok {
		d.offset = h * 3600
	}
	if sign < 0 {
		return
	}
	digits := strings.ReplaceAll(s[sign+1:], ":", "")
	v, err := strconv.Atoi(digits)
	if err != nil || len(digits) > 4 {
		return
	}
	if len(digits) <= 2 {
		v *= 100
	}
	seconds := v/100*3600 + v%100*60
	if s[sign] == '-' {
		seconds = -seconds
	}
	d.offset += seconds
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// month knows months in English and French, short or whole.
func month(word string) int {
	word = strings.Trim(strings.ToLower(word), ".,-")
	if len(word) < 3 || digit(word[0]) {
		return 0
	}
	for i, names := range [...]string{"january janvier", "february février fevrier", "march mars", "april avril", "may mai", "june juin",
		"july juillet", "august août aout", "september septembre", "october octobre", "november novembre", "december décembre decembre"} {
		for _, name := range strings.Fields(names) {
			if word == name || len(word) <= 5 && word != "mar" && strings.HasPrefix(name, word) && !(word == "jui" || word == "jun" && i == 6) {
				return i + 1
			}
		}
	}
	if word == "mar" {
		return 3
	}
	return 0
}
