package summarise

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// TestFigures holds summaries to the development data beside the project:
// ROUGE of French news against what its journalists wrote, and openings that
// lean on a sentence the reader does not have.
func TestFigures(t *testing.T) {
	dir := filepath.Join(shared(t), "eval", "corpus", "summarise", "orangesum")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the evaluation data is missing: %v", err)
		}
		t.Skipf("needs the evaluation data beside the project: %v", err)
	}
	type row struct {
		Text, Reference string
		Sentences       int
	}
	gold := rowsOf[row](t, filepath.Join(dir, "gold.jsonl"))
	var sum [3]float64
	leaning := 0
	for i, in := range rowsOf[row](t, filepath.Join(dir, "input.jsonl")) {
		l := newLesson("", in.Text, gold[i].Reference, 0)
		var said []string
		for _, s := range Extract(digest.Article{Text: in.Text, Language: digest.French, Kind: digest.KindArticle}, in.Sentences, 0) {
			said = append(said, s.Text)
			if dangles(s.Text) {
				leaning++
			}
		}
		one, two, long := rouge(unitsOf(strings.Join(said, " ")), l.reference, l.told, l.paired)
		sum = [3]float64{sum[0] + one, sum[1] + two, sum[2] + long}
	}
	n := float64(len(gold))
	t.Logf("ROUGE-1 %.2f ROUGE-2 %.2f ROUGE-L %.2f, leaning openings %.3f a summary", 100*sum[0]/n, 100*sum[1]/n, 100*sum[2]/n, float64(leaning)/n)
	for k, floor := range []float64{32.1, 12.3, 20.6} {
		if 100*sum[k]/n < floor {
			t.Errorf("figure %d: %.2f, the floor is %.1f", k+1, 100*sum[k]/n, floor)
		}
	}
	if float64(leaning)/n > .02 {
		t.Errorf("%d leaning openings in %.0f summaries", leaning, n)
	}
}

func rowsOf[T any](t *testing.T, path string) []T {
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
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}
