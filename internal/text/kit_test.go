package text_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// kit finds a set of the evaluation data that lies beside the project, and
// skips the test where it does not; under CI it has to be there.
func kit(t *testing.T, set string) string {
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
			t.Fatal("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "eval", "corpus", set)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the evaluation data is missing: %v", err)
		}
		t.Skipf("needs the evaluation data beside the project: %v", err)
	}
	return path
}

// rows reads a file of JSON lines.
func rows[T any](t *testing.T, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var r T
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, r)
	}
	return out
}

type sample struct {
	ID, Text, Language string
	Sentences          []string
}

func TestSentencesOfTheGoldenRules(t *testing.T) {
	dir := kit(t, "sentences/pragmatic")
	gold := rows[sample](t, filepath.Join(dir, "gold.jsonl"))
	flat := func(list []string) []string {
		var out []string
		for _, s := range list {
			out = append(out, strings.Join(strings.Fields(s), " "))
		}
		return out
	}
	right := 0
	for i, r := range rows[sample](t, filepath.Join(dir, "input.jsonl")) {
		if slices.Equal(flat(sentences(r.Text, digest.Language(r.Language))), flat(gold[i].Sentences)) {
			right++
		}
	}
	if share := float64(right) / float64(len(gold)); share < .96 {
		t.Errorf("%.3f of the cases right, it was .968", share)
	}
}

func TestLanguageOfSevenLanguages(t *testing.T) {
	dir := kit(t, "language/lingua")
	gold := rows[sample](t, filepath.Join(dir, "gold.jsonl"))
	right := 0
	for i, r := range rows[sample](t, filepath.Join(dir, "input.jsonl")) {
		if string(text.Language(r.Text)) == gold[i].Language {
			right++
		}
	}
	if share := float64(right) / float64(len(gold)); share < .99 {
		t.Errorf("%.3f right, it was .995", share)
	}
}
