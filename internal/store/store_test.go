package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, o store.Options) *store.Store { return openSQLite(t, o) })
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
