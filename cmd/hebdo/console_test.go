package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

// noRoom is a disk without room.
type noRoom struct{}

var errFull = errors.New("no space left on device")

func (noRoom) Write([]byte) (int, error) { return 0, errFull }

// `hebdo help aprove` once showed all commands, and ended with 0.
func TestHelpWithWhatIsNoCommand(t *testing.T) {
	p := newPress(t, "")
	for _, args := range [][]string{{"help", "aprove"}, {"help", "issues", "paus"}} {
		if said := p.complaint(exitUsage, args...); !strings.Contains(said, "there is no command "+strings.Join(args[1:], " ")) {
			t.Errorf("hebdo %s says %s", strings.Join(args, " "), said)
		}
	}
	if said := p.hebdo(exitDone, "help", "issues", "pause"); !strings.Contains(said, "hebdo issues pause [ISSUE]") {
		t.Errorf("it helps with %s", said)
	}
	if said := p.hebdo(exitDone, "help"); !strings.Contains(said, "issues") {
		t.Errorf("it helps with %s", said)
	}
}

// `hebdo config > FILE` on a full disk once ended with 0, and `hebdo admin
// create` with a password that nobody had seen.
func TestAResultThatCouldNotBeWrittenIsAFailure(t *testing.T) {
	p := newPress(t, "")
	for _, args := range [][]string{{"version"}, {"config"}, {"help"}, {"admin", "create", editorsMail}} {
		var trouble bytes.Buffer
		c := newConsole(strings.NewReader(""), noRoom{}, &trouble, func(name string) string { return p.env[name] })
		if got := c.run(context.Background(), args); got != exitFailed || !strings.Contains(trouble.String(), errFull.Error()) {
			t.Errorf("hebdo %s ended with %d: %s", strings.Join(args, " "), got, trouble.String())
		}
	}
}
