package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/pipeline"
)

// subscribersImport is `hebdo subscribers import`.
func (c *console) subscribersImport() *cobra.Command {
	var slug, report string
	var skip, dry, asJSON bool
	cmd := &cobra.Command{Use: "import FILE", Short: c.t("subscribers.import.short"), Long: c.t("subscribers.import.long"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&report, "report", "", c.t("flag.badreport"))
	cmd.Flags().BoolVar(&skip, "skip-bad", false, c.t("flag.skipbad"))
	cmd.Flags().BoolVar(&dry, "dry-run", false, c.t("flag.dry"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var file io.Reader = struct{ io.Reader }{c.in} // which may be a file, but not one to go back in
		if args[0] != "-" {
			opened, err := os.Open(args[0])
			if err != nil {
				return usageError{err}
			}
			defer opened.Close()
			file = opened
		}
		return c.withBook(cmd, slug, func(h *house, nl digest.Newsletter) error {
			o := audience.ImportOptions{SkipBad: skip, DryRun: dry, Source: filepath.Base(args[0])}
			ended := func() {}
			if terminal(c.err) {
				o.Progress, ended = c.importBar()
			}
			written := func() error { return nil }
			if report != "" {
				var err error
				if o.Bad, written, err = c.badLines(report); err != nil {
					return usageError{err}
				}
			}
			nl.Themes = pipeline.ThemesOf(nl)
			done, err := h.book.Import(cmd.Context(), nl, file, o)
			ended()
			if e := errors.Join(written(), c.imported(done, args[0], report, asJSON)); e != nil {
				return e
			}
			if errors.Is(err, audience.ErrBadLines) {
				return usageError{err}
			}
			if err != nil && cmd.Context().Err() != nil {
				c.warn("subscribers.import.again")
			}
			return err
		})
	}
	return cmd
}

// importBar draws how far an import is, one bar for each of its steps, with
// its rate and the time left.
func (c *console) importBar() (show func(audience.Progress), end func()) {
	var bar *progressbar.ProgressBar
	var step audience.Step
	return func(p audience.Progress) {
			if p.Step != step {
				if bar != nil {
					_ = bar.Finish()
				}
				step = p.Step
				bar = progressbar.NewOptions64(p.All, progressbar.OptionSetWriter(c.err), progressbar.OptionShowCount(),
					progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
					progressbar.OptionShowBytes(step == audience.Checking), progressbar.OptionThrottle(barEvery),
					progressbar.OptionSetDescription(c.t("subscribers.import."+string(step))))
			}
			_ = bar.Set64(min(p.Done, p.All))
		}, func() {
			if bar != nil {
				_ = bar.Clear()
			}
		}
}

// badLines writes every bad line of an import into a file as CSV.
func (c *console) badLines(name string) (tell func(audience.BadLine), done func() error, err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	out := csv.NewWriter(file)
	err = out.Write([]string{"line", "code", "what", "cell"})
	return func(b audience.BadLine) {
			if e := out.Write([]string{strconv.Itoa(b.Line), b.Code, c.words.T("import."+b.Code, "Detail", b.Detail), audience.Guarded(b.Detail)}); err == nil {
				err = e
			}
		}, func() error {
			out.Flush()
			if err = errors.Join(err, out.Error(), file.Close()); err != nil {
				return fmt.Errorf("writing %s: %w", name, err)
			}
			return nil
		}, nil
}

func (c *console) imported(r audience.ImportReport, file, report string, asJSON bool) error {
	type badJSON struct {
		Line   int    `json:"line"`
		Code   string `json:"code"`
		Detail string `json:"detail,omitempty"`
	}
	if asJSON {
		bad := []badJSON{}
		for _, b := range r.Bad {
			bad = append(bad, badJSON(b))
		}
		return c.print(struct {
			Lines      int       `json:"lines"`
			Activated  int       `json:"activated"`
			Pending    int       `json:"pending"`
			Unchanged  int       `json:"unchanged"`
			Parted     int       `json:"unsubscribed"`
			Left       int       `json:"left_earlier"`
			Suppressed int       `json:"suppressed"`
			Declined   int       `json:"declined"`
			Asked      int       `json:"asked"`
			NotAsked   int       `json:"not_asked"`
			Resumed    int       `json:"resumed_at,omitempty"`
			BadLines   int       `json:"bad_lines"`
			Bad        []badJSON `json:"bad"`
		}{r.Lines, r.Activated, r.Pending, r.Unchanged, r.Parted, r.Left, r.Suppressed, r.Declined, r.Asked, r.NotAsked, r.Resumed, r.BadLines, bad})
	}
	for _, b := range r.Bad {
		fmt.Fprintln(c.err, c.fault(file, b))
	}
	switch more := r.BadLines - len(r.Bad); {
	case more > 0 && report == "":
		c.warn("subscribers.import.more", "Count", more)
	case r.BadLines > 0 && report != "":
		c.warn("subscribers.import.report", "Count", r.BadLines, "File", report)
	}
	if r.Resumed > 0 {
		c.warn("subscribers.import.resumed", "Line", r.Resumed)
	}
	c.say("subscribers.imported", "Lines", r.Lines, "Activated", r.Activated, "Pending", r.Pending, "Unchanged", r.Unchanged,
		"Left", r.Left+r.Parted, "Suppressed", r.Suppressed, "Declined", r.Declined, "Asked", r.Asked, "NotAsked", r.NotAsked, "Bad", r.BadLines)
	return nil
}

// fault is a bad line for a person: its place, what is wrong, and the cell.
func (c *console) fault(file string, b audience.BadLine) string {
	if b.Line > 0 {
		file += ":" + strconv.Itoa(b.Line)
	}
	what := c.words.T("import."+b.Code, "Detail", b.Detail)
	if b.Detail != "" && !strings.Contains(what, b.Detail) {
		what += ": " + b.Detail
	}
	return file + ": " + what
}

// barEvery is how often a bar is drawn anew at most.
const barEvery = 100 * time.Millisecond
