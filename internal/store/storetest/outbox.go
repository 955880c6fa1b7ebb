package storetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"hebdo/internal/digest"
)

var uuidv7 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func claimOf(w *world, issue digest.Issue, node string, limit int) digest.Claim {
	return digest.Claim{IssueID: issue.ID, Node: node, Limit: limit, Now: w.clock.Now(), Lease: time.Minute}
}

func (w *world) claim(issue digest.Issue, node string, limit int) []digest.Delivery {
	w.Helper()
	return value[[]digest.Delivery](w)(w.Claim(w.ctx, claimOf(w, issue, node, limit)))
}

// begun claims deliveries and begins to send them.
func (w *world) begun(issue digest.Issue, node string, limit int) []digest.Delivery {
	w.Helper()
	held := w.claim(issue, node, limit)
	got := value[[]string](w)(w.Begin(w.ctx, node, held, w.clock.Now().Add(time.Minute)))
	if len(got) != len(held) {
		w.Fatalf("%d of %d begun", len(got), len(held))
	}
	return held
}

// ended is how a server's answer is written.
func ended(w *world, d digest.Delivery, state digest.DeliveryState) digest.Delivery {
	d.State, d.Attempts, d.FirstTried, d.Updated = state, d.Attempts+1, w.clock.Now(), w.clock.Now()
	d.MessageID = "m." + d.ID + "@letter.example"
	switch state {
	case digest.Delivered:
		d.Code, d.Reply = 250, "2.0.0 queued as é"
	case digest.Deferred:
		d.Code, d.Enhanced, d.Reply, d.NotBefore = 451, "4.7.1", "greylisted", w.clock.Now().Add(15*time.Minute)
	case digest.Refused:
		d.Code, d.Enhanced, d.Reply = 550, "5.1.1", "no such user "+d.Address
	}
	return d
}

func idsOf(all []digest.Delivery) (ids []string) {
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	return ids
}

func (w *world) tally(issue digest.Issue, want digest.Tally) {
	w.Helper()
	w.same(value[digest.Tally](w)(w.Tally(w.ctx, issue.ID)), want)
}

