package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

// queued gives an issue that is sending to n readers.
func queued(t testing.TB, s *store.Store, n int) digest.Issue {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(s.SaveNewsletter(ctx, digest.Newsletter{Slug: "week", Languages: []digest.Language{digest.French}}))
	var readers []digest.Subscription
	for i := range n {
		address := fmt.Sprintf("reader%d@example.org", i)
		readers = append(readers, digest.Subscription{
			Newsletter: "week", State: digest.Active, Language: digest.French, Length: digest.Full,
			Subscriber: digest.Subscriber{Address: address, Match: address},
		})
	}
	check(s.SaveSubscriptions(ctx, readers))
	issue, err := s.SaveIssue(ctx, digest.Issue{Newsletter: "week", Slot: storetest.NewID(), State: digest.InReview})
	check(err)
	issue, err = s.ApproveIssue(ctx, issue, func(i digest.Issue) (all []digest.Edition, _ error) {
		for _, lang := range []digest.Language{digest.French, digest.English} {
			for _, length := range []digest.Length{digest.Full, digest.Short} {
				all = append(all, digest.Edition{Letter: digest.Letter{Variant: digest.Variant{Language: lang, Length: length}}})
			}
		}
		return all, nil
	})
	check(err)
	begun := time.Now()
	_, err = s.Enqueue(ctx, issue.ID, time.Now())
	check(err)
	if b, ok := t.(*testing.B); ok {
		b.ReportMetric(float64(n)/time.Since(begun).Seconds(), "queued/s")
	}
	issue, err = s.MoveIssue(ctx, issue.ID, digest.Sending, time.Now())
	check(err)
	return issue
}

// drain claims, begins and settles until nothing is left, and counts the deliveries.
func drain(t testing.TB, s *store.Store, issue digest.Issue, batch int) (n int) {
	t.Helper()
	for {
		c := digest.Claim{IssueID: issue.ID, Node: "node", Limit: batch, Now: time.Now(), Lease: time.Minute}
		held, err := s.Claim(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if len(held) == 0 {
			return n
		}
		if _, err := s.Begin(t.Context(), "node", held, time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		for i := range held {
			held[i].State, held[i].Code, held[i].Reply = digest.Delivered, 250, "2.0.0 Ok: queued as 4XyZ"
			held[i].MessageID, held[i].Attempts = held[i].ID+"@letter.example", 1
		}
		if err := s.Settle(t.Context(), "node", held, nil); err != nil {
			t.Fatal(err)
		}
		n += len(held)
	}
}

// BenchmarkOutbox claims, begins and settles a ledger in batches of so many, on
// both databases; compare deliveries/s before and after a change:
//
//	go test ./internal/store -run '^$' -bench Outbox
func BenchmarkOutbox(b *testing.B) {
	const readers = 20000
	for name, open := range map[string]func(testing.TB, store.Options) *store.Store{"SQLite": openSQLite, "PostgreSQL": openPostgres} {
		for _, batch := range []int{50, 500} {
			b.Run(fmt.Sprintf("%s/batch=%d", name, batch), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					s := open(b, options())
					issue := queued(b, s, readers)
					b.StartTimer()
					if n := drain(b, s, issue, batch); n != readers {
						b.Fatalf("%d delivered", n)
					}
				}
				b.ReportMetric(float64(readers*b.N)/b.Elapsed().Seconds(), "deliveries/s")
			})
		}
	}
}

// dueOf is what claims choose from, with how many arguments and by which index.
var dueOf = []struct {
	state digest.DeliveryState
	args  []any
	index string
}{
	{digest.Queued, []any{`["a", "b"]`, "x", 9}, "deliveries_queued"},
	{digest.Deferred, []any{`["a", "b"]`, "x", 9, 5}, "deliveries_deferred"},
}

// An index whose condition is not repeated word for word is not used, and
// every claim reads the whole ledger.
func TestAClaimUsesItsIndexesInSQLite(t *testing.T) {
	s := openSQLite(t, options())
	for _, due := range dueOf {
		var plan []struct{ Detail string }
		if err := s.DB().Raw("EXPLAIN QUERY PLAN "+s.Due(due.state), due.args...).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(plan)
		if len(plan) == 0 || !strings.Contains(plan[0].Detail, due.index) || strings.Count(text, "deliveries") != 2 || strings.Contains(text, "TEMP B-TREE") {
			t.Errorf("the plan is %v, want one search by %s", plan, due.index)
		}
	}
}

// A report of a million readers sorted all of them for each of its 2,000 pages.
func TestAPageOfDeliveriesSortsNothingInSQLite(t *testing.T) {
	s := openSQLite(t, options())
	for _, states := range [][]digest.DeliveryState{nil, {digest.Refused}} {
		query, args := store.Page("x", states, "y", 9)
		var plan []struct{ Detail string }
		if err := s.DB().Raw("EXPLAIN QUERY PLAN "+query, args...).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		if len(plan) != 3 || !strings.Contains(plan[0].Detail, "issue_id=? AND subscriber_id>?") {
			t.Errorf("the plan is %v, want a search for the issue's next, and for their two rows", plan)
		}
	}
}

// Of a bounce that names a subscription only, the ledger was read from its end
// until one of that subscription was found, with everybody else locked out.
func TestWhatCameBackIsLookedUpByItsReaderInSQLite(t *testing.T) {
	s := openSQLite(t, options())
	for _, more := range []string{`subscription_id = 'x')`, `updated > 1 AND first_tried < 2)`} {
		var plan []struct{ Detail string }
		if err := s.DB().Raw("EXPLAIN QUERY PLAN SELECT * FROM deliveries WHERE "+store.LatestDelivery+more, "x").Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan[len(plan)-1].Detail, "deliveries_subscriber") {
			t.Errorf("the plan is %v, want one that ends with deliveries_subscriber", plan)
		}
	}
}

// PostgreSQL has no statistics of a ledger just filled: it took 60,000 rows for
// one, and sorted them all for every claim.
func TestAClaimOfALedgerJustFilledDoesNotSortInPostgres(t *testing.T) {
	s := openPostgres(t, options())
	queued(t, s, 2000)
	tx := s.DB().Begin()
	defer tx.Rollback()
	if err := s.ByIndex(tx); err != nil {
		t.Fatal(err)
	}
	for _, due := range dueOf {
		var lines []string
		if err := tx.Raw("EXPLAIN "+s.Due(due.state), due.args...).Scan(&lines).Error; err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "\n")
		if !strings.Contains(plan, "Index Scan using "+due.index) || strings.Contains(plan, "Sort") {
			t.Errorf("the plan does not follow %s:\n%s", due.index, plan)
		}
	}
}
