package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"hebdo/internal/digest"
)

// apply is `hebdo apply FILE`: a newsletter's description into the database.
func (c *console) apply() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{Use: "apply FILE", Short: c.t("apply.short"), Long: c.t("apply.long"), Args: cobra.ExactArgs(1)}
	cmd.Flags().BoolVar(&dry, "dry-run", false, c.t("flag.dry"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		body, err := c.read(args[0])
		if err != nil {
			return err
		}
		nl, err := readNewsletter(args[0], body)
		if err != nil {
			return err
		}
		s, err := c.openStore(cmd.Context())
		if err != nil {
			return err
		}
		defer s.Close()
		var before []byte
		switch old, err := s.Newsletter(cmd.Context(), nl.Slug); {
		case errors.Is(err, digest.ErrNotFound):
		case err != nil:
			return err
		default:
			if before, err = writeNewsletter(old); err != nil {
				return err
			}
		}
		after, err := writeNewsletter(nl)
		if err != nil {
			return err
		}
		change := diff.Diff("before", before, "after", after)
		if len(change) == 0 {
			c.say("apply.same", "Newsletter", nl.Slug)
			return nil
		}
		if _, err := c.out.Write(change); err != nil {
			return err
		}
		if dry {
			return nil
		}
		if err := s.SaveNewsletter(cmd.Context(), nl); err != nil {
			return err
		}
		c.say("apply.done", "Newsletter", nl.Slug)
		return nil
	}
	return cmd
}

// read gives a file's content, or standard input for "-"; at most 10 MiB.
func (c *console) read(name string) ([]byte, error) {
	const limit = 10 << 20
	in := c.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, usageError{err}
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, err
	}
	if len(body) > limit {
		return nil, usage("%s is larger than 10 MiB", name)
	}
	return body, nil
}

// export is `hebdo export [SLUG]`: the file that apply reads.
func (c *console) export() *cobra.Command {
	return &cobra.Command{
		Use: "export [NEWSLETTER]", Short: c.t("export.short"), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := c.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			slug := ""
			if len(args) > 0 {
				slug = args[0]
			}
			nl, err := c.theNewsletter(cmd.Context(), s, slug)
			if err != nil {
				return err
			}
			body, err := writeNewsletter(nl)
			if err != nil {
				return fmt.Errorf("writing %s: %w", nl.Slug, err)
			}
			_, err = c.data.Write(body)
			return err
		},
	}
}
