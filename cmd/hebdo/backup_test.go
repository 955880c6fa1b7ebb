package main

import (
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/store"
)

// intruder opens the file that a backup is written into, as soon as the backup
// says something.
type intruder struct {
	*testing.T
	folder string
	conn   *sql.Conn
}

func (i *intruder) Write(words []byte) (int, error) {
	if i.conn != nil {
		return len(words), nil
	}
	parts, err := filepath.Glob(filepath.Join(i.folder, ".backup-*", "part.db"))
	if err != nil || len(parts) != 1 {
		i.Fatalf("the backup is written into %v, %v", parts, err)
	}
	db, err := sql.Open("sqlite", "file:"+parts[0])
	if err != nil {
		i.Fatal(err)
	}
	i.Cleanup(func() { _ = db.Close() })
	if i.conn, err = db.Conn(context.Background()); err == nil {
		var n int
		err = i.conn.QueryRowContext(context.Background(), "SELECT COUNT(*) FROM newsletters").Scan(&n)
	}
	if err != nil {
		i.Fatal(err)
	}
	return len(words), nil
}

// On a disk that was nearly full the file had a part of the pages only, and was
// said to hold all of it. As there, whoever else has the file open keeps SQLite
// from bringing its log into it.
func TestABackupThatLacksSomethingIsNone(t *testing.T) {
	folder := t.TempDir()
	source, err := openAsIs(t.Context(), "sqlite:"+filepath.Join(folder, "hebdo.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if err := source.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := source.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "week", Languages: []digest.Language{digest.French}}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "monday.db")
	err = quiet(&intruder{T: t, folder: folder}, io.Discard).writeBackup(t.Context(), source, file)
	if err == nil || !strings.Contains(err.Error(), "make room") {
		t.Errorf("%v", err)
	}
	if _, err := os.Lstat(file); err == nil {
		t.Error("a file is there that lacks something")
	}
}
