package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"hebdo/internal/digest"
)

// Relay is one mail server of a Fleet.
type Relay struct {
	Options
	Weight int     // its share of the mails; 0: it stands by until no other can be reached
	Rate   float64 // mails a second at most; 0: no limit
}

// How long a relay that could not be reached is left alone: doubled each time.
const (
	restFirst = 15 * time.Second
	restMost  = 10 * time.Minute
)

// Fleet sends through several mail servers: each gets its share, and a mail
// that one could not even hear of goes to the next. What a server refused, or
// may have accepted, is never given to another. It is safe for concurrent use;
// Close it when done.
type Fleet struct {
	relays []*relay
	log    *slog.Logger
	now    func() time.Time

	mu sync.Mutex // guards the relays' turns and rests
}

type relay struct {
	*SMTP
	weight int
	pace   *rate.Limiter
	credit int // of the smooth weighted turn
	failed int // sessions that did not come about, in a row
	until  time.Time
}

// NewFleet checks the options of all; it does not connect. It needs at least
// one relay with a weight.
func NewFleet(relays []Relay, now func() time.Time, log *slog.Logger) (*Fleet, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	f := &Fleet{log: log, now: now}
	weights := 0
	for _, r := range relays {
		r.Now = now
		s, err := New(r.Options)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		pace := rate.NewLimiter(rate.Inf, 1)
		if r.Rate > 0 {
			pace = rate.NewLimiter(rate.Limit(r.Rate), 1)
		}
		f.relays = append(f.relays, &relay{SMTP: s, weight: max(r.Weight, 0), pace: pace})
		weights += max(r.Weight, 0)
	}
	if weights == 0 {
		return nil, errors.Join(errors.New("mail: no mail server has a weight: all stand by"), f.Close())
	}
	return f, nil
}

// Connections is how many mails all relays together take at a time.
func (f *Fleet) Connections() (n int) {
	for _, r := range f.relays {
		if r.weight > 0 {
			n += r.opt.Connections
		}
	}
	return n
}

// Send brings the mail to one of the servers, with the errors of SMTP.Send, and
// digest.ErrNotBegun when ctx ends before a server's rate allows it.
func (f *Fleet) Send(ctx context.Context, m digest.Mail) error {
	return f.through(ctx, nil, func(r *relay) error { return r.Send(ctx, m) })
}

// Insist brings the mail to any server that takes it, whatever the others say
// of it, the one that carries least first: for a word that the usual way is
// closed.
func (f *Fleet) Insist(ctx context.Context, m digest.Mail) error {
	var faults []error
	for _, r := range slices.Backward(f.byWeight()) {
		err := r.Send(ctx, m)
		if err == nil || errors.Is(err, digest.ErrPerhapsAccepted) {
			return err
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// Prepare is SMTP.Prepare for every relay.
func (f *Fleet) Prepare(m digest.Mail, marks []string) (func(context.Context, digest.Copy) error, error) {
	sends := make(map[*relay]func(context.Context, digest.Copy) error, len(f.relays))
	for _, r := range f.relays {
		send, err := r.Prepare(m, marks)
		if err != nil {
			return nil, err
		}
		sends[r] = send
	}
	return func(ctx context.Context, c digest.Copy) error {
		return f.through(ctx, c.Recall, func(r *relay) error { return sends[r](ctx, c) })
	}, nil
}

// through tries the relays in turn until one has said something of the mail.
func (f *Fleet) through(ctx context.Context, recall <-chan struct{}, send func(*relay) error) error {
	var last error
	for _, r := range f.order() {
		if err := r.await(ctx, recall); err != nil {
			return fmt.Errorf("mail server %s: waiting for its turn: %w", r.opt.address(), err)
		}
		err := send(r)
		if errors.Is(err, digest.ErrNotBegun) {
			return err
		}
		if !silent(err) {
			f.reached(r)
			return err
		}
		f.missed(ctx, r, err)
		if last = err; ctx.Err() != nil {
			return err
		}
	}
	return last
}

// await waits until the relay's rate allows one more mail, else fails with
// digest.ErrNotBegun.
func (r *relay) await(ctx context.Context, recall <-chan struct{}) error {
	turn := r.pace.Reserve()
	delay := turn.Delay()
	if delay == 0 {
		return nil
	}
	moment := time.NewTimer(delay)
	defer moment.Stop()
	select {
	case <-moment.C:
		return nil
	case <-recall:
		turn.Cancel()
		return digest.ErrNotBegun
	case <-ctx.Done():
		turn.Cancel()
		return fmt.Errorf("%w: %w", digest.ErrNotBegun, context.Cause(ctx))
	}
}

// silent tells that the server heard nothing of the mail.
func silent(err error) bool {
	var refusal digest.Refusal
	if errors.As(err, &refusal) {
		return refusal.Connection
	}
	return errors.Is(err, digest.ErrUnreachable)
}

// order is whom to ask, the relay whose turn it is first, those that rest last.
func (f *Fleet) order() []*relay {
	if len(f.relays) == 1 {
		return f.relays
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	turn := f.turn(now)
	order := slices.Clone(f.relays)
	rank := func(r *relay) int {
		switch {
		case r == turn:
			return 0
		case r.until.After(now):
			return 3
		case r.weight == 0:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b *relay) int {
		if d := rank(a) - rank(b); d != 0 || rank(a) < 3 {
			return d
		}
		return a.until.Compare(b.until)
	})
	return order
}

// turn is the smooth weighted round of the relays that can be reached: a relay
// with twice the weight gets twice the mails, and not in one go. One that has
// reached its rate is passed over while another has not. Nil: all rest.
func (f *Fleet) turn(now time.Time) *relay {
	var up []*relay
	for _, r := range f.relays {
		if r.weight > 0 && !r.until.After(now) {
			up = append(up, r)
		}
	}
	free := slices.DeleteFunc(slices.Clone(up), func(r *relay) bool { return r.pace.Limit() != rate.Inf && r.pace.Tokens() < 1 })
	if len(free) > 0 {
		up = free
	}
	var best *relay
	all := 0
	for _, r := range up {
		r.credit += r.weight
		all += r.weight
		if best == nil || r.credit > best.credit {
			best = r
		}
	}
	if best != nil {
		best.credit -= all
	}
	return best
}

// byWeight lists the relays, the one that carries most first.
func (f *Fleet) byWeight() []*relay {
	order := slices.Clone(f.relays)
	slices.SortStableFunc(order, func(a, b *relay) int { return b.weight - a.weight })
	return order
}

func (f *Fleet) reached(r *relay) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.failed, r.until = 0, time.Time{}
}

// missed lets a relay rest that could not be reached.
func (f *Fleet) missed(ctx context.Context, r *relay, err error) {
	if len(f.relays) == 1 {
		return // the run's own breaker decides
	}
	f.mu.Lock()
	now := f.now()
	again := r.until.After(now) // others found it so at the same moment
	if !again {
		r.until = now.Add(min(restFirst<<min(r.failed, 10), restMost))
		r.failed++
	}
	f.mu.Unlock()
	if !again {
		f.log.WarnContext(ctx, "a mail server cannot be reached: its mails go to the others for now", "server", r.opt.address(), "error", err)
	}
}

// Close says good-bye on all idle connections.
func (f *Fleet) Close() error {
	var faults []error
	for _, r := range f.relays {
		faults = append(faults, r.SMTP.Close())
	}
	return errors.Join(faults...)
}
