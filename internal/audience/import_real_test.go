package audience_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/store/storetest"
)

// databases are those that an import has to work with.
var databases = map[string]func(t *testing.T) string{
	"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "hebdo.db") },
	"postgres": func(t *testing.T) string { return storetest.Postgres(t, os.Getenv) },
}

// breaking is a Staging that is cut off at one of its calls, before or after
// what that call writes: as a kill would.
type breaking struct {
	audience.Staging
	left  int
	after bool
}

var errKilled = errors.New("killed")

func (b *breaking) cut(do func() error) error {
	if b.left--; b.left < 0 && !b.after {
		return errKilled
	}
	err := do()
	if b.left < 0 {
		return errKilled
	}
	return err
}

func (b *breaking) Stage(ctx context.Context, i digest.Import, upTo int, lines []digest.Incoming) (out digest.Import, err error) {
	err = b.cut(func() (e error) { out, e = b.Staging.Stage(ctx, i, upTo, lines); return e })
	return out, err
}

func (b *breaking) Repeats(ctx context.Context, i digest.Import, tell func(line, kept int)) error {
	return b.cut(func() error { return b.Staging.Repeats(ctx, i, tell) })
}

func (b *breaking) MergeImport(ctx context.Context, i digest.Import, limit int, settle func(digest.Incoming, digest.Subscription) (digest.Subscription, digest.Outcome, bool)) (out digest.Import, err error) {
	err = b.cut(func() (e error) { out, e = b.Staging.MergeImport(ctx, i, limit, settle); return e })
	return out, err
}

func (b *breaking) EndImport(ctx context.Context, id string) error {
	if b.after {
		return b.Staging.EndImport(ctx, id) // then nothing is left to go on with
	}
	return b.cut(func() error { return b.Staging.EndImport(ctx, id) })
}

// list is a file with good lines, an address twice, one without consent, one
// that is no address, and two of people who are known.
func list(n int) string {
	var s strings.Builder
	s.WriteString("consent,email,name\n")
	for i := range n {
		fmt.Fprintf(&s, "2026-03-01,%s,Reader %d\n", addressOf(i), i)
	}
	fmt.Fprintf(&s, "2026-03-01,%s,again\n,known@example.org,Known\nno,declined@example.org,\nnobody,nobody,\n2026-03-01,barred@example.org,\n", addressOf(1))
	return s.String()
}

func TestAnImportCutOffAnywhereGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, with which -short is given; it runs without")
	}
	const n = 4500 // three groups to stage, five to merge
	want := audience.ImportReport{Lines: n + 5, Activated: n, Unchanged: 1, Suppressed: 1, Declined: 1, BadLines: 2,
		Bad: []audience.BadLine{{Line: n + 2, Code: "duplicate", Detail: "3"}, {Line: n + 5, Code: "address", Detail: "nobody"}}}
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			for _, after := range []bool{false, true} {
				h := enter(t, open(t))
				known := digest.Subscription{Newsletter: "week", State: digest.Active, Length: digest.Full,
					Subscriber: digest.Subscriber{Address: "known@example.org", Match: "known@example.org"}}
				if err := h.store.SaveSubscriptions(t.Context(), []digest.Subscription{known}); err != nil {
					t.Fatal(err)
				}
				barred := digest.Subscriber{Address: "barred@example.org", Match: "barred@example.org", Suppression: digest.Suppression{Kind: digest.Barred}}
				if _, err := h.store.SaveSuppressed(t.Context(), []digest.Subscriber{barred}); err != nil {
					t.Fatal(err)
				}
				var report audience.ImportReport
				err := errKilled
				cuts := 0
				for ; errors.Is(err, errKilled) && cuts < 40; cuts++ {
					staging := &breaking{h.store, cuts / 3, after} // often at the beginning, then further on
					book := bookOf(h.store, staging)
					report, err = book.Import(t.Context(), week, strings.NewReader(list(n)), audience.ImportOptions{SkipBad: true})
				}
				if err != nil || cuts < 8 {
					t.Fatalf("after %d cuts: %v", cuts, err)
				}
				report.Resumed = 0
				if got, expected := fmt.Sprintf("%+v", report), fmt.Sprintf("%+v", want); got != expected {
					t.Errorf("cut after=%t:\n%s, want\n%s", after, got, expected)
				}
				counts, err := h.store.CountSubscriptions(t.Context(), "week")
				if err != nil || counts[digest.Active] != n+1 || len(counts) != 1 {
					t.Errorf("on the list: %v, %v", counts, err)
				}
			}
		})
	}
}

func TestABadLineRefusesAFileThatWasStaged(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, with which -short is given; it runs without")
	}
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			h := enter(t, open(t))
			var told int
			report, err := h.book.Import(t.Context(), week, strings.NewReader(list(2500)+strings.Repeat("x\n", 300)),
				audience.ImportOptions{MaxBad: 20, Bad: func(audience.BadLine) { told++ }})
			if !errors.Is(err, audience.ErrBadLines) || report.BadLines != 302 || told != 302 || len(report.Bad) != 20 || report.Bad[0].Line != 2502 {
				t.Fatalf("%d bad lines, %d told, %d named, %v", report.BadLines, told, len(report.Bad), err)
			}
			if counts, err := h.store.CountSubscriptions(t.Context(), "week"); err != nil || len(counts) > 0 {
				t.Errorf("on the list: %v, %v", counts, err)
			}
		})
	}
}

