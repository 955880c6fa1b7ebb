package collect

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// oddFeeds is how many mutated feeds TestOddFeedsNeitherStopNorHoldUp reads.
const oddFeeds = 5000

// Feeds damaged in every way that a careless program or a bad line damages
// them: none may stop the program, hold it up, or let anything unsafe through.
func TestOddFeedsNeitherStopNorHoldUp(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	seeds := oddSeeds(t)
	r := rand.New(rand.NewPCG(7, 11))
	n, slowest := oddFeeds, time.Duration(0)
	if testing.Short() {
		n /= 10
	}
	for i := range n {
		doc := slices.Clone(seeds[i%len(seeds)])
		for range 1 + r.IntN(4) {
			doc = damage(r, doc, seeds)
		}
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("feed %d: %v\n%.300q", i, p, doc)
				}
			}()
			begun := worked()
			raw, _ := readFeed(doc, "", "https://x.example/feed")
			if raw == nil {
				return
			}
			links := raw.links()
			parts := raw.parts(links)
			raw.seen(links, parts)
			for k := range raw.items {
				e := raw.entry(k)
				raw.article(k, parts[k])
				if low := strings.ToLower(e.Content + e.Summary); strings.Contains(low, "<script") || strings.Contains(low, "<iframe") {
					t.Errorf("feed %d: unsafe: %.300q", i, low)
				}
			}
			if took := worked() - begun; took > slowest {
				slowest = took
			}
		}()
	}
	t.Logf("%d feeds, the slowest in %v", n, slowest)
	if plain := longFeed(); slowest > 2*plain {
		t.Errorf("the slowest took %v, where a long feed takes %v", slowest, plain)
	}
}

// What takes time that grows faster than the document does is a way to stop us.
func TestHostileFeedsTakeNoLongerThanLongOnes(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	plain := longFeed()
	for name, body := range map[string]string{
		"declarations":           "<rss>" + fill("<!>"),
		"subsets":                "<rss>" + fill("<!DOCTYPE ["),
		"open brackets":          "<rss>" + fill("<![>"),
		"depth":                  "<rss>" + fill("<a>"),
		"ends of nothing":        "<rss>" + fill("<a>")[:long/2] + fill("</b>")[:long/2],
		"depth in an entry":      "<rss><item>" + fill("<a>"),
		"ends in an entry":       "<rss><item>" + fill("</a>"),
		"quotation marks":        "<rss><item><title " + fill(`a="`),
		"tags that are none":     "<rss><item><title>" + fill("<a "),
		"prefixes":               "<rss " + fill(`xmlns:a="http://www.w3.org/1999/xhtml" `) + ">" + strings.Repeat("<item><description><b>x</b></description></item>", 500),
		"references":             "<rss><item><title>" + fill("&"),
		"long references":        "<rss><item><title>" + fill("&amp;amp;lt;"),
		"comments in HTML":       "<rss><item><description><![CDATA[" + fill("<!--") + "]]></description></item></rss>",
		"declarations in HTML":   "<rss><item><description><![CDATA[" + fill("<!a") + "]]></description></item></rss>",
		"frames in HTML":         "<rss><item><description><![CDATA[" + fill("<iframe ") + "]]></description></item></rss>",
		"depth in HTML":          "<rss><item><description><![CDATA[" + fill("<div>") + "]]></description></item></rss>",
		"links in HTML":          "<rss><item><description><![CDATA[" + fill(`<a href="//[">x</a>`) + "]]></description></item></rss>",
		"titles":                 "<rss><item>" + fill("<title>x</title>"),
		"authors":                "<rss><item>" + fill("<author>x@y (z)</author>") + "</item></rss>",
		"entries without an end": "<rss>" + fill("<item>"),
		"lists in JSON":          `{"items":` + fill("["),
		"items in JSON":          `{"items":[` + fill("{},"),
		"entities":               `<!DOCTYPE a [` + strings.Repeat(`<!ENTITY a "`+strings.Repeat("b", 100)+`">`, 200) + `]><rss><item><title>` + fill("&a;"),
	} {
		begun := worked()
		feed, err := ParseFeed([]byte(body), "https://x.example/")
		took := worked() - begun
		t.Logf("%s: %v", name, took)
		if took > 6*plain {
			t.Errorf("%s: %v, where a long feed takes %v (%d entries, %v)", name, took, plain, len(feed.Entries), err)
		}
	}
}

// long is the length of a long feed in bytes.
const long = 1 << 19

// fill repeats a text until it is as long as a long feed.
func fill(s string) string { return strings.Repeat(s, long/len(s)) }

// longFeed is the work of reading a feed that is long and means no harm: one
// entry with a text of many paragraphs.
func longFeed() time.Duration {
	body := "<rss><item><description><![CDATA[" + fill(`<p>Some <b>words</b> of a <a href="https://x.example">text</a></p>`) + "]]></description></item></rss>"
	begun := worked()
	_, _ = ParseFeed([]byte(body), "https://x.example/")
	return worked() - begun
}

