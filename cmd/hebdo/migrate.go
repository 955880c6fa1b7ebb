package main

import (
	"github.com/spf13/cobra"

	"hebdo/internal/store"
)

// migrate is `hebdo migrate`: the database's schema up to date. Other commands
// do it too; this one does nothing else.
func (c *console) migrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: c.t("migrate.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, _, err := c.configure()
			if err != nil {
				return err
			}
			out := theWorld()
			s, err := store.Open(cmd.Context(), config.DatabaseURL, store.Options{Now: out.now, NewID: out.newID})
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
		},
	}
}
