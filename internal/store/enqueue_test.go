package store_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/store/storetest"
)

var enqueued = flag.Int("readers", 50000, "how many readers BenchmarkEnqueue queues")

// BenchmarkEnqueue compares the freezing of an issue's audience with the bare
// INSERT … SELECT of as many rows into the same table, right before it.
//
//	go test ./internal/store -bench Enqueue -run '^$' [-readers 1000000]
func BenchmarkEnqueue(b *testing.B) {
	s := openSQLite(b, options())
	ctx := b.Context()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	check(s.SaveNewsletter(ctx, digest.Newsletter{Slug: "week", Languages: []digest.Language{digest.French}}))
	for at := 0; at < *enqueued; {
		var readers []digest.Subscription
		for ; len(readers) < 5000 && at < *enqueued; at++ {
			address := fmt.Sprintf("reader%d@example.org", at)
			readers = append(readers, digest.Subscription{Newsletter: "week", State: digest.Active, Language: digest.French,
				Length: digest.Full, Subscriber: digest.Subscriber{Address: address, Match: address}})
		}
		check(s.SaveSubscriptions(ctx, readers))
	}
	approved := func() digest.Issue {
		issue, err := s.SaveIssue(ctx, digest.Issue{Newsletter: "week", Slot: storetest.NewID(), State: digest.InReview})
		check(err)
		issue, err = s.ApproveIssue(ctx, issue, func(digest.Issue) (all []digest.Edition, _ error) {
			for _, length := range []digest.Length{digest.Full, digest.Short} {
				all = append(all, digest.Edition{Letter: digest.Letter{Variant: digest.Variant{Language: digest.French, Length: length}}})
			}
			return all, nil
		})
		check(err)
		return issue
	}
	var bare, whole time.Duration
	for b.Loop() {
		issue, begun := approved(), time.Now()
		check(s.DB().Exec(`INSERT INTO deliveries (id, issue_id, subscription_id, subscriber_id, language, length, state, node, lease,
				not_before, attempts, first_tried, code, enhanced, reply, message_id, updated)
			SELECT ? || printf('%012d', s.rowid), ?, s.id, s.subscriber_id, 'fr', 'full', 'queued', '', 0, 0, 0, 0, 0, '', '', '', 0
			FROM subscriptions s WHERE s.newsletter = 'week'`, storetest.NewID()[:24], issue.ID).Error)
		bare += time.Since(begun)
		issue, begun = approved(), time.Now()
		n, err := s.Enqueue(ctx, issue.ID, time.Now())
		check(err)
		whole += time.Since(begun)
		if n != *enqueued {
			b.Fatalf("%d queued", n)
		}
	}
	b.ReportMetric(whole.Seconds()/bare.Seconds(), "of-bare")
	b.ReportMetric(whole.Seconds()/float64(b.N), "s/enqueue")
	b.ReportMetric(0, "ns/op")
}
