package storetest

import (
	"time"

	"hebdo/internal/digest"
)

var handTests = map[string]func(*world){
	"what is in hands is told as claimed or being sent, by whom and until when": func(w *world) {
		issue := w.sending(9)
		begun := w.begun(issue, "a", 2)
		claimed := w.claim(issue, "b", 3)
		w.clock.advance(10 * time.Second)
		value[[]digest.Delivery](w)(w.Claim(w.ctx, claimOf(w, issue, "b", 1)))
		w.tally(issue, digest.Tally{Begun: 2, Claimed: 4, Queued: 3})
		list := func(states ...digest.DeliveryState) []digest.Delivery {
			return value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, states, "", 99))
		}
		for _, d := range list(digest.Begun) {
			w.same([]any{d.State, d.Node, d.Lease}, []any{digest.Begun, "a", start.Add(time.Minute)})
		}
		for _, d := range list(digest.Claimed) {
			w.same([]any{d.State, d.Node, d.Lease}, []any{digest.Claimed, "b", start.Add(70 * time.Second)})
		}
		for _, d := range list(digest.Queued) {
			w.same([]any{d.State, d.Node, d.Lease}, []any{digest.Queued, "", time.Time{}})
		}
		w.same(len(list(digest.Begun)), 2)
		w.same(len(list(digest.Claimed)), 4)
		w.same(len(list(digest.Queued)), 3)
		w.same(len(list(digest.Claimed, digest.Begun)), 6)
		w.same(len(list(digest.Claimed, digest.Queued)), 7)
		w.same(len(list(digest.Queued, digest.Claimed, digest.Begun, digest.Deferred)), 9)
		w.same(len(list()), 9)
		w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, begun[0].ID)).State, digest.Begun)
		w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, claimed[0].ID)).State, digest.Claimed)
	},
	"who is erased is in nobody's hands any more, unless a letter is on its way": func(w *world) {
		issue := w.sending(5)
		begun := w.begun(issue, "a", 1)
		claimed := w.claim(issue, "a", 2)
		for _, d := range []digest.Delivery{begun[0], claimed[0]} {
			w.must(w.EraseSubscriber(w.ctx, d.Address, w.clock.Now()))
		}
		w.tally(issue, digest.Tally{Begun: 1, Claimed: 1, Queued: 2, Refused: 1})
		w.same(value[[]string](w)(w.Begin(w.ctx, "a", claimed, w.clock.Now().Add(time.Minute))), idsOf(claimed[1:]))
		w.must(w.Settle(w.ctx, "a", []digest.Delivery{ended(w, begun[0], digest.Delivered), ended(w, claimed[1], digest.Delivered)}, nil))
		w.tally(issue, digest.Tally{Delivered: 2, Queued: 2, Refused: 1})
	},
	"what a node gave back another claims, and only once": func(w *world) {
		issue := w.sending(3)
		held := w.claim(issue, "a", 3)
		w.must(w.Settle(w.ctx, "a", []digest.Delivery{ended(w, held[1], digest.Queued)}, nil))
		w.same(idsOf(w.claim(issue, "b", 9)), []string{held[1].ID})
		w.same(value[[]string](w)(w.Begin(w.ctx, "a", held, w.clock.Now().Add(time.Minute))), []string{held[0].ID, held[2].ID})
		w.tally(issue, digest.Tally{Begun: 2, Claimed: 1})
	},
	"what comes between two that are in a hand is not settled with them": func(w *world) {
		issue := w.sending(3)
		lost := w.begun(issue, "lost", 3)
		w.must(w.Settle(w.ctx, "lost", []digest.Delivery{ended(w, lost[0], digest.Queued), ended(w, lost[2], digest.Queued)}, nil))
		held := w.begun(issue, "b", 2) // next to each other, as nothing between them can be claimed
		w.same(idsOf(held), []string{lost[0].ID, lost[2].ID})
		w.must(w.Settle(w.ctx, "lost", []digest.Delivery{ended(w, lost[1], digest.Queued)}, nil))
		w.must(w.Settle(w.ctx, "b", []digest.Delivery{ended(w, held[0], digest.Delivered), ended(w, held[1], digest.Delivered)}, nil))
		w.tally(issue, digest.Tally{Delivered: 2, Queued: 1})
	},
}
