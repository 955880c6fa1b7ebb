package main

import (
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// sources is `hebdo sources`.
func (c *console) sources() *cobra.Command {
	cmd := &cobra.Command{Use: "sources", Short: c.t("sources.short")}
	cmd.AddCommand(c.sourcesList(), c.sourcesAdd(), c.sourcesCheck(), c.sourcesRemove(), c.sourcesRetry(), c.sourcesImport(), c.sourcesExport())
	return cmd
}

func (c *console) sourcesList() *cobra.Command {
	var slug string
	var asJSON, health bool
	cmd := &cobra.Command{Use: "list", Short: c.t("sources.list.short"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.Flags().BoolVar(&health, "health", false, c.t("flag.health"))
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
		of, err := statesOf(cmd.Context(), s, nl.Slug)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printSources(cmd.Context(), s, nl, of, health)
		}
		if health {
			return c.printHealth(cmd.Context(), s, nl, of)
		}
		coverage, err := s.Coverage(cmd.Context(), nl.Slug, theWorld().now().Add(-covered))
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for _, source := range nl.Sources {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", source.Kind, source.Name, fetch.Public(source.URL), c.condition(of[source.ID], coverage[source.ID]))
		}
		return w.Flush()
	}
	return cmd
}

func (c *console) condition(state digest.SourceState, cover digest.Coverage) string {
	switch {
	case !state.Gone.IsZero():
		return c.words.T("health.gone")
	case state.Checked.IsZero():
		return c.t("sources.never")
	case state.Trouble != "":
		return c.t("sources.trouble", "Count", state.Failures, "Trouble", c.troubled(state.Trouble))
	}
	if h := state.Health(theWorld().now()).Given(cover); h.Condition == digest.SourceUnread {
		return c.ailing(h)
	}
	return c.t("sources.fine", "When", state.Checked.Format(time.RFC3339))
}

// goesBy tells whether a source is meant by an address: its own, or as it is
// shown, without its password.
func goesBy(s digest.Source, address string) bool {
	return s.URL == address || fetch.Public(s.URL) == address
}

func (c *console) sourcesRemove() *cobra.Command {
	var slug string
	cmd := &cobra.Command{Use: "remove URL", Short: c.t("sources.remove.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.changeSources(cmd, slug, func(nl *digest.Newsletter) error {
			n := len(nl.Sources)
			nl.Sources = slices.DeleteFunc(nl.Sources, func(s digest.Source) bool { return goesBy(s, args[0]) })
			if len(nl.Sources) == n {
				return usage("%s", c.t("sources.unknown", "URL", args[0], "Newsletter", nl.Slug))
			}
			return nil
		})
	}
	return cmd
}

// sourcesRetry is an editor's word that a source is to be visited again.
func (c *console) sourcesRetry() *cobra.Command {
	var slug string
	cmd := &cobra.Command{Use: "retry URL", Short: c.t("sources.retry.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
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
		i := slices.IndexFunc(nl.Sources, func(s digest.Source) bool { return goesBy(s, args[0]) })
		if i < 0 {
			return usage("%s", c.t("sources.unknown", "URL", args[0], "Newsletter", nl.Slug))
		}
		if err := s.RetrySource(cmd.Context(), nl.Sources[i].ID); err != nil && !errors.Is(err, digest.ErrNotFound) {
			return err
		}
		c.say("sources.retried", "URL", args[0])
		return nil
	}
	return cmd
}

// changeSources stores a newsletter with other sources, if it is sound.
func (c *console) changeSources(cmd *cobra.Command, slug string, change func(*digest.Newsletter) error) error {
	s, err := c.openStore(cmd.Context())
	if err != nil {
		return err
	}
	defer s.Close()
	nl, err := c.theNewsletter(cmd.Context(), s, slug)
	if err != nil {
		return err
	}
	if err := change(&nl); err != nil {
		return err
	}
	for _, fault := range nl.Faults() {
		return usageError{fault}
	}
	if err := s.SaveNewsletter(cmd.Context(), nl); err != nil {
		return err
	}
	c.say("sources.saved", "Count", len(nl.Sources), "Newsletter", nl.Slug)
	return nil
}
