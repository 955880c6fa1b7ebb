package collect

import (
	"strconv"
	"strings"
)

// isoDate tells whether a date begins with a year of four digits and goes on
// as ISO 8601 does.
func isoDate(s string) bool {
	for i := range 4 {
		if !digit(s[i]) {
			return false
		}
	}
	if len(s) == 4 || s[4] == '-' && len(s) > 5 && digit(s[5]) || s[4] == 'T' {
		return true
	}
	return len(s) >= 6 && digit(s[4]) && digit(s[5]) && (len(s) == 6 || digit(s[6]))
}

// readISO reads W3C-DTF and the forms of ISO 8601 near it: 2003, 2003-12,
// 2003-12-31, 20031231, 2003-335 (day of the year), with or without a time.
func readISO(s string) (d date, ok bool) {
	end := strings.IndexAny(s, "T t")
	day, clock := s, ""
	if end >= 0 {
		day, clock = s[:end], strings.TrimSpace(s[end+1:])
	}
	digits := strings.ReplaceAll(day, "-", "")
	number := func(from, to int) int {
		v, err := strconv.Atoi(digits[from:to])
		ok = ok && err == nil
		return v
	}
	ok = true
	d = date{month: 1, day: 1}
	switch len(digits) {
	case 4:
		d.year = number(0, 4)
	case 6:
		d.year, d.month = number(0, 4), number(4, 6)
	case 7:
		d.year, d.day, d.dayOfYear = number(0, 4), number(4, 7), true
	case 8:
		d.year, d.month, d.day = number(0, 4), number(4, 6), number(6, 8)
	default:
		return d, false
	}
	if !ok || clock == "" {
		return d, ok
	}
	time, rest, zoned := strings.Cut(clock, " ")
	if !strings.Contains(time, ":") {
		time = colons(time)
	}
	if !d.clock(time) {
		return d, false
	}
	if zoned {
		if low := strings.ToLower(rest); low == "pm" && d.hour < 12 {
			d.hour += 12
		} else {
			d.zone(rest)
		}
	}
	return d, true
}

// colons puts them into the basic form of a time, "101455Z".
func colons(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i > 0 && i < 6 && i%2 == 0 && digit(s[i]) {
			b.WriteByte(':')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
