package main

import (
	"context"
	"errors"

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
		if cmd.Flags().Changed("from") || cmd.Flags().Changed("to") {
			if from == "" || to == "" {
				return usage("%s", c.t("migrate.both"))
			}
			return c.moveHouse(cmd.Context(), from, to)
		}
		config, _, err := c.configure()
		if err != nil {
			return err
		}
		s, err := openAsIs(cmd.Context(), config.DatabaseURL, store.Options{})
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

// openAsIs opens a database and changes nothing in it. An address that cannot
// be meant is a wrong call.
func openAsIs(ctx context.Context, url string, o store.Options) (*store.Store, error) {
	out := theWorld()
	o.Now, o.NewID = out.now, out.newID
	s, err := store.Open(ctx, url, o)
	if errors.Is(err, store.ErrAddress) || errors.Is(err, store.ErrNoHebdo) {
		return nil, usageError{err}
	}
	return s, err
}

// moveHouse brings everything from one database to another, which is empty.
func (c *console) moveHouse(ctx context.Context, from, to string) error {
	source, err := openAsIs(ctx, from, store.Options{Setting: "--from", Existing: true})
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := openAsIs(ctx, to, store.Options{Setting: "--to"})
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
