package store

import (
	"bytes"
	"cmp"
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

func (s *Store) openSQLite(ctx context.Context, path string, o Options) error {
	path, limit := pageLimit(path)
	path, err := s.sqlitePath(path)
	if err != nil {
		return err
	}
	s.dialect, s.where = sqliteDialect, "database "+cmp.Or(o.Called, path)
	if err := s.prepareFile(path, o.Existing); err != nil {
		return err
	}
	// A URI in which these three would mean something else.
	name := "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path)) +
		"?_pragma=busy_timeout(10000)"
	if o.Existing {
		if err := s.lookFirst(ctx, name); err != nil {
			return err
		}
	}
	name += "&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=wal_autocheckpoint(16000)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(FAST)"
	if s.write, err = s.openPool(ctx, name+"&_txlock=immediate"+limit, 1); err != nil {
		return err
	}
	s.read, err = s.openPool(ctx, name+"&_pragma=query_only(1)", sqliteReaders)
	return err
}

// lookFirst tells by a connection of its own whether a file is Hebdo's: to set
// the journal's mode would already change another program's.
func (s *Store) lookFirst(ctx context.Context, name string) (err error) {
	defer func() {
		err = errors.Join(err, s.Close())
		s.write = nil
	}()
	if s.write, err = s.openPool(ctx, name+"&mode=rw", 1); err != nil {
		return err
	}
	return s.checkHebdo(ctx)
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

func (s *Store) sqlitePath(path string) (string, error) {
	if strings.HasPrefix(path, "///") {
		path = path[2:] // sqlite:///var/lib/hebdo.db
	}
	switch {
	case path == "" || strings.HasPrefix(path, ":memory:"):
		return "", fmt.Errorf("%s: %w; sqlite: needs the path of a file, such as sqlite:hebdo.db", s.setting, ErrAddress)
	case strings.HasPrefix(path, "//"):
		return "", fmt.Errorf("%s: %w; write sqlite:%s for a path relative to the working directory, sqlite:%s for an absolute one",
			s.setting, ErrAddress, path[2:], path[1:])
	}
	return filepath.Clean(path), nil
}

// prepareFile creates the file if need be, unless it has to be there already,
// and says in plain words what SQLite would say in numbers.
func (s *Store) prepareFile(path string, existing bool) error {
	create := os.O_CREATE
	if existing {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return s.noHebdo("there is no such file")
		}
		create = 0
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("database %s: the folder %s does not exist; create it or change %s: %w", path, folder, s.setting, err)
	} else if err == nil && !info.IsDir() {
		return fmt.Errorf("database %s: %s is not a folder; change %s", path, folder, s.setting)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("database %s: it is a folder; name a file in it, such as %s", path, filepath.Join(path, "hebdo.db"))
	}
	file, err := os.OpenFile(path, os.O_RDWR|create, 0o600)
	if err != nil {
		return fmt.Errorf("database %s cannot be opened for writing; make it writable for this user or change %s: %w", path, s.setting, err)
	}
	defer file.Close()
	head := make([]byte, len(sqliteHeader))
	n, err := io.ReadFull(file, head)
	if n > 0 && !bytes.Equal(head[:n], sqliteHeader) {
		if existing {
			return s.noHebdo("it is no SQLite database")
		}
		return fmt.Errorf("database %s is not a SQLite database; change %s, or move that file away", path, s.setting)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("database %s cannot be read: %w", path, err)
	}
	return nil
}
