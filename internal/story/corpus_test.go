package story

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// A window of ten thousand articles stays in memory beside their texts: a few
// kilobytes for each.
func TestWhatIsKeptOfAnArticleIsSmall(t *testing.T) {
	const articles, words, most = 1500, 400, 7 << 10 // nearly every word another one, unlike news
	r := rand.New(rand.NewPCG(1, 2))
	var in []digest.Article
	for i := range articles {
		var b strings.Builder
		for range words {
			fmt.Fprintf(&b, "w%da ", int(20000*r.Float64()*r.Float64()*r.Float64()))
		}
		in = append(in, digest.Article{ID: fmt.Sprint(i), Language: "en", Kind: digest.KindArticle, Text: b.String()})
	}
	newCorpus(in[:10], builtIn()) // reads the word lists
	before := held()
	c := newCorpus(in, builtIn())
	each := (held() - before) / articles
	runtime.KeepAlive(in)
	t.Logf("%d bytes of an article of %d words", each, words)
	if each > most {
		t.Errorf("%d bytes of an article are kept, at most %d should be", each, most)
	}
	if n := len(c.docs[0].all); n == 0 {
		t.Error("nothing is kept")
	}
}

func held() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
