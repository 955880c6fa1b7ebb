package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

func TestABadDatabaseIsNamedWithTheWayOut(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte("not a database, but longer than its header"), 0o600); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(dir, "short.db")
	if err := os.WriteFile(short, []byte("SQL"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.db")
	if err := os.WriteFile(broken, []byte("SQLite format 3\x00"+strings.Repeat("x", 9000)), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable() // what is being run cannot be written, not even by root
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		url  string
		want []string
	}{
		{"", []string{"database.url", "sqlite:PATH", "postgres://"}},
		{"mysql://x", []string{"database.url", "sqlite:PATH", "postgres://"}},
		{"hebdo.db", []string{"database.url", "sqlite:PATH"}},
		{"sqlite:", []string{"database.url", "sqlite:hebdo.db"}},
		{"sqlite::memory:", []string{"database.url", "sqlite:hebdo.db"}},
		{"sqlite://hebdo.db", []string{"database.url", "sqlite:hebdo.db", "sqlite:/hebdo.db"}},
		{"sqlite:" + filepath.Join(dir, "none", "hebdo.db"), []string{filepath.Join(dir, "none", "hebdo.db"), "create it"}},
		{"sqlite:" + filepath.Join(text, "hebdo.db"), []string{text + " is not a folder"}},
		{"sqlite:" + dir, []string{dir, "is a folder", filepath.Join(dir, "hebdo.db")}},
		{"sqlite:" + text, []string{text, "not a SQLite database"}},
		{"sqlite:" + short, []string{short, "not a SQLite database"}},
		{"sqlite:" + broken, []string{broken}},
		{"sqlite:" + program, []string{program, "cannot be opened for writing"}},
		{"postgres://u:pa%zzss@h/d", []string{"database.url", "percent-encoded"}},
		{"postgres://u:secret@h:x/d", []string{"database.url"}},
		{"postgres://u:secret@127.0.0.1:1/hebdo?connect_timeout=2", []string{"PostgreSQL database hebdo on 127.0.0.1:1", "is it running"}},
	} {
		s, err := store.Open(t.Context(), test.url, options())
		if err == nil {
			t.Errorf("%q was opened: %v", test.url, s.Close())
			continue
		}
		for _, words := range append(test.want, "") {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%q: %q is not in the message: %v", test.url, words, err)
			}
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is in the message: %v", err)
		}
	}
}

func TestAReadOnlyFileIsNamed(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everything")
	}
	path := filepath.Join(t.TempDir(), "hebdo.db")
	if err := os.WriteFile(path, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), "sqlite:"+path, options())
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}

func TestANewFileIsItsOwnersAlone(t *testing.T) {
	for _, name := range []string{"hebdo.db", "été 100%?#&.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := opened(t, "sqlite:"+path, options())
		if err := s.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "x"}); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
		if err != nil || len(files) != 3 { // with -wal and -shm
			t.Fatalf("files are %v (%v)", files, err)
		}
		for _, file := range files {
			info, err := os.Stat(file)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s is %v (%v)", file, info.Mode(), err)
			}
		}
	}
}

func TestAnAbsolutePathMayHaveThreeSlashes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hebdo.db")
	opened(t, "sqlite://"+path, options())
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestWhatSQLiteIsSetTo(t *testing.T) {
	db := openSQLite(t, options()).DB()
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "busy_timeout": "10000", "foreign_keys": "1", "synchronous": "1", "secure_delete": "2",
	} {
		var got string
		if err := db.Raw("PRAGMA " + pragma).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s is %s, want %s (%v)", pragma, got, want, err)
		}
	}
}

// Two programs at one file: "database is locked" is what SQLite says to a
// transaction that began by reading and then wants to write.
func TestTwoProgramsWriteOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hebdo.db")
	a, b := opened(t, "sqlite:"+path, options()), opened(t, "sqlite:"+path, options())
	if err := a.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "x"}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	for n, s := range []*store.Store{a, b} {
		go func() {
			var errs []error
			for i := range 50 {
				_, err := s.SaveIssue(t.Context(), digest.Issue{Newsletter: "x", Slot: fmt.Sprint(n, i), State: digest.Draft})
				errs = append(errs, err)
			}
			done <- errors.Join(errs...)
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if all, err := b.Issues(t.Context(), "x", "", 200); err != nil || len(all) != 100 {
		t.Errorf("%d issues (%v)", len(all), err)
	}
}

// A file that may grow no further says so, and takes more once it may.
func TestAFullFileIsNamed(t *testing.T) {
	file := "sqlite:" + filepath.Join(t.TempDir(), "a file with ? in its name.db")
	s := open(t, file)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "week"}); err != nil {
		t.Fatal(err)
	}
	var readers []digest.Subscription
	for i := range 2000 {
		a := fmt.Sprintf("reader%d@example.net", i)
		readers = append(readers, digest.Subscription{Newsletter: "week", State: digest.Active, Language: digest.French,
			Length: digest.Full, Subscriber: digest.Subscriber{Address: a, Match: a}})
	}
	var pages int
	if err := s.DB().Raw("PRAGMA page_count").Scan(&pages).Error; err != nil {
		t.Fatal(err)
	}
	small := open(t, fmt.Sprintf("%s?max_page_count=%d", file, pages+20))
	if err := small.SaveSubscriptions(t.Context(), readers); !errors.Is(err, store.ErrFull) || !strings.Contains(err.Error(), "make room") {
		t.Errorf("error is %v", err)
	}
	if err := s.SaveSubscriptions(t.Context(), readers); err != nil {
		t.Error(err)
	}
}

// A lock that another process keeps is told from all other trouble: whoever has
// not begun yet can wait.
func TestALockedFileIsNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: waits as long as SQLite does")
	}
	t.Parallel()
	file := filepath.Join(t.TempDir(), "hebdo.db")
	one, two := opened(t, "sqlite:"+file, options()), opened(t, "sqlite:"+file, options())
	lock := one.DB().Begin()
	if lock.Error != nil {
		t.Fatal(lock.Error)
	}
	defer lock.Rollback()
	if err := two.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "week"}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("%v", err)
	}
}

// Whoever wants a database that is there gets no other, and makes none.
func TestAnExistingDatabaseHasToBeHebdos(t *testing.T) {
	o := options()
	o.Existing = true
	file := filepath.Join(t.TempDir(), "hebdo.db")
	for _, url := range []string{"sqlite:" + file, storetest.Postgres(t, os.Getenv)} {
		if _, err := store.Open(t.Context(), url, o); !errors.Is(err, store.ErrNoHebdo) {
			t.Errorf("%s: %v", url, err)
		}
		if _, err := os.Stat(file); strings.HasPrefix(url, "sqlite:") && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file was made: %v", err)
		}
		if err := opened(t, url, options()).SaveNewsletter(t.Context(), digest.Newsletter{Slug: "x"}); err != nil {
			t.Fatal(err)
		}
		if all, err := opened(t, url, o).Newsletters(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("%s: %d newsletters (%v)", url, len(all), err)
		}
	}
}
