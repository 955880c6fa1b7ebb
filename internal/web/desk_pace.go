package web

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// pacer tells how fast a delivery goes, by what was done within paceOver.
type pacer struct{ seen []moment }

type moment struct {
	at   time.Time
	done int
}

// paceOver is how far back the rate looks: long enough to be steady, short
// enough to notice a relay that slows down.
const paceOver = 20 * time.Second

// tell notes what is done and gives the rate, and the time that what is left
// to try will take at it; nothing while nothing moves.
func (p *pacer) tell(f frame, now time.Time, done, left int) string {
	for len(p.seen) > 1 && now.Sub(p.seen[0].at) > paceOver {
		p.seen = p.seen[1:]
	}
	if n := len(p.seen); n > 0 && done < p.seen[n-1].done { // put back into the queue
		p.seen = nil
	}
	p.seen = append(p.seen, moment{now, done})
	took := now.Sub(p.seen[0].at).Seconds()
	if took <= 0 || done == p.seen[0].done {
		return ""
	}
	rate := float64(done-p.seen[0].done) / took
	shown := strconv.FormatFloat(rate, 'f', 0, 64)
	if rate < 10 {
		shown = f.Decimal(rate)
	}
	return f.T("desk.delivery.pace", "Rate", shown, "Left", lasting(time.Duration(float64(left)/rate*float64(time.Second))))
}

// Decimal writes a number with one place, in the way of the page's language.
func (f frame) Decimal(n float64) string {
	text := strconv.FormatFloat(n, 'f', 1, 64)
	if f.Lang == "fr" {
		return text[:len(text)-2] + "," + text[len(text)-1:]
	}
	return text
}

// lasting writes a time in units that are the same in both languages.
func lasting(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(math.Ceil(d.Seconds())))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(math.Ceil(d.Minutes())))
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}
