package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/store"
)

// suppressed is `hebdo subscribers suppressed`: the addresses that get nothing,
// whatever list they are on.
func (c *console) suppressed() *cobra.Command {
	cmd := &cobra.Command{Use: "suppressed", Short: c.t("suppressed.short"), Long: c.t("suppressed.long")}
	cmd.AddCommand(c.suppressedList(), c.suppressedImport(), c.suppressedExport(), c.suppressedRemove())
	return cmd
}

// withStore opens the database for one of the commands below.
func (c *console) withStore(cmd *cobra.Command, do func(s *store.Store) error) error {
	s, err := c.openStore(cmd.Context())
	if err != nil {
		return err
	}
	defer s.Close()
	return do(s)
}

// suppressedPages gives the suppression list page by page, an empty one last.
func suppressedPages(cmd *cobra.Command, s *store.Store) func() ([]digest.Subscriber, error) {
	after := ""
	return func() ([]digest.Subscriber, error) {
		page, err := s.Suppressed(cmd.Context(), after, 500)
		if len(page) > 0 {
			after = page[len(page)-1].ID
		}
		return page, err
	}
}

func (c *console) suppressedList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: c.t("suppressed.list.short"), Args: cobra.NoArgs}
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.withStore(cmd, func(s *store.Store) error {
			next := suppressedPages(cmd, s)
			for {
				page, err := next()
				if err != nil || len(page) == 0 {
					return err
				}
				for _, who := range page {
					if err := c.suppression(who, asJSON); err != nil {
						return err
					}
				}
			}
		})
	}
	return cmd
}

func (c *console) suppression(who digest.Subscriber, asJSON bool) error {
	why := who.Suppression
	if asJSON {
		return c.printLine(struct {
			Address string `json:"address"`
			Reason  string `json:"reason"`
			Since   string `json:"since"`
			Text    string `json:"text,omitempty"`
		}{who.Address, string(why.Kind), why.Since.Format(time.RFC3339), why.Text})
	}
	_, err := fmt.Fprintf(c.out, "%-40s  %s  %-16s  %s\n", who.Address, why.Since.Format(time.DateOnly),
		c.t("state.suppression."+string(why.Kind)), why.Text)
	return err
}

func (c *console) suppressedImport() *cobra.Command {
	var skip, dry bool
	cmd := &cobra.Command{Use: "import FILE", Short: c.t("suppressed.import.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().BoolVar(&skip, "skip-bad", false, c.t("flag.skipbad"))
	cmd.Flags().BoolVar(&dry, "dry-run", false, c.t("flag.dry"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		file := io.Reader(c.in)
		if args[0] != "-" {
			f, err := os.Open(args[0])
			if err != nil {
				return usageError{err}
			}
			defer f.Close()
			file = f
		}
		all, bad, err := audience.ReadSuppressed(struct{ io.Reader }{file}) // which may be a pipe: nothing to go back in
		if err != nil {
			return err
		}
		for _, b := range bad {
			fmt.Fprintln(c.err, c.fault(args[0], b))
		}
		if len(bad) > 0 && !skip {
			return usage("%s", c.t("suppressed.bad", "Count", len(bad)))
		}
		return c.withStore(cmd, func(s *store.Store) error {
			if dry {
				c.say("suppressed.tried", "Count", len(all)) // how many are new, only the import itself finds out
			} else {
				changed, err := s.SaveSuppressed(cmd.Context(), all)
				if err != nil {
					return err
				}
				c.say("suppressed.imported", "Count", len(all), "Changed", changed)
			}
			if len(all) == 0 {
				return errNothing
			}
			return nil
		})
	}
	return cmd
}

func (c *console) suppressedExport() *cobra.Command {
	return &cobra.Command{Use: "export", Short: c.t("suppressed.export.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withStore(cmd, func(s *store.Store) error {
				return audience.WriteSuppressed(c.data, suppressedPages(cmd, s))
			})
		}}
}

func (c *console) suppressedRemove() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{Use: "remove ADDRESS", Short: c.t("suppressed.remove.short"), Long: c.t("suppressed.remove.long"), Args: cobra.ExactArgs(1)}
	cmd.Flags().BoolVar(&yes, "yes", false, c.t("flag.yes"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		address, err := audience.ParseAddress(args[0])
		if err != nil {
			return usageError{fmt.Errorf("%s: %w", args[0], err)}
		}
		return c.withStore(cmd, func(s *store.Store) error {
			who, err := s.Subscriber(cmd.Context(), address.Match)
			if errors.Is(err, digest.ErrNotFound) || err == nil && who.Suppression.Kind == "" {
				return errNothing
			}
			if err != nil {
				return err
			}
			if who.Suppression.Kind == digest.Complained && !yes && !c.agreed("suppressed.ask", "Address", args[0]) {
				return refusedError{errors.New(c.t("suppressed.complained", "Address", args[0]))}
			}
			lifted, err := s.Lift(cmd.Context(), address.Match)
			if err == nil && !lifted {
				return errNothing
			}
			if err == nil {
				c.say("suppressed.removed", "Address", args[0])
			}
			return err
		})
	}
	return cmd
}
