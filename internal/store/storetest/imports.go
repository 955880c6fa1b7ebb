package storetest

import (
	"errors"
	"fmt"
	"time"

	"hebdo/internal/digest"
)

// incoming are n lines from the given one on, whose addresses end in the given way.
func incoming(first, n int, address string) []digest.Incoming {
	var all []digest.Incoming
	for i := range n {
		r := reader("", fmt.Sprintf(address, i))
		r.ID, r.Subscriber.ID, r.Length, r.Without = NewID(), NewID(), "", "law models"
		r.Consent = digest.Consent{At: start, Source: "list.csv", Text: "Oui", IP: "192.0.2.7"}
		all = append(all, digest.Incoming{Line: first + i, Reader: r, Outcome: digest.ImportActivated})
	}
	return all
}

// keepKnown leaves what is known as it is.
func keepKnown(_ digest.Incoming, known digest.Subscription) (digest.Subscription, digest.Outcome, bool) {
	if known.Subscriber.Suppression.Kind != "" {
		return known, digest.ImportSuppressed, false
	}
	return known, digest.ImportUnchanged, false
}

func (w *world) stage(key string, lines []digest.Incoming) digest.Import {
	w.Helper()
	i := value[digest.Import](w)(w.BeginImport(w.ctx, digest.Import{Key: key, Newsletter: "week"}))
	return value[digest.Import](w)(w.Stage(w.ctx, i, lines[len(lines)-1].Line, lines))
}

func (w *world) merged(i digest.Import, settle func(digest.Incoming, digest.Subscription) (digest.Subscription, digest.Outcome, bool)) digest.Import {
	w.Helper()
	for {
		before := i.Merged
		if i = value[digest.Import](w)(w.MergeImport(w.ctx, i, 70, settle)); i.Merged == before {
			return i
		}
	}
}

