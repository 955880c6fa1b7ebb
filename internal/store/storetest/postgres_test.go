package storetest_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"hebdo/internal/store/storetest"
)

func TestPostgresGivesFreshDatabasesOfTheServerNamed(t *testing.T) {
	server := storetest.Postgres(t, os.Getenv)
	named := func(key string) string { return map[string]string{"HEBDO_TEST_POSTGRES": server}[key] }
	var inside string
	t.Run("inside", func(t *testing.T) {
		inside = storetest.Postgres(t, named)
		if other := storetest.Postgres(t, named); other == inside || inside == server {
			t.Errorf("%s is given twice", inside)
		}
		conn, err := pgx.Connect(t.Context(), inside)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		if _, err := conn.Exec(t.Context(), "CREATE TABLE mine (id int)"); err != nil {
			t.Error(err)
		}
	})
	if conn, err := pgx.Connect(t.Context(), inside); err == nil {
		conn.Close(t.Context())
		t.Error("the database is still there after its test")
	}
}
