package audience_test

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
	"hebdo/internal/track"
)

var readers = flag.Int("subscribers", 100_000, "how many lines the benchmark's file has")

// BenchmarkImport compares an import with bare batched INSERTs of the same rows
// into a database of the same kind, one after the other. To compare: ×bare, 3 at
// most, and MB-peak, which does not grow with the file.
//
//	go test ./internal/audience -run '^$' -bench Import -benchtime 1x -subscribers 1000000
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(*testing.B) string{
		"sqlite":   func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "hebdo.db") },
		"postgres": func(b *testing.B) string { return storetest.Postgres(b, os.Getenv) },
	} {
		b.Run(name, func(b *testing.B) {
			file := writeList(b, *readers)
			for b.Loop() {
				house := enter(b, open(b))
				resetPeak()
				begun := time.Now()
				report, err := house.book.Import(b.Context(), week, openFile(b, file), audience.ImportOptions{Source: "list.csv"})
				took := time.Since(begun)
				if err != nil || report.Activated != *readers {
					b.Fatalf("%+v, %v", report, err)
				}
				peak := peakMemory()
				bare := enter(b, open(b))
				begun = time.Now()
				insertBare(b, bare.url, *readers)
				reference := time.Since(begun)
				b.ReportMetric(took.Seconds()/reference.Seconds(), "×bare")
				b.ReportMetric(float64(*readers)/took.Seconds(), "lines/s")
				b.ReportMetric(peak, "MB-peak")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

var week = digest.Newsletter{
	Slug: "week", Name: "The Week", Zone: "Europe/Paris", Languages: []digest.Language{digest.French, digest.English},
	Review: digest.Review{Mode: digest.ReviewRequired},
}

type house struct {
	url   string
	store *store.Store
	book  *audience.Book
}

// enter opens a database with one newsletter, and a book over it.
func enter(t testing.TB, at string) house {
	t.Helper()
	s, err := store.Open(t.Context(), at, store.Options{Now: time.Now, NewID: newID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveNewsletter(t.Context(), week); err != nil {
		t.Fatal(err)
	}
	return house{at, s, bookOf(s, s)}
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func bookOf(s *store.Store, staging audience.Staging) *audience.Book {
	public, _ := url.Parse("https://news.example.org")
	links, _ := track.New(public, []track.Key{{ID: 1, Secret: []byte(strings.Repeat("k", 32))}})
	return audience.NewBook(s, nobody{}, links, audience.Options{Now: time.Now, NewID: newID, Staging: staging})
}

// nobody is a Postman without work.
type nobody struct{}

func (nobody) Confirm(context.Context, digest.Subscription, string) error { return nil }

// writeList writes a file of n readers whose addresses are in no order.
func writeList(t testing.TB, n int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "list.csv")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(file)
	fmt.Fprintln(out, "Nom;Consentement;Langue;Adresse e-mail")
	for i := range n {
		fmt.Fprintf(out, "Prénom Nom%d;14/03/2024 08:06;%s;%s\n", i, []string{"fr", "en"}[i%2], addressOf(i))
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func addressOf(i int) string {
	return fmt.Sprintf("reader.%08x@mail%d.example.org", uint32(i)*2654435761, i%50)
}

func openFile(t testing.TB, name string) *os.File {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// insertBare keeps the same rows by multi-row INSERTs, a thousand readers in
// a transaction.
func insertBare(b *testing.B, at string, n int) {
	driver, name := "pgx", at
	if path, ok := strings.CutPrefix(at, "sqlite:"); ok {
		driver, name = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"+
			"&_pragma=wal_autocheckpoint(4000)&_pragma=foreign_keys(1)&_txlock=immediate&_pragma=cache_size(-32000)"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for from := 0; from < n; from += 1000 {
		tx, err := db.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		for at := from; at < min(n, from+1000); at += 200 {
			var people, subs []any
			for i := at; i < min(n, at+200); i++ {
				id, address := newID(), addressOf(i)
				people = append(people, id, address, address, "", 0, "", 1)
				subs = append(subs, newID(), "week", id, "active", fmt.Sprintf("Prénom Nom%d", i),
					[]string{"fr", "en"}[i%2], "full", 1710403560000000, "list.csv", "", "", 0, 0, 0, 0, 1)
			}
			for _, q := range []struct {
				table string
				width int
				args  []any
			}{{"subscribers (id,address,match,suppression,suppressed,suppression_text,created)", 7, people},
				{"subscriptions (id,newsletter,subscriber_id,state,name,language,length,consent_at,consent_source,consent_text,consent_ip,asked,asked_times,confirmed,ended,created)", 16, subs}} {
				if _, err := tx.ExecContext(b.Context(), "INSERT INTO "+q.table+" VALUES "+places(driver, len(q.args)/q.width, q.width), q.args...); err != nil {
					b.Fatal(err)
				}
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}

// places are the parameters of a statement; PostgreSQL numbers them.
func places(driver string, rows, width int) string {
	var s strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			s.WriteByte('(')
		case i%width == 0:
			s.WriteString("),(")
		default:
			s.WriteByte(',')
		}
		if driver == "pgx" {
			s.WriteString("$" + strconv.Itoa(i+1))
		} else {
			s.WriteByte('?')
		}
	}
	return s.String() + ")"
}

// resetPeak makes the kernel forget the process's highest memory (Linux).
func resetPeak() {
	runtime.GC()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peakMemory is the highest since then, in MB; 0 where it is not known.
func peakMemory() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.Atoi(strings.Fields(kb)[0])
			return float64(n) / 1000
		}
	}
	return 0
}