// worked is how long this thread was at work: what others do on a busy machine
// does not count.
func worked() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(thisThread, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// oddSeeds are feeds of our own and, where they lie beside the project, real
// and trying ones.
func oddSeeds(t *testing.T) [][]byte {
	seeds := [][]byte{[]byte(atomFeed), []byte(jsonFeed), []byte(rdfFeed), []byte(rss(item(1), item(2), item(3))), []byte(cdfFeed)}
	for _, set := range []string{"feedparser", "feedparser-sanitize", "olshansk"} {
		dir := filepath.Join("..", "..", "..", "shared", "eval", "corpus", "feed", set, "pages")
		files, err := os.ReadDir(dir)
		if err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Logf("without the feeds beside the project: %v", err)
			continue
		}
		for _, f := range files {
			b, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			seeds = append(seeds, b[:min(len(b), 200<<10)])
		}
	}
	return seeds
}

// oddPieces are put into feeds.
var oddPieces = []string{
	"<", ">", "&", "\"", "'", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&#0;", "&#x110000;", "&nbsp;", "&amp;amp;",
	"<item>", "</item>", "<entry>", "</entry>", "</channel>", "</rss>", "<title>", "</title>", "<link/>", "<description>", "<media:group>", "<content type='xhtml'>",
	"<div xmlns='http://www.w3.org/1999/xhtml'>", "xml:base='//['", " xmlns='' ", "<?xml version='1.0' encoding='utf-16'?>", "\x00", "\xff\xfe", "\x1b$B", "\xed\xa0\x80",
	"<script>", "<iframe src=x>", "<img src=x onerror=y>", "<a href='javascript:z'>", "{", "}", "[", "null,", `"items":`, "\u2028", "<p>", "</p>", "é",
}

// damage changes a document in one way.
func damage(r *rand.Rand, doc []byte, seeds [][]byte) []byte {
	if len(doc) == 0 {
		return []byte(oddPieces[r.IntN(len(oddPieces))])
	}
	at := r.IntN(len(doc))
	end := min(len(doc), at+1+r.IntN(1+len(doc)/4))
	switch r.IntN(9) {
	case 0: // breaks off
		return doc[:at]
	case 1: // a piece is missing
		return slices.Delete(doc, at, end)
	case 2: // a piece is there twice
		return slices.Insert(doc, at, slices.Clone(doc[at:end])...)
	case 3: // bytes are garbled
		for range 1 + r.IntN(20) {
			doc[r.IntN(len(doc))] = byte(r.IntN(256))
		}
	case 4, 5: // something is put in
		piece := oddPieces[r.IntN(len(oddPieces))]
		return slices.Insert(doc, at, []byte(piece)...)
	case 6: // something is put in everywhere
		piece := []byte(oddPieces[r.IntN(len(oddPieces))])
		return bytes.ReplaceAll(doc, []byte(">"), append([]byte(">"), piece...))[:min(len(doc)*2, 300<<10, bytes.Count(doc, []byte(">"))*len(piece)+len(doc))]
	case 7: // two feeds in one
		other := seeds[r.IntN(len(seeds))]
		return slices.Concat(doc[:at], other[min(len(other), r.IntN(1+len(other))):])
	case 8: // deep nesting
		return slices.Insert(doc, at, bytes.Repeat([]byte(oddPieces[r.IntN(len(oddPieces))]), 1+r.IntN(3000))...)
	}
	return doc
}

const cdfFeed = `<?XML VERSION="1.0"?><!DOCTYPE Channel SYSTEM "x.dtd"><CHANNEL HREF="http://cdf.example/"><TITLE>Le Canal</TITLE>
<ITEM HREF="/un" LASTMOD="2026-11-20T09:00+0100"><TITLE>Un</TITLE><ABSTRACT>Le premier</ABSTRACT></ITEM></CHANNEL>`

// What a long feed holds beyond the entries that are read costs nothing.
func TestMemoryIsFlatOverALongFeed(t *testing.T) {
	entry := `<item><title>Titre %d</title><link>https://x.example/%d</link><guid>%d</guid><description>` + strings.Repeat("mot ", 100) + `</description></item>`
	long := func(n int) []byte {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, entry, i, i, i)
		}
		return []byte(rss(b.String()))
	}
	used := func(doc []byte) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		raw, err := readFeed(doc, "", "https://x.example/feed")
		runtime.ReadMemStats(&after)
		if err != nil || len(raw.items) != maxEntries {
			t.Fatalf("%d entries, %v", len(raw.items), err)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	doc := long(10000)
	// What else runs in the process is counted too: the least of a few is the feed's own.
	short, tall := used(long(maxEntries+1)), min(used(doc), used(doc), used(doc))
	if tall > short+short/10 {
		t.Errorf("%d bytes for 10,000 entries, %d for %d", tall, short, maxEntries+1)
	}
}
