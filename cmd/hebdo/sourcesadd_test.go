package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// Where a page names several feeds, the person at the terminal chooses; where
// nobody is there, the choices are listed and nothing is added.
func TestAPersonChoosesAmongSeveralFeeds(t *testing.T) {
	t.Chdir(t.TempDir())
	web, err := site(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	env := map[string]string{"HEBDO_FETCH_ALLOW_PRIVATE": "127.0.0.0/8", "HEBDO_FETCH_EVERY": "0s", "HEBDO_LOG_LEVEL": "error", "LANG": "C"}
	run := func(answers string, person bool, want int, args ...string) (out, errs string) {
		t.Helper()
		var o, e strings.Builder
		c := newConsole(strings.NewReader(answers), &o, &e, func(name string) string { return env[name] })
		c.person = func() bool { return person }
		if got := c.run(t.Context(), args); got != want {
			t.Fatalf("%q, answered %q: exit code %d, want %d\n%s%s", args, answers, got, want, &o, &e)
		}
		return o.String(), e.String()
	}
	file, _, _ := strings.Cut(string(newsletterExample("en")), "sources:\n")
	if err := os.WriteFile("n.yaml", []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	run("", false, 0, "apply", "n.yaml")
	asked := func(errs string) int { return strings.Count(errs, "Which one? [1-2, nothing to leave it]") }

	for answer, times := range map[string]int{"\n": 1, "": 1, "7\nx\n\n": 3, "0": 1} {
		_, errs := run(answer, true, exitRefused, "sources", "add", web.URL+"/")
		if asked(errs) != times || !strings.Contains(errs, "1. feed") || !strings.Contains(errs, "nothing was chosen; nothing was added") {
			t.Errorf("answered %q: %s", answer, errs)
		}
	}
	if _, errs := run("1\n", false, exitUsage, "sources", "add", web.URL+"/"); asked(errs) != 0 || !strings.Contains(errs, "2. feed") || !strings.Contains(errs, "--feed N") {
		t.Errorf("nobody there: %s", errs)
	}
	if out, _ := run("", false, 0, "sources", "list"); out != "" {
		t.Errorf("added: %s", out)
	}
	if _, errs := run("5\n 2 \n", true, 0, "sources", "add", web.URL+"/"); asked(errs) != 2 {
		t.Errorf("%s", errs)
	}
	// A page without a feed is shown as what it was taken for, and agreed to.
	if _, errs := run("1\n", true, 0, "sources", "add", web.URL+"/notes"); !strings.Contains(errs, "article addresses: /notes/*") {
		t.Errorf("%s", errs)
	}
	if out, _ := run("", false, 0, "sources", "list"); strings.Count(out, "\n") != 2 || !strings.Contains(out, "/en.xml") || !strings.Contains(out, "/notes") {
		t.Errorf("%s", out)
	}
}
