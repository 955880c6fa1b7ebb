package deliver

import (
	"bufio"
	_ "embed"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

//go:embed data/providers.txt
var providers string

// Limit is how fast letters go to one mailbox provider.
type Limit struct {
	Name      string
	PerMinute float64  // in any minute, at most; 0: no limit
	AtOnce    int      // 0: no limit
	Domains   []string // "outlook.*" is every country's
}

// Providers are the limits of the large mailbox providers.
func Providers() []Limit {
	limits, err := ReadLimits(providers)
	if err != nil {
		panic(err) // a fault of the program: the data is part of it
	}
	return limits
}

// ReadLimits reads lines of "name per-minute at-once domain…"; a line that
// begins with # says nothing. Errors name the line.
func ReadLimits(s string) ([]Limit, error) {
	var all []Limit
	lines := bufio.NewScanner(strings.NewReader(s))
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 4 {
			return nil, fmt.Errorf("line %d: write a name, letters a minute, letters at once, and domains", n)
		}
		l := Limit{Name: fields[0], Domains: fields[3:]}
		var err error
		if l.PerMinute, err = strconv.ParseFloat(fields[1], 64); err != nil || !(l.PerMinute >= 0 && l.PerMinute <= 1e7) {
			return nil, fmt.Errorf("line %d: %q is no number of letters a minute", n, fields[1])
		}
		if l.AtOnce, err = strconv.Atoi(fields[2]); err != nil || l.AtOnce < 0 {
			return nil, fmt.Errorf("line %d: %q is no number of letters at once", n, fields[2])
		}
		all = append(all, l)
	}
	return all, lines.Err()
}

// lanes are the ways to the providers that have a limit. They are shared by all
// runs of a Courier; other processes have their own.
type lanes struct {
	mu sync.Mutex
	by map[string]*lane // by domain, and by "outlook.*"
}

type lane struct {
	pace   *rate.Limiter
	gap    time.Duration // between two letters
	atOnce int
	open   int // letters that have a place
	// Until when an issue's last letter was put off. Each issue has a queue of its
	// own: a cancelled one's letters never come for the times they were given.
	last map[string]time.Time
}

func newLanes(limits []Limit) *lanes {
	all := &lanes{by: map[string]*lane{}}
	for _, l := range limits {
		way := &lane{pace: rate.NewLimiter(rate.Inf, 1), atOnce: l.AtOnce, last: map[string]time.Time{}}
		if l.PerMinute > 0 {
			// Two seconds' worth may go at once, for the ledger is asked only so often what
			// is due. It is taken off the pace, so that no minute, the first one
			// included, has more than the limit.
			burst := max(1, int(l.PerMinute/30))
			pace := l.PerMinute - float64(burst-1)
			way.gap = time.Duration(float64(time.Minute) / pace)
			way.pace = rate.NewLimiter(rate.Limit(pace/60), burst)
		}
		for _, d := range l.Domains {
			all.by[strings.ToLower(d)] = way
		}
	}
	return all
}

// of finds a domain's lane; nil: it has no limit.
func (l *lanes) of(address string) *lane {
	if len(l.by) == 0 {
		return nil
	}
	domain := domainOf(address)
	if way, ok := l.by[domain]; ok {
		return way
	}
	label, _, _ := strings.Cut(domain, ".")
	return l.by[label+".*"]
}

// soonest is how far off a letter is put at least, so that the ledger is not
// asked for it again at once.
const soonest = 5 * time.Second

// enter takes a place for an issue's letter. Without one it says until when the
// letter should wait, or, with a zero time, that a place is free when another
// leaves.
func (l *lanes) enter(issue, address string, now time.Time) (ok bool, until time.Time) {
	way := l.of(address)
	if way == nil {
		return true, time.Time{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if way.atOnce > 0 && way.open >= way.atOnce {
		return false, time.Time{}
	}
	if !way.pace.AllowN(now, 1) {
		until = now.Add(soonest)
		maps.DeleteFunc(way.last, func(_ string, last time.Time) bool { return last.Add(way.gap).Before(until) })
		if last, ok := way.last[issue]; ok {
			until = last.Add(way.gap)
		}
		way.last[issue] = until
		return false, until
	}
	way.open++
	return true, time.Time{}
}

// leave gives a place back.
func (l *lanes) leave(address string) {
	way := l.of(address)
	if way == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	way.open--
}
