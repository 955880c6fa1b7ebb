package story_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// shared finds a file of the evaluation kit beside the project; without the
// kit the test is skipped, or fails where CI is set.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			continue
		}
		path := filepath.Join(dir, "..", "shared", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		break
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("../shared/%s is not there", name)
	}
	t.Skipf("../shared/%s is not there", name)
	return ""
}

// jsonLines calls f with every line of a file.
func jsonLines[Row any](t testing.TB, r io.Reader, f func(Row)) {
	t.Helper()
	s := bufio.NewScanner(r)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var row Row
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		f(row)
	}
}

type kitRow struct{ ID, Title, Text, Published, Language, Story string }

type kitPair struct {
	Pair []string
	Same bool
}

func kitArticles(t testing.TB, set string) []digest.Article {
	f, err := os.Open(filepath.Join(shared(t, "eval/corpus/stories/"+set), "input.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []digest.Article
	jsonLines(t, f, func(r kitRow) {
		at, _ := time.Parse(time.DateOnly, r.Published)
		out = append(out, digest.Article{
			ID: r.ID, Key: r.ID, Title: r.Title, Text: r.Text, Published: at,
			Language: digest.Language(r.Language), Kind: digest.KindArticle,
		})
	})
	return out
}

// TestClusterKeepsItsFigures holds one default setting to floors on every set
// of the kit, a little under what was measured.
func TestClusterKeepsItsFigures(t *testing.T) {
	for _, set := range []struct {
		name        string
		cubed, pair float64 // least BCubed F1 and pair F1
	}{
		{"ecbplus", .915, .885}, {"dair-en-fr", .98, .96}, {"orangesum-copies", .97, .94}, {"semeval-en", 0, .85},
	} {
		t.Run(set.name, func(t *testing.T) {
			label := map[string]int{}
			for i, s := range story.Cluster(kitArticles(t, set.name), nil, story.Options{Window: -1}) {
				for _, a := range s.Articles {
					label[a.ID] = i
				}
			}
			f, err := os.Open(filepath.Join(shared(t, "eval/corpus/stories/"+set.name), "gold.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var cubed, pair float64
			if set.cubed == 0 {
				pair = labelledPairs(t, f, label)
			} else {
				cubed, pair = agreement(t, f, label)
			}
			t.Logf("BCubed F1 %.3f, pair F1 %.3f", cubed, pair)
			if cubed < set.cubed || pair < set.pair {
				t.Errorf("BCubed F1 %.3f (at least %.3f), pair F1 %.3f (at least %.3f)", cubed, set.cubed, pair, set.pair)
			}
		})
	}
}

// TestSimilarityRanksLabelledPairs holds the order of the kit's labelled pairs
// to a floor: the area under the ROC curve of the highest threshold at which
// two articles are still one story.
func TestSimilarityRanksLabelledPairs(t *testing.T) {
	var pairs []kitPair
	f, err := os.Open(filepath.Join(shared(t, "eval/corpus/stories/semeval-en"), "gold.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	jsonLines(t, f, func(p kitPair) { pairs = append(pairs, p) })
	joined := make([]float64, len(pairs))
	articles := kitArticles(t, "semeval-en")
	for threshold := .03; threshold < .6; threshold += .03 {
		label := map[string]int{}
		for i, s := range story.Cluster(articles, nil, story.Options{Window: -1, Threshold: threshold}) {
			for _, a := range s.Articles {
				label[a.ID] = i
			}
		}
		for i, p := range pairs {
			if label[p.Pair[0]] == label[p.Pair[1]] {
				joined[i] = threshold
			}
		}
	}
	var right, all float64
	for i, p := range pairs {
		for j, q := range pairs {
			if !p.Same || q.Same {
				continue
			}
			all++
			switch {
			case joined[i] > joined[j]:
				right++
			case joined[i] == joined[j]:
				right += .5
			}
		}
	}
	t.Logf("area under ROC %.4f", right/all)
	if right/all < .94 {
		t.Errorf("area under ROC %.4f, at least .94", right/all)
	}
}

func labelledPairs(t testing.TB, r io.Reader, label map[string]int) float64 {
	var hit, wrong, missed float64
	jsonLines(t, r, func(p kitPair) {
		switch joined := label[p.Pair[0]] == label[p.Pair[1]]; {
		case joined && p.Same:
			hit++
		case joined:
			wrong++
		case p.Same:
			missed++
		}
	})
	return 2 * hit / (2*hit + wrong + missed)
}

// agreement gives BCubed F1 (Bagga and Baldwin, 1998) and F1 over pairs.
func agreement(t testing.TB, r io.Reader, label map[string]int) (cubed, pair float64) {
	gold := map[string]string{}
	jsonLines(t, r, func(g kitRow) { gold[g.ID] = g.Story })
	wanted, found, both := map[string]float64{}, map[int]float64{}, map[[2]any]float64{}
	for id, g := range gold {
		wanted[g]++
		found[label[id]]++
		both[[2]any{g, label[id]}]++
	}
	var precision, recall float64
	for id, g := range gold {
		n := both[[2]any{g, label[id]}]
		precision += n / found[label[id]] / float64(len(gold))
		recall += n / wanted[g] / float64(len(gold))
	}
	pairs := func(n float64) float64 { return n * (n - 1) / 2 }
	var hit, all float64
	for _, n := range both {
		hit += pairs(n)
	}
	for _, n := range wanted {
		all += pairs(n)
	}
	for _, n := range found {
		all += pairs(n)
	}
	return 2 * precision * recall / (precision + recall), 2 * hit / all
}
