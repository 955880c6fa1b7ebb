package audience

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"hebdo/internal/digest"
)

// ErrBadLines: the file has lines that cannot be taken, so nothing of it was.
// The report names them all.
var ErrBadLines = errors.New("nothing was imported: the file has bad lines")

// ImportOptions says how a file is read.
type ImportOptions struct {
	SkipBad  bool          // take the good lines of a file with bad ones
	DryRun   bool          // check and count, change and send nothing
	Source   string        // where consents come from, for lines that do not say: the file's name
	Pace     time.Duration // least time between two confirmation mails; 0: 200 ms
	MaxBytes int64         // of the file; 0: 32 MiB
	Asked    func(done, all int)
}

// ImportReport says what became of every line.
type ImportReport struct {
	Lines      int // with a reader on them
	Activated  int // put on the list with a stated consent
	Pending    int // to be asked to confirm
	Unchanged  int // were there already
	Parted     int // taken over as unsubscribed
	Left       int // unsubscribed earlier, not brought back
	Suppressed int // bounced, complained or erased: not brought back
	Declined   int // the file says: no consent
	Asked      int // confirmation mails sent
	NotAsked   int // confirmation mails that could not be sent; the next import tries again
	Bad        []BadLine
}

// Import reads a CSV file of readers into a newsletter's list. The file is
// checked whole before the first row is stored, and all rows are stored in one
// transaction: a bad line refuses the file (ErrBadLines) unless o.SkipBad is
// set. Columns stand in any order under French or English headings. Readers
// whose consent is not stated become pending and, once all is stored, are
// asked to confirm at a measured pace. Importing a file again changes nothing
// but for mails that failed.
func (b *Book) Import(ctx context.Context, n digest.Newsletter, r io.Reader, o ImportOptions) (ImportReport, error) {
	o = o.orDefault()
	rows, report, err := b.check(r, o)
	if err != nil {
		return report, err
	}
	if len(report.Bad) > 0 && (!o.SkipBad || len(rows) == 0) {
		return report, ErrBadLines
	}
	ask, err := b.keepAll(ctx, n, rows, o, &report)
	if err == nil {
		err = b.askAll(ctx, n.Slug, ask, o, &report)
	}
	return report, err
}

// keepAll stores what the rows change, in one transaction while nobody else
// changes anything, and gives the addresses to be asked.
func (b *Book) keepAll(ctx context.Context, n digest.Newsletter, rows []row, o ImportOptions, report *ImportReport) ([]string, error) {
	defer b.holdAll()()
	known, err := b.known(ctx, n.Slug)
	if err != nil {
		return nil, err
	}
	var save []digest.Subscription
	var ask []string
	now := b.clock()
	for _, row := range rows {
		sub, ok := known[row.entry.Address.Match]
		if !ok {
			sub = b.fresh(n.Slug, row.entry.Address, now)
		}
		row.entry.Language = spoken(n, row.entry.Language)
		sub, what := settle(sub, ok, row.entry, now)
		report.count(what)
		switch what {
		case activated, parted:
			save = append(save, sub)
		case toAsk:
			save = append(save, sub)
			ask = append(ask, row.entry.Address.Match)
		}
	}
	if o.DryRun || len(save) == 0 {
		return nil, nil
	}
	if err := b.register.SaveSubscriptions(ctx, save); err != nil {
		return nil, fmt.Errorf("storing %d subscriptions, none of which was kept: %w", len(save), err)
	}
	return ask, nil
}

func (o ImportOptions) orDefault() ImportOptions {
	if o.Pace == 0 {
		o.Pace = 200 * time.Millisecond
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 32 << 20
	}
	if o.Asked == nil {
		o.Asked = func(int, int) {}
	}
	return o
}

