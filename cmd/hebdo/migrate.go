package main

import (
	"context"

	"github.com/spf13/cobra"

	"hebdo/internal/store"
)

// migrate is `hebdo migrate`: the database's schema up to date, or a whole
// installation from one database to another.
func (c *console) migrate() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{Use: "migrate", Short: c.t("migrate.short"), Long: c.t("migrate.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&from, "from", "", c.t("flag.from"))
	cmd.Flags().StringVar(&to, "to", "", c.t("flag.to.database"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if from != "" || to != "" {
			if from == "" || to == "" {
				return usage("%s", c.t("migrate.both"))
			}
			return c.moveHouse(cmd.Context(), from, to)
		}
		config, _, err := c.configure()
		if err != nil {
			return err
		}
		s, err := openAsIs(cmd.Context(), config.DatabaseURL)
		if err != nil {
			return err
		}
		defer s.Close()
		have, want, err := s.Version(cmd.Context())
		if err != nil {
			return err
		}
		if err := s.Migrate(cmd.Context()); err != nil {
			return err
		}
		if have == want {
			c.say("migrate.same", "Version", want)
			return nil
		}
		c.say("migrate.done", "Before", have, "After", want)
		return nil
	}
	return cmd
}

// openAsIs opens a database and changes nothing in it.
func openAsIs(ctx context.Context, url string) (*store.Store, error) {
	out := theWorld()
	return store.Open(ctx, url, store.Options{Now: out.now, NewID: out.newID})
}

// moveHouse brings everything from one database to another, which is empty.
func (c *console) moveHouse(ctx context.Context, from, to string) error {
	source, err := openAsIs(ctx, from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := openAsIs(ctx, to)
	if err != nil {
		return err
	}
	defer target.Close()
	if err := source.Migrate(ctx); err != nil {
		return err
	}
	if err := c.copyStore(ctx, source, target); err != nil {
		return err
	}
	c.say("migrate.moved")
	return nil
}