var importTests = map[string]func(*world){
	"what is staged is on no list until it is merged": func(w *world) {
		w.publish("week")
		i := w.stage("a", incoming(2, 250, "r%03d@example.org"))
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{})
		i = w.merged(i, nil)
		w.same(i.Counts, map[digest.Outcome]int{digest.ImportActivated: 250, digest.ImportDeclined: 0})
		w.same(i.Merged, 251)
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{digest.Active: 250})
		got := value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "r007@example.org"))
		want := incoming(0, 1, "r007@example.org")[0].Reader
		want.ID, want.Subscriber.ID, want.Newsletter, want.Length = got.ID, got.Subscriber.ID, "week", digest.Full
		want.Subscriber.Created, want.Created = w.clock.Now(), w.clock.Now()
		want.Subscriber.Address, want.Subscriber.Match = "r007@example.org", "r007@example.org"
		w.same(got, want)
	},
	"an import goes on where it was broken off": func(w *world) {
		w.publish("week")
		lines := incoming(2, 200, "r%03d@example.org")
		i := w.stage("a", lines[:100])
		again := value[digest.Import](w)(w.BeginImport(w.ctx, digest.Import{Key: "a", Newsletter: "week"}))
		w.same(again, i)
		w.same(again.Staged, 101)
		i = value[digest.Import](w)(w.Stage(w.ctx, again, 201, lines[100:]))
		_, err := w.Stage(w.ctx, again, 201, lines[100:]) // another process
		if err == nil {
			w.Fatal("the same lines were staged twice")
		}
		i = value[digest.Import](w)(w.MergeImport(w.ctx, i, 50, nil))
		again = value[digest.Import](w)(w.BeginImport(w.ctx, digest.Import{Key: "a", Newsletter: "week"}))
		w.same(again.Merged, 51)
		w.same(w.merged(again, nil).Counts[digest.ImportActivated], 200)
		w.must(w.EndImport(w.ctx, i.ID))
		w.must(w.EndImport(w.ctx, i.ID))
		fresh := value[digest.Import](w)(w.BeginImport(w.ctx, digest.Import{Key: "a", Newsletter: "week"}))
		w.same(fresh.Staged+fresh.Merged, 0)
	},
	"an address named twice in a file is kept once": func(w *world) {
		w.publish("week")
		lines := append(incoming(2, 3, "r%d@example.org"), incoming(5, 2, "r%d@example.org")...)
		lines[3].Reader.Name = "second"
		i := w.stage("a", lines)
		for range 2 { // as after a kill
			var told [][2]int
			w.must(w.Repeats(w.ctx, i, func(line, first int) { told = append(told, [2]int{line, first}) }))
			w.same(told, [][2]int{{5, 2}, {6, 3}})
		}
		i = w.merged(i, nil)
		w.same(i.Counts[digest.ImportActivated], 3)
		w.same(value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "r0@example.org")).Name, "")
		var told int
		w.must(w.Repeats(w.ctx, i, func(int, int) { told++ }))
		w.same(told, 2)
	},
	"of the lines of one address the one that keeps letters away is kept": func(w *world) {
		w.publish("week")
		lines := append(append(incoming(2, 5, "r%d@example.org"), incoming(7, 5, "r%d@example.org")...), incoming(12, 5, "r%d@example.org")...)
		state := func(line int, o digest.Outcome) {
			lines[line-2].Outcome = o
			if lines[line-2].Reader.State = digest.Pending; o == digest.ImportParted {
				lines[line-2].Reader.State, lines[line-2].Stated = digest.Unsubscribed, digest.Unsubscribed
			}
			if o == digest.ImportSuppressed {
				lines[line-2].Reader.Subscriber.Suppression.Kind = digest.Complained
			}
		}
		state(12, digest.ImportParted) // of r0, the last
		state(8, digest.ImportDeclined)
		state(9, digest.ImportDeclined)
		state(14, digest.ImportParted)
		state(5, digest.ImportParted)
		state(15, digest.ImportSuppressed)
		state(11, digest.ImportAsked)
		i := w.stage("a", lines)
		for range 2 { // as after a kill
			var told [][2]int
			w.must(w.Repeats(w.ctx, i, func(line, kept int) { told = append(told, [2]int{line, kept}) }))
			w.same(told, [][2]int{{2, 12}, {3, 8}, {4, 14}, {5, 15}, {7, 12}, {9, 14}, {10, 15}, {11, 6}, {13, 8}, {16, 6}})
		}
		i = w.merged(i, keepKnown)
		w.same(i.Counts, map[digest.Outcome]int{digest.ImportParted: 2, digest.ImportDeclined: 1, digest.ImportSuppressed: 1, digest.ImportActivated: 1})
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{digest.Active: 1, digest.Unsubscribed: 2})
	},
	"a suppression that a file names is kept, on no list": func(w *world) {
		w.publish("week")
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", "r0@example.org"), reader("week", "r1@example.org")}))
		value[int](w)(w.SaveSuppressed(w.ctx, []digest.Subscriber{
			{Address: "r1@example.org", Match: "r1@example.org", Suppression: digest.Suppression{Kind: digest.Complained, Text: "older"}},
			{Address: "r2@example.org", Match: "r2@example.org", Suppression: digest.Suppression{Kind: digest.Barred}}}))
		lines := incoming(2, 6, "r%d@example.org")
		for n, kind := range []digest.SuppressionKind{digest.Bounced, digest.Barred, digest.Complained, digest.Complained, digest.Bounced} {
			lines[n].Outcome, lines[n].Reader.State, lines[n].Reader.Subscriber.Suppression.Kind = digest.ImportSuppressed, digest.Pending, kind
		}
		settle := func(l digest.Incoming, k digest.Subscription) (digest.Subscription, digest.Outcome, bool) {
			w.same(l.Outcome, digest.ImportSuppressed)
			return k, l.Outcome, false
		}
		dry := value[digest.Import](w)(w.BeginImport(w.ctx, digest.Import{Key: "dry", Newsletter: "week", Dry: true}))
		dry = value[digest.Import](w)(w.Stage(w.ctx, dry, 7, lines))
		counts := map[digest.Outcome]int{digest.ImportSuppressed: 5, digest.ImportActivated: 1, digest.ImportDeclined: 0}
		w.same(w.merged(dry, settle).Counts, counts)
		_, err := w.Subscriber(w.ctx, "r3@example.org")
		w.is(err, digest.ErrNotFound)
		w.same(w.merged(w.stage("a", lines), settle).Counts, counts)
		for n, want := range []digest.SuppressionKind{digest.Bounced, digest.Complained, digest.Complained, digest.Complained, digest.Bounced, ""} {
			got := value[digest.Subscriber](w)(w.Subscriber(w.ctx, fmt.Sprintf("r%d@example.org", n)))
			w.same(got.Suppression.Kind, want)
			w.same(got.Suppression.Since.IsZero(), want == "")
		}
		for n := range 6 {
			_, err := w.SubscriptionOf(w.ctx, "week", fmt.Sprintf("r%d@example.org", n))
			w.same(err == nil, n < 2 || n == 5)
		}
	},
	"who is known is settled by what is kept at that moment": func(w *world) {
		w.publish("week")
		w.publish("other")
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", "r0@example.org"), reader("other", "r1@example.org"), reader("week", "r2@example.org")}))
		value[int](w)(w.SaveSuppressed(w.ctx, []digest.Subscriber{{Address: "r3@example.org", Match: "r3@example.org", Suppression: digest.Suppression{Kind: digest.Barred}}}))
		lines := incoming(2, 6, "r%d@example.org")
		lines[5].Outcome = digest.ImportDeclined
		i := w.stage("a", lines)
		var known []string
		i = w.merged(i, func(l digest.Incoming, k digest.Subscription) (digest.Subscription, digest.Outcome, bool) {
			known = append(known, fmt.Sprintf("%s %t", k.Subscriber.Address, k.ID != ""))
			if k.ID != "" && l.Line == 4 {
				k.State = digest.Unsubscribed
				return k, digest.ImportParted, true
			}
			if k.ID == "" && k.Subscriber.Suppression.Kind == "" {
				sub := l.Reader
				sub.Subscriber, sub.Length = k.Subscriber, digest.Short
				return sub, digest.ImportActivated, true
			}
			return keepKnown(l, k)
		})
		w.same(known, []string{"r0@example.org true", "r1@example.org false", "r2@example.org true", "r3@example.org false"})
		w.same(i.Counts, map[digest.Outcome]int{digest.ImportActivated: 2, digest.ImportUnchanged: 1, digest.ImportParted: 1, digest.ImportSuppressed: 1, digest.ImportDeclined: 1})
		w.same(value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "r1@example.org")).Length, digest.Short)
		w.same(value[digest.Subscription](w)(w.SubscriptionOf(w.ctx, "week", "r2@example.org")).State, digest.Unsubscribed)
		for _, none := range []string{"r3@example.org", "r5@example.org"} {
			_, err := w.SubscriptionOf(w.ctx, "week", none)
			w.is(err, digest.ErrNotFound)
		}
		known3, _ := w.SubscriptionOf(w.ctx, "week", "r3@example.org")
		w.same(known3.Subscriber.Suppression.Kind, digest.Barred)
	},
	"a dry import counts and keeps nothing": func(w *world) {
		w.publish("week")
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", "r0@example.org")}))
		i := value[digest.Import](w)(w.BeginImport(w.ctx, digest.Import{Key: "a", Newsletter: "week", Dry: true}))
		i = value[digest.Import](w)(w.Stage(w.ctx, i, 9, incoming(2, 8, "r%d@example.org")))
		w.same(w.merged(i, keepKnown).Counts, map[digest.Outcome]int{digest.ImportActivated: 7, digest.ImportUnchanged: 1, digest.ImportDeclined: 0})
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{digest.Active: 1})
	},
	"who is to be asked stays listed until the import ends": func(w *world) {
		w.publish("week")
		w.must(w.SaveSubscriptions(w.ctx, []digest.Subscription{reader("week", "r1@example.org")}))
		lines := incoming(2, 4, "r%d@example.org")
		for n := range lines[:3] {
			lines[n].Outcome, lines[n].Reader.State = digest.ImportAsked, digest.Pending
		}
		i := w.merged(w.stage("a", lines), keepKnown)
		got := value[[]digest.Incoming](w)(w.Unasked(w.ctx, i.ID, 0, 10))
		w.same(len(got), 2)
		w.same([]string{got[0].Reader.Subscriber.Match, got[1].Reader.Subscriber.Match}, []string{"r0@example.org", "r2@example.org"})
		w.same(len(value[[]digest.Incoming](w)(w.Unasked(w.ctx, i.ID, got[0].Line, 10))), 1)
		w.must(w.EndImport(w.ctx, i.ID))
		w.same(len(value[[]digest.Incoming](w)(w.Unasked(w.ctx, i.ID, 0, 10))), 0)
	},
	"an import that nobody goes on with is forgotten, an erased address at once": func(w *world) {
		w.publish("week")
		w.subscribe("week", 1)
		i := w.stage("a", incoming(2, 2, "reader000%d@example.org"))
		w.must(w.EraseSubscriber(w.ctx, "reader0000@example.org", w.clock.Now()))
		w.same(w.merged(i, keepKnown).Counts[digest.ImportActivated], 1)
		w.clock.advance(8 * 24 * time.Hour)
		value[digest.Import](w)(w.BeginImport(w.ctx, digest.Import{Key: "b", Newsletter: "week"}))
		_, err := w.MergeImport(w.ctx, i, 10, keepKnown)
		w.is(err, digest.ErrNotFound)
	},
	"imports of the same people at once neither wait for each other crosswise nor lose one": func(w *world) {
		w.publish("week")
		errs := together(4, func(n int) error {
			lines := incoming(2, 300, "r%03d@example.org")
			if n%2 == 0 { // the other way round
				for a, b := 0, len(lines)-1; a < b; a, b = a+1, b-1 {
					lines[a].Reader, lines[b].Reader = lines[b].Reader, lines[a].Reader
				}
			}
			i, err := w.BeginImport(w.ctx, digest.Import{Key: fmt.Sprint(n), Newsletter: "week"})
			if err == nil {
				i, err = w.Stage(w.ctx, i, 301, lines)
			}
			for err == nil {
				before := i.Merged
				if i, err = w.MergeImport(w.ctx, i, 40, keepKnown); err == nil && i.Merged == before {
					break
				}
			}
			return errors.Join(err, w.EndImport(w.ctx, i.ID))
		})
		if count(errs, nil) != 4 {
			w.Fatalf("%v", errs)
		}
		w.same(value[map[digest.SubscriptionState]int](w)(w.CountSubscriptions(w.ctx, "week")), map[digest.SubscriptionState]int{digest.Active: 300})
	},
}
