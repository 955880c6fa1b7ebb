package storetest

import (
	"fmt"
	"sync"
	"time"

	"hebdo/internal/digest"
)

var leaseTests = map[string]func(*world){
	"eight workers claim five hundred, none twice": func(w *world) {
		issue := w.sending(500)
		var mu sync.Mutex
		hands := map[string]int{}
		errs := together(8, func(i int) error {
			node := fmt.Sprintf("node-%d", i)
			for {
				held, err := w.Claim(w.ctx, claimOf(w, issue, node, 7))
				if err != nil || len(held) == 0 {
					return err
				}
				ids, err := w.Begin(w.ctx, node, held, w.clock.Now().Add(time.Minute))
				if err != nil || len(ids) != len(held) {
					return fmt.Errorf("%d of %d begun: %v", len(ids), len(held), err)
				}
				var done []digest.Delivery
				mu.Lock()
				for _, d := range held {
					hands[d.ID]++
					done = append(done, ended(w, d, digest.Delivered))
				}
				mu.Unlock()
				if err := w.Settle(w.ctx, node, done, nil); err != nil {
					return err
				}
			}
		})
		if count(errs, nil) != 8 {
			w.Fatalf("%v", errs)
		}
		for id, n := range hands {
			if n != 1 {
				w.Errorf("%s was in %d hands", id, n)
			}
		}
		w.same(len(hands), 500)
		w.tally(issue, digest.Tally{Delivered: 500})
	},
	"what a lost node had claimed returns to the queue": func(w *world) {
		issue := w.sending(3)
		lost := w.claim(issue, "lost", 2)
		w.clock.advance(time.Minute)
		w.same(len(w.claim(issue, "b", 9)), 1) // the lease lasts to its very end
		w.clock.advance(time.Microsecond)
		again := w.claim(issue, "b", 9)
		w.same(idsOf(again), idsOf(lost))
		w.same(again[0].Node, "b")
	},
	"what was put off, due and in a lost node's hands is sent by another": func(w *world) {
		issue := w.sending(3)
		var late []digest.Delivery
		for _, d := range w.begun(issue, "a", 3) {
			d = ended(w, d, digest.Deferred)
			d.Code, d.Reply, d.NotBefore = 450, "later", w.clock.Now().Add(5*time.Minute)
			late = append(late, d)
		}
		w.must(w.Settle(w.ctx, "a", late, nil))
		w.clock.advance(10 * time.Minute)
		w.same(len(w.claim(issue, "lost", 9)), 3)
		w.clock.advance(time.Hour)
		w.same(len(w.begun(issue, "b", 9)), 3)
		w.tally(issue, digest.Tally{Begun: 3})
		w.clock.advance(time.Hour)
		w.same(len(w.claim(issue, "c", 9)), 0)
		for _, d := range value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, []digest.DeliveryState{digest.Unsure}, "", 9)) {
			w.same([]any{d.Code, d.Reply}, []any{0, ""}) // what the server said before is not why
		}
		w.tally(issue, digest.Tally{Unsure: 3})
	},
	"only what a lost node was in the midst of becomes unsure, and stays so": func(w *world) {
		issue := w.sending(2)
		lost := w.begun(issue, "lost", 2)
		w.must(w.Settle(w.ctx, "lost", []digest.Delivery{ended(w, lost[0], digest.Delivered)}, nil))
		w.clock.advance(time.Hour)
		for range 3 {
			w.same(len(w.claim(issue, "b", 9)), 0)
		}
		w.tally(issue, digest.Tally{Delivered: 1, Unsure: 1})
		listed := value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, []digest.DeliveryState{digest.Unsure}, "", 9))
		if len(listed) != 1 || listed[0].ID != lost[1].ID || listed[0].Node != "lost" {
			w.Fatalf("listed are %+v", listed)
		}
	},
	"a node comes back too late: it can neither begin nor settle": func(w *world) {
		issue := w.sending(2)
		stale := w.claim(issue, "stale", 1)
		begun := w.begun(issue, "stale", 1)
		w.clock.advance(time.Hour)
		other := w.begun(issue, "other", 9)
		w.same(idsOf(other), idsOf(stale))

		w.same(value[[]string](w)(w.Begin(w.ctx, "stale", stale, w.clock.Now().Add(time.Hour))), []string(nil))
		w.must(w.Settle(w.ctx, "stale", []digest.Delivery{ended(w, stale[0], digest.Refused), ended(w, begun[0], digest.Delivered)}, idsOf(stale)))
		w.tally(issue, digest.Tally{Begun: 1, Unsure: 1})
		if gone := value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 9)); len(gone) != 0 {
			w.Fatal("a stale node bounced an address")
		}
		w.must(w.Settle(w.ctx, "other", []digest.Delivery{ended(w, other[0], digest.Delivered)}, nil))
		w.tally(issue, digest.Tally{Delivered: 1, Unsure: 1})
		w.must(w.Settle(w.ctx, "other", []digest.Delivery{ended(w, other[0], digest.Refused)}, nil))
		w.tally(issue, digest.Tally{Delivered: 1, Unsure: 1}) // what is settled is settled
	},
	"a node that is at work keeps what it holds, and nothing else": func(w *world) {
		issue := w.sending(4)
		claimed := w.claim(issue, "slow", 1)
		begun := w.begun(issue, "slow", 1)
		other := w.begun(issue, "other", 1)
		for range 3 {
			w.clock.advance(50 * time.Second)
			w.must(w.Renew(w.ctx, issue.ID, "slow", w.clock.Now().Add(time.Minute)))
		}
		w.same(len(w.claim(issue, "b", 9)), 1) // only what nobody held
		w.tally(issue, digest.Tally{Claimed: 2, Begun: 1, Unsure: 1})
		w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, other[0].ID)).State, digest.Unsure)
		w.must(w.Renew(w.ctx, issue.ID, "other", w.clock.Now().Add(time.Hour))) // too late
		w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, other[0].ID)).State, digest.Unsure)
		w.same(value[[]string](w)(w.Begin(w.ctx, "slow", claimed, w.clock.Now().Add(time.Minute))), idsOf(claimed))
		w.must(w.Settle(w.ctx, "slow", []digest.Delivery{ended(w, begun[0], digest.Delivered), ended(w, claimed[0], digest.Delivered)}, nil))
		w.must(w.Renew(w.ctx, issue.ID, "slow", w.clock.Now().Add(time.Hour)))
		w.tally(issue, digest.Tally{Claimed: 1, Delivered: 2, Unsure: 1})
	},
	"what a node holds itself it does not lose to its own claims": func(w *world) {
		issue := w.sending(3)
		begun := w.begun(issue, "locked out", 2)
		w.clock.advance(time.Hour) // the ledger was out of its reach
		w.same(len(w.claim(issue, "locked out", 9)), 1)
		w.must(w.Settle(w.ctx, "locked out", []digest.Delivery{ended(w, begun[0], digest.Delivered), ended(w, begun[1], digest.Delivered)}, nil))
		w.tally(issue, digest.Tally{Claimed: 1, Delivered: 2})
	},
	"what was held when the clock was set back is free at once": func(w *world) {
		issue := w.sending(2)
		w.claim(issue, "lost", 1)
		w.begun(issue, "lost", 1)
		w.clock.advance(-time.Minute)
		w.same(len(w.claim(issue, "b", 9)), 0) // clocks may differ so much
		w.clock.advance(-3 * time.Hour)
		w.same(len(w.claim(issue, "b", 9)), 1)
		w.tally(issue, digest.Tally{Claimed: 1, Unsure: 1})
	},
	"a lease that a clock renewed which ran hours ahead is free once it is right": func(w *world) {
		issue := w.sending(2)
		w.claim(issue, "lost", 1)
		w.begun(issue, "lost", 1)
		w.clock.advance(10 * time.Hour)
		w.must(w.Renew(w.ctx, issue.ID, "lost", w.clock.Now().Add(time.Minute)))
		w.clock.advance(-10 * time.Hour)
		if at, ok, err := w.NextDue(w.ctx, issue.ID); !ok || err != nil || at.After(w.clock.Now()) {
			w.Fatalf("due is %s, not now (%t, %v)", at, ok, err)
		}
		w.same(len(w.claim(issue, "b", 9)), 1)
		w.tally(issue, digest.Tally{Claimed: 1, Unsure: 1})
	},
	"a claim is begun once": func(w *world) {
		issue := w.sending(1)
		held := w.claim(issue, "a", 1)
		ids := make([][]string, 8)
		errs := together(8, func(i int) (err error) {
			ids[i], err = w.Begin(w.ctx, "a", held, w.clock.Now().Add(time.Minute))
			return err
		})
		n := 0
		for _, some := range ids {
			n += len(some)
		}
		if n != 1 || count(errs, nil) != 8 {
			w.Fatalf("begun %d times: %v", n, errs)
		}
	},
	"many nodes at work while leases expire lose nothing and send nothing twice": func(w *world) {
		issue := w.sending(200)
		var mu sync.Mutex
		sent := map[string]int{}
		errs := together(6, func(i int) error {
			for round := range 60 {
				node := fmt.Sprintf("node-%d, life %d", i, round/5)
				c := claimOf(w, issue, node, 5)
				c.Now = w.clock.advance(5 * time.Second) // six nodes: a lease lasts two rounds
				held, err := w.Claim(w.ctx, c)
				if err != nil {
					return err
				}
				if round%5 == 4 {
					continue // it dies with what it claimed
				}
				ids, err := w.Begin(w.ctx, node, held, c.Now.Add(time.Hour))
				if err != nil {
					return err
				}
				mine := map[string]bool{}
				mu.Lock()
				for _, id := range ids {
					mine[id] = true
					sent[id]++
				}
				mu.Unlock()
				var done []digest.Delivery
				for _, d := range held {
					if mine[d.ID] {
						done = append(done, ended(w, d, digest.Delivered))
					}
				}
				if err := w.Settle(w.ctx, node, done, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if count(errs, nil) != 6 {
			w.Fatalf("%v", errs)
		}
		for id, n := range sent {
			if n > 1 {
				w.Errorf("%s was sent %d times", id, n)
			}
		}
		w.tally(issue, digest.Tally{Delivered: 200})
	},
	"settling bounces of the same people from two issues does not lock up": func(w *world) {
		w.publish("week")
		w.subscribe("week", 60)
		errs := together(4, func(i int) error {
			draft, err := w.SaveIssue(w.ctx, digest.Issue{Newsletter: "week", Slot: fmt.Sprint(i), State: digest.InReview})
			if err == nil {
				draft, err = w.ApproveIssue(w.ctx, draft, editions())
			}
			if err == nil {
				_, err = w.Enqueue(w.ctx, draft.ID, start)
			}
			if err == nil {
				_, err = w.MoveIssue(w.ctx, draft.ID, digest.Sending, start)
			}
			if err != nil {
				return err
			}
			node := fmt.Sprint(i)
			held, err := w.Claim(w.ctx, claimOf(w, draft, node, 60))
			if err != nil {
				return err
			}
			if _, err := w.Begin(w.ctx, node, held, start.Add(time.Hour)); err != nil {
				return err
			}
			var done []digest.Delivery
			for _, d := range held {
				done = append(done, ended(w, d, digest.Refused))
			}
			return w.Settle(w.ctx, node, done, idsOf(held))
		})
		if count(errs, nil) != 4 {
			w.Fatalf("%v", errs)
		}
		w.same(len(value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 99))), 60)
	},
}
