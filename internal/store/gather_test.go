package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hebdo/internal/digest"
	"hebdo/internal/store"
)

// Visits that are kept in one transaction share nothing else: one of a source
// that does not exist fails alone.
func TestOneVisitsTroubleIsNotThatOfTheOthers(t *testing.T) {
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "h.db"), store.Options{
		Now: time.Now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var sources []digest.Source
	for i := range 100 {
		sources = append(sources, digest.Source{Kind: digest.SourceFeed, URL: fmt.Sprintf("https://phare.example/%d", i)})
	}
	if err := db.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "week", Name: "Week", Zone: "UTC", Languages: []digest.Language{"fr"}, Sources: sources}); err != nil {
		t.Fatal(err)
	}
	n, err := db.Newsletter(t.Context(), "week")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i, s := range n.Sources {
		wait.Go(func() {
			id := s.ID
			if i%10 == 3 {
				id = "nobody"
			}
			found := []digest.Article{{Seen: "a", URL: s.URL + "/a"}, {Seen: "b", URL: s.URL + "/b"}}
			err := db.KeepFound(t.Context(), digest.SourceState{SourceID: id, Title: s.URL, Checked: time.Now()}, found)
			if (id == "nobody") != errors.Is(err, digest.ErrNotFound) {
				t.Errorf("visit %d: %v", i, err)
			}
			if state, err := db.SourceState(t.Context(), s.ID); err != nil || state.SourceID != s.ID || (state.Title == s.URL) != (id == s.ID) {
				t.Errorf("state %d: %+v, %v", i, state, err)
			}
		})
	}
	wait.Wait()
	waiting, err := db.Waiting(t.Context(), "week", time.Now().Add(-time.Hour))
	if err != nil || len(waiting) != 180 {
		t.Errorf("%d articles kept, want 180; %v", len(waiting), err)
	}
}
