package text_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

// TestFrenchTraps holds the splitter to testdata/french.txt.
func TestFrenchTraps(t *testing.T) {
	raw, err := os.ReadFile("testdata/french.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		trap, body, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("no trap is named: %q", line)
		}
		n++
		t.Run(trap, func(t *testing.T) {
			var want []string
			for _, s := range strings.Split(body, "‖") {
				want = append(want, strings.TrimSpace(s))
			}
			gap := " "
			if strings.HasPrefix(trap, "glued") {
				gap = ""
			}
			if d := cmp.Diff(want, sentences(strings.Join(want, gap), digest.French)); d != "" {
				t.Error(d)
			}
		})
	}
	if n < 100 {
		t.Errorf("%d cases, there were 100", n)
	}
}
