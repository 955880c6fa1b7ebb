package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

func TestCopyKnowsEveryTable(t *testing.T) {
	var names []string
	for _, row := range store.Rows() {
		names = append(names, row.(interface{ TableName() string }).TableName())
	}
	moved := store.CopiedTables()
	slices.Sort(names)
	slices.Sort(moved)
	if diff := cmp.Diff(names, moved); diff != "" {
		t.Errorf("tables there are (-) and tables moved (+):\n%s", diff)
	}
}

// furnish keeps something in every kind of table.
func furnish(t *testing.T, s *store.Store) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, now := t.Context(), time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	must(s.SaveNewsletter(ctx, digest.Newsletter{
		Slug: "semaine", Name: "La Semaine", Languages: []digest.Language{"fr"}, Zone: "Europe/Paris",
		Sources: []digest.Source{{Kind: digest.SourceFeed, URL: "https://phare.example/feed"}},
	}))
	nl, err := s.Newsletter(ctx, "semaine")
	must(err)
	must(s.KeepFound(ctx, digest.SourceState{SourceID: nl.Sources[0].ID, ETag: `"1"`, Checked: now}, []digest.Article{{
		ID: storetest.NewID(), SourceID: nl.Sources[0].ID, Seen: "a", Title: "Un modèle « ouvert »", Found: now,
		State: digest.ArticleFound, Raw: digest.Raw{Type: "text/html", Body: []byte("<p>été</p>\x00")},
	}, {
		ID: storetest.NewID(), SourceID: nl.Sources[0].ID, Seen: "b", Title: "Sans contenu", Found: now, State: digest.ArticleFound,
	}}))
	var readers []digest.Subscription
	for n := range 700 { // more than a batch
		address := fmt.Sprintf("reader%d@example.org", n)
		readers = append(readers, digest.Subscription{
			ID: storetest.NewID(), Newsletter: "semaine", State: digest.Active, Language: "fr", Length: digest.Full, Created: now,
			Subscriber: digest.Subscriber{ID: storetest.NewID(), Address: address, Match: address, Created: now},
		})
	}
	must(s.SaveSubscriptions(ctx, readers))
	issue, err := s.SaveIssue(ctx, digest.Issue{ID: storetest.NewID(), Newsletter: "semaine", Slot: "2026-11-23#1", State: digest.InReview, Date: now})
	must(err)
	issue.State = digest.Approved
	_, err = s.ApproveIssue(ctx, issue, func(i digest.Issue) ([]digest.Edition, error) {
		return []digest.Edition{{IssueID: i.ID, Hash: "x", Letter: digest.Letter{Variant: digest.Variant{Language: "fr", Length: digest.Full}, Subject: "Été"}}}, nil
	})
	must(err)
	_, err = s.Enqueue(ctx, issue.ID, now)
	must(err)
	_, _, err = s.Secret(ctx, func() ([]byte, error) { return []byte("0123456789abcdef0123456789abcdef"), nil })
	must(err)
}

func TestMovingThereAndBackLosesNothing(t *testing.T) {
	first, middle, last := openSQLite(t, options()), openPostgres(t, options()), openSQLite(t, options())
	furnish(t, first)
	there, err := store.Copy(t.Context(), first, middle, nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := store.Copy(t.Context(), middle, last, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(there, back); diff != "" {
		t.Errorf("rows there (-) and back (+):\n%s", diff)
	}
	for _, table := range store.CopiedTables() {
		var a, b []map[string]any
		if err := errors.Join(first.DB().Table(table).Order("1").Find(&a).Error, last.DB().Table(table).Order("1").Find(&b).Error); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s, before (-) and after (+):\n%s", table, diff)
		}
	}
}

func TestMovingWritesNothingOver(t *testing.T) {
	first, taken := openSQLite(t, options()), openSQLite(t, options())
	furnish(t, first)
	if err := taken.SaveEditor(t.Context(), digest.Editor{ID: storetest.NewID(), Address: "a@example.org"}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Copy(t.Context(), first, taken, nil); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("got %v, want ErrNotEmpty", err)
	}
	if all, err := taken.Newsletters(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d newsletters came over all the same, %v", len(all), err)
	}
}
