package deliver

import (
	"strings"
	"sync"
	"time"
)

// rests are the domains that said 421 about a recipient or a message: until
// when nothing more is sent there. Other domains go on. It is shared by all
// runs of a Courier.
type rests struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// begin lets a domain rest.
func (r *rests) begin(address string, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.until == nil {
		r.until = map[string]time.Time{}
	}
	r.until[domainOf(address)] = until
}

// of says until when an address's domain rests; the zero time: it does not.
func (r *rests) of(address string, now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.until) == 0 {
		return time.Time{}
	}
	domain := domainOf(address)
	until := r.until[domain]
	if !until.After(now) {
		delete(r.until, domain)
		return time.Time{}
	}
	return until
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// due notes when something deferred here is due.
func (r *run) due(at time.Time) {
	if r.next.IsZero() || at.Before(r.next) {
		r.next = at
	}
}
