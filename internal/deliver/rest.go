package deliver

import (
	"maps"
	"strings"
	"sync"
	"time"
	"unicode"

	"hebdo/internal/digest"
)

// rests are the domains that said 421 about a recipient or a message: until
// when nothing more is sent there. Other domains go on. It is shared by all
// runs of a Courier; other processes have their own.
type rests struct {
	mu sync.Mutex
	by map[string]rest
}

// rest is a domain's.
type rest struct {
	until time.Time
	times int            // so many in a row, with no letter taken in between
	said  digest.Refusal // the last 421; it names nobody
}

// begin lets the domain of a refused delivery rest: for the first, second, …
// time in a row as long as backoff says, as it would a single reader's letter.
// An answer to what was under way when a rest began makes it no longer.
func (r *rests) begin(refused digest.Delivery, now time.Time, backoff []time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = map[string]rest{}
	}
	// A domain not heard of for so long has nothing that waits: what it said then,
	// of an issue that ended, is no measure for the next.
	longest := backoff[len(backoff)-1]
	maps.DeleteFunc(r.by, func(_ string, old rest) bool { return now.Sub(old.until) > longest })
	domain := domainOf(refused.Address)
	its := r.by[domain]
	if !its.until.After(now) {
		its.until = now.Add(backoff[min(its.times, len(backoff)-1)])
		its.times++
	}
	its.said = digest.Refusal{Code: refused.Code, Enhanced: refused.Enhanced, Text: unnamed(refused.Reply, refused.Address)}
	r.by[domain] = its
}

// of gives the rest of an address's domain; false: it does not rest.
func (r *rests) of(address string, now time.Time) (rest, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.by) == 0 { // mostly
		return rest{}, false
	}
	its := r.by[domainOf(address)]
	return its, its.until.After(now)
}

// took notes that a domain took a letter: its next rest is a first one. One
// that has begun stays, for the letter was under way before.
func (r *rests) took(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.by) == 0 {
		return
	}
	domain := domainOf(address)
	if its, ok := r.by[domain]; ok {
		its.times = 0
		r.by[domain] = its
	}
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// unnamed takes every address, and the reader's own name before the @, out of
// what a server said to one reader: it is kept with the letters of others, and
// would outlive the reader's erasure there.
func unnamed(reply, address string) string {
	name := spelt(address[:max(0, strings.LastIndexByte(address, '@'))])
	words := strings.Fields(reply)
	for i, word := range words {
		if strings.Contains(word, "@") || strings.Contains(spelt(word), name) {
			words[i] = "…"
		}
	}
	return strings.Join(words, " ")
}

// spelt is a text's letters and digits, with a space around each run of them.
func spelt(text string) string {
	return " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}), " ") + " "
}
