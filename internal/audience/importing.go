package audience

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"hebdo/internal/digest"
)

// importing is one call of Import.
type importing struct {
	*Book
	newsletter digest.Newsletter
	opt        ImportOptions
	state      digest.Import
	report     *ImportReport
	now        time.Time
}

// all takes the file through its steps. What is refused is forgotten; what was
// cut short stays staged.
func (i *importing) all(ctx context.Context, file *sheet) error {
	i.now = i.clock()
	good, err := i.stage(ctx, file)
	if err == nil {
		err = i.staging.Repeats(ctx, i.state, func(line, kept int) {
			good--
			i.report.bad(BadLine{Line: line, Code: "duplicate", Detail: strconv.Itoa(kept)}, i.opt)
		})
	}
	if err == nil && i.report.BadLines > 0 && (!i.opt.SkipBad || good == 0) {
		err = ErrBadLines
	}
	if errors.Is(err, ErrBadLines) {
		return errors.Join(err, i.staging.EndImport(ctx, i.state.ID))
	}
	if err == nil {
		err = i.merge(ctx)
	}
	if err == nil && !i.opt.DryRun {
		err = i.askAll(ctx)
	}
	if err == nil {
		err = i.staging.EndImport(ctx, i.state.ID)
	}
	return err
}

// stage reads the whole file, finds every fault of a single line and keeps the
// good lines, of which it returns how many there are.
func (i *importing) stage(ctx context.Context, file *sheet) (good int, err error) {
	var columns []column
	var lines []digest.Incoming
	themes, last := i.newsletter.Optional(), 0
	flush := func() {
		if err == nil && len(lines) > 0 && i.state.Merged == 0 {
			i.state, err = i.staging.Stage(ctx, i.state, last, lines)
		}
		lines = lines[:0]
	}
	fatal := false
	whole := file.each(func(rec record) bool {
		if columns == nil {
			var headed bool
			var wrong *BadLine
			if columns, headed, wrong = layout(rec); wrong != nil {
				i.report.bad(*wrong, i.opt)
				fatal = true
				return false
			}
			if headed {
				return true
			}
		}
		i.report.Lines++
		row, wrong := rec.read(columns, themes, i.now)
		if wrong != nil {
			i.report.bad(*wrong, i.opt)
			return true
		}
		if good++; rec.line <= i.state.Staged || i.state.Merged > 0 {
			return true
		}
		last = rec.line
		if lines = append(lines, i.incoming(row)); len(lines) == stageBatch {
			flush()
		}
		return err == nil
	}, func(b BadLine) { i.report.bad(b, i.opt) }, func(read int64) {
		i.opt.Progress(Progress{Checking, read, file.size})
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return good, fmt.Errorf("staging the file: %w", err)
	}
	if whole && !fatal && i.report.Lines == 0 {
		i.report.bad(BadLine{Code: "empty"}, i.opt)
		fatal = true
	}
	if !whole || fatal {
		return good, ErrBadLines
	}
	flush()
	return good, err
}

// incoming is a row with what it means for an address not known yet.
func (i *importing) incoming(r row) digest.Incoming {
	e := r.entry
	e.Language = spoken(i.newsletter, e.Language)
	if e.Consent.Source == "" {
		e.Consent.Source = i.opt.Source
	}
	line := digest.Incoming{Line: r.line, Stated: e.State, Outcome: digest.ImportDeclined}
	line.Reader = i.fresh(i.newsletter.Slug, e.Address, i.now)
	if r.suppressed != "" {
		line.Reader.Subscriber.Suppression.Kind, line.Outcome = r.suppressed, digest.ImportSuppressed
		return line
	}
	if !r.declined || e.State == digest.Unsubscribed { // who left is to leave the list, which a declined line does not touch
		line.Reader, line.Outcome = settle(line.Reader, false, e, i.now)
		line.Reader.Length = e.Length
	}
	return line
}

// settleLine says what a line means for an address that is known.
func (i *importing) settleLine(line digest.Incoming, known digest.Subscription) (digest.Subscription, digest.Outcome, bool) {
	if line.Outcome == digest.ImportSuppressed {
		return known, line.Outcome, false
	}
	r := line.Reader
	e := Entry{
		Address: Address{Typed: r.Subscriber.Address, Match: r.Subscriber.Match}, Name: r.Name,
		Language: r.Language, Length: r.Length, Without: r.Without, State: line.Stated, Consent: r.Consent,
	}
	sub, listed := known, known.ID != ""
	if !listed {
		sub = i.fresh(i.newsletter.Slug, e.Address, i.now)
		sub.ID, sub.Subscriber = r.ID, known.Subscriber
	}
	sub, what := settle(sub, listed, e, i.now)
	switch what {
	case digest.ImportActivated, digest.ImportAsked, digest.ImportParted:
		return sub, what, true
	}
	return sub, what, false
}

// merge brings the staged lines into the list.
func (i *importing) merge(ctx context.Context) error {
	for {
		before := i.state.Merged
		err := func() (err error) {
			defer i.holdAll()()
			i.state, err = i.staging.MergeImport(ctx, i.state, mergeBatch, i.settleLine)
			return err
		}()
		if err != nil {
			return fmt.Errorf("merging the lines after line %d, which the same command goes on with: %w", before, err)
		}
		if i.opt.Progress(Progress{Merging, int64(i.state.Merged), int64(max(i.state.Staged, i.state.Merged))}); i.state.Merged == before {
			return nil
		}
	}
}

// askAll sends the confirmation mails of an import, one after another. A mail
// that fails is counted, not fatal; only ctx and the register end it early.
func (i *importing) askAll(ctx context.Context) error {
	all := i.state.Counts[digest.ImportAsked]
	pace := time.NewTicker(i.opt.Pace)
	defer pace.Stop()
	for done, after := 0, 0; ; {
		page, err := i.staging.Unasked(ctx, i.state.ID, after, askBatch)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, line := range page {
			if done > 0 {
				select {
				case <-ctx.Done():
					i.report.NotAsked += all - done
					return ctx.Err()
				case <-pace.C:
				}
			}
			if err := i.askLine(ctx, line); err != nil {
				return err
			}
			done, after = done+1, line.Line
			i.opt.Progress(Progress{Asking, int64(done), int64(all)})
		}
	}
}

func (i *importing) askLine(ctx context.Context, line digest.Incoming) error {
	sub, ask, err := i.askOne(ctx, i.newsletter.Slug, line.Reader.Subscriber.Match)
	switch {
	case errors.Is(err, digest.ErrNotFound): // erased since
	case err != nil:
		return err
	case !ask && sub.Subscriber.Suppression.Kind != "":
		i.report.Pending--
		i.report.Suppressed++
	case !ask:
	case i.post(ctx, sub) != nil:
		i.report.NotAsked++
	default:
		i.report.Asked++
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
