package extract

import (
	"bytes"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/markusmobius/go-trafilatura"
)

// BenchmarkPageAgainstTrafilatura reads real pages in turn with Page and with
// go-trafilatura and its fall-backs, both from bytes and with dates, and
// reports how much time the one takes for the other's. To compare:
// of-trafilatura, 1.5 at most.
//
//	go test ./internal/extract -run '^$' -bench AgainstTrafilatura
func BenchmarkPageAgainstTrafilatura(b *testing.B) {
	var pages [][]byte
	for _, set := range []string{"extract/trafilatura", "week/orangesum"} {
		paths, err := filepath.Glob(filepath.Join(shared(b, "eval/corpus/"+set), "pages", "*.html"))
		if err != nil || len(paths) < 100 {
			b.Fatal(len(paths), err)
		}
		for _, p := range paths[:100] {
			pages = append(pages, readFile(b, p))
		}
	}
	u, _ := url.Parse("https://news.example/a/b")
	var ours, theirs time.Duration
	n := 0
	for b.Loop() {
		body := pages[n%len(pages)]
		n++
		start := time.Now()
		if _, err := Page(body, u.String(), Hint{}); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		_, _ = trafilatura.Extract(bytes.NewReader(body), trafilatura.Options{OriginalURL: u, EnableFallback: true, ExcludeComments: true})
		ours += middle.Sub(start)
		theirs += time.Since(middle)
	}
	b.ReportMetric(float64(ours)/float64(theirs), "of-trafilatura")
	b.ReportMetric(float64(ours.Milliseconds())/float64(n), "ms/page")
}
