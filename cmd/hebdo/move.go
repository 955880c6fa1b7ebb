package main

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
)

// issuesMove is `hebdo issues pause`, `resume` and `cancel`. It takes effect on
// all machines: nobody begins a letter of an issue that is not being sent.
func (c *console) issuesMove(name string, to digest.State, from ...digest.State) *cobra.Command {
	var newsletter string
	cmd := &cobra.Command{
		Use: name + " [ISSUE]", Short: c.t("issues." + name), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := c.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			nl, err := c.theNewsletter(cmd.Context(), s, newsletter)
			if err != nil {
				return err
			}
			issue, err := c.theIssue(cmd.Context(), s, nl, first(args), from...)
			if err != nil {
				return err
			}
			if issue.State == to {
				c.warn("issues.already", "Number", issue.Number, "Newsletter", nl.Name, "State", c.t("state.issue."+string(to)))
				return errNothing
			}
			if !slices.Contains(from, issue.State) {
				return c.cannot(nl, issue, from)
			}
			if issue, err = s.MoveIssue(cmd.Context(), issue.ID, to, theWorld().now()); err != nil {
				return err
			}
			c.say("issues.moved", "Number", issue.Number, "Newsletter", nl.Name, "State", c.t("state.issue."+string(issue.State)))
			return nil
		},
	}
	cmd.Flags().StringVar(&newsletter, "newsletter", "", c.t("flag.newsletter"))
	return cmd
}

// cannot is the no to an issue that stands elsewhere than a command needs it.
func (c *console) cannot(nl digest.Newsletter, issue digest.Issue, states []digest.State) error {
	return refusedError{errors.New(c.t("issues.cannot", "Newsletter", nl.Slug, "Issue", issue.Slot,
		"State", c.t("state.issue."+string(issue.State)), "States", c.either(states)))}
}
