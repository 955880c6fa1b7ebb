package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// ErrNewerSchema: the database was written by a newer Hebdo.
var ErrNewerSchema = errors.New("the database is newer than this program")

// Migrations go up only: the way back is the backup.
//
//go:embed migrations
var migrations embed.FS

// Migrate brings the schema to the program's version. Every step is a
// transaction of its own. Several processes may call it at once: on PostgreSQL
// one migrates and the others wait for up to five minutes.
func (s *Store) Migrate(ctx context.Context) error {
	provider, err := s.provider()
	if err != nil {
		return err
	}
	for {
		before, _, err := s.Version(ctx)
		if err != nil {
			return err
		}
		done, err := provider.Up(ctx)
		for _, step := range done {
			s.log.LogAttrs(ctx, slog.LevelInfo, "schema migrated", slog.String("step", path.Base(step.Source.Path)))
		}
		if err == nil {
			return nil
		}
		// SQLite has no lock to wait at: another process may have been first.
		// As long as the schema gets on, one more try finds the rest.
		if after, _, e := s.Version(ctx); e != nil || after <= before {
			return fmt.Errorf("migrate %s: %w", s.where, err)
		}
	}
}

// Version gives the schema's version in the database, 0 for an empty one, and
// the one that this program works with.
func (s *Store) Version(ctx context.Context) (have, want int64, err error) {
	provider, err := s.provider()
	if err != nil {
		return 0, 0, err
	}
	sources := provider.ListSources()
	want = sources[len(sources)-1].Version
	db := s.write.WithContext(ctx) // the pool that migrates, so that its last step is seen
	if !db.Migrator().HasTable(goose.DefaultTablename) {
		return 0, want, nil
	}
	err = db.Table(goose.DefaultTablename).Select("COALESCE(MAX(version_id), 0)").Where("is_applied").Scan(&have).Error
	return have, want, failed(err, "read the schema's version of %s", s.where)
}

// CheckSchema fails with ErrNewerSchema when a newer program has migrated the
// database.
func (s *Store) CheckSchema(ctx context.Context) error {
	have, want, err := s.Version(ctx)
	if err == nil && have > want {
		err = fmt.Errorf("%w: %s has schema %d, this program knows %d; use the newer program, or restore a backup made before it was started",
			ErrNewerSchema, s.where, have, want)
	}
	return err
}

// checkHebdo fails with ErrNoHebdo when the database has not got the tables:
// another program may have migrations of its own.
func (s *Store) checkHebdo(ctx context.Context) error {
	have, _, err := s.Version(ctx)
	if err == nil && (have == 0 || !s.write.WithContext(ctx).Migrator().HasTable(&newsletterRow{})) {
		err = s.noHebdo("it has none of Hebdo's tables")
	}
	return err
}

func (s *Store) noHebdo(why string) error {
	return fmt.Errorf("%w at %s: %s", ErrNoHebdo, strings.TrimPrefix(s.where, "database "), why)
}

func (s *Store) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, path.Join("migrations", s.write.Name()))
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", s.write.Name(), err)
	}
	db, err := s.write.DB()
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.dialect.goose == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(s.dialect.goose, db, folder, options...)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return provider, nil
}
