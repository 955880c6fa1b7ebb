// Package storetest is what tests of a Store need: one conformance suite that
// every database has to pass, and a PostgreSQL server of one's own.
package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres gives the URL of a fresh, empty PostgreSQL database, dropped at the
// end of the test. getenv is os.Getenv. The server is that of
// HEBDO_TEST_POSTGRES (a postgres:// URL whose user may create databases), else
// a throw-away cluster that the first call of a process starts and that ends
// with the process. Where no PostgreSQL is installed the test is skipped; it
// fails if CI is set.
func Postgres(t testing.TB, getenv func(string) string) string {
	t.Helper()
	server := getenv("HEBDO_TEST_POSTGRES")
	if server == "" {
		var missing string
		var err error
		if server, missing, err = throwAway.url(); err != nil {
			t.Fatalf("start a throw-away PostgreSQL: %v", err)
		}
		if missing != "" && getenv("CI") != "" {
			t.Fatalf("no PostgreSQL: %s", missing)
		}
		if missing != "" {
			t.Skipf("no PostgreSQL: %s", missing)
		}
	}
	return database(t, server)
}

// database creates one beside the server's own.
func database(t testing.TB, server string) string {
	t.Helper()
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal("HEBDO_TEST_POSTGRES is not a postgres:// URL")
	}
	name := "hebdo_test_" + strings.ToLower(rand.Text()[:12])
	if err := run(server, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := run(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	at.Path = "/" + name
	return at.String()
}

func run(server, statement string) error {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// throwAway is the one cluster of this process.
var throwAway cluster

type cluster struct {
	once    sync.Once
	server  string
	missing string
	err     error
	alive   io.WriteCloser // the cluster ends when this pipe is closed: at the latest with the process
}

func (c *cluster) url() (server, missing string, err error) {
	c.once.Do(func() {
		var initdb string
		if initdb, c.missing = findInitdb(); c.missing == "" {
			c.err = c.start(filepath.Dir(initdb))
		}
	})
	return c.server, c.missing, c.err
}

// findInitdb looks where Debian, Red Hat and Homebrew put it, newest first,
// then on the PATH. Debian keeps it off the PATH.
func findInitdb() (file, missing string) {
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/opt/homebrew/opt/postgresql@*/bin/initdb"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), ""
		}
	}
	if file, err := exec.LookPath("initdb"); err == nil {
		return file, ""
	}
	return "", "initdb is neither below /usr/lib/postgresql nor on the PATH; install postgresql (Debian: apt-get install postgresql), or name a server in HEBDO_TEST_POSTGRES"
}

// version is the number in a path such as /usr/lib/postgresql/15/bin/initdb.
func version(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(digits[0])
	return n
}

// script runs a cluster until its standard input ends. Being a process of its
// own, it also cleans up after a test that panicked or was killed.
const script = `
trap '' INT
fail() { cat "$dir/log" >&2; rm -rf "$dir"; exit 1; }
"$bin/initdb" -D "$dir/data" -A trust -U postgres -E UTF8 --no-locale --no-sync >"$dir/log" 2>&1 || fail
"$bin/postgres" -D "$dir/data" -k "$dir" -p "$port" -c listen_addresses=127.0.0.1 \
	-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 >>"$dir/log" 2>&1 &
server=$!
cat >/dev/null # until the tests end
kill -INT $server # fast shutdown
wait $server
rm -rf "$dir"
`

func (c *cluster) start(bin string) error {
	dir, err := os.MkdirTemp("", "hebdo-postgres-")
	if err != nil {
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	shell := []string{"sh", "-c", script}
	if os.Geteuid() == 0 { // initdb and postgres refuse to run as root
		if err := exec.Command("chown", "postgres", dir).Run(); err != nil {
			return fmt.Errorf("as root, PostgreSQL needs a user named postgres: %w", err)
		}
		shell = append([]string{"runuser", "-u", "postgres", "--"}, shell...)
	}
	cmd := exec.Command(shell[0], shell[1:]...)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "bin="+bin, "dir="+dir, "port="+strconv.Itoa(port))
	var said bytes.Buffer
	cmd.Stderr = &said
	if c.alive, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s on %s: %w", strings.Join(shell[:1], " "), runtime.GOOS, err)
	}
	c.server = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	ended := make(chan error, 1)
	go func() { // lives as long as the cluster: as the process
		err := cmd.Wait()
		ended <- fmt.Errorf("it ended at once: %w\n%s", err, said.String())
	}()
	return c.await(ended)
}

// await waits until the server takes connections, for at most 30 seconds.
func (c *cluster) await(ended <-chan error) error {
	var last error
	for range 300 {
		if last = run(c.server, "SELECT 1"); last == nil {
			return nil
		}
		select {
		case err := <-ended:
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
	c.alive.Close()
	return fmt.Errorf("it does not answer: %w", last)
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
