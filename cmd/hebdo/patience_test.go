package main

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"hebdo/internal/store"
)

// The long form of the crash harness found it: a program that was started while
// another one had the database locked for twenty seconds gave up.
func TestWhatBeginsWaitsForALockedDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, times := time.Now(), 0
		wait := func(holds time.Duration) error {
			return patiently(t.Context(), slog.New(slog.DiscardHandler), func() error {
				times++
				time.Sleep(10 * time.Second) // as SQLite does
				if time.Since(begun) < holds {
					return fmt.Errorf("keep a secret: %w", store.ErrLocked)
				}
				return nil
			})
		}
		if err := wait(25 * time.Second); err != nil || times != 3 {
			t.Errorf("%d tries: %v", times, err)
		}
		if err := wait(time.Hour); err == nil || time.Since(begun) > 4*time.Minute {
			t.Errorf("it waited for %s: %v", time.Since(begun), err)
		}
		times = 0
		other := patiently(t.Context(), slog.New(slog.DiscardHandler), func() error { times++; return context.Canceled })
		if other == nil || times != 1 {
			t.Errorf("another error was tried %d times: %v", times, other)
		}
	})
}
