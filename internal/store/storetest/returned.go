package storetest

import (
	"fmt"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// mailed is an issue that was brought to n readers; each call is a week later.
func (w *world) mailed(n int) (digest.Issue, []digest.Delivery) {
	w.Helper()
	now := w.clock.advance(7 * 24 * time.Hour)
	if all := value[[]digest.Newsletter](w)(w.Newsletters(w.ctx)); len(all) == 0 {
		w.publish("week")
		w.subscribe("week", n)
	}
	issue := w.approve(w.draft("week", now.Format("2006-01-02")+"#1"))
	value[int](w)(w.Enqueue(w.ctx, issue.ID, now))
	issue = value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, now))
	var done []digest.Delivery
	for _, d := range w.begun(issue, "n", n) {
		done = append(done, ended(w, d, digest.Delivered))
	}
	w.must(w.Settle(w.ctx, "n", done, nil))
	return value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sent, now)), done
}

// daily is the issue of a day, from 0 on, that is being sent to one reader.
func (w *world) daily(day int) digest.Issue {
	w.Helper()
	now := w.clock.advance(24 * time.Hour)
	if day == 0 {
		w.publish("week")
		w.subscribe("week", 1)
	}
	issue := w.approve(w.draft("week", fmt.Sprintf("2026-12-0%d#1", day+1)))
	value[int](w)(w.Enqueue(w.ctx, issue.ID, now))
	return value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, now))
}

func (w *world) back(r digest.Returned, want digest.EffectKind) digest.Effect {
	w.Helper()
	got := value[digest.Effect](w)(w.Returned(w.ctx, r))
	if got.Did != want {
		w.Fatalf("%+v: did %q, want %q", r, got.Did, want)
	}
	return got
}

func (w *world) suppressed(d digest.Delivery) digest.SuppressionKind {
	w.Helper()
	return value[digest.Subscriber](w)(w.Subscriber(w.ctx, d.Address)).Suppression.Kind
}

var (
	noMailbox = digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "no such user"}
	fullBox   = digest.Refusal{Permanent: true, Code: 552, Enhanced: "5.2.2", Text: "over quota"}
	blocked   = digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.7.1", Text: "blocked"}
)

func failure(d digest.Delivery, why digest.Refusal) digest.Returned {
	return digest.Returned{Kind: digest.ReturnFailed, DeliveryID: d.ID, Refusal: why}
}

