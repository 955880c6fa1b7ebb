// Hebdo turns a week of AI news into one letter and brings it to every subscriber.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones by name on machines that have none

	"hebdo/internal/digest"
)

func main() {
	os.Exit(run())
}

// run is main with a result, so that deferred calls happen.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	c := newConsole(os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	return c.run(ctx, os.Args[1:])
}

// Exit codes are a contract: people script the command line.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitNothing = 3
	exitRefused = 4
)

// errNothing: there was nothing to do.
var errNothing = errors.New("nothing to do")

// usageError is a wrong call or a wrong setting: the caller has to change something.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// refusedError is a rule's no: not approved, no consent, too late.
type refusedError struct{ err error }

func (e refusedError) Error() string { return e.err.Error() }
func (e refusedError) Unwrap() error { return e.err }

func exitCode(err error) int {
	var wrong usageError
	var refused refusedError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &wrong):
		return exitUsage
	case errors.Is(err, errNothing):
		return exitNothing
	case errors.As(err, &refused), errors.Is(err, digest.ErrNotApproved):
		return exitRefused
	default:
		return exitFailed
	}
}
