package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

// forBoth runs a test with the URL of an empty database of each kind.
func forBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "hebdo.db")) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, storetest.Postgres(t, os.Getenv)) })
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func versions(t *testing.T, s *store.Store) (have, want int64) {
	t.Helper()
	have, want, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return have, want
}

// newsletterOfVersionOne is in the words of the first schema: today's code
// cannot write to it.
const newsletterOfVersionOne = `INSERT INTO newsletters (slug, name, description, topic, publisher, postal_address,
	privacy_url, sender, reply_to, editor, languages, zone, draft_at, send_at, first_window, themes, budget_themes,
	budget_stories, budget_words, budget_quote, review_mode, review_after, min_stories)
	VALUES ('week', '', '', '', '', '', '', '', '', '', '[]', '', '', '', 0, '[]', 0, 0, 0, 0, '', 0, 0)`

func TestEveryVersionMigratesUp(t *testing.T) {
	forBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		have, want := versions(t, s)
		if have != 0 || want < 6 {
			t.Fatalf("an empty database is at %d of %d", have, want)
		}
		for v := int64(1); v <= want; v++ { // step by step, as years of upgrades would
			s.MigrateTo(t, v)
			if have, _ = versions(t, s); have != v {
				t.Fatalf("at %d, want %d", have, v)
			}
			if v == 1 { // what an old version kept is still there
				if err := s.DB().Exec(newsletterOfVersionOne).Error; err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 {
			if err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Newsletter(t.Context(), "week"); err != nil {
			t.Error(err)
		}
		checkDrift(t, s)
	})
}

func TestMigrateFromEveryVersion(t *testing.T) {
	_, want := versions(t, open(t, "sqlite:"+filepath.Join(t.TempDir(), "hebdo.db")))
	for v := range want {
		s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "hebdo.db"))
		if v > 0 {
			s.MigrateTo(t, v)
		}
		if err := s.Migrate(t.Context()); err != nil {
			t.Errorf("from %d: %v", v, err)
		}
		if have, _ := versions(t, s); have != want {
			t.Errorf("from %d to %d, want %d", v, have, want)
		}
	}
}

// Whoever was sending cannot tell any more what became of it.
func TestWhatWasHeldBeforeThereWereHandsIsQueuedOrUnsure(t *testing.T) {
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "hebdo.db"))
	s.MigrateTo(t, 18)
	run := func(text string, args ...any) {
		t.Helper()
		if err := s.DB().Exec(text, args...).Error; err != nil {
			t.Fatal(err)
		}
	}
	run(`PRAGMA foreign_keys = 0`)
	for state, lease := range map[string]int{"queued": 0, "claimed": 5, "sending": 5, "sent": 0} {
		run(`INSERT INTO deliveries (id, issue_id, subscription_id, subscriber_id, language, length, state, node, lease,
				not_before, attempts, first_tried, code, enhanced, reply, message_id, updated)
			VALUES (?, 'i', 's', ?, 'fr', 'full', ?, 'a', ?, 0, 0, 0, 450, '', 'later', '', 0)`, state, state, state, lease)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		ID, State, Reply string
		Code             int
	}
	if err := s.DB().Raw(`SELECT id, state, reply, code FROM deliveries ORDER BY id`).Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	got, want := fmt.Sprint(rows), "[{claimed queued later 450} {queued queued later 450} {sending unsure  0} {sent sent later 450}]"
	if got != want {
		t.Errorf("the ledger is %s, want %s", got, want)
	}
}

func TestManyNodesMigrateAtOnce(t *testing.T) {
	forBoth(t, func(t *testing.T, url string) {
		done := make(chan error)
		for range 4 {
			s := open(t, url)
			go func() { done <- s.Migrate(t.Context()) }()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if have, want := versions(t, open(t, url)); have != want {
			t.Errorf("at %d, want %d", have, want)
		}
	})
}

func TestANewerSchemaIsRefused(t *testing.T) {
	forBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, want := versions(t, s)
		err := s.DB().Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", want+3, true).Error
		if err != nil {
			t.Fatal(err)
		}
		_, err = store.Open(t.Context(), url, options())
		if !errors.Is(err, store.ErrNewerSchema) {
			t.Fatalf("error is %v", err)
		}
		for _, words := range []string{strconv.FormatInt(want+3, 10), strconv.FormatInt(want, 10), "backup", "hebdo"} {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%q is not in %v", words, err)
			}
		}
	})
}

// The two folders of migrations are one schema in two dialects.
func TestBothDatabasesHaveTheSameMigrations(t *testing.T) {
	names := func(dialect string) (all []string) {
		files, err := filepath.Glob(filepath.Join("migrations", dialect, "*.sql"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no migrations of %s (%v)", dialect, err)
		}
		for _, file := range files {
			all = append(all, filepath.Base(file))
		}
		return all
	}
	if a, b := strings.Join(names("sqlite"), " "), strings.Join(names("postgres"), " "); a != b {
		t.Errorf("SQLite has %s, PostgreSQL %s", a, b)
	}
}
