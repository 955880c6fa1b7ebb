package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// draft is `hebdo draft`: an issue out of what was collected.
func (c *console) draft() *cobra.Command {
	var slug string
	var asJSON, fresh, yes bool
	cmd := &cobra.Command{Use: "draft", Short: c.t("draft.short"), Long: c.t("draft.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.Flags().BoolVar(&fresh, "new", false, c.t("flag.new"))
	cmd.Flags().BoolVar(&yes, "yes", false, c.t("flag.yes"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		h, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer h.Close()
		nl, err := c.theNewsletter(cmd.Context(), h.store, slug)
		if err != nil {
			return err
		}
		slot, err := h.handSlot(cmd.Context(), nl, fresh)
		if err != nil {
			return err
		}
		if err := c.mayDraftAgain(cmd.Context(), h, nl, slot, yes); err != nil {
			return err
		}
		notes, err := h.remembered(cmd.Context(), nl)
		if err != nil {
			return err
		}
		issue, err := h.pipeline.Draft(cmd.Context(), nl, slot, notes)
		if err != nil {
			return err
		}
		if asJSON {
			err = c.print(issueJSONOf(issue))
		} else {
			c.drafted(nl, issue)
		}
		if err == nil && issue.State == digest.Skipped {
			return errNothing
		}
		return err
	}
	return cmd
}

// mayDraftAgain asks before a draft made anew loses what editors did to the one
// that stands.
func (c *console) mayDraftAgain(ctx context.Context, h *house, nl digest.Newsletter, slot string, yes bool) error {
	issue, err := h.store.IssueAt(ctx, nl.Slug, slot)
	if errors.Is(err, digest.ErrNotFound) {
		return nil
	}
	if err != nil || yes || issue.Rewritten() == 0 && !issue.Ordered() {
		return err
	}
	c.warn("draft.lost", "Slot", issue.Slot)
	if n := issue.Rewritten(); n > 0 {
		c.warn("draft.lost.words", "Count", n)
	}
	if issue.Ordered() {
		c.warn("draft.lost.order")
	}
	if !c.agreed("draft.ask") {
		return refusedError{errors.New(c.t("draft.notagreed"))}
	}
	return nil
}

// drafted tells a person what came of a draft.
func (c *console) drafted(nl digest.Newsletter, issue digest.Issue) {
	c.notes(issue.Notes)
	if issue.State == digest.Skipped {
		c.say("draft.thin", "Stories", issue.Stories(), "Wanted", max(1, nl.MinStories))
		return
	}
	c.say("draft.done", "Slot", issue.Slot, "Count", issue.Stories(), "Themes", len(issue.Sections),
		"LeftOut", len(issue.LeftOut), "Subject", issue.Fronts[nl.MainLanguage()].Subject)
}

// remembered is the trouble that sources had when they were last visited: the
// editor at the desk did not see what the command that visited them said.
func (h *house) remembered(ctx context.Context, nl digest.Newsletter) ([]digest.Note, error) {
	zone, err := zoneOf(nl)
	if err != nil {
		return nil, err
	}
	states, err := statesOf(ctx, h.store, nl.Slug)
	if err != nil {
		return nil, err
	}
	var notes []digest.Note
	for _, source := range nl.Sources {
		if state := states[source.ID]; state.Trouble != "" {
			notes = append(notes, digest.Note{
				Level: digest.Warning, Stage: "collect", Code: state.Trouble, Where: fetch.Public(source.URL),
				Detail: state.Checked.In(zone).Format("2006-01-02 15:04"),
			})
		}
	}
	return notes, nil
}

// handSlot names an issue made by hand: the local date and a counter. The one
// of today that nobody approved is drafted again, unless a fresh one is wanted.
func (h *house) handSlot(ctx context.Context, nl digest.Newsletter, fresh bool) (string, error) {
	zone, err := zoneOf(nl)
	if err != nil {
		return "", err
	}
	today := h.out.now().In(zone).Format("2006-01-02")
	for n := 1; ; n++ {
		slot := fmt.Sprintf("%s#%d", today, n)
		issue, err := h.store.IssueAt(ctx, nl.Slug, slot)
		if errors.Is(err, digest.ErrNotFound) {
			return slot, nil
		}
		if err != nil {
			return "", err
		}
		open := issue.State == digest.InReview || issue.State == digest.Draft || issue.State == digest.Rejected || issue.State == digest.Skipped
		if open && !fresh {
			return slot, nil
		}
	}
}