var returnedTests = map[string]func(*world){
	"a mailbox that is gone is off every list at once, and the row says why": func(w *world) {
		_, sent := w.mailed(2)
		w.back(failure(sent[0], noMailbox), digest.EffectBounced)
		w.same(w.suppressed(sent[0]), digest.Bounced)
		w.same(w.suppressed(sent[1]), digest.SuppressionKind(""))
		row := value[digest.Delivery](w)(w.DeliveryByID(w.ctx, sent[0].ID))
		w.same([]any{row.State, row.Code, row.Enhanced, row.Reply}, []any{digest.Refused, 550, "5.1.1", "no such user"})
		w.back(failure(sent[0], noMailbox), digest.EffectNone)
	},
	"a policy never costs an address, however often": func(w *world) {
		for range 5 {
			_, sent := w.mailed(1)
			w.back(failure(sent[0], blocked), digest.EffectNoted)
			w.same(w.suppressed(sent[0]), digest.SuppressionKind(""))
		}
	},
	"a full mailbox is lost after three issues in a row": func(w *world) {
		for i, want := range []digest.EffectKind{digest.EffectNoted, digest.EffectNoted, digest.EffectBounced} {
			_, sent := w.mailed(1)
			w.back(failure(sent[0], fullBox), want)
			if again := value[digest.Effect](w)(w.Returned(w.ctx, failure(sent[0], fullBox))); i < 2 && again.Did != digest.EffectNone {
				w.Fatalf("the same bounce counted twice: %+v", again)
			}
		}
	},
	"a letter that arrived in between forgives the ones that did not": func(w *world) {
		var last []digest.Delivery
		for _, full := range []bool{true, true, false, true, true} {
			if _, last = w.mailed(1); full {
				w.back(failure(last[0], fullBox), digest.EffectNoted)
			}
		}
		w.same(w.suppressed(last[0]), digest.SuppressionKind(""))
	},
	"a bounce that comes after the next letter went out counts for its own": func(w *world) {
		var all []digest.Delivery
		for range 3 {
			_, sent := w.mailed(1)
			all = append(all, sent[0])
		}
		w.back(failure(all[0], fullBox), digest.EffectNoted)
		w.back(failure(all[1], fullBox), digest.EffectNoted)
		w.back(failure(all[2], fullBox), digest.EffectBounced)
	},
	"three soft refusals given to our own server count the same": func(w *world) {
		for i := range 3 {
			issue := w.daily(i)
			d := ended(w, w.begun(issue, "n", 1)[0], digest.Refused)
			d.Code, d.Enhanced, d.Reply = 452, "4.2.2", "mailbox full"
			w.must(w.Settle(w.ctx, "n", []digest.Delivery{d}, nil))
			want := digest.SuppressionKind("")
			if i == 2 {
				want = digest.Bounced
			}
			w.same(w.suppressed(d), want)
		}
	},
	"what was given up untried, for what its domain said to others, costs nobody the list": func(w *world) {
		for i := range digest.SoftLimit {
			issue := w.daily(i)
			d := w.claim(issue, "n", 1)[0]
			d.State, d.Code, d.Reply, d.FirstTried, d.Updated = digest.Refused, 421, "too many", w.clock.Now(), w.clock.Now()
			w.must(w.Settle(w.ctx, "n", []digest.Delivery{d}, nil))
			w.same(w.suppressed(d), digest.SuppressionKind(""))
		}
	},
	"a complaint counts at once and outweighs a bounce": func(w *world) {
		_, sent := w.mailed(1)
		w.back(failure(sent[0], noMailbox), digest.EffectBounced)
		w.back(digest.Returned{Kind: digest.ReturnComplained, DeliveryID: sent[0].ID}, digest.EffectComplained)
		w.back(digest.Returned{Kind: digest.ReturnComplained, DeliveryID: sent[0].ID}, digest.EffectNone)
		w.same(w.suppressed(sent[0]), digest.Complained)
	},
	"a mail that proves nothing costs nobody the list": func(w *world) {
		_, sent := w.mailed(1)
		forged := digest.Returned{Kind: digest.ReturnFailed, Address: "Reader0000@Example.org", Refusal: noMailbox}
		w.back(forged, digest.EffectNoted)
		w.same(w.suppressed(sent[0]), digest.SuppressionKind(""))
		forged.Kind = digest.ReturnComplained
		w.back(forged, digest.EffectUnproven)
		forged.Kind = digest.ReturnLeft
		w.back(forged, digest.EffectUnproven)
		w.back(digest.Returned{Kind: digest.ReturnFailed, Address: "stranger@example.org", Refusal: noMailbox}, digest.EffectUnproven)
		// The letter's own identifier is a proof, and so is a relay's signature.
		w.back(digest.Returned{Kind: digest.ReturnFailed, Address: sent[0].Address, MessageID: sent[0].MessageID, Refusal: noMailbox}, digest.EffectBounced)
		value[bool](w)(w.Lift(w.ctx, sent[0].Address))
		w.back(digest.Returned{Kind: digest.ReturnFailed, Address: sent[0].Address, Trusted: true, Refusal: noMailbox}, digest.EffectBounced)
	},
	"a mail that is read again is not about the next letter": func(w *world) {
		_, sent := w.mailed(1)
		forged := digest.Returned{Kind: digest.ReturnFailed, Address: sent[0].Address, Refusal: noMailbox, At: w.clock.advance(time.Hour)}
		w.back(forged, digest.EffectNoted)
		for range digest.SoftLimit {
			w.mailed(1)
			w.same(value[digest.Effect](w)(w.Returned(w.ctx, forged)).Changed(), false)
		}
		w.same(w.suppressed(sent[0]), digest.SuppressionKind(""))
	},
	"an address that letters are forwarded to costs its reader one letter": func(w *world) {
		_, sent := w.mailed(1)
		elsewhere := failure(sent[0], noMailbox)
		elsewhere.Address = "old@elsewhere.example"
		w.same(w.back(elsewhere, digest.EffectNoted).Address, sent[0].Address)
		w.same(w.suppressed(sent[0]), digest.SuppressionKind(""))
		itself := failure(sent[0], noMailbox)
		itself.Address = strings.ToUpper(sent[0].Address)
		w.back(itself, digest.EffectBounced)
	},
	"a Message-ID of ours says who complained when nothing else does": func(w *world) {
		_, sent := w.mailed(2)
		blackened := digest.Returned{Kind: digest.ReturnComplained, MessageID: strings.Replace(sent[0].MessageID, "m.", "n.", 1)}
		w.back(blackened, digest.EffectUnproven)
		blackened.MessageID = sent[0].MessageID
		w.back(blackened, digest.EffectComplained)
		w.same(w.suppressed(sent[0]), digest.Complained)
		w.same(w.suppressed(sent[1]), digest.SuppressionKind(""))
	},
	"vacation replies and delays change nothing": func(w *world) {
		_, sent := w.mailed(1)
		for _, kind := range []digest.ReturnKind{digest.ReturnAutomatic, digest.ReturnDelayed, digest.ReturnUnknown, digest.ReturnDelivered} {
			w.back(digest.Returned{Kind: kind, DeliveryID: sent[0].ID, Refusal: noMailbox}, digest.EffectNone)
		}
		w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, sent[0].ID)).State, digest.Delivered)
	},
	"who leaves by mail is off that list": func(w *world) {
		_, sent := w.mailed(1)
		left := digest.Returned{Kind: digest.ReturnLeft, SubscriptionID: sent[0].SubscriptionID}
		w.back(left, digest.EffectLeft)
		w.back(left, digest.EffectNone)
		w.same(value[digest.Subscription](w)(w.Subscription(w.ctx, sent[0].SubscriptionID)).State, digest.Unsubscribed)
	},
	"a suppression lifted forgets what was missed before": func(w *world) {
		var sent []digest.Delivery
		for range 3 {
			_, sent = w.mailed(1)
			value[digest.Effect](w)(w.Returned(w.ctx, failure(sent[0], fullBox)))
		}
		w.same(w.suppressed(sent[0]), digest.Bounced)
		w.same(value[bool](w)(w.Lift(w.ctx, sent[0].Address)), true)
		w.same(value[bool](w)(w.Lift(w.ctx, sent[0].Address)), false)
		_, sent = w.mailed(1)
		w.back(failure(sent[0], fullBox), digest.EffectNoted)
		_, err := w.Lift(w.ctx, "stranger@example.org")
		w.is(err, digest.ErrNotFound)
	},
	"a relay's message from before an address was let in again undoes nothing": func(w *world) {
		_, sent := w.mailed(1)
		said := digest.Returned{Kind: digest.ReturnComplained, DeliveryID: sent[0].ID, Trusted: true, At: w.clock.Now()}
		w.back(said, digest.EffectComplained)
		w.clock.advance(time.Hour)
		w.same(value[bool](w)(w.LiftFor(w.ctx, sent[0].SubscriberID, "wrote to us")), true)
		w.back(said, digest.EffectNone)
		gone := failure(sent[0], noMailbox)
		gone.Trusted, gone.At = true, said.At
		w.back(gone, digest.EffectNone)
		w.same(w.suppressed(sent[0]), digest.SuppressionKind(""))
		said.At = w.clock.advance(time.Hour) // again spam, in the reader's eyes
		w.back(said, digest.EffectComplained)
	},
	"a relay's word that somebody left is older than a new subscription": func(w *world) {
		_, sent := w.mailed(1)
		left := digest.Returned{Kind: digest.ReturnLeft, DeliveryID: sent[0].ID, Trusted: true, At: w.clock.advance(time.Minute)}
		w.back(left, digest.EffectLeft)
		sub := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", sent[0].Address))
		sub.State, sub.Confirmed = digest.Active, w.clock.advance(time.Hour)
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{sub}))
		w.back(left, digest.EffectNone)
		left.At = w.clock.advance(time.Hour)
		w.back(left, digest.EffectLeft)
	},
	"a wish to leave that is read again is older than a new subscription": func(w *world) {
		_, sent := w.mailed(1)
		left := digest.Returned{Kind: digest.ReturnLeft, SubscriptionID: sent[0].SubscriptionID, At: w.clock.advance(time.Hour)}
		w.back(left, digest.EffectLeft)
		sub := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", sent[0].Address))
		sub.State, sub.Confirmed = digest.Active, w.clock.advance(time.Hour)
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{sub}))
		w.back(left, digest.EffectNone)
		w.same(value[digest.Subscription](w)(w.Subscription(w.ctx, sub.ID)).State, digest.Active)
		left.At = sub.Confirmed.Add(-time.Minute) // by the mailbox's clock
		w.back(left, digest.EffectLeft)
	},
	"a list of suppressions is taken over": func(w *world) {
		w.publish("week")
		w.subscribe("week", 2)
		list := func(kind digest.SuppressionKind, names ...string) (all []digest.Subscriber) {
			for _, name := range names {
				all = append(all, digest.Subscriber{Address: name, Match: name, Suppression: digest.Suppression{Kind: kind, Text: "brought along"}})
			}
			return all
		}
		w.same(value[int](w)(w.SaveSuppressed(w.ctx, list(digest.Bounced, "reader0000@example.org", "new@example.org"))), 2)
		w.same(value[int](w)(w.SaveSuppressed(w.ctx, list(digest.Barred, "reader0000@example.org", "new@example.org"))), 0)
		w.same(value[int](w)(w.SaveSuppressed(w.ctx, list(digest.Complained, "new@example.org"))), 1)
		w.same(len(value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 10))), 2)
		if _, err := w.SaveSuppressed(w.ctx, append(list(digest.Barred, "reader0001@example.org"), list("", "x@example.org")...)); err == nil {
			w.Fatal("a suppression without a reason was taken")
		}
		w.same(value[digest.Subscriber](w)(w.Subscriber(w.ctx, "reader0001@example.org")).Suppression.Kind, digest.SuppressionKind(""))
	},
	"only what was refused is sent again, and only to who still gets letters": func(w *world) {
		issue, sent := w.mailed(4)
		w.back(failure(sent[0], blocked), digest.EffectNoted)
		w.back(failure(sent[1], noMailbox), digest.EffectBounced)
		w.same(value[int](w)(w.Again(w.ctx, issue.ID, digest.Unsure, w.clock.Now())), 0)
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, issue.ID)).State, digest.Sent)
		w.same(value[int](w)(w.CountAgain(w.ctx, issue.ID, digest.Refused)), 1)
		w.same(value[int](w)(w.Again(w.ctx, issue.ID, digest.Refused, w.clock.Now())), 1)
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, issue.ID)).State, digest.Sending)
		got := w.claim(issue, "n", 10)
		w.same(idsOf(got), []string{sent[0].ID})
		w.same(got[0].Attempts, 0)
		w.tally(issue, digest.Tally{Delivered: 2, Refused: 1, Claimed: 1})
	},
	"who joined since gets the issue, and nobody else does": func(w *world) {
		issue, _ := w.mailed(3)
		w.same(value[int](w)(w.EnqueueLate(w.ctx, issue.ID, w.clock.Now())), 0)
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, issue.ID)).State, digest.Sent)
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", "late@example.org")}))
		w.same(value[int](w)(w.CountLate(w.ctx, issue.ID)), 1)
		w.same(value[int](w)(w.EnqueueLate(w.ctx, issue.ID, w.clock.Now())), 1)
		got := w.claim(issue, "n", 10)
		w.same(len(got), 1)
		w.same(got[0].Address, "late@example.org")
		cancelled := w.approve(w.draft("week", "2027-02-01#1"))
		_, err := w.EnqueueLate(w.ctx, cancelled.ID, w.clock.Now())
		w.is(err, digest.ErrConflict)
	},
}