var outboxTests = map[string]func(*world){
	"everyone who receives the letter is queued once": func(w *world) {
		w.publish("other")
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("other", "elsewhere@example.org")}))
		issue := w.sending(3)
		var late []digest.Subscription
		for i, state := range []digest.SubscriptionState{digest.Pending, digest.Resting, digest.Unsubscribed, digest.Active} {
			b := reader("week", fmt.Sprintf("late%d@example.org", i))
			b.State = state
			late = append(late, b)
		}
		gone := reader("week", "gone@example.org")
		gone.Subscriber.Suppression = digest.Suppression{Kind: digest.Bounced, Since: start}
		w.must(w.SaveSubscriptions(w.ctx, append(late, gone)))
		before := value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, nil, "", 9))
		w.clock.advance(time.Second) // IDs are in order of time, and at one moment in none
		for range 2 {
			w.same(value[int](w)(w.Enqueue(w.ctx, issue.ID, w.clock.Now())), 4)
		}
		after := value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, nil, "", 9))
		w.same(after[:3], before)
		for _, d := range after {
			if !uuidv7.MatchString(d.ID) {
				w.Errorf("%s is no UUIDv7", d.ID)
			}
		}
		want := digest.Delivery{
			ID: after[3].ID, IssueID: issue.ID, SubscriptionID: after[3].SubscriptionID, SubscriberID: after[3].SubscriberID,
			Address: "late3@example.org", Variant: digest.Variant{Language: digest.French, Length: digest.Full},
			State: digest.Queued, Updated: w.clock.Now(),
		}
		w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, after[3].ID)), want)
	},
	"everyone gets the edition nearest to their wish": func(w *world) {
		w.publish("week") // French first
		wish := map[string]string{}
		var all []digest.Subscription
		for _, lang := range []digest.Language{digest.French, digest.English, "de", ""} {
			for _, length := range []digest.Length{digest.Full, digest.Short, ""} {
				b := reader("week", fmt.Sprintf("%s.%s@example.org", lang, length))
				b.Language, b.Length = lang, length
				all = append(all, b)
			}
		}
		w.must(w.SaveSubscriptions(w.ctx, all))
		for i, editions := range []string{"fr/full fr/short en/full", "en/short", "fr/short en/full en/short"} {
			var variants []digest.Variant
			for name := range strings.FieldsSeq(editions) {
				lang, length, _ := strings.Cut(name, "/")
				variants = append(variants, digest.Variant{Language: digest.Language(lang), Length: digest.Length(length)})
			}
			issue := w.approve(w.draft("week", fmt.Sprint(i)), variants...)
			value[int](w)(w.Enqueue(w.ctx, issue.ID, start))
			for _, d := range value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, nil, "", 99)) {
				name, _, _ := strings.Cut(d.Address, "@")
				wish[name] = strings.TrimSpace(wish[name] + " " + d.Variant.String())
			}
		}
		w.same(wish, map[string]string{
			"fr.full": "fr/full en/short fr/short", "fr.short": "fr/short en/short fr/short", "fr.": "fr/full en/short fr/short",
			"en.full": "en/full en/short en/full", "en.short": "en/full en/short en/short", "en.": "en/full en/short en/full",
			"de.full": "fr/full en/short fr/short", "de.short": "fr/short en/short fr/short", "de.": "fr/full en/short fr/short",
			".full": "fr/full en/short fr/short", ".short": "fr/short en/short fr/short", ".": "fr/full en/short fr/short",
		})
	},
	"nobody is queued for an issue that is not approved": func(w *world) {
		w.publish("week")
		w.subscribe("week", 1)
		issue := w.draft("week", "slot")
		_, err := w.Enqueue(w.ctx, issue.ID, start)
		w.is(err, digest.ErrNotApproved)
		w.approve(issue)
		for _, to := range []digest.State{digest.Sending, digest.Sent} {
			value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, to, start))
		}
		_, err = w.Enqueue(w.ctx, issue.ID, start)
		w.is(err, digest.ErrConflict)
		_, err = w.Enqueue(w.ctx, "x", start)
		w.is(err, digest.ErrNotFound)
	},
	"an issue that is not sending gives nothing": func(w *world) {
		issue := w.sending(3)
		held := w.claim(issue, "a", 1)
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Paused, start))
		if got := w.claim(issue, "a", 9); len(got) != 0 {
			w.Fatalf("%d given while paused", len(got))
		}
		if got := value[[]string](w)(w.Begin(w.ctx, "a", held, start)); len(got) != 0 {
			w.Fatal("what was claimed before the pause was begun in it")
		}
		if _, ok, err := w.NextDue(w.ctx, issue.ID); ok || err != nil {
			w.Fatalf("a paused issue has something due (%v)", err)
		}
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, start))
		if got := w.claim(issue, "a", 9); len(got) != 2 {
			w.Fatalf("%d given after the pause", len(got))
		}
	},
	"what went out on a day is counted over all issues": func(w *world) {
		issue := w.sending(4)
		held := w.claim(issue, "a", 3)
		value[[]string](w)(w.Begin(w.ctx, "a", held, start.Add(time.Minute)))
		for i, state := range []digest.DeliveryState{digest.Delivered, digest.Refused} {
			held[i].State, held[i].Updated = state, start.Add(time.Hour)
		}
		w.must(w.Settle(w.ctx, "a", held[:2], nil))
		for since, want := range map[time.Duration]int{0: 2, 30 * time.Minute: 2, 2 * time.Hour: 1} {
			if got := value[int](w)(w.SentSince(w.ctx, start.Add(since))); got != want {
				w.Errorf("%d since %s, want %d: one accepted, one under way", got, since, want)
			}
		}
	},
	"a claim is answered with all that sending needs": func(w *world) {
		issue := w.sending(1)
		b := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "reader0000@example.org"))
		b.Name, b.Without = "Zoé", "models"
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{b}))
		got := w.claim(issue, "node-1", 5)
		want := digest.Delivery{
			ID: got[0].ID, IssueID: issue.ID, SubscriptionID: b.ID, SubscriberID: b.Subscriber.ID, Address: b.Subscriber.Address,
			Name: "Zoé", Variant: digest.Variant{Language: digest.French, Length: digest.Full}, Without: "models", State: digest.Claimed,
			Node: "node-1", Lease: w.clock.Now().Add(time.Minute), Updated: w.clock.Now(), Place: got[0].Place,
		}
		w.same(got, []digest.Delivery{want})
		if _, err := w.Claim(w.ctx, digest.Claim{IssueID: issue.ID, Now: start}); err == nil {
			w.Fatal("a claim without node, limit and lease was taken")
		}
	},
	"a turn settles one group and begins the next, or does neither": func(w *world) {
		issue := w.sending(6)
		first := w.begun(issue, "a", 2)
		next := w.claim(issue, "a", 2)
		lost := w.claim(issue, "b", 1)
		until := w.clock.Now().Add(time.Minute)
		if _, err := w.Turn(w.ctx, "a", []digest.Delivery{ended(w, first[0], digest.Delivered), {ID: first[1].ID, State: digest.Begun}},
			nil, next, until); err == nil {
			w.Fatalf("a delivery was settled as being sent")
		}
		w.tally(issue, digest.Tally{Begun: 2, Claimed: 3, Queued: 1})
		done := []digest.Delivery{ended(w, first[0], digest.Delivered), ended(w, first[1], digest.Refused)}
		got := value[[]string](w)(w.Turn(w.ctx, "a", done, []string{first[1].ID}, append(next, lost[0]), until))
		slices.Sort(got)
		w.same(got, idsOf(next))
		w.tally(issue, digest.Tally{Begun: 2, Claimed: 1, Queued: 1, Delivered: 1, Refused: 1})
		if gone := value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 9)); len(gone) != 1 {
			w.Fatalf("suppressed are %+v", gone)
		}
	},
	"how sending ended is written in full": func(w *world) {
		issue := w.sending(5)
		held := w.begun(issue, "a", 5)
		done := []digest.Delivery{
			ended(w, held[0], digest.Delivered), ended(w, held[1], digest.Deferred), ended(w, held[2], digest.Refused),
			ended(w, held[3], digest.Unsure), ended(w, held[4], digest.Queued),
		}
		w.must(w.Settle(w.ctx, "a", done, []string{held[2].ID}))
		for i := range done {
			done[i].Lease, done[i].Place = time.Time{}, 0 // not kept
			w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, done[i].ID)), done[i])
		}
		w.tally(issue, digest.Tally{Delivered: 1, Deferred: 1, Refused: 1, Unsure: 1, Queued: 1})
		gone := value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 9))
		if len(gone) != 1 || gone[0].ID != held[2].SubscriberID {
			w.Fatalf("suppressed are %+v", gone)
		}
		w.same(gone[0].Suppression, digest.Suppression{Kind: digest.Bounced, Since: w.clock.Now(), Text: done[2].Reply})
		if w.Settle(w.ctx, "a", []digest.Delivery{{ID: held[0].ID, State: digest.Begun}}, nil) == nil {
			w.Fatal("a sending ended by beginning")
		}
		_, err := w.DeliveryByID(w.ctx, "x")
		w.is(err, digest.ErrNotFound)
	},
	"what lies between those settled is left alone": func(w *world) {
		issue := w.sending(12)
		held := w.begun(issue, "a", 9)
		w.claim(issue, "b", 2)
		done := []digest.Delivery{held[7], held[1], held[0], held[4], held[5]}
		for i := range done {
			done[i] = ended(w, done[i], digest.Delivered)
		}
		w.must(w.Settle(w.ctx, "a", done, nil))
		w.tally(issue, digest.Tally{Begun: 4, Claimed: 2, Queued: 1, Delivered: 5})
		under := value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, []digest.DeliveryState{digest.Begun}, "", 9))
		w.same(idsOf(under), idsOf([]digest.Delivery{held[2], held[3], held[6], held[8]}))
	},
	"what is put off and what is not are told apart when both are in hand": func(w *world) {
		issue := w.sending(4)
		first := w.claim(issue, "a", 3)
		off := first[1]
		off.State, off.NotBefore = digest.Deferred, w.clock.Now().Add(time.Second)
		w.must(w.Settle(w.ctx, "a", []digest.Delivery{off, ended(w, first[0], digest.Queued), ended(w, first[2], digest.Queued)}, nil))
		w.clock.advance(time.Minute)
		held := w.begun(issue, "a", 4) // the deferred one, and those around it
		w.same(held[0].ID, off.ID)
		done := []digest.Delivery{ended(w, held[1], digest.Delivered), ended(w, held[2], digest.Delivered)}
		w.must(w.Settle(w.ctx, "a", done, nil))
		w.tally(issue, digest.Tally{Begun: 2, Delivered: 2})
		w.same(value[digest.Delivery](w)(w.DeliveryByID(w.ctx, off.ID)).State, digest.Begun)
	},
	"a claim counts even when a neighbour was lost": func(w *world) {
		issue := w.sending(6)
		held := w.begun(issue, "a", 3)
		w.clock.advance(2 * time.Minute)
		w.claim(issue, "b", 1) // those of a are unsure now
		later := w.begun(issue, "a", 2)
		done := []digest.Delivery{ended(w, held[2], digest.Delivered), ended(w, later[0], digest.Delivered), ended(w, later[1], digest.Delivered)}
		w.must(w.Settle(w.ctx, "a", done, nil))
		w.tally(issue, digest.Tally{Unsure: 3, Claimed: 1, Delivered: 2})
	},
	"what was deferred is handed out when it is due": func(w *world) {
		issue := w.sending(2)
		due := func() string {
			at, ok, err := w.NextDue(w.ctx, issue.ID)
			w.must(err)
			return fmt.Sprintf("%t %s", ok, at.Sub(w.clock.Now()).Round(time.Second))
		}
		w.same(due(), "true 0s")
		held := w.begun(issue, "a", 2)
		w.same(due(), "true 1m0s") // the lease
		w.must(w.Settle(w.ctx, "a", []digest.Delivery{ended(w, held[0], digest.Deferred), ended(w, held[1], digest.Delivered)}, nil))
		w.same(due(), "true 15m0s")
		w.clock.advance(14 * time.Minute)
		w.same(len(w.claim(issue, "b", 9)), 0)
		w.clock.advance(time.Minute)
		again := w.begun(issue, "b", 9)
		w.same(idsOf(again), idsOf(held[:1]))
		w.same(again[0].Attempts, 1)
		w.must(w.Settle(w.ctx, "b", []digest.Delivery{ended(w, again[0], digest.Delivered)}, nil))
		_, ok, err := w.NextDue(w.ctx, issue.ID)
		if ok || err != nil {
			w.Fatalf("something is due when all is sent (%v)", err)
		}
	},
	"who left after the issue was queued gets nothing": func(w *world) {
		issue := w.sending(6)
		subs := value[[]digest.Subscription](w)(w.Subscriptions(w.ctx, "week", "", 9))
		subs[0].State, subs[1].State = digest.Unsubscribed, digest.Resting
		w.must(w.SaveSubscriptions(w.ctx, subs[:2]))
		w.suppress(subs[2].Subscriber, digest.Suppression{Kind: digest.Complained})
		var given []digest.Delivery
		for range 3 { // each of a claim's rows may be one that left: others come in their place
			given = append(given, w.claim(issue, "a", 1)...)
		}
		w.same(len(given), 3)
		w.same(len(w.claim(issue, "a", 9)), 0)
		replies := map[string]int{}
		for _, d := range value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, []digest.DeliveryState{digest.Refused}, "", 9)) {
			replies[d.Reply]++
		}
		w.same(replies, map[string]int{"unsubscribed": 1, "paused": 1, "complained": 1})
	},
	"a reply that comes after the erasure is not kept": func(w *world) {
		issue := w.sending(1)
		held := w.begun(issue, "a", 1)
		w.must(w.EraseSubscriber(w.ctx, held[0].Address, start))
		w.must(w.Settle(w.ctx, "a", []digest.Delivery{ended(w, held[0], digest.Refused)}, idsOf(held)))
		got := value[digest.Delivery](w)(w.DeliveryByID(w.ctx, held[0].ID))
		if got.State != digest.Refused || got.Reply != "" || got.Address != "" {
			w.Fatalf("%+v", got)
		}
		if gone := value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 9)); gone[0].Suppression.Kind != digest.Erased {
			w.Fatalf("%+v", gone)
		}
	},
	"deliveries are listed page by page, by state": func(w *world) {
		issue := w.sending(7)
		held := w.begun(issue, "a", 3)
		var seen []string
		for after := ""; ; {
			page := value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, []digest.DeliveryState{digest.Queued, digest.Begun}, after, 3))
			if len(page) == 0 {
				break
			}
			seen = append(seen, idsOf(page)...)
			after = page[len(page)-1].SubscriberID
		}
		w.same(len(slices.Compact(slices.Sorted(slices.Values(seen)))), 7)
		w.same(idsOf(value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, []digest.DeliveryState{digest.Begun}, "", 9))), idsOf(held))
	},
}
