package store_test

import (
	"flag"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/store/storetest"
)

var enqueued = flag.Int("readers", 50000, "how many readers BenchmarkEnqueue queues")

// BenchmarkEnqueue compares the freezing of an issue's audience with the bare
// INSERT … SELECT of as many rows into the same table, right before and right
// after it. One issue is queued unmeasured at first: the indexes of an empty
// table grow at their end alone, as they never do again. Letters can go out
// when the first part is there. To compare: of-bare, 1.5 at most.
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
	check(s.DB().Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO subscribers (id, address, match, suppression, suppressed, suppression_text, created)
		SELECT printf('01936a2b-1234-7abc-8123-%012x', i), printf('reader%d@example.org', i), printf('reader%d@example.org', i), '', 0, '', 1 FROM n`,
		*enqueued).Error)
	check(s.DB().Exec(`INSERT INTO subscriptions (id, newsletter, subscriber_id, state, name, language, length, consent_at, consent_source,
			consent_text, consent_ip, asked, asked_times, confirmed, ended, created)
		SELECT '01936a2c' || substr(id, 9), 'week', id, 'active', 'Name', 'fr', 'full', 1, 'a form', 'the words of the form', '', 0, 0, 1, 0, 1
		FROM subscribers`).Error)
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
	insert := func() time.Duration {
		issue, begun := approved(), time.Now()
		check(s.DB().Exec(`INSERT INTO deliveries (id, issue_id, subscription_id, subscriber_id, language, length, state, node,
				not_before, attempts, first_tried, code, enhanced, reply, message_id, updated)
			SELECT ? || printf('%012d', s.rowid), ?, s.id, s.subscriber_id, 'fr', 'full', 'queued', '', 0, 0, 0, 0, '', '', '', 0
			FROM subscriptions s WHERE s.newsletter = 'week'`, storetest.NewID()[:24], issue.ID).Error)
		return time.Since(begun)
	}
	insert()
	var bare, whole, first time.Duration
	for b.Loop() {
		before := insert()
		issue, begun := approved(), time.Now()
		n, more, err := s.Fill(ctx, issue.ID, time.Now(), true)
		check(err)
		first = max(first, time.Since(begun))
		_, err = s.MoveIssue(ctx, issue.ID, digest.Sending, time.Now())
		check(err)
		for more {
			n, more, err = s.Fill(ctx, issue.ID, time.Now(), false)
			check(err)
		}
		whole += time.Since(begun)
		bare += (before + insert()) / 2
		if n != *enqueued {
			b.Fatalf("%d queued", n)
		}
	}
	b.ReportMetric(whole.Seconds()/bare.Seconds(), "of-bare")
	b.ReportMetric(first.Seconds(), "s/first-part")
	b.ReportMetric(whole.Seconds()/float64(b.N), "s/enqueue")
	b.ReportMetric(0, "ns/op")
}
