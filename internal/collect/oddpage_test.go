package collect

import (
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// One card that held all links of a page was searched for its day at each: a
// page of ten megabytes kept a processor busy for half an hour.
func TestHostilePagesTakeNoLongerThanLongOnes(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	base := &url.URL{Scheme: "https", Host: "x.example", Path: "/"}
	visit := func(page string) time.Duration {
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		begun := worked()
		articleLinks(doc, base)
		return worked() - begun
	}
	const link = `<a href="/blog/some-words-of-a-title">Some words of a title</a>`
	plain := visit("<ul>" + fill("<li>"+link+"<time datetime=2026-11-20>20</time></li>"))
	for name, page := range map[string]string{
		"one card":             "<article>" + fill(link),
		"a list within a card": "<article><ul>" + fill("<li>"+link),
		"headings":             "<article><h2>" + fill(link),
		"links without words":  "<article>" + fill(`<a href="/blog/some-words-of-a-title"></a>`),
		"depth":                strings.Repeat("<article><div>", 200) + fill(link),
	} {
		took := visit(page)
		t.Logf("%s: %v", name, took)
		if took > 6*plain {
			t.Errorf("%s: %v, where a long page takes %v", name, took, plain)
		}
	}
}
