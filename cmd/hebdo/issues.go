package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
)

// issues is `hebdo issues`.
func (c *console) issues() *cobra.Command {
	cmd := &cobra.Command{Use: "issues", Short: c.t("issues.short")}
	cmd.AddCommand(c.issuesList(), c.issuesReport(),
		c.issuesMove("pause", digest.Paused, digest.Sending), c.issuesMove("resume", digest.Sending, digest.Paused),
		c.issuesMove("cancel", digest.Cancelled, digest.Sending, digest.Paused))
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
	out := issueJSON{
		ID: i.ID, Newsletter: i.Newsletter, Slot: i.Slot, Number: i.Number, State: string(i.State),
		Date: i.Date.Format("2006-01-02"), Subject: subjectOf(i), Stories: i.Stories(), LeftOut: len(i.LeftOut),
		Notes: notesJSON(i.Notes),
	}
	if !i.Approved.IsZero() { // else it may name who rejected it
		out.ApprovedBy = i.ApprovedBy
	}
	return out
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
