package main

import (
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
)

// sources is `hebdo sources`.
func (c *console) sources() *cobra.Command {
	cmd := &cobra.Command{Use: "sources", Short: c.t("sources.short")}
	cmd.AddCommand(c.sourcesList(), c.sourcesAdd(), c.sourcesRemove())
	return cmd
}

func (c *console) sourcesList() *cobra.Command {
	var slug string
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: c.t("sources.list.short"), Args: cobra.NoArgs}
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
		states, err := s.SourceStates(cmd.Context(), nl.Slug)
		if err != nil {
			return err
		}
		of := map[string]digest.SourceState{}
		for _, state := range states {
			of[state.SourceID] = state
		}
		if asJSON {
			return c.printSources(nl.Sources, of)
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for _, source := range nl.Sources {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", source.Kind, source.Name, source.URL, c.condition(of[source.ID]))
		}
		return w.Flush()
	}
	return cmd
}

func (c *console) condition(state digest.SourceState) string {
	switch {
	case state.Checked.IsZero():
		return c.t("sources.never")
	case state.Trouble != "":
		return c.t("sources.trouble", "Count", state.Failures, "Trouble", state.Trouble)
	default:
		return c.t("sources.fine", "When", state.Checked.Format(time.RFC3339))
	}
}

func (c *console) printSources(sources []digest.Source, of map[string]digest.SourceState) error {
	type line struct {
		Kind     string  `json:"kind"`
		URL      string  `json:"url"`
		Name     string  `json:"name,omitempty"`
		Language string  `json:"language,omitempty"`
		Weight   float64 `json:"weight,omitempty"`
		Checked  string  `json:"checked,omitempty"`
		Failures int     `json:"failures"`
		Trouble  string  `json:"trouble,omitempty"`
	}
	out := []line{}
	for _, s := range sources {
		state := of[s.ID]
		l := line{string(s.Kind), s.URL, s.Name, string(s.Language), s.Weight, "", state.Failures, state.Trouble}
		if !state.Checked.IsZero() {
			l.Checked = state.Checked.Format(time.RFC3339)
		}
		out = append(out, l)
	}
	return c.print(out)
}

func (c *console) sourcesAdd() *cobra.Command {
	var slug, kind, name, lang string
	var weight float64
	cmd := &cobra.Command{Use: "add URL", Short: c.t("sources.add.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&kind, "kind", string(digest.SourceFeed), c.t("flag.kind"))
	cmd.Flags().StringVar(&name, "name", "", c.t("flag.name"))
	cmd.Flags().StringVar(&lang, "language", "", c.t("flag.language"))
	cmd.Flags().Float64Var(&weight, "weight", 0, c.t("flag.weight"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.changeSources(cmd, slug, func(nl *digest.Newsletter) error {
			nl.Sources = append(nl.Sources, digest.Source{
				Newsletter: nl.Slug, Kind: digest.SourceKind(kind), URL: args[0], Name: name,
				Language: digest.Language(lang), Weight: weight,
			})
			return nil
		})
	}
	return cmd
}

func (c *console) sourcesRemove() *cobra.Command {
	var slug string
	cmd := &cobra.Command{Use: "remove URL", Short: c.t("sources.remove.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.changeSources(cmd, slug, func(nl *digest.Newsletter) error {
			n := len(nl.Sources)
			nl.Sources = slices.DeleteFunc(nl.Sources, func(s digest.Source) bool { return s.URL == args[0] })
			if len(nl.Sources) == n {
				return usage("%s", c.t("sources.unknown", "URL", args[0], "Newsletter", nl.Slug))
			}
			return nil
		})
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
