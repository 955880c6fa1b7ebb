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
	open     int    // begun and not settled
	reserved int    // places of the Courier's, for those open
	letter   string // slug of the newsletter
	batch    batch

	counter  counter
	counting sync.WaitGroup
	filling  filling

	jobs    chan digest.Delivery
	results chan result
	got     []result                // by collect, until it is called again
	halt    context.CancelCauseFunc // nothing more is begun, and what is not under way comes back
	renewed atomic.Int64            // until when all that was in hand is this node's: the last renewal, in Unix nanoseconds
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
	begin, halt := context.WithCancelCause(ctx)
	r.halt = halt
	var workers sync.WaitGroup
	for range following * r.opt.Connections {
		workers.Go(func() { r.work(begin, sending) })
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
	workers.Go(func() { r.watch(sending) })
	r.filling = filling{grown: make(chan struct{}, 1), ended: make(chan struct{})}
	workers.Go(func() { r.fill(begin) })
	defer r.counting.Wait()
	defer workers.Wait()
	defer halt(nil)
	defer cancel()
	defer close(r.jobs)
	return r.loop(ctx, begin)
}

// loop keeps the workers busy until nothing is due. At most as many deliveries
// are begun and not settled as the run has places. When half of them have ended
// they are settled and as many begun, in one commit, while the others are under
// way: it costs less for many, and must not take longer than they do. When begin
// ends nothing more is begun.
func (r *run) loop(ctx, begin context.Context) error {
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
			stop = r.stopped(begin)
		}
		if idle := r.open == 0 && len(waiting) == 0; stop == nil && (idle || !dry && len(waiting) < most) {
			var claimed []digest.Delivery
			claimed, stop = r.claim(ctx)
			if dry = len(claimed) == 0; dry && idle {
				if stop != nil {
					return stop
				}
				more, err := r.awaitMore(begin)
				if !more && err == nil {
					return nil
				}
				stop = err
				continue
			}
			waiting = append(without(waiting, claimed), claimed...)
		}
		if stop == nil && len(waiting) > 0 && r.open == 0 {
			stop = r.await(begin)
		}
		var next []digest.Delivery
		if stop == nil {
			going := r.open - len(ended)
			free := r.reserve(min(most, going+len(waiting))) - going // fewer than none when another run has begun
			next, waiting, stop = r.choose(ctx, waiting, max(0, free))
		}
		if stop != nil { // at once: mails under way may take ten minutes, and whoever goes on needs the others
			stop, waiting = also(stop, r.release(ctx, waiting)), nil
		}
		switch {
		case len(ended)+len(next) > 0:
			stop = also(stop, r.turn(ctx, ended, next))
			ended = nil
		case r.open > 0:
			halted := begin.Done()
			if stop != nil {
				r.halt(stop)
				halted = nil
			}
			ended = r.collect((most+1)/2, halted)
		case stop == nil && len(waiting) == 0: // all that was claimed is put off; more may be due
		case errors.Is(stop, errHeld):
			return nil
		default:
			return also(stop, r.release(ctx, waiting))
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
func (r *run) stopped(begin context.Context) error {
	if begin.Err() != nil {
		return context.Cause(begin)
	}
	return r.breaker.tripped()
}

// also is why a run stops when something went wrong on its way to the end. That
// its issue was paused is no fault, and is not told when there is one.
func also(stop, err error) error {
	if err == nil || stop == nil || errors.Is(stop, errHeld) {
		return cmp.Or(err, stop)
	}
	return errors.Join(stop, err)
}

// work sends until there are no more jobs. When begin has ended it hands back
// what is not under way.
func (r *run) work(begin, sending context.Context) {
	limit := try{parent: sending, most: r.opt.Try}
	defer limit.close()
	for d := range r.jobs {
		res := result{delivery: d}
		if begin.Err() == nil {
			res = r.send(begin, sending, &limit, d)
		}
		r.results <- res
		if relayFailed(res.err) {
			select {
			case <-time.After(r.opt.Pause):
			case <-begin.Done():
			case <-sending.Done():
			}
		}
	}
}

// send makes the mail and gives it to the sender.
func (r *run) send(begin, sending context.Context, limit *try, d digest.Delivery) result {
	if err := r.pace.Wait(begin); err != nil {
		return result{delivery: d}
	}
	limited := limit.begin()
	defer limit.end()
	at := r.opt.Now()
	e, err := r.shelf.of(d.Variant)
	if err != nil {
		return result{delivery: d, tried: true, at: at, err: fmt.Errorf("%w: %w", digest.ErrUnsendable, err)}
	}
	own := r.own(r.shelf.frame, d, at)
	own.Recall = begin.Done()
	d.MessageID = own.MessageID
	err = e.send(limited, own)
	if errors.Is(err, digest.ErrNotBegun) {
		return result{delivery: d}
	}
	if err != nil && sending.Err() != nil && !errors.Is(err, digest.ErrPerhapsAccepted) {
		return result{delivery: d} // cut off by the end of the program, before the end of the message
	}
	return result{delivery: d, tried: true, at: at, took: r.opt.Now().Sub(at), err: err}
}

// collect waits for one result, and a moment longer for enough of them that
// writing them down pays. When it is halted first there are none.
func (r *run) collect(enough int, halted <-chan struct{}) []result {
	got := r.got[:0]
	select {
	case res := <-r.results:
		got = append(got, res)
	case <-halted:
		return nil
	}
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
	for i := range got {
		got[i].verdict = judge(got[i])
		r.breaker.note(got[i].verdict, got[i].err)
	}
	return got
}

// gathering is how long a result may wait for company before it is written down.
const gathering = 20 * time.Millisecond
