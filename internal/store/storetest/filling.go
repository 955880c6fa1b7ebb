package storetest

import (
	"time"

	"hebdo/internal/digest"
)

// fill adds part after part, at most so many, and tells whether more are to come.
func (w *world) fill(issue digest.Issue, first bool, parts int) (queued int, more bool) {
	w.Helper()
	for range parts {
		var err error
		if queued, more, err = w.Fill(w.ctx, issue.ID, w.clock.Now(), first); err != nil || !more {
			w.must(err)
			break
		}
		first = false
	}
	return queued, more
}

var fillingTests = map[string]func(*world){
	"an audience is queued in parts, and frozen with the first": func(w *world) {
		w.publish("week")
		w.subscribe("week", 1700)
		issue := w.approve(w.draft("week", "slot"))
		w.clock.advance(time.Second)
		queued, more := w.fill(issue, true, 1)
		if queued == 0 || queued == 1700 || !more {
			w.Fatalf("the first part has %d, more: %t", queued, more)
		}
		w.clock.advance(time.Second)
		late := reader("week", "zz.late@example.org")
		late.Created, late.Confirmed = w.clock.Now(), w.clock.Now()
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{late}))
		last := value[[]digest.Subscription](w)(w.Subscriptions(w.ctx, "week", "", 2000))[1699]
		last.State = digest.Unsubscribed
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{last}))

		_, _, err := w.Fill(w.ctx, issue.ID, w.clock.Now(), false)
		w.is(err, digest.ErrConflict) // not sending yet
		issue = value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, w.clock.Now()))
		// All that is queued is sent while the others are not there yet: that is no end.
		held := w.begun(issue, "a", queued)
		var done []digest.Delivery
		for _, d := range held {
			done = append(done, ended(w, d, digest.Delivered))
		}
		w.must(w.Settle(w.ctx, "a", done, nil))
		_, err = w.MoveIssue(w.ctx, issue.ID, digest.Sent, w.clock.Now())
		w.is(err, digest.ErrConflict)

		// A release that comes late, on another node, does not freeze it anew.
		if queued, more = w.fill(issue, true, 9); queued != 1699 || more {
			w.Fatalf("%d are queued, more: %t", queued, more)
		}
		w.tally(issue, digest.Tally{Delivered: len(held), Queued: 1699 - len(held)})
		ids := map[string]bool{}
		for _, d := range value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, nil, "", 2000)) {
			ids[d.ID] = true
			if d.Address == "zz.late@example.org" || d.SubscriptionID == last.ID {
				w.Errorf("%s is queued", d.Address)
			}
		}
		w.same(len(ids), 1699)
		w.same(value[int](w)(w.CountLate(w.ctx, issue.ID)), 1)
		w.same(value[int](w)(w.EnqueueLate(w.ctx, issue.ID, w.clock.Now())), 1)
	},
	"an audience queued before the approval was taken back is frozen again": func(w *world) {
		w.publish("week")
		w.subscribe("week", 3)
		issue := w.approve(w.draft("week", "slot"))
		if queued, more := w.fill(issue, true, 9); queued != 3 || more {
			w.Fatalf("%d are queued, more: %t", queued, more)
		}
		issue = value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.InReview, start))
		w.tally(issue, digest.Tally{})
		w.subscribe("week", 5)
		w.approve(issue)
		w.clock.advance(time.Second)
		if queued, more := w.fill(issue, true, 9); queued != 5 || more {
			w.Fatalf("%d are queued, more: %t", queued, more)
		}
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, start))
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sent, start))
	},
	"several nodes fill a ledger together, and nobody is in it twice": func(w *world) {
		w.publish("week")
		w.subscribe("week", 2500)
		issue := w.approve(w.draft("week", "slot"))
		w.fill(issue, true, 1)
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, start))
		errs := together(3, func(int) error {
			for {
				_, more, err := w.Fill(w.ctx, issue.ID, start, false)
				if err != nil || !more {
					return err
				}
			}
		})
		if count(errs, nil) != 3 {
			w.Fatalf("%v", errs)
		}
		w.tally(issue, digest.Tally{Queued: 2500})
		_, _, err := w.Fill(w.ctx, "x", start, true)
		w.is(err, digest.ErrNotFound)
	},
}
