package story

import (
	"crypto/sha256"
	"fmt"
	"sort"
	"time"

	"hebdo/internal/digest"
)

// Options of Cluster. The zero value is what a newsletter uses.
type Options struct {
	// Threshold is the average similarity, 0..1, from which articles are one
	// story; 0 means DefaultThreshold.
	Threshold float64
	// Window is how far apart two articles may be published and still be about
	// one event; 0 means DefaultWindow, less than 0 means no limit. Articles
	// without a date are near to every other.
	Window time.Duration
	// Vocabulary is what is known of words and names; nil means what is built in.
	Vocabulary *Vocabulary
	// Vectors are embeddings by article ID, of one length; they sharpen the
	// scores of the pairs in which both articles have one. Nil: none.
	Vectors map[string][]float32
}

func (o Options) vocabulary() *Vocabulary {
	if o.Vocabulary != nil {
		return o.Vocabulary
	}
	return builtIn()
}

// DefaultThreshold was the best single value over news in French, in English and in both.
const DefaultThreshold = .23

// DefaultWindow: news of one event is reported within six days.
const DefaultWindow = 6 * 24 * time.Hour

// Cluster gathers articles that tell one story. Constraints of the editors
// come first; articles with the same text, or the same key, always belong
// together; the rest is joined by average link while similarity reaches the
// threshold. Every join leaves its reason. Articles that could not be had at
// all stay alone, left out as "unreadable". The order of the articles makes no
// difference; stories come in the order of their youngest article, newest
// first.
func Cluster(articles []digest.Article, cons []digest.Constraint, opt Options) []digest.Story {
	if opt.Threshold == 0 {
		opt.Threshold = DefaultThreshold
	}
	if opt.Window == 0 {
		opt.Window = DefaultWindow
	}
	sorted := append([]digest.Article(nil), articles...)
	sort.SliceStable(sorted, func(i, j int) bool { return before(sorted[i], sorted[j]) })
	c := newCorpus(sorted, opt.vocabulary())
	g := newGroups(sorted)
	g.never(cons)
	g.must(cons)
	g.copies(c)
	agglomerate(g, scorer{corpus: c, articles: sorted, window: opt.Window, vectors: opt.vectors(sorted)}, opt.Threshold)
	return g.stories(c)
}

// before is an order of articles that does not depend on where they come from.
func before(a, b digest.Article) bool {
	if ka, kb := identity(a), identity(b); ka != kb {
		return ka < kb
	}
	if a.ID != b.ID {
		return a.ID < b.ID
	}
	if a.Title != b.Title {
		return a.Title < b.Title
	}
	return a.Text < b.Text
}

// identity is the article's key, or what comes nearest to one.
func identity(a digest.Article) string {
	for _, k := range []string{a.Key, a.ID, a.URL, a.Seen} {
		if k != "" {
			return k
		}
	}
	return a.Title
}

// storyID is a UUID made of the lead article's key (version 8, RFC 9562, 5.8):
// the same story has the same ID on every run.
func storyID(lead digest.Article) string {
	h := sha256.Sum256([]byte("story\n" + identity(lead)))
	h[6] = h[6]&0x0f | 0x80
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
