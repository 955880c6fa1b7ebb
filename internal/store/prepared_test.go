package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
)

// The driver is another's, and what is read from its connections is its own
// affair: a version that keeps it elsewhere has to be noticed.
func TestTheLedgersStatementsStayCompiled(t *testing.T) {
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "hebdo.db"), Options{Now: time.Now, NewID: func() string { return "x" }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	const query = `SELECT $2 || value, length($2), $1 FROM json_each($1)`
	for range 2 {
		err := s.ledger(t.Context(), func(_ *gorm.DB, q swift) error {
			if q.kept == nil {
				t.Fatal("the driver does not tell what SQLite knows its connection by")
			}
			var got []string
			err := q.query(func(row scanner) error {
				var text, list string
				var n int
				err := row.Scan(&text, &n, &list)
				if n != 2 || list != `["a","b"]` {
					t.Errorf("%d, %q", n, list)
				}
				got = append(got, text)
				return err
			}, query, `["a","b"]`, "é-")
			if strings.Join(got, " ") != "é-a é-b" {
				t.Errorf("%q", got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.kept.prepared.statements); n != 3 { // with BEGIN and COMMIT
		t.Errorf("%d statements are kept, not 3", n)
	}
	err = s.ledger(t.Context(), func(_ *gorm.DB, q swift) error {
		_, err := q.exec(`INSERT INTO slots (job) VALUES ($1)`, "half a row")
		return err
	})
	if err == nil || !coded(err, 19, "") { // SQLITE_CONSTRAINT
		t.Errorf("a row that breaks a rule: %v", err)
	}
	err = s.ledger(t.Context(), func(_ *gorm.DB, q swift) error {
		_, err := q.exec(`SELECT 1 FROM nowhere`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a statement that cannot be compiled: %v", err)
	}
}
