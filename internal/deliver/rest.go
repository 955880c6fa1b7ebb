package deliver

import (
	"context"
	"strings"
	"sync"
	"time"

	"hebdo/internal/digest"
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

// putOff defers those of the claimed deliveries whose domain rests, untried,
// and returns the others.
func (r *run) putOff(ctx context.Context, waiting []digest.Delivery) ([]digest.Delivery, error) {
	now := r.opt.Now()
	var others, off []digest.Delivery
	for _, d := range waiting {
		until := r.rests.of(d.Address, now)
		if until.IsZero() {
			others = append(others, d)
			continue
		}
		d.State, d.NotBefore, d.Updated = digest.Deferred, until, now
		off = append(off, d)
		r.due(until)
	}
	if len(off) == 0 {
		return waiting, nil
	}
	err := r.insist(ctx, func(ctx context.Context) error { return r.outbox.Settle(ctx, r.node, off, nil) })
	if err == nil {
		r.move(digest.Claimed, digest.Deferred, len(off))
	}
	return others, err
}

// due notes when something deferred here is due.
func (r *run) due(at time.Time) {
	if r.next.IsZero() || at.Before(r.next) {
		r.next = at
	}
}
