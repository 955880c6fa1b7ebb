package collect_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/mmcdole/gofeed"

	"hebdo/internal/collect"
	"hebdo/internal/digest"
	"hebdo/internal/fetch"
	"hebdo/internal/store"
)

var feeds = flag.Int("feeds", 2000, "how many feeds BenchmarkCollect visits")

const visitors = 32

// BenchmarkCollect compares a round over 2,000 feeds of 100 kB on loopback,
// stored in SQLite, with gofeed that parses the same feeds and keeps nothing:
//
//	go test ./internal/collect -run '^$' -bench Collect
//
// "cold" is the first visit, "304" the second. The server is in the same
// process; what it does costs both alike. The ratio of CPU times says the same
// as that of the rates, and says it on a busy machine as well.
func BenchmarkCollect(b *testing.B) {
	site := serveFeeds(b)
	sources := make([]digest.Source, *feeds)
	for i := range sources {
		sources[i] = digest.Source{Kind: digest.SourceFeed, URL: fmt.Sprintf("%s/f/%d", site, i), Name: fmt.Sprintf("Feed %d", i)}
	}
	for b.Loop() {
		bare, bare304 := parseAll(b, site), visitAll(b, site)
		db := openStore(b, sources)
		n, err := db.Newsletter(b.Context(), "bench")
		if err != nil {
			b.Fatal(err)
		}
		cold := collectAll(b, db, n.Sources, 25**feeds)
		again := collectAll(b, db, n.Sources, 0)
		b.ReportMetric(bare.rate(), "gofeed/s")
		b.ReportMetric(cold.rate(), "cold/s")
		b.ReportMetric(cold.rate()/bare.rate(), "cold/gofeed")
		b.ReportMetric(float64(bare.cpu)/float64(cold.cpu), "cold/gofeed-cpu")
		b.ReportMetric(float64(cold.cpu.Microseconds())/float64(*feeds), "µs-cpu/cold")
		b.ReportMetric(bare304.rate(), "bare304/s")
		b.ReportMetric(again.rate(), "304/s")
		b.ReportMetric(float64(again.cpu.Microseconds())/float64(*feeds), "µs-cpu/304")
		b.ReportMetric(0, "ns/op")
	}
}

// cost is what a round over all feeds took.
type cost struct{ wall, cpu time.Duration }

func (c cost) rate() float64 { return float64(*feeds) / c.wall.Seconds() }

// measure gives what do costs, the garbage it leaves included.
func measure(do func()) cost {
	runtime.GC()
	begun, used := time.Now(), cpuTime()
	do()
	runtime.GC()
	return cost{time.Since(begun), cpuTime() - used}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// serveFeeds is a site whose feed N is at /f/N: 25 entries of 4 kB, with a
// validator. A few texts serve all, since making them is not what is measured.
func serveFeeds(b *testing.B) string {
	words := strings.Fields("market policy council storm reader agency court vaccine engine harbour budget river teacher satellite protein library railway orchard border treaty museum pension battery glacier parliament signal archive factory festival network")
	r := rand.New(rand.NewSource(1))
	para := func(n int) string {
		var p strings.Builder
		for range n {
			p.WriteString(words[r.Intn(len(words))] + " ")
		}
		return p.String()
	}
	var bodies [20][]string // cut where the feed's number goes
	for i := range bodies {
		var f strings.Builder
		f.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Feed #</title><link>http://127.0.0.1:8099/site/#</link><description>d</description>`)
		for k := range 25 {
			fmt.Fprintf(&f, `<item><title>%s</title><link>http://127.0.0.1:8099/site/#/%d</link><guid isPermaLink="false">f#-%d</guid><dc:creator>A</dc:creator><pubDate>Mon, 23 Nov 2026 %02d:00:00 GMT</pubDate><description>%s</description><content:encoded><![CDATA[`, para(8), k, k, k%24, para(30))
			for p := range 10 {
				fmt.Fprintf(&f, `<p>%s <a href="http://127.0.0.1:8099/x/%d">link</a> %s</p>`, para(22), p, para(22))
			}
			f.WriteString(`]]></content:encoded></item>`)
		}
		f.WriteString(`</channel></rss>`)
		bodies[i] = strings.Split(f.String(), "#")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		name := strings.TrimPrefix(q.URL.Path, "/f/")
		k, _ := strconv.Atoi(name)
		w.Header().Set("ETag", `"v1-`+name+`"`)
		w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT")
		if q.Header.Get("If-None-Match") == `"v1-`+name+`"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		_, _ = io.WriteString(w, strings.Join(bodies[k%len(bodies)], name))
	}))
	b.Cleanup(s.Close)
	return s.URL
}

// each runs do for every feed, by as many workers as a round has.
func each(b *testing.B, do func(client *http.Client, i int) error) cost {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: visitors, DialContext: (&net.Dialer{}).DialContext}}
	defer client.CloseIdleConnections()
	return measure(func() {
		work := make(chan int)
		var wait sync.WaitGroup
		for range visitors {
			wait.Go(func() {
				for i := range work {
					if err := do(client, i); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for i := range *feeds {
			work <- i
		}
		close(work)
		wait.Wait()
	})
}

func parseAll(b *testing.B, site string) cost {
	return each(b, func(client *http.Client, i int) error {
		resp, err := client.Get(fmt.Sprintf("%s/f/%d", site, i))
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		feed, err := gofeed.NewParser().Parse(resp.Body)
		if err == nil && len(feed.Items) != 25 {
			err = fmt.Errorf("%d entries", len(feed.Items))
		}
		return err
	})
}

// visitAll asks for all feeds conditionally and does nothing else.
func visitAll(b *testing.B, site string) cost {
	return each(b, func(client *http.Client, i int) error {
		req, err := http.NewRequest(http.MethodGet, fmt.Sprintf("%s/f/%d", site, i), nil)
		if err != nil {
			return err
		}
		req.Header.Set("If-None-Match", fmt.Sprintf(`"v1-%d"`, i))
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
}

func openStore(b *testing.B, sources []digest.Source) *store.Store {
	b.Helper()
	db, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{Now: time.Now, NewID: newID})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := db.SaveNewsletter(b.Context(), digest.Newsletter{Slug: "bench", Name: "Bench", Zone: "UTC", Languages: []digest.Language{"en"}, Sources: sources}); err != nil {
		b.Fatal(err)
	}
	return db
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// collectAll is one round: the pace off, loopback allowed.
func collectAll(b *testing.B, db *store.Store, sources []digest.Source, want int) cost {
	b.Helper()
	client := fetch.New(fetch.Options{
		UserAgent: "HebdoBench/1.0", Interval: -1, PerHost: visitors, Now: time.Now,
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	})
	defer client.Close()
	c := collect.New(client, db, collect.Options{Now: time.Now, NewID: newID, Parallel: visitors})
	var articles []digest.Article
	var notes []digest.Note
	var err error
	took := measure(func() { articles, notes, err = c.Articles(context.Background(), sources) })
	if err != nil || len(articles) != want {
		b.Fatalf("%d articles, want %d; notes %v; %v", len(articles), want, notes[:min(3, len(notes))], err)
	}
	return took
}
