package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/pipeline"
)

// replay is `hebdo replay`: past weeks picked anew, beside what was sent.
func (c *console) replay() *cobra.Command {
	var slug, weights string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{Use: "replay", Short: c.t("replay.short"), Long: c.t("replay.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().IntVar(&limit, "issues", 10, c.t("flag.issues"))
	cmd.Flags().StringVar(&weights, "rank", "", c.t("flag.rank"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if limit < 1 || limit > 500 {
			return usage("--issues %d: 1 to 500", limit)
		}
		h, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer h.Close()
		nl, err := c.theNewsletter(cmd.Context(), h.store, slug)
		if err != nil {
			return err
		}
		if nl.Rank, err = reweighed(nl.Rank, weights); err != nil {
			return err
		}
		then, both := 0, 0
		err = h.pipeline.Replay(cmd.Context(), nl, limit, func(r pipeline.Replayed) {
			then, both = then+r.Issue.Stories(), both+r.Both
			if asJSON {
				_ = c.printLine(replayJSONOf(r)) // a closed pipe ends the program by itself
				return
			}
			c.sayReplayed(r)
		})
		if err != nil {
			return err
		}
		if then == 0 {
			return errNothing
		}
		if !asJSON {
			c.say("replay.sum", "Both", both, "Then", then, "Share", (200*both+then)/(2*then))
		}
		return nil
	}
	return cmd
}

// sayReplayed prints one issue: a line for each story, its place then and now.
func (c *console) sayReplayed(r pipeline.Replayed) {
	c.say("replay.issue", "Number", numbered(r.Issue), "Date", c.words.Date(r.Issue.Date), "Both", r.Both, "Then", r.Issue.Stories())
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, p := range r.Picks {
		why := ""
		if p.Reason != "" {
			why = "(" + c.words.T("leftout."+p.Reason) + ")"
		}
		fmt.Fprintf(w, "  %s\t→ %s\t%s %s\n", place(p.Then), place(p.Now), p.Headline, why)
	}
	_ = w.Flush() // to a stream that fails at its own end
}

func place(n int) string {
	if n == 0 {
		return "–"
	}
	return strconv.Itoa(n)
}

// reweighed changes the weights that are named, such as "sources=6,novelty=0".
func reweighed(w digest.Weights, named string) (digest.Weights, error) {
	if named == "" {
		return w, nil
	}
	w = w.Shares()
	fields := map[string]*float64{
		"sources": &w.Sources, "freshness": &w.Freshness, "prominence": &w.Prominence,
		"novelty": &w.Novelty, "length": &w.Length, "weight": &w.Weight,
	}
	for part := range strings.SplitSeq(named, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		field, ok := fields[name]
		n, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil || !(n >= 0 && n <= 1000) {
			return w, usage("--rank %q: write such as sources=.6,novelty=0; the names are sources, freshness, prominence, novelty, length, weight", part)
		}
		*field = n
	}
	return w, nil
}

// replayJSON is a replayed issue as scripts see it.
type replayJSON struct {
	Issue  string     `json:"issue"`
	Number int        `json:"number"`
	Date   string     `json:"date"`
	Then   int        `json:"then"`
	Both   int        `json:"both"`
	Picks  []pickJSON `json:"picks"`
}

type pickJSON struct {
	Headline string  `json:"headline"`
	Then     int     `json:"then,omitempty"`
	Now      int     `json:"now,omitempty"`
	Score    float64 `json:"score,omitempty"`
	Reason   string  `json:"reason,omitempty"`
}

func replayJSONOf(r pipeline.Replayed) replayJSON {
	out := replayJSON{
		Issue: r.Issue.ID, Number: r.Issue.Number, Date: r.Issue.Date.Format("2006-01-02"),
		Then: r.Issue.Stories(), Both: r.Both, Picks: []pickJSON{},
	}
	for _, p := range r.Picks {
		out.Picks = append(out.Picks, pickJSON(p))
	}
	return out
}
