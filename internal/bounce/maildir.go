package bounce

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// aside is where a Maildir keeps what was done with: a folder as Maildir++ names them.
const aside = ".Bounces"

// Maildir gives each message of a Maildir (new and cur, in order of name) to
// handle, and moves those to its folder .Bounces for which handle says true.
// Nothing is deleted or overwritten. It stops at the first error of handle; what
// cannot be moved stays, and the others have their turn before Maildir fails.
func Maildir(dir string, handle func(name string, open func() (*os.File, error)) (bool, error)) error {
	for _, sub := range []string{"cur", "new"} {
		if info, err := os.Stat(filepath.Join(dir, sub)); err != nil || !info.IsDir() {
			return fmt.Errorf("%s is no Maildir: it has no folder %s", dir, sub)
		}
	}
	var stuck error // of the first that could not be moved
	left := 0
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil {
			return fmt.Errorf("reading the Maildir: %w", err)
		}
		for _, e := range entries {
			if !e.Type().IsRegular() || e.Name()[0] == '.' {
				continue
			}
			path := filepath.Join(dir, sub, e.Name())
			done, err := handle(filepath.Join(sub, e.Name()), func() (*os.File, error) { return os.Open(path) })
			if err != nil {
				return err
			}
			if done {
				if err := putAside(dir, path, e.Name()); err != nil {
					stuck = cmp.Or(stuck, err)
					left++
				}
			}
		}
	}
	if left > 1 {
		return fmt.Errorf("%d messages stay where they are; of the first: %w", left, stuck)
	}
	return stuck
}

// putAside moves a message; one of the same name that is there already stays,
// and so does the message.
func putAside(dir, path, name string) error {
	folder := filepath.Join(dir, aside)
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(folder, sub), 0o700); err != nil {
			return fmt.Errorf("making %s: %w", folder, err)
		}
	}
	if f, err := os.OpenFile(filepath.Join(folder, "maildirfolder"), os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		f.Close()
	}
	to := filepath.Join(folder, "cur", name)
	// A link fails where a rename would overwrite.
	if err := os.Link(path, to); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is in %s already; look at both", name, folder)
	} else if err != nil {
		return fmt.Errorf("moving a message aside: %w", err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("moving a message aside: %w", err)
	}
	return nil
}
