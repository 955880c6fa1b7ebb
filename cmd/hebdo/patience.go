package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"hebdo/internal/store"
)

// lockedFor is how long what begins waits for a database that another process
// has locked: for a backup of a file, or while it is put in order.
const lockedFor = 2 * time.Minute

// patiently does what writes nothing when the database is locked, again and
// again for lockedFor. It waits before anything else was begun; what is under
// way has a patience of its own.
func patiently(ctx context.Context, log *slog.Logger, do func() error) error {
	for begun := time.Now(); ; {
		err := do()
		if !errors.Is(err, store.ErrLocked) || time.Since(begun) > lockedFor {
			return err
		}
		log.WarnContext(ctx, "the database is locked by another process: waiting", "error", err)
		if !pause(ctx, time.Second) {
			return err
		}
	}
}
