package store_test

import (
	"strings"
	"testing"

	"hebdo/internal/store"
)

// Every five minutes a server read the whole ledger, and all readers, to find
// nothing to forget, and nobody could write a letter down meanwhile.
func TestWhatIsToBeForgottenIsFoundByIndexesInSQLite(t *testing.T) {
	s := openSQLite(t, options())
	for statement, index := range store.Forgetting() {
		var plan []struct{ Detail string }
		if err := s.DB().Raw("EXPLAIN QUERY PLAN "+statement, 5).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		if len(plan) != 1 || !strings.Contains(plan[0].Detail, index) {
			t.Errorf("the plan is %v, want one step by %s: %s", plan, index, statement)
		}
	}
}

func TestWhatIsToBeForgottenIsFoundByIndexesInPostgres(t *testing.T) {
	s := openPostgres(t, options())
	tx := s.DB().Begin()
	defer tx.Rollback()
	if err := tx.Exec("SET LOCAL enable_seqscan = off").Error; err != nil { // an empty table is quicker read whole
		t.Fatal(err)
	}
	for statement, index := range store.Forgetting() {
		var lines []string
		if err := tx.Raw("EXPLAIN "+statement, 5).Scan(&lines).Error; err != nil {
			t.Fatal(err)
		}
		if plan := strings.Join(lines, "\n"); !strings.Contains(plan, index) {
			t.Errorf("the plan does not follow %s:\n%s", index, plan)
		}
	}
}
