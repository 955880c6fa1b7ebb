package audience

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"hebdo/internal/digest"
)

// ErrBadLines: the file has lines that cannot be taken, so nothing of it was.
// The report counts them all and names the first.
var ErrBadLines = errors.New("nothing was imported: the file has bad lines")

// ImportOptions says how a file is read.
type ImportOptions struct {
	SkipBad  bool          // take the good lines of a file with bad ones
	DryRun   bool          // check and count, change and send nothing
	Source   string        // where consents come from, for lines that do not say: the file's name
	Pace     time.Duration // least time between two confirmation mails; 0: 200 ms
	MaxBytes int64         // of the file; 0: 4 GiB
	MaxBad   int           // bad lines that the report names; 0: 100
	Bad      func(BadLine) // hears of every bad line, those that the report does not name as well; may be nil
	Progress func(Progress)
}

// Progress is how far an import has come.
type Progress struct {
	Step      Step
	Done, All int64
}

// Step is a part of an import.
type Step string

// The steps of an import, in their order.
const (
	Checking Step = "check" // Done and All are bytes
	Merging  Step = "merge" // lines
	Asking   Step = "ask"   // confirmation mails
)

// ImportReport says what became of every line.
type ImportReport struct {
	Lines      int // with a reader on them
	Activated  int // put on the list with a stated consent
	Pending    int // to be asked to confirm
	Unchanged  int // were there already
	Parted     int // taken over as unsubscribed
	Left       int // unsubscribed earlier, not brought back
	Suppressed int // bounced, complained or barred, here or by what the file says: on no list
	Declined   int // the file says: no consent
	Asked      int // confirmation mails sent
	NotAsked   int // confirmation mails that could not be sent; the next import tries again
	Resumed    int // the line up to which an import that was broken off had come; 0: there was none
	BadLines   int
	Bad        []BadLine // the first of them, in their order
}

const (
	stageBatch = 2000 // lines read between two writes
	mergeBatch = 1000 // lines in one transaction
	askBatch   = 500
)

// Import reads a CSV file of readers into a newsletter's list. The file is
// checked whole and its lines staged before the first reader is on the list: a
// bad line refuses the file (ErrBadLines) unless o.SkipBad is set. Then the
// lines are merged, a short transaction at a time, so that letters go out
// meanwhile. Broken off at any moment, the same call goes on where it was;
// until then a part of the readers may be on the list, never a part of one.
// Memory does not grow with the file.
//
// Columns stand in any order under French or English headings. Readers whose
// consent is not stated become pending and, once all is merged, are asked to
// confirm at a measured pace. Addresses that the file calls suppressed are kept
// as such, on no list. Themes that readers leave out have to be among n.Themes,
// which has to name the built-in ones too. Importing a file again changes nothing but for
// mails that failed. It fails with digest.ErrConflict when another process
// reads the same file.
func (b *Book) Import(ctx context.Context, n digest.Newsletter, r io.Reader, o ImportOptions) (ImportReport, error) {
	o = o.orDefault()
	var report ImportReport
	file, err := openSheet(r, o.MaxBytes)
	if errors.Is(err, errTooBig) {
		report.bad(BadLine{Code: "size", Detail: sizeOf(o.MaxBytes)}, o)
		return report, ErrBadLines
	}
	if err != nil {
		return report, err
	}
	defer file.close()
	run := &importing{Book: b, newsletter: n, opt: o, report: &report}
	run.state, err = b.staging.BeginImport(ctx, digest.Import{Key: o.key(n, file), Newsletter: n.Slug, Dry: o.DryRun})
	if err == nil {
		report.Resumed = max(run.state.Staged, run.state.Merged)
		err = run.all(ctx, file)
	}
	report.count(run.state.Counts)
	report.sort(o)
	return report, err
}

// key is the same for the same file read the same way into the same list.
func (o ImportOptions) key(n digest.Newsletter, file *sheet) string {
	return fmt.Sprintf("%s %t %t %s", n.Slug, o.SkipBad, o.DryRun, hex.EncodeToString(file.sum[:]))
}

func (o ImportOptions) orDefault() ImportOptions {
	if o.Pace == 0 {
		o.Pace = 200 * time.Millisecond
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 4 << 30
	}
	if o.MaxBad == 0 {
		o.MaxBad = 100
	}
	if o.Bad == nil {
		o.Bad = func(BadLine) {}
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

func sizeOf(bytes int64) string { return strconv.FormatInt(bytes>>20, 10) + " MiB" }

// bad counts a bad line and names it, if it may be among the first.
func (r *ImportReport) bad(line BadLine, o ImportOptions) {
	r.BadLines++
	o.Bad(line)
	r.Bad = append(r.Bad, line)
	if len(r.Bad) >= 4*o.MaxBad {
		r.sort(o)
	}
}

func (r *ImportReport) sort(o ImportOptions) {
	slices.SortStableFunc(r.Bad, func(a, b BadLine) int { return a.Line - b.Line })
	if len(r.Bad) > o.MaxBad {
		r.Bad = slices.Clone(r.Bad[:o.MaxBad])
	}
}

func (r *ImportReport) count(lines map[digest.Outcome]int) {
	r.Activated += lines[digest.ImportActivated]
	r.Pending += lines[digest.ImportAsked]
	r.Unchanged += lines[digest.ImportUnchanged]
	r.Parted += lines[digest.ImportParted]
	r.Left += lines[digest.ImportLeft]
	r.Suppressed += lines[digest.ImportSuppressed]
	r.Declined += lines[digest.ImportDeclined]
}

// each visits a newsletter's subscriptions a page at a time.
func (b *Book) each(ctx context.Context, newsletter string, visit func(digest.Subscription) error) error {
	const page = 1000
	for after := ""; ; {
		subs, err := b.register.Subscriptions(ctx, newsletter, after, page)
		if err != nil {
			return fmt.Errorf("listing the subscriptions to %s: %w", newsletter, err)
		}
		for _, s := range subs {
			if err := visit(s); err != nil {
				return err
			}
		}
		if len(subs) < page {
			return nil
		}
		after = subs[len(subs)-1].ID
	}
}
