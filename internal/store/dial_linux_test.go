package store_test

import (
	"database/sql"
	"os"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sys/unix"

	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

// A server whose power failed left every loop of a node waiting for a quarter
// of an hour for what it had asked.
func TestAServerThatVanishedIsGivenUp(t *testing.T) {
	s := opened(t, storetest.Postgres(t, os.Getenv), store.Options{})
	pool, err := s.DB().DB()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	limit, err := userTimeout(conn)
	if err != nil || limit != 30_000 {
		t.Errorf("given up after %d ms: %v", limit, err)
	}
}

// userTimeout is for how many milliseconds what was sent may stay unconfirmed.
func userTimeout(conn *sql.Conn) (limit int, err error) {
	var fault error
	err = conn.Raw(func(driver any) error {
		raw, err := driver.(*stdlib.Conn).Conn().PgConn().Conn().(syscall.Conn).SyscallConn()
		if err != nil {
			return err
		}
		return raw.Control(func(fd uintptr) {
			limit, fault = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
		})
	})
	if err == nil {
		err = fault
	}
	return limit, err
}
