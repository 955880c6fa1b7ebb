package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hebdo/internal/store"
)

// backup is `hebdo backup FILE`: everything kept, as one SQLite file, whatever
// the database is. Servers may go on running: it holds one moment.
func (c *console) backup() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: c.t("backup.short"), Long: c.t("backup.long"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := os.Lstat(args[0]); !errors.Is(err, fs.ErrNotExist) {
				return refusedError{errors.New(c.t("backup.there", "File", args[0]))}
			}
			source, err := c.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer source.Close()
			return c.writeBackup(cmd.Context(), source, args[0])
		},
	}
}

// writeBackup copies source into the file, which appears when it is whole.
func (c *console) writeBackup(ctx context.Context, source *store.Store, file string) (err error) {
	folder, err := os.MkdirTemp(filepath.Dir(file), ".backup-*")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	part := filepath.Join(folder, "part.db")
	target, err := openAsIs(ctx, "sqlite:"+part, store.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(c.copyStore(ctx, source, target), target.Close()); err != nil {
		return err
	}
	// SQLite brings what was written into the file when it is closed. What it has
	// no room for stays in the log beside it, and that is no fault to SQLite.
	if log, err := os.Stat(part + "-wal"); err == nil && log.Size() > 0 {
		return errors.New("backup: not all of it could be brought into one file; make room on the disk, and call again")
	}
	if err := os.Link(part, file); err != nil { // unlike a rename it never replaces a file
		return fmt.Errorf("backup: %w", err)
	}
	c.say("backup.done", "File", file)
	return nil
}

// restore is `hebdo restore FILE`: what a backup holds, into an empty database.
func (c *console) restore() *cobra.Command {
	return &cobra.Command{
		Use: "restore FILE", Short: c.t("restore.short"), Long: c.t("restore.long"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			folder, err := os.MkdirTemp("", "hebdo-restore-*")
			if err != nil {
				return fmt.Errorf("restore: %w", err)
			}
			defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
			// A backup of an older version is brought up to date in a copy: the
			// file itself stays as it was.
			own := filepath.Join(folder, "backup.db")
			if err := copyFile(args[0], own); err != nil {
				return usage("restore %s: %v", args[0], err)
			}
			source, err := openAsIs(cmd.Context(), "sqlite:"+own, store.Options{Called: args[0], Existing: true})
			if err != nil {
				return usage("restore: %w", err)
			}
			defer source.Close()
			target, err := c.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer target.Close()
			if err := source.Migrate(cmd.Context()); err != nil {
				return err
			}
			if err := c.copyStore(cmd.Context(), source, target); err != nil {
				return err
			}
			c.say("restore.done", "File", args[0])
			return nil
		},
	}
}

// copyStore brings everything from one database to another, which is empty,
// and says how many rows of each table.
func (c *console) copyStore(ctx context.Context, from, to *store.Store) error {
	if err := to.Migrate(ctx); err != nil {
		return err
	}
	_, err := store.Copy(ctx, from, to, func(t store.Copied) {
		c.say("migrate.table", "Table", t.Table, "Rows", t.Rows)
	})
	if errors.Is(err, store.ErrNotEmpty) {
		return refusedError{err}
	}
	return err
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