// check reads the whole file and finds every fault in it.
func (b *Book) check(r io.Reader, o ImportOptions) ([]row, ImportReport, error) {
	var report ImportReport
	data, tooBig, err := readCapped(r, o.MaxBytes)
	if err != nil {
		return nil, report, err
	}
	if tooBig != nil {
		report.Bad = []BadLine{*tooBig}
		return nil, report, ErrBadLines
	}
	records, bad, whole := readCSV(data)
	report.Bad = bad
	if !whole {
		return nil, report, ErrBadLines
	}
	if len(records) == 0 {
		report.Bad = append(report.Bad, BadLine{Code: "empty"})
		return nil, report, ErrBadLines
	}
	columns, headed, wrong := layout(records[0])
	if wrong != nil {
		report.Bad = append(report.Bad, *wrong)
		return nil, report, ErrBadLines
	}
	if headed {
		records = records[1:]
	}
	var rows []row
	first := map[string]int{} // address → line
	now := b.clock()
	for _, rec := range records {
		report.Lines++
		row, wrong := rec.read(columns, now)
		if wrong != nil {
			report.Bad = append(report.Bad, *wrong)
			continue
		}
		if line, ok := first[row.entry.Address.Match]; ok {
			report.Bad = append(report.Bad, BadLine{Line: row.line, Code: "duplicate", Detail: strconv.Itoa(line)})
			continue
		}
		first[row.entry.Address.Match] = row.line
		if row.declined {
			report.Declined++
			continue
		}
		if row.entry.Consent.Source == "" {
			row.entry.Consent.Source = o.Source
		}
		rows = append(rows, row)
	}
	if report.Lines == 0 {
		report.Bad = append(report.Bad, BadLine{Code: "empty"})
		return nil, report, ErrBadLines
	}
	return rows, report, nil
}

func (r *ImportReport) count(o outcome) {
	switch o {
	case activated:
		r.Activated++
	case toAsk:
		r.Pending++
	case parted:
		r.Parted++
	case left:
		r.Left++
	case suppressed:
		r.Suppressed++
	case unchanged:
		r.Unchanged++
	}
}

// known lists a newsletter's subscriptions by address.
func (b *Book) known(ctx context.Context, newsletter string) (map[string]digest.Subscription, error) {
	known := map[string]digest.Subscription{}
	err := b.each(ctx, newsletter, func(s digest.Subscription) error {
		known[s.Subscriber.Match] = s
		return nil
	})
	return known, err
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

// askAll sends the confirmation mails of an import, one after another. A mail
// that fails is counted, not fatal; only ctx and the register end it early.
func (b *Book) askAll(ctx context.Context, newsletter string, matches []string, o ImportOptions, report *ImportReport) error {
	pace := time.NewTicker(o.Pace)
	defer pace.Stop()
	for i, match := range matches {
		if i > 0 {
			select {
			case <-ctx.Done():
				report.NotAsked += len(matches) - i
				return ctx.Err()
			case <-pace.C:
			}
		}
		sub, ask, err := b.askOne(ctx, newsletter, match)
		switch {
		case err != nil:
			return err
		case !ask && sub.Subscriber.Suppression.Kind != "":
			report.Pending--
			report.Suppressed++
		case !ask:
		case b.post(ctx, sub) != nil:
			report.NotAsked++
		default:
			report.Asked++
		}
		o.Asked(i+1, len(matches))
	}
	return nil
}

// askOne counts the mail about to be sent, unless it no longer is to be sent:
// the reader may have been asked, or left, while others were written to.
func (b *Book) askOne(ctx context.Context, newsletter, match string) (digest.Subscription, bool, error) {
	defer b.hold(newsletter, match)()
	sub, err := b.register.SubscriptionOf(ctx, newsletter, match)
	if err != nil {
		return sub, false, fmt.Errorf("reading back a subscription to %s: %w", newsletter, err)
	}
	now := b.clock()
	if sub.State != digest.Pending || sub.Subscriber.Suppression.Kind != "" || !b.limits.due(sub, now) {
		return sub, false, nil
	}
	sub, err = b.keepAsked(ctx, sub, now)
	return sub, err == nil, err
}
