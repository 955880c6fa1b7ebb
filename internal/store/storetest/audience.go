package storetest

import (
	"fmt"
	"strings"
	"time"

	"hebdo/internal/digest"
)

func (w *world) suppress(who digest.Subscriber, why digest.Suppression) {
	w.Helper()
	who.Suppression = why
	w.same(value[int](w)(w.SaveSuppressed(w.ctx, []digest.Subscriber{who})), 1)
}

var audienceTests = map[string]func(*world){
	"a subscription comes back as it was kept": func(w *world) {
		w.publish("week")
		want := digest.Subscription{
			ID: NewID(), Newsletter: "week", State: digest.Pending, Name: "Anne Le Goff", Language: digest.English, Length: digest.Short, Without: "models law",
			Subscriber: digest.Subscriber{
				ID: NewID(), Address: "Anne@example.org", Match: "anne@example.org", Created: start,
				Suppression: digest.Suppression{Kind: digest.Bounced, Since: start, Text: "550 5.1.1 no such user"},
			},
			Consent: digest.Consent{At: start, Source: "/week", Text: "Je m'abonne", IP: "192.0.2.7"},
			Asked:   start, AskedTimes: 2, Confirmed: start.Add(time.Hour), Ended: start.Add(2 * time.Hour), Created: start,
		}
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{want}))
		w.same(value[digest.Subscription](w)(w.Subscription(w.ctx, want.ID)), want)
		w.same(value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "anne@example.org")), want)
		w.same(value[[]digest.Subscription](w)(w.Subscriptions(w.ctx, "week", "", 10)), []digest.Subscription{want})
		w.same(value[digest.Subscriber](w)(w.Subscriber(w.ctx, "anne@example.org")), want.Subscriber)
	},
	"who is not on the list is not found": func(w *world) {
		_, err := w.Subscription(w.ctx, "x")
		w.is(err, digest.ErrNotFound)
		_, err = w.SubscriptionOf(w.ctx, "week", "x")
		w.is(err, digest.ErrNotFound)
		_, err = w.Subscriber(w.ctx, "x")
		w.is(err, digest.ErrNotFound)
		w.is(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("none", "a@example.org")}), digest.ErrNotFound)
	},
	"an address known keeps its IDs, its first form and its suppression": func(w *world) {
		w.publish("week")
		w.publish("other")
		first := reader("week", "anne@example.org")
		first.Subscriber.Address = "Anne@example.org"
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{first}))
		kept := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "anne@example.org"))
		w.suppress(kept.Subscriber, digest.Suppression{Kind: digest.Complained, Since: start})

		w.clock.advance(time.Hour)
		again := reader("week", "anne@example.org")
		again.ID, again.Subscriber.ID, again.Name, again.State = NewID(), NewID(), "Anne", digest.Unsubscribed
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{again, reader("other", "anne@example.org")}))
		want := kept
		want.Name, want.State = "Anne", digest.Unsubscribed
		want.Subscriber.Suppression = digest.Suppression{Kind: digest.Complained, Since: start}
		w.same(value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "anne@example.org")), want)
		w.same(value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "other", "anne@example.org")).Subscriber, want.Subscriber)
	},
	"an import is kept whole or not at all": func(w *world) {
		w.publish("week")
		bad := reader("week", "b@example.org")
		bad.Subscriber.Match = ""
		if w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", "a@example.org"), bad}) == nil {
			w.Fatal("an address without its folded form was taken")
		}
		w.is(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", "a@example.org"), reader("none", "b@example.org")}), digest.ErrNotFound)
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{})
		_, err := w.Subscriber(w.ctx, "a@example.org")
		w.is(err, digest.ErrNotFound)
	},
	"of one address twice in an import the last line counts": func(w *world) {
		w.publish("week")
		a, b := reader("week", "a@example.org"), reader("week", "a@example.org")
		b.Name = "B"
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{a, b}))
		w.same(value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "a@example.org")).Name, "B")
	},
	"a long list is read page by page": func(w *world) {
		w.publish("week")
		w.subscribe("week", 1234)
		seen, after := map[string]bool{}, ""
		for {
			page := value[[]digest.Subscription](w)(w.Subscriptions(w.ctx, "week", after, 700))
			if len(page) == 0 {
				break
			}
			for _, b := range page {
				if b.ID <= after || !strings.HasPrefix(b.Subscriber.Address, "reader") {
					w.Fatalf("%s after %s: %+v", b.ID, after, b)
				}
				after, seen[b.Subscriber.Address] = b.ID, true
			}
		}
		w.same(len(seen), 1234)
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{digest.Active: 1234})
	},
	"imports of the same people at once do not hinder each other": func(w *world) {
		w.publish("week")
		errs := together(6, func(n int) error {
			var all []digest.Subscription
			for i := range 300 {
				all = append(all, reader("week", fmt.Sprintf("r%d@example.org", (i*7+n*50)%300)))
			}
			return w.SaveSubscriptions(w.ctx, all)
		})
		if count(errs, nil) != 6 {
			w.Fatalf("%v", errs)
		}
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{digest.Active: 300})
	},
	"suppressed addresses are listed and can be let in again": func(w *world) {
		w.publish("week")
		w.subscribe("week", 3)
		subs := value[[]digest.Subscription](w)(w.Subscriptions(w.ctx, "week", "", 3))
		w.suppress(subs[0].Subscriber, digest.Suppression{Kind: digest.Bounced, Text: "550"})
		w.suppress(subs[1].Subscriber, digest.Suppression{Kind: digest.Complained})
		got := value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 10))
		w.same(len(got), 2)
		w.same(len(value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, got[0].ID, 10))), 1)
		w.same(got[0].Suppression, digest.Suppression{Kind: digest.Bounced, Since: w.clock.Now(), Text: "550"})
		w.same(value[bool](w)(w.LiftFor(w.ctx, subs[0].Subscriber.ID, "")), true)
		w.same(value[digest.Subscriber](w)(w.Subscriber(w.ctx, subs[0].Subscriber.Match)).Suppression, digest.Suppression{Since: w.clock.Now()})
	},
	"who would get an issue is counted as it is sent": func(w *world) {
		w.publish("other")
		w.same(value[int](w)(w.CountReaders(w.ctx, "other")), 0)
		w.publish("week")
		w.subscribe("week", 4)
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("other", "reader0000@example.org"), reader("other", "anne@example.org")}))
		resting := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "reader0001@example.org"))
		resting.State = digest.Resting
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{resting}))
		who := value[digest.Subscriber](w)(w.Subscriber(w.ctx, "reader0000@example.org"))
		w.suppress(who, digest.Suppression{Kind: digest.Barred})
		w.same(value[int](w)(w.CountReaders(w.ctx, "week")), 2)
		w.same(value[int](w)(w.CountReaders(w.ctx, "other")), 1)
		issue := w.approve(w.draft("week", "2026-11-30#1"))
		w.same(value[int](w)(w.Enqueue(w.ctx, issue.ID, w.clock.Now())), 2)
	},
	"suppressed addresses are searched, and why one is let in is kept": func(w *world) {
		all := []digest.Subscriber{}
		for _, address := range []string{"a_b@example.org", "axb@example.org", "c%d@example.net"} {
			all = append(all, digest.Subscriber{Address: address, Match: address, Suppression: digest.Suppression{Kind: digest.Barred, Since: start}})
		}
		w.same(value[int](w)(w.SaveSuppressed(w.ctx, all)), 3)
		found := func(like, before string) (addresses []string) {
			for _, who := range value[[]digest.Subscriber](w)(w.SearchSuppressed(w.ctx, like, before, 9)) {
				addresses = append(addresses, who.Address)
			}
			return addresses
		}
		w.same(found("", ""), []string{"c%d@example.net", "axb@example.org", "a_b@example.org"})
		w.same(found("A_B", ""), []string{"a_b@example.org"})
		w.same(found("%", ""), []string{"c%d@example.net"})
		w.same(found(".org", ""), []string{"axb@example.org", "a_b@example.org"})
		who := value[digest.Subscriber](w)(w.Subscriber(w.ctx, "axb@example.org"))
		w.same(found("", who.ID), []string{"a_b@example.org"})
		w.clock.advance(time.Hour)
		w.same(value[bool](w)(w.LiftFor(w.ctx, who.ID, "asked by phone")), true)
		w.same(value[bool](w)(w.LiftFor(w.ctx, who.ID, "again")), false)
		w.same(value[digest.Subscriber](w)(w.Subscriber(w.ctx, "axb@example.org")).Suppression, digest.Suppression{Since: w.clock.Now(), Text: "asked by phone"})
		w.same(found("axb", ""), []string(nil))
		_, err := w.LiftFor(w.ctx, "x", "")
		w.is(err, digest.ErrNotFound)
	},
	"an erased address is nowhere, gets nothing, and may come back": func(w *world) {
		issue := w.sending(2)
		match := "reader0000@example.org"
		before := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", match))
		before.Name, before.Consent = "Zoé Secret", digest.Consent{At: start, Source: "zoe.csv", Text: "Zoé", IP: "192.0.2.7"}
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{before}))
		w.must(w.EraseSubscriber(w.ctx, match, w.clock.advance(time.Hour)))

		after := value[digest.Subscription](w)(w.Subscription(w.ctx, before.ID))
		want := before
		want.Name, want.Consent, want.State, want.Ended = "", digest.Consent{At: start}, digest.Unsubscribed, w.clock.Now()
		want.Subscriber.Address, want.Subscriber.Match = "", "erased:"+before.Subscriber.ID
		want.Subscriber.Suppression = digest.Suppression{Kind: digest.Erased, Since: w.clock.Now()}
		w.same(after, want)
		got := value[[]digest.Delivery](w)(w.Deliveries(w.ctx, issue.ID, []digest.DeliveryState{digest.Refused}, "", 9))
		if len(got) != 1 || got[0].Address != "" || got[0].Name != "" {
			w.Fatalf("its delivery is %+v", got)
		}
		_, err := w.SubscriptionOf(w.ctx, "week", match)
		w.is(err, digest.ErrNotFound)
		w.is(w.EraseSubscriber(w.ctx, match, start), digest.ErrNotFound)
		w.same(value[bool](w)(w.LiftFor(w.ctx, before.Subscriber.ID, "")), false)

		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", match)}))
		if anew := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", match)); anew.Subscriber.ID == before.Subscriber.ID || !anew.Receives() {
			w.Fatalf("signed up anew it is %+v", anew)
		}
	},
	"what was kept long enough is purged": func(w *world) {
		issue := w.sending(2)
		b := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "reader0000@example.org"))
		b.Consent = digest.Consent{At: start, IP: "192.0.2.7", Text: "Oui"}
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{b}))
		held := w.begun(issue, "node", 2)
		w.must(w.Settle(w.ctx, "node", []digest.Delivery{ended(w, held[0], digest.Refused), ended(w, held[1], digest.Delivered)}, []string{held[0].ID}))
		for _, slot := range []time.Time{start, start.Add(time.Hour)} {
			value[bool](w)(w.BeginSlot(w.ctx, "draft", slot, "node", start, time.Hour))
			w.must(w.EndSlot(w.ctx, "draft", slot, start, ""))
		}
		w.must(w.Sessions().CommitCtx(w.ctx, "token", nil, start.Add(time.Hour)))

		w.must(w.Purge(w.ctx, start.AddDate(0, 0, 89)))
		if d := value[digest.Delivery](w)(w.DeliveryByID(w.ctx, held[0].ID)); d.Reply == "" {
			w.Fatal("a reply went after 89 days")
		}
		w.must(w.Purge(w.ctx, start.AddDate(0, 0, 91)))
		if d := value[digest.Delivery](w)(w.DeliveryByID(w.ctx, held[0].ID)); d.Reply != "" || d.Code == 0 {
			w.Fatalf("after 91 days the reply is %q, the code %d", d.Reply, d.Code)
		}
		if got := value[[]digest.Subscriber](w)(w.Suppressed(w.ctx, "", 9)); len(got) != 1 || got[0].Suppression.Text != "" {
			w.Fatalf("the bounce is %+v", got)
		}
		w.must(w.Purge(w.ctx, start.AddDate(1, 0, 1)))
		if got := value[digest.Subscription](w)(w.Subscription(w.ctx, b.ID)).Consent; got.IP != "" || got.Text == "" {
			w.Fatalf("after a year the consent is %+v", got)
		}
		w.same(value[time.Time](w)(w.LastSlot(w.ctx, "draft")), start.Add(time.Hour)) // the last of a job stays
	},
}