// Another process that sends gets its turn all along: it writes to the same
// file while the import does.
func TestAnImportLeavesRoomForARunningSend(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, with which -short is given; it runs without")
	}
	path := "sqlite:" + filepath.Join(t.TempDir(), "hebdo.db")
	h, other := enter(t, path), enter(t, path)
	issue := sending(t, other, 3000)
	file := writeList(t, 20_000)
	done := make(chan error, 1)
	begun := time.Now()
	go func() {
		_, err := h.book.Import(t.Context(), week, openFile(t, file), audience.ImportOptions{})
		done <- err
	}()
	turns, longest := 0, time.Duration(0)
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d writes while the import took %s, the longest %s", turns, time.Since(begun).Round(time.Millisecond), longest.Round(time.Millisecond))
			if turns < 10 { // in one transaction there would be one or two
				t.Errorf("only %d writes while 20,000 lines were imported", turns)
			}
			return
		default:
		}
		at := time.Now()
		held, err := other.store.Claim(t.Context(), digest.Claim{IssueID: issue, Node: "sender", Limit: 1, Now: time.Now(), Lease: time.Hour})
		if err != nil || len(held) == 0 && turns < 3000 {
			t.Fatalf("after %d writes: %v, %v", turns, held, err)
		}
		turns++
		longest = max(longest, time.Since(at))
		time.Sleep(2 * time.Millisecond) // as a server takes for a letter
	}
}

// sending is an issue on its way to n readers.
func sending(t *testing.T, h house, n int) string {
	t.Helper()
	var all []digest.Subscription
	for i := range n {
		address := fmt.Sprintf("early%d@example.org", i)
		all = append(all, digest.Subscription{Newsletter: "week", State: digest.Active, Language: digest.French, Length: digest.Full,
			Subscriber: digest.Subscriber{Address: address, Match: address}})
	}
	ctx := t.Context()
	err := h.store.SaveSubscriptions(ctx, all)
	issue := digest.Issue{}
	if err == nil {
		issue, err = h.store.SaveIssue(ctx, digest.Issue{Newsletter: "week", Slot: "2026-11-23#1", State: digest.InReview})
	}
	if err == nil {
		issue, err = h.store.ApproveIssue(ctx, issue, func(i digest.Issue) ([]digest.Edition, error) {
			v := digest.Variant{Language: digest.French, Length: digest.Full}
			return []digest.Edition{{IssueID: i.ID, Hash: "h", Letter: digest.Letter{Variant: v, Subject: "s", HTML: "h", Text: "t"}}}, nil
		})
	}
	if err == nil {
		_, err = h.store.Enqueue(ctx, issue.ID, time.Now())
	}
	if err == nil {
		_, err = h.store.MoveIssue(ctx, issue.ID, digest.Sending, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	return issue.ID
}

func TestWhoIsSuppressedStaysSoInAnotherHouse(t *testing.T) {
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			old, other := enter(t, open(t)), enter(t, open(t))
			file := "email,consent\nada@example.org,2024-01-01\n"
			kinds := map[string]digest.SuppressionKind{"plaint@example.org": digest.Complained, "bounced@example.org": digest.Bounced, "barred@example.org": digest.Barred}
			var off []digest.Subscriber
			for address, kind := range kinds {
				file += address + ",2024-01-01\n"
				off = append(off, digest.Subscriber{Address: address, Match: address, Suppression: digest.Suppression{Kind: kind}})
			}
			load := func(h house, file string, o audience.ImportOptions) audience.ImportReport {
				t.Helper()
				report, err := h.book.Import(t.Context(), week, strings.NewReader(file), o)
				if err != nil {
					t.Fatalf("%+v, %v", report, err)
				}
				return report
			}
			load(old, file, audience.ImportOptions{})
			if _, err := old.store.SaveSuppressed(t.Context(), off); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := old.book.Export(t.Context(), week, &out); err != nil {
				t.Fatal(err)
			}
			for _, dry := range []bool{true, false, false} {
				if got := load(other, out.String(), audience.ImportOptions{DryRun: dry}); got.Suppressed != 3 || got.Activated+got.Unchanged != 1 {
					t.Fatalf("%+v\n%s", got, out.String())
				}
			}
			for address, kind := range kinds {
				if who, err := other.store.Subscriber(t.Context(), address); err != nil || who.Suppression.Kind != kind {
					t.Errorf("%s: %+v, %v", address, who, err)
				}
			}
			if got := load(other, "email,consent\nplaint@example.org,2026-01-01\n", audience.ImportOptions{}); got.Suppressed != 1 {
				t.Errorf("named again: %+v", got)
			}
		})
	}
}

func TestOfTwoLinesTheOneThatLeavesCounts(t *testing.T) {
	file := "email,state,consent,suppressed\nd1@x.org,active,2024-01-01,\nD1@X.org,unsubscribed,,\nd2@x.org,,2024-01-01,\nd2@x.org,,no,\n" +
		"d3@x.org,,2024-01-01,\nd3@x.org,,2024-01-01,moonlight\nd4@x.org,,2024-01-01,\nd4@x.org,,,\nd5@x.org,,2024-01-01,NULL\n"
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			h := enter(t, open(t))
			got, err := h.book.Import(t.Context(), week, strings.NewReader(file), audience.ImportOptions{SkipBad: true})
			if err != nil || got.Parted != 1 || got.Declined != 1 || got.Suppressed != 1 || got.Activated != 2 || got.BadLines != 4 {
				t.Errorf("%+v, %v", got, err)
			}
			if who, err := h.store.Subscriber(t.Context(), "d3@x.org"); err != nil || who.Suppression.Kind != digest.Barred {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}
