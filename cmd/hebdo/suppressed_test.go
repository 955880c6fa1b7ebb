package main

import (
	"io"
	"os"
	"strings"
	"testing"
)

// piped runs hebdo with a text on a pipe, as a shell does, and returns what it says.
func piped(t *testing.T, text string, want int, args ...string) string {
	t.Helper()
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	go func() {
		_, _ = io.WriteString(to, text)
		_ = to.Close()
	}()
	var out strings.Builder
	code := newConsole(in, &out, &out, func(string) string { return "" }).run(t.Context(), append([]string{"subscribers", "suppressed"}, args...))
	if code != want {
		t.Fatalf("%q: exit code %d: %s", args, code, &out)
	}
	return out.String()
}

const listed = "email,reason\nanne@example.net,bounced\nben@example.net,complained\n"

func TestAListOfSuppressedAddressesComesThroughAPipe(t *testing.T) {
	t.Chdir(t.TempDir())
	if got := piped(t, listed, exitDone, "import", "-"); !strings.Contains(got, "2 addresses read, 2 newly suppressed.") {
		t.Error(got)
	}
	if got := piped(t, "", exitDone, "list"); strings.Count(got, "@example.net") != 2 {
		t.Error(got)
	}
}

func TestATrialOfAListOfSuppressedAddressesTellsNoFalseFigure(t *testing.T) {
	t.Chdir(t.TempDir())
	if got := piped(t, listed, exitDone, "import", "-", "--dry-run"); got != "2 addresses read; nothing was changed.\n" {
		t.Error(got)
	}
	if got := piped(t, "", exitDone, "list"); got != "" {
		t.Error("they were kept: " + got)
	}
	piped(t, "email,reason\n", exitNothing, "import", "-", "--dry-run")
}
