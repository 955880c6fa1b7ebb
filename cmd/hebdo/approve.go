package main

import (
	"errors"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/pipeline"
)

// approve is `hebdo approve`: an issue is frozen as it will be sent.
func (c *console) approve() *cobra.Command {
	return c.decide("approve", func(cmd *cobra.Command, h *house, nl digest.Newsletter, issue digest.Issue, by, remark string) (digest.Issue, error) {
		return h.pipeline.Approve(cmd.Context(), nl, issue.ID, issue.Version, by, remark)
	})
}

// reject is `hebdo reject`: an issue goes back.
func (c *console) reject() *cobra.Command {
	return c.decide("reject", func(cmd *cobra.Command, h *house, _ digest.Newsletter, issue digest.Issue, by, remark string) (digest.Issue, error) {
		return h.pipeline.Reject(cmd.Context(), issue.ID, issue.Version, by, remark)
	})
}

// nextStep is the key of what follows an approval: one made by hand has no time,
// and nothing but a person sends it.
func nextStep(issue digest.Issue) string {
	if _, timed := issue.Time(); timed {
		return "approve.timed"
	}
	return "approve.hand"
}

// command is what does something with an issue, for a newsletter that was named
// or that needed no name.
func command(verb, issue, slug string) string {
	line := "hebdo " + verb + " " + issue
	if slug != "" {
		line += " --newsletter " + slug
	}
	return line
}

// decidable are the states of an issue that a person can decide on.
var decidable = []digest.State{digest.InReview, digest.Approved}

type decision func(cmd *cobra.Command, h *house, nl digest.Newsletter, issue digest.Issue, by, remark string) (digest.Issue, error)

func (c *console) decide(name string, do decision) *cobra.Command {
	var slug, remark, by string
	var asJSON bool
	cmd := &cobra.Command{Use: name + " [ISSUE]", Short: c.t(name + ".short"), Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&remark, "note", "", c.t("flag.note"))
	cmd.Flags().StringVar(&by, "by", "", c.t("flag.by"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		h, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer h.Close()
		nl, err := c.theNewsletter(cmd.Context(), h.store, slug)
		if err != nil {
			return err
		}
		issue, err := c.theIssue(cmd.Context(), h.store, nl, first(args), decidable...)
		if err != nil {
			return err
		}
		if name == "approve" && issue.State == digest.Approved {
			c.warn("approve.already", "Number", issue.Number, "Newsletter", nl.Name)
			return errNothing
		}
		if !slices.Contains(decidable, issue.State) {
			return c.cannot(nl, issue, decidable)
		}
		if by == "" {
			if by = c.getenv("USER"); by == "" {
				by = digest.ByConsole
			}
		}
		issue, err = do(cmd, h, nl, issue, by, remark)
		var blocked pipeline.Blocked
		if errors.As(err, &blocked) {
			c.notes([]digest.Note{blocked.Note})
		}
		if errors.As(err, &blocked) || errors.Is(err, digest.ErrConflict) {
			return refusedError{err}
		}
		if err != nil {
			return err
		}
		if asJSON {
			return c.print(issueJSONOf(issue))
		}
		c.say(name+".done", "Slot", issue.Slot, "Number", issue.Number, "Newsletter", nl.Name)
		if name == "approve" {
			c.say(nextStep(issue), "Command", command("send", strconv.Itoa(issue.Number), slug))
		}
		return nil
	}
	return cmd
}
