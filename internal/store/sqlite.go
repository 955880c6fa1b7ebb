package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
)

// sqliteReaders is how many queries run at once beside the one writer.
const sqliteReaders = 4

// sqliteHeader begins every SQLite file (sqlite.org/fileformat2.html, 1.3.1).
var sqliteHeader = []byte("SQLite format 3\x00")

func (s *Store) openSQLite(ctx context.Context, path string) error {
	path, limit := pageLimit(path)
	path, err := sqlitePath(path)
	if err != nil {
		return err
	}
	s.dialect, s.where = sqliteDialect, "database "+path
	if err := prepareFile(path); err != nil {
		return err
	}
	// A URI in which these three would mean something else.
	name := "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path)) +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=wal_autocheckpoint(16000)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(FAST)"
	if s.write, err = s.openPool(ctx, name+"&_txlock=immediate"+limit, 1); err != nil {
		return err
	}
	s.read, err = s.openPool(ctx, name+"&_pragma=query_only(1)", sqliteReaders)
	return err
}

func (s *Store) openPool(ctx context.Context, name string, size int) (*gorm.DB, error) {
	pool, err := gorm.Open(sqlite.Open(name), s.config())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", s.where, err)
	}
	db, err := pool.DB()
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", s.where, err)
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return pool, failed(db.PingContext(ctx), "open %s", s.where)
}

// pageLimit splits "hebdo.db?max_page_count=N" into the path and what keeps
// the file from growing beyond N pages of 4 kB: what more there is to write
// fails with ErrFull, and leaves the disk to others.
func pageLimit(path string) (rest, pragma string) {
	const key = "?max_page_count="
	at := strings.LastIndex(path, key)
	if at < 0 {
		return path, ""
	}
	pages, err := strconv.ParseUint(path[at+len(key):], 10, 31)
	if err != nil || pages == 0 {
		return path, "" // part of a name
	}
	return path[:at], fmt.Sprintf("&_pragma=max_page_count(%d)", pages)
}

func sqlitePath(path string) (string, error) {
	if strings.HasPrefix(path, "///") {
		path = path[2:] // sqlite:///var/lib/hebdo.db
	}
	switch {
	case path == "" || strings.HasPrefix(path, ":memory:"):
		return "", errors.New("database.url: sqlite: needs the path of a file, such as sqlite:hebdo.db")
	case strings.HasPrefix(path, "//"):
		return "", fmt.Errorf("database.url: write sqlite:%s for a path relative to the working directory, sqlite:%s for an absolute one",
			path[2:], path[1:])
	}
	return filepath.Clean(path), nil
}

// prepareFile creates the file if need be and says in plain words what SQLite
// would say in numbers.
func prepareFile(path string) error {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("database %s: the folder %s does not exist; create it or change database.url: %w", path, folder, err)
	} else if err == nil && !info.IsDir() {
		return fmt.Errorf("database %s: %s is not a folder; change database.url", path, folder)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("database %s: it is a folder; name a file in it, such as %s", path, filepath.Join(path, "hebdo.db"))
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("database %s cannot be opened for writing; make it writable for this user or change database.url: %w", path, err)
	}
	defer file.Close()
	head := make([]byte, len(sqliteHeader))
	n, err := io.ReadFull(file, head)
	if n > 0 && !bytes.Equal(head[:n], sqliteHeader) {
		return fmt.Errorf("database %s is not a SQLite database; change database.url, or move that file away", path)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("database %s cannot be read: %w", path, err)
	}
	return nil
}
