package main

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// What is due runs once at a time. What was not due in between, as an issue that
// was paused, begins again though its last run is not at its end.
func TestWhatIsDueAgainDoesNotWaitForItsLastRun(t *testing.T) {
	h := furnished(t)
	var due atomic.Bool
	var begun, looks atomic.Int32
	end := make(chan struct{})
	look := func(context.Context, digest.Newsletter) ([]task, error) {
		looks.Add(1)
		if !due.Load() {
			return nil, nil
		}
		return []task{{"issue", func(context.Context) error {
			begun.Add(1)
			<-end
			return nil
		}}}, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.runTicks(ctx, time.Millisecond, look) }()
	glances := func(is bool) int32 {
		due.Store(is)
		for from := looks.Load(); looks.Load() < from+5; {
			time.Sleep(time.Millisecond)
		}
		return begun.Load()
	}
	for i, c := range []struct {
		due  bool
		want int32
	}{{true, 1}, {true, 1}, {false, 1}, {true, 2}, {true, 2}} {
		if n := glances(c.due); n != c.want {
			t.Errorf("step %d: begun %d times, want %d", i, n, c.want)
		}
	}
	cancel()
	close(end)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
