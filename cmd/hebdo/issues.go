package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
)

// issues is `hebdo issues`.
func (c *console) issues() *cobra.Command {
	cmd := &cobra.Command{Use: "issues", Short: c.t("issues.short")}
	cmd.AddCommand(c.issuesList(), c.issuesReport())
	return cmd
}

// issueJSON is an issue as scripts see it.
type issueJSON struct {
	ID         string     `json:"id"`
	Newsletter string     `json:"newsletter"`
	Slot       string     `json:"slot"`
	Number     int        `json:"number,omitempty"`
	State      string     `json:"state"`
	Date       string     `json:"date"`
	Subject    string     `json:"subject"`
	Stories    int        `json:"stories"`
	LeftOut    int        `json:"left_out"`
	ApprovedBy string     `json:"approved_by,omitempty"`
	Notes      []noteJSON `json:"notes"`
}

func issueJSONOf(i digest.Issue) issueJSON {
	return issueJSON{
		ID: i.ID, Newsletter: i.Newsletter, Slot: i.Slot, Number: i.Number, State: string(i.State),
		Date: i.Date.Format("2006-01-02"), Subject: subjectOf(i), Stories: i.Stories(), LeftOut: len(i.LeftOut),
		ApprovedBy: i.ApprovedBy, Notes: notesJSON(i.Notes),
	}
}

// subjectOf is the issue's subject in the first language that has one.
func subjectOf(i digest.Issue) string {
	for _, lang := range []digest.Language{digest.French, digest.English} {
		if f, ok := i.Fronts[lang]; ok {
			return f.Subject
		}
	}
	return ""
}

func (c *console) issuesList() *cobra.Command {
	var slug string
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: c.t("issues.list.short"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := c.openStore(cmd.Context())
		if err != nil {
			return err
		}
		defer s.Close()
		nl, err := c.theNewsletter(cmd.Context(), s, slug)
		if err != nil {
			return err
		}
		all, err := s.Issues(cmd.Context(), nl.Slug, "", 200)
		if err != nil {
			return err
		}
		if asJSON {
			out := []issueJSON{}
			for _, i := range all {
				out = append(out, issueJSONOf(i))
			}
			return c.print(out)
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for _, i := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", numbered(i), i.Slot, c.t("state.issue."+string(i.State)), subjectOf(i))
		}
		return w.Flush()
	}
	return cmd
}

func numbered(i digest.Issue) string {
	if i.Number == 0 {
		return "–"
	}
	return fmt.Sprint(i.Number)
}

// issuesReport is `hebdo issues report`: who got it, who not and why.
func (c *console) issuesReport() *cobra.Command {
	var slug string
	var asJSON bool
	cmd := &cobra.Command{Use: "report [ISSUE]", Short: c.t("issues.report.short"), Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := c.openStore(cmd.Context())
		if err != nil {
			return err
		}
		defer s.Close()
		nl, err := c.theNewsletter(cmd.Context(), s, slug)
		if err != nil {
			return err
		}
		issue, err := c.theIssue(cmd.Context(), s, nl, first(args), digest.Sending, digest.Paused, digest.Sent, digest.Cancelled)
		if err != nil {
			return err
		}
		after := ""
		if !asJSON {
			tally, err := s.Tally(cmd.Context(), issue.ID)
			if err != nil {
				return err
			}
			c.say("issues.report", "Sent", tally.Delivered, "Refused", tally.Refused, "Unsure", tally.Unsure,
				"Waiting", tally.Open(), "All", tally.All())
		}
		for {
			rows, err := s.Deliveries(cmd.Context(), issue.ID, nil, after, 500)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, d := range rows {
				if err := c.delivery(d, asJSON); err != nil {
					return err
				}
			}
			after = rows[len(rows)-1].ID
		}
	}
	return cmd
}

// delivery prints one line of a report: JSON Lines, so that memory stays flat.
func (c *console) delivery(d digest.Delivery, asJSON bool) error {
	if asJSON {
		return c.printLine(struct {
			Address string     `json:"address"`
			State   string     `json:"state"`
			Tries   int        `json:"attempts"`
			Code    int        `json:"code,omitempty"`
			Reply   string     `json:"reply,omitempty"`
			Next    *time.Time `json:"next,omitempty"`
		}{d.Address, string(d.State), d.Attempts, d.Code, d.Reply, until(d)})
	}
	next := ""
	if t := until(d); t != nil {
		next = t.Format(time.RFC3339)
	}
	_, err := fmt.Fprintf(c.out, "%-12s  %-40s  %s  %s\n", c.t("state.delivery."+string(d.State)), d.Address, next, d.Reply)
	return err
}

func until(d digest.Delivery) *time.Time {
	if d.State != digest.Deferred {
		return nil
	}
	return &d.NotBefore
}
