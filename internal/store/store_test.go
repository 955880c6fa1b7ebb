package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	migrated := migratedFile(t)
	storetest.Run(t, func(t *testing.T, o store.Options) *store.Store {
		file := filepath.Join(t.TempDir(), "hebdo.db")
		if err := os.WriteFile(file, migrated, 0o600); err != nil {
			t.Fatal(err)
		}
		return opened(t, "sqlite:"+file, o)
	})
}

// migratedFile is an empty database with the schema of today. Copies of it spare
// the migrations, which take longer than most tests.
func migratedFile(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "hebdo.db")
	s, err := store.Open(t.Context(), "sqlite:"+file, options())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Migrate(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestPostgres(t *testing.T) {
	url := storetest.Postgres(t, os.Getenv)
	storetest.Run(t, func(t *testing.T, o store.Options) *store.Store {
		s := opened(t, url, o)
		empty(t, url) // a fifth of the time that a fresh database takes
		return s
	})
}

// empty removes every row but those that say which migrations ran.
func empty(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	// The newest table first: none refers to a later one. TRUNCATE takes longer.
	_, err = conn.Exec(t.Context(), `DO $$ DECLARE t text; BEGIN
		FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
			AND relname <> 'goose_db_version' ORDER BY oid DESC
		LOOP EXECUTE format('DELETE FROM %I', t); END LOOP; END $$`)
	if err != nil {
		t.Fatal(err)
	}
}

func openSQLite(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	return opened(t, "sqlite:"+filepath.Join(t.TempDir(), "hebdo.db"), o)
}

func openPostgres(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	return opened(t, storetest.Postgres(t, os.Getenv), o)
}

// opened opens and migrates a database, and closes it at the end of the test.
func opened(t testing.TB, url string, o store.Options) *store.Store {
	t.Helper()
	if o.Now == nil {
		o = options()
	}
	s, err := store.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func options() store.Options {
	return store.Options{Now: time.Now, NewID: storetest.NewID}
}
