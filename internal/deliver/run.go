package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hebdo/internal/digest"
)

// run is one call of Drain. Its fields belong to the goroutine that drains;
// workers get deliveries and give results.
type run struct {
	*Courier
	shelf    *shelf
	issueID  string
	node     string // of this run: two in one process are told apart, as are a process and the one before it
	breaker  breaker
	next     time.Time // when the first of those deferred here is due
	open     int       // begun and not settled
	reserved int       // places of the Courier's, for those open
	letter   string    // slug of the newsletter
	batch    batch

	counter  counter
	counting sync.WaitGroup
	filling  filling

	jobs    chan digest.Delivery
	results chan result
	got     []result     // by collect, until it is called again
	halted  atomic.Bool  // workers hand back what they have not begun
	renewed atomic.Int64 // until when all that was in hand is this node's: the last renewal, in Unix nanoseconds
}

// result is what became of one delivery.
type result struct {
	delivery digest.Delivery
	tried    bool // the mail was given to the sender
	at       time.Time
	took     time.Duration
	err      error
	verdict  verdict
}

// all claims and sends batch after batch.
func (r *run) all(ctx context.Context) error {
	// Neither channel ever blocks its writer: no more is open than fits.
	r.jobs = make(chan digest.Delivery, following*r.opt.Connections)
	r.results = make(chan result, following*r.opt.Connections)
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	for range following * r.opt.Connections {
		workers.Go(func() { r.work(ctx, sending) })
	}
	// When ctx ends, mails under way have Grace to end by themselves.
	workers.Go(func() {
		select {
		case <-ctx.Done():
		case <-sending.Done():
			return
		}
		select {
		case <-time.After(r.opt.Grace):
			cancel()
		case <-sending.Done():
		}
	})
	workers.Go(func() { r.renew(sending) })
	r.filling = filling{grown: make(chan struct{}, 1), ended: make(chan struct{})}
	filling, enough := context.WithCancel(ctx)
	workers.Go(func() { r.fill(filling) })
	defer enough()
	defer r.counting.Wait()
	defer workers.Wait()
	defer cancel()
	defer close(r.jobs)
	return r.loop(ctx)
}

// loop keeps the workers busy until nothing is due. At most as many deliveries
// are begun and not settled as the run has places. When half of them have ended
// they are settled and as many begun, in one commit, while the others are under
// way: it costs less for many, and must not take longer than they do.
func (r *run) loop(ctx context.Context) error {
	var (
		waiting []digest.Delivery // claimed
		ended   []result          // not settled yet
		dry     bool              // the last claim gave nothing
		stop    error
	)
	r.places.runs.Add(1)
	defer r.places.runs.Add(-1)
	defer r.giveBack(0)
	for {
		r.giveBack(r.open)
		most := r.places.share()
		if stop == nil {
			stop = r.stopped(ctx)
		}
		if idle := r.open == 0 && len(waiting) == 0; stop == nil && (idle || !dry && len(waiting) < most) {
			var claimed []digest.Delivery
			claimed, stop = r.claim(ctx)
			if dry = len(claimed) == 0; dry && idle {
				if stop != nil {
					return stop
				}
				if more, err := r.awaitMore(ctx); !more {
					return err
				}
				continue
			}
			waiting = append(without(waiting, claimed), claimed...)
		}
		if stop == nil && len(waiting) > 0 && r.open == 0 {
			stop = r.await(ctx)
		}
		var next []digest.Delivery
		if stop == nil {
			going := r.open - len(ended)
			free := r.reserve(min(most, going+len(waiting))) - going // fewer than none when another run has begun
			next, waiting, stop = r.choose(ctx, waiting, max(0, free))
		}
		switch {
		case len(ended)+len(next) > 0:
			begun, err := r.turn(ctx, ended, next)
			ended, stop = nil, first(stop, err)
			if len(next) > 0 && begun == 0 { // the issue was paused or cancelled, most likely
				stop = first(stop, r.release(ctx, waiting))
				waiting, ended = nil, r.recall()
			}
		case r.open > 0:
			if stop != nil {
				r.halted.Store(true)
			}
			ended = r.collect((most + 1) / 2)
		default:
			return errors.Join(stop, r.release(ctx, waiting))
		}
	}
}

// without leaves out of waiting what has been claimed anew: a node that stood
// still for longer than its lease may get back what it had in hand, and two
// copies of a row in one group would be begun once and sent twice.
func without(waiting, claimed []digest.Delivery) []digest.Delivery {
	again := make(map[string]bool, len(claimed))
	for _, d := range claimed {
		again[d.ID] = true
	}
	return slices.DeleteFunc(waiting, func(d digest.Delivery) bool { return again[d.ID] })
}

// stopped says why no more may be begun, or nil.
func (r *run) stopped(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return r.breaker.tripped()
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// work sends until there are no more jobs.
func (r *run) work(ctx, sending context.Context) {
	for d := range r.jobs {
		res := result{delivery: d}
		if ctx.Err() == nil && !r.halted.Load() {
			res = r.send(sending, d)
		}
		r.results <- res
		if relayFailed(res.err) {
			select {
			case <-time.After(r.opt.Pause):
			case <-ctx.Done():
			case <-sending.Done():
			}
		}
	}
}

// send makes the mail and gives it to the sender.
func (r *run) send(sending context.Context, d digest.Delivery) result {
	limited, cancel := context.WithTimeout(sending, r.opt.Try)
	defer cancel()
	if err := r.pace.Wait(limited); err != nil {
		return result{delivery: d}
	}
	at := r.opt.Now()
	e, err := r.shelf.of(d.Variant)
	if err != nil {
		return result{delivery: d, tried: true, at: at, err: fmt.Errorf("%w: %w", digest.ErrUnsendable, err)}
	}
	own := r.own(r.shelf.frame, d, at)
	d.MessageID = own.MessageID
	err = e.send(limited, own)
	if err != nil && sending.Err() != nil && !errors.Is(err, digest.ErrPerhapsAccepted) {
		return result{delivery: d} // cut off by the end of the program, before the end of the message
	}
	return result{delivery: d, tried: true, at: at, took: r.opt.Now().Sub(at), err: err}
}

// recall takes back what is begun and in no worker's hands yet.
func (r *run) recall() (untried []result) {
	for {
		select {
		case d := <-r.jobs:
			untried = append(untried, result{delivery: d})
		default:
			return untried
		}
	}
}

// collect waits for one result, and a moment longer for enough of them that
// writing them down pays.
func (r *run) collect(enough int) []result {
	got := append(r.got[:0], <-r.results)
	moment := time.NewTimer(gathering)
	defer moment.Stop()
	for len(got) < min(enough, r.open) {
		select {
		case res := <-r.results:
			got = append(got, res)
		case <-moment.C:
			enough = 0
		}
	}
	// In the order of their claim, in which the ledger is written faster.
	slices.SortFunc(got, func(a, b result) int { return cmp.Compare(a.delivery.Place, b.delivery.Place) })
	r.got = got
	now := r.opt.Now()
	for i := range got {
		got[i].verdict = r.judge(got[i], now)
		r.breaker.note(got[i].verdict, got[i].err)
	}
	return got
}

// gathering is how long a result may wait for company before it is written down.
const gathering = 20 * time.Millisecond
