package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// The real program, killed at moments of chance while it reads a file in, and
// started again with the same command until it is done.
func TestAnImportSurvivesKills(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, with which -short is given; it runs without")
	}
	const n, kills = 12_000, 6
	program := executable(t, delivered)
	p := newPress(t, "")
	p.newsletter("review: required")
	var b strings.Builder
	b.WriteString("email,consent\n")
	for i := range n {
		fmt.Fprintf(&b, "list%05d@example.net,2026-03-01\n", i*7919%n)
	}
	fmt.Fprintf(&b, "nobody,2026-03-01\n")
	file := p.file("many.csv", b.String())
	command := []string{"subscribers", "import", file, "--skip-bad", "--json", "--report", p.dir + "/bad.csv"}
	for range kills {
		cmd, _ := p.start(program, command...)
		time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond)
		_ = cmd.Process.Kill() // it may have ended already
		_ = cmd.Wait()
	}
	var report struct {
		Lines, Activated, Unchanged int
		BadLines                    int `json:"bad_lines"`
	}
	if err := json.Unmarshal([]byte(p.hebdo(exitDone, command...)), &report); err != nil {
		t.Fatal(err)
	}
	if report.Lines != n+1 || report.Activated+report.Unchanged != n || report.BadLines != 1 {
		t.Errorf("the last run reports %+v", report)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(p.hebdo(exitDone, "subscribers", "list", "--json")) {
		var one struct{ Address, State string }
		if err := json.Unmarshal([]byte(line), &one); err != nil || one.State != "active" || seen[one.Address] {
			t.Fatalf("%v: %s", err, line)
		}
		seen[one.Address] = true
	}
	if len(seen) != n {
		t.Errorf("%d are on the list, want %d", len(seen), n)
	}
	written, err := os.ReadFile(p.dir + "/bad.csv")
	if err != nil || !strings.Contains(string(written), fmt.Sprintf("\n%d,address,", n+2)) {
		t.Errorf("the report holds %q, %v", written, err)
	}
	if again := p.hebdo(exitDone, command...); !strings.Contains(again, fmt.Sprintf(`"unchanged": %d`, n)) || strings.Contains(again, "resumed_at") {
		t.Errorf("once more it reports %s", again)
	}
}
