package collect

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// shared finds the folder of test data that is kept beside the project, or
// skips the test; under CI it must be there.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("under CI the test data must be there: %v", err)
		}
		t.Skipf("the test data is not beside the project: %v", err)
	}
	return path
}

func TestRealFeedsOfAICompaniesAreRead(t *testing.T) {
	dir := shared(t, "eval/corpus/feed/olshansk")
	in, err := os.Open(filepath.Join(dir, "input.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	feeds, dated, entries := 0, 0, 0
	for lines := bufio.NewScanner(in); lines.Scan(); feeds++ {
		var line struct{ URL, Path string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(filepath.Join(dir, line.Path))
		if err != nil {
			t.Fatal(err)
		}
		feed, err := ParseFeed(body, line.URL)
		if err != nil || feed.Title == "" || len(feed.Entries) == 0 {
			t.Errorf("%s: title %q, %d entries, %v", line.URL, feed.Title, len(feed.Entries), err)
		}
		for _, e := range feed.Entries {
			entries++
			if e.Title == "" || e.URL == "" {
				t.Errorf("%s: an entry without title or address: %+v", line.URL, e)
			}
			if !e.Published.IsZero() && e.Published.Before(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)) {
				dated++
			}
		}
	}
	if feeds != 34 {
		t.Errorf("%d feeds, want 34", feeds)
	}
	if dated*100 < entries*95 {
		t.Errorf("only %d of %d entries have a date", dated, entries)
	}
}
