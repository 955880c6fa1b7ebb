package story

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

var kitFolder = flag.String("count", "", "the folder of the evaluation kit: count data/counted.txt anew from its texts")

// TestCountBackground makes data/counted.txt: in how many of a thousand
// articles of general news a key stands, the greater share of both languages.
// Only keys of at least three articles in a thousand (English: in two hundred)
// are kept, and no text. It runs on request, whenever the lexicon or the list
// of names has changed much:
//
//	go test ./internal/story -run CountBackground -args -count ../../../shared/eval
func TestCountBackground(t *testing.T) {
	if *kitFolder == "" {
		t.Skip("counts only with -count")
	}
	zipped, err := os.Open(*kitFolder + "/train/orangesum.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer zipped.Close()
	french, err := gzip.NewReader(zipped)
	if err != nil {
		t.Fatal(err)
	}
	english, err := os.Open(*kitFolder + "/corpus/summarise/bbc/input.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer english.Close()
	share := map[string]float64{}
	countKeys(t, share, french, digest.French, .003)
	countKeys(t, share, english, digest.English, .005)
	var keys []string
	for key := range share {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var out strings.Builder
	out.WriteString("# In how many of a thousand articles of general news a key stands. Made by\n# TestCountBackground (background_test.go); do not edit.\n")
	for _, key := range keys {
		fmt.Fprintf(&out, "%s\t%.1f\n", key, 1000*share[key])
	}
	if err := os.WriteFile("data/counted.txt", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func countKeys(t *testing.T, share map[string]float64, r io.Reader, lang digest.Language, least float64) {
	held, n := map[string]int{}, 0
	reader := newBagger(builtIn())
	var b bag
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var d struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		reader.read(digest.Article{Title: d.Title, Text: d.Text, Language: lang}, &b)
		keys := map[string]bool{}
		for _, e := range b.entries {
			if e.unsure[1] != "" {
				e.key = e.unsure[1]
			}
			keys[e.key] = !strings.HasPrefix(e.key, "\"") && !strings.HasPrefix(e.key, "/")
		}
		for key, counts := range keys {
			if counts {
				held[key]++
			}
		}
		n++
	}
	for key, k := range held {
		if s := float64(k) / float64(n); s >= least {
			share[key] = max(share[key], s)
		}
	}
}
