package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/collect"
	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// maxOPML is the longest list that is read, in bytes.
const maxOPML = 16 << 20

// sourcesImport adds the sources of an OPML file.
func (c *console) sourcesImport() *cobra.Command {
	var slug string
	cmd := &cobra.Command{Use: "import FILE", Aliases: []string{"import-opml"}, Short: c.t("sources.import.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		body, err := c.contents(args[0])
		if err != nil {
			return usageError{err}
		}
		sources, err := collect.ReadOPML(body)
		if err != nil {
			return usage("%s: %w", args[0], err)
		}
		sources, folders := handedOn(sources)
		for _, folder := range folders {
			c.warn("sources.import.folder", "Folder", folder)
		}
		if len(sources) == 0 {
			return errNothing
		}
		return c.addAll(cmd, slug, sources)
	}
	return cmd
}

// handedOn parts the sources of a list from the folders in it. Lists come from
// others: one that names a folder of this machine would have its texts published.
func handedOn(all []digest.Source) (sources []digest.Source, folders []string) {
	for _, s := range all {
		if s.Kind == digest.SourceFolder {
			folders = append(folders, s.URL)
			continue
		}
		sources = append(sources, s)
	}
	return sources, folders
}

// contents is a file, or the standard input for "-".
func (c *console) contents(name string) ([]byte, error) {
	in := c.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxOPML+1))
	if err == nil && len(body) > maxOPML {
		err = fmt.Errorf("%s is larger than 16 MiB", name)
	}
	return body, err
}

// sourcesExport writes the sources as OPML, for every feed reader.
func (c *console) sourcesExport() *cobra.Command {
	var slug, out string
	cmd := &cobra.Command{Use: "export", Aliases: []string{"export-opml"}, Short: c.t("sources.export.short"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&out, "out", "", c.t("flag.out"))
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
		sources, hidden := public(nl.Sources)
		if hidden > 0 {
			c.warn("sources.export.hidden", "Count", hidden)
		}
		body := collect.WriteOPML(nl.Name, sources)
		if out != "" {
			return os.WriteFile(out, body, 0o644)
		}
		_, err = c.data.Write(body)
		return err
	}
	return cmd
}

// public gives sources as they may be handed on, without what lets us in at
// their sites; hidden is how many had that. The user of a mailbox is part of
// where it is.
func public(sources []digest.Source) (shown []digest.Source, hidden int) {
	for _, s := range sources {
		if url := fetch.Public(s.URL); url != s.URL && strings.HasPrefix(s.URL, "http") {
			s.URL = url
			hidden++
		}
		shown = append(shown, s)
	}
	return shown, hidden
}
