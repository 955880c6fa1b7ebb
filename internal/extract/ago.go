package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Dates that count from now: "il y a 3 heures", "hier à 14 h", "vendredi
// dernier", "2 days ago", "yesterday at 9:15 pm".
var (
	agoFrench   = regexp.MustCompile(`(?i)\bil y a (?:environ |près de |plus de )?(\d{1,2}|une?|deux|trois|quatre|cinq|six|quelques) ?(min(?:utes?)?|mn|h(?:eures?)?|jours?|j|semaines?|sem)(?:$|[^\pL])`)
	agoEnglish  = regexp.MustCompile(`(?i)\b(\d{1,2}|an?|one|two|three|four|five|six) ?(m(?:in(?:ute)?s?)?|h(?:ours?|rs?)?|d(?:ays?)?|w(?:eeks?)?) ago\b`)
	nearDay     = regexp.MustCompile(`(?i)(?:^|[^\pL])(avant-hier|hier|aujourd[’']hui|ce matin|yesterday|today)(?:$|[^\pL])`)
	lastWeekday = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:(?:last )(sunday|monday|tuesday|wednesday|thursday|friday|saturday)|(dimanche|lundi|mardi|mercredi|jeudi|vendredi|samedi) dernier)(?:$|[^\pL])`)
	clockAlone  = regexp.MustCompile(`(?i)^` + clock)
	smallNumber = map[string]int{"un": 1, "une": 1, "a": 1, "an": 1, "one": 1, "deux": 2, "two": 2, "quelques": 3, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5, "six": 6}
	weekdays    = map[string]time.Weekday{
		"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
		"dimanche": 0, "lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "samedi": 6,
	}
)

// ago reads a date that counts from now; minutes and hours give a time of day,
// days do so where the line names one. now decides the zone.
func ago(line string, now time.Time) (moment, bool) {
	if now.IsZero() {
		return moment{}, false
	}
	for _, re := range []*regexp.Regexp{agoFrench, agoEnglish} {
		m := re.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			n = smallNumber[strings.ToLower(m[1])]
		}
		switch unit := strings.ToLower(m[2]); unit[0] {
		case 'm':
			return moment{at: now.Add(-time.Duration(n) * time.Minute).Truncate(time.Minute), timed: true}, true
		case 'h':
			return moment{at: now.Add(-time.Duration(n) * time.Hour).Truncate(time.Minute), timed: true}, true
		case 'j', 'd':
			return moment{at: midnight(now, n)}, true
		case 's', 'w':
			return moment{at: midnight(now, 7*n)}, true
		}
	}
	if at := nearDay.FindStringSubmatchIndex(line); at != nil {
		back := map[byte]int{'h': 1, 'y': 1, 'a': 0, 't': 0, 'c': 0}[strings.ToLower(line[at[2]:at[3]])[0]]
		if strings.EqualFold(line[at[2]:at[3]], "avant-hier") {
			back = 2
		}
		return withClock(midnight(now, back), line[at[3]:]), true
	}
	if at := lastWeekday.FindStringSubmatchIndex(line); at != nil {
		from, to := at[2], at[3]
		if from < 0 {
			from, to = at[4], at[5]
		}
		back := (int(now.Weekday()-weekdays[strings.ToLower(line[from:to])])+6)%7 + 1
		return withClock(midnight(now, back), line[at[1]:]), true
	}
	return moment{}, false
}

// midnight is the beginning of the day so many days back.
func midnight(now time.Time, back int) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d-back, 0, 0, 0, 0, now.Location())
}

// withClock adds the time of day that a line goes on with.
func withClock(day time.Time, rest string) moment {
	m := clockAlone.FindStringSubmatch(rest)
	if m == nil || m[1] == "" {
		return moment{at: day}
	}
	y, mon, d := day.Date()
	got, ok := assemble(strconv.Itoa(y), strconv.Itoa(int(mon)), strconv.Itoa(d), m[1], m[2], m[3], m[4], day.Location())
	if !ok {
		return moment{at: day}
	}
	return got
}

// dateIn reads a date of either kind.
func (h Hint) dateIn(line string) (moment, bool) {
	if got, ok := readDate(line, h.Zone); ok {
		return got, true
	}
	if h.Now.IsZero() {
		return moment{}, false
	}
	return ago(line, h.Now.In(h.Zone))
}
