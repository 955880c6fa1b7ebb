package locale

import (
	"fmt"
	"time"
)

var (
	frenchDays   = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	frenchMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// Date writes the day of t as it stands, in t's own zone: "lundi 1er mars
// 2027", "Monday 1 March 2027".
func (w *Words) Date(t time.Time) string {
	return w.day(t) + " " + w.ShortDate(t)
}

// ShortDate leaves the day of the week out: "1er mars 2027", "1 March 2027".
func (w *Words) ShortDate(t time.Time) string {
	if w.Language != "fr" {
		return t.Format("2 January 2006")
	}
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, frenchMonths[t.Month()-1], t.Year())
}

// DateTime adds the clock: "lundi 1er mars 2027 à 7 h 05", "Monday 1 March 2027 at 07:05".
// The spaces around the French "h" do not break.
func (w *Words) DateTime(t time.Time) string {
	if w.Language != "fr" {
		return w.Date(t) + t.Format(" at 15:04")
	}
	return fmt.Sprintf("%s à %d\u00a0h\u00a0%02d", w.Date(t), t.Hour(), t.Minute())
}

func (w *Words) day(t time.Time) string {
	if w.Language != "fr" {
		return t.Weekday().String()
	}
	return frenchDays[t.Weekday()]
}
