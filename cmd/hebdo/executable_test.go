package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// programs is the folder of what tests build.
var programs string

func TestMain(m *testing.M) {
	var err error
	if programs, err = os.MkdirTemp("", "hebdo-programs-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(programs) // it lies where the system removes what is old
	os.Exit(code)
}

// The program for tests that kill it, as it is delivered and with a clock that
// can be set. The first test that asks builds it for all.
var (
	delivered = sync.OnceValues(func() (string, error) { return compiled("delivered", "") })
	clocked   = sync.OnceValues(func() (string, error) { return compiled("clocked", "crashclock") })
)

func compiled(name, tags string) (string, error) {
	file := filepath.Join(programs, name)
	cmd := exec.Command("go", "build", "-tags", tags, "-o", file, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
}

// executable is the file of one of the programs.
func executable(t *testing.T, program func() (string, error)) string {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return file
}
