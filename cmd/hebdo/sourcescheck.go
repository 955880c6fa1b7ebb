package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"hebdo/internal/collect"
	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// sourcesCheck shows what would be collected, and keeps nothing.
func (c *console) sourcesCheck() *cobra.Command {
	var slug string
	var all, asJSON bool
	cmd := &cobra.Command{Use: "check [URL]", Short: c.t("sources.check.short"), Long: c.t("sources.check.long"), Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&all, "all", false, c.t("flag.all"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if all == (len(args) > 0) {
			return usage("%s", c.t("sources.check.what"))
		}
		if all {
			return c.checkAll(cmd.Context(), slug, asJSON)
		}
		found, err := c.discover(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if asJSON {
			return c.printCandidates(found)
		}
		for i, f := range found {
			fmt.Fprintf(c.out, "%d. ", i+1)
			c.describeTo(f)
			c.notes(f.Notes)
		}
		return nil
	}
	return cmd
}

// describeTo is describe on the result's stream.
func (c *console) describeTo(f collect.Candidate) {
	aside := *c
	aside.err = c.out
	aside.describe(f, len(f.Articles))
}

// checkAll looks at every source of a newsletter and tells which still answer.
// It fails when one does not.
func (c *console) checkAll(ctx context.Context, slug string, asJSON bool) error {
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	nl, err := c.theNewsletter(ctx, h.store, slug)
	if err != nil {
		return err
	}
	looked := make([]collect.Candidate, len(nl.Sources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for i, s := range nl.Sources {
		group.Go(func() error {
			looked[i] = h.pipeline.Collector.Look(ctx, s)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	ill := 0
	for _, l := range looked {
		if !l.Works() {
			ill++
		}
	}
	if asJSON {
		err = c.printCandidates(looked)
	} else {
		err = c.printChecked(looked)
	}
	if err == nil && ill > 0 {
		err = fmt.Errorf("%s", c.t("sources.check.ill", "Count", ill, "Total", len(looked)))
	}
	return err
}

func (c *console) printChecked(looked []collect.Candidate) error {
	now := theWorld().now()
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, l := range looked {
		newest := "–"
		if !l.State.Newest.IsZero() {
			newest = l.State.Newest.Format("2006-01-02")
		}
		name := l.Source.Name
		if name == "" {
			name = l.Title
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\n", c.ailing(l.State.Health(now)), l.Total, newest, name, fetch.Public(l.Source.URL))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, l := range looked {
		c.notes(l.Notes)
	}
	return nil
}

type candidateJSON struct {
	sourceJSON
	Title    string        `json:"title,omitempty"`
	Place    string        `json:"place,omitempty"`
	Sure     bool          `json:"sure"`
	Articles []articleJSON `json:"articles"`
	Notes    []noteJSON    `json:"notes"`
}

type articleJSON struct {
	Title     string `json:"title,omitempty"`
	URL       string `json:"url,omitempty"`
	Published string `json:"published,omitempty"`
}

func (c *console) printCandidates(found []collect.Candidate) error {
	now := theWorld().now()
	out := []candidateJSON{}
	for _, f := range found {
		line := candidateJSON{sourceLine(f.Source, f.State, digest.Coverage{}, now), f.Title, f.Place, f.Sure, []articleJSON{}, notesJSON(f.Notes)}
		for _, a := range f.Articles {
			if a.Title == "" && a.URL == "" { // a file
				a.Title = a.Seen
			}
			line.Articles = append(line.Articles, articleJSON{a.Title, a.URL, stamp(a.Published)})
		}
		out = append(out, line)
	}
	return c.print(out)
}
