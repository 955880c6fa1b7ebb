package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"hebdo/internal/digest"
)

// Options are what a Store needs from outside. Now and NewID are required;
// a nil Logger is silent.
type Options struct {
	Now    func() time.Time
	NewID  func() string // UUIDv7 text, in order of time
	Logger *slog.Logger

	Setting  string // what gave the address, for messages; empty: database.url
	Called   string // a file's name in messages; empty: its path
	Existing bool   // only a database of Hebdo's; see Open
}

// ErrAddress: the address can be that of no database.
var ErrAddress = errors.New("this is not the address of a database")

// ErrNoHebdo: nothing is there, or nothing of Hebdo's.
var ErrNoHebdo = errors.New("no Hebdo database")

// Store keeps everything. Its methods are safe for concurrent use; any number
// of processes may share one PostgreSQL database.
type Store struct {
	dialect dialect
	setting string   // what gave the address
	where   string   // the database as messages name it: no password
	write   *gorm.DB // SQLite: a single connection, so that writers queue here and not at the file's lock
	read    *gorm.DB // PostgreSQL: the same pool as write
	now     func() time.Time
	newID   func() string
	log     *slog.Logger
	kept    struct { // of SQLite's only writer, whose connection it belongs to
		of       any
		prepared *prepared
	}
	states gather[string, digest.SourceState]
	places atomic.Int64 // given with claims
	keeps  gather[visit, struct{}]
}

// Open connects to the database that url names, "sqlite:PATH" or
// "postgres://…", and refuses one whose schema is newer than the program with
// ErrNewerSchema. A SQLite file that is not there yet is created, readable by
// its owner alone; its folder has to exist. With Existing it fails with
// ErrNoHebdo instead where no Hebdo has made its tables, and whatever else is
// there stays as it was. Open changes no table: call Migrate before anything
// else.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Now == nil || o.NewID == nil {
		return nil, errors.New("store: Options.Now and Options.NewID are required")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	s := &Store{setting: cmp.Or(o.Setting, "database.url"), now: o.Now, newID: o.NewID, log: o.Logger}
	var err error
	switch scheme, rest, _ := strings.Cut(url, ":"); scheme {
	case "sqlite":
		err = s.openSQLite(ctx, rest, o)
	case "postgres", "postgresql":
		if err = s.openPostgres(ctx, url); err == nil && o.Existing {
			err = s.checkHebdo(ctx)
		}
	default:
		err = fmt.Errorf("%s: %w; write sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE", s.setting, ErrAddress)
	}
	if err == nil {
		err = s.CheckSchema(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// config is how gorm is used everywhere: no transaction that was not asked
// for, the databases' errors translated, and no logging, for its lines would
// carry addresses.
func (s *Store) config() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return s.now().UTC() },
	}
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	db, err := s.read.DB()
	if err == nil {
		err = db.PingContext(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s does not answer: %w", s.where, err)
	}
	return nil
}

// Close ends all connections.
func (s *Store) Close() error {
	errs := []error{s.forget()}
	for _, pool := range []*gorm.DB{s.read, s.write} {
		if pool == nil {
			continue
		}
		db, err := pool.DB()
		if err == nil {
			err = db.Close()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// reader is for single queries, which see all that was committed before.
func (s *Store) reader(ctx context.Context) *gorm.DB { return s.read.WithContext(ctx) }

// writer is for single statements that change something.
func (s *Store) writer(ctx context.Context) *gorm.DB { return s.write.WithContext(ctx) }

// change runs f in one transaction. On SQLite it is the only writer meanwhile:
// f must use tx alone, never the store's methods that write.
func (s *Store) change(ctx context.Context, f func(tx *gorm.DB) error) error {
	return s.write.WithContext(ctx).Transaction(f)
}

// failed says what was tried and turns the database's words into the house's.
// nil stays nil.
func failed(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf(format, args...)
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return fmt.Errorf("%s: %w", what, digest.ErrNotFound)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fmt.Errorf("%s: %w (the key is taken)", what, digest.ErrConflict)
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return fmt.Errorf("%s: it refers to something that is not kept: %w", what, digest.ErrNotFound)
	}
	switch {
	case full(err):
		return fmt.Errorf("%s: %w: %w", what, ErrFull, err)
	case locked(err):
		return fmt.Errorf("%s: %w: %w", what, ErrLocked, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// ErrFull: nothing more can be written until there is room again.
var ErrFull = errors.New("the database is full (the disk, or the limit set for the file); make room, and call again")

// ErrLocked: another process has held the database for longer than a write
// waits for it (ten seconds, with SQLite). Nothing was written; call again.
var ErrLocked = errors.New("the database is locked by another process")

// locked knows SQLITE_BUSY, and PostgreSQL's lock_not_available.
func locked(err error) bool { return coded(err, 5, "55P03") }

// full knows SQLITE_FULL (sqlite.org/rescode.html) and PostgreSQL's disk_full.
func full(err error) bool { return coded(err, 13, "53100") }

// coded tells whether an error has SQLite's primary result code or PostgreSQL's state.
func coded(err error, sqlite int, postgres string) bool {
	var lite interface{ Code() int }
	var state interface{ SQLState() string }
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite || errors.As(err, &state) && state.SQLState() == postgres
}
