package main

import (
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
)

// collect is `hebdo collect`: what is new at the sources.
func (c *console) collect() *cobra.Command {
	var slug string
	var asJSON bool
	cmd := &cobra.Command{Use: "collect", Short: c.t("collect.short"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
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
		if len(nl.Sources) == 0 {
			return usage("%s", c.t("collect.nosources", "Newsletter", nl.Slug))
		}
		harvest, err := h.pipeline.Collect(cmd.Context(), nl)
		if err != nil {
			return err
		}
		if asJSON {
			return c.print(struct {
				Newsletter string     `json:"newsletter"`
				Found      int        `json:"found"`
				Read       int        `json:"read"`
				Notes      []noteJSON `json:"notes"`
			}{nl.Slug, harvest.Found, harvest.Read, notesJSON(harvest.Notes)})
		}
		c.notes(harvest.Notes)
		c.say("collect.done", "Found", harvest.Found, "Read", harvest.Read, "Sources", len(nl.Sources))
		return nil
	}
	return cmd
}

type noteJSON struct {
	Level  string `json:"level"`
	Stage  string `json:"stage"`
	Code   string `json:"code"`
	Where  string `json:"where,omitempty"`
	Detail string `json:"detail,omitempty"`
}

func notesJSON(notes []digest.Note) []noteJSON {
	out := []noteJSON{}
	for _, n := range notes {
		out = append(out, noteJSON{string(n.Level), n.Stage, n.Code, n.Where, n.Detail})
	}
	return out
}

// notes prints what an editor should see, on the error stream.
func (c *console) notes(notes []digest.Note) {
	for _, n := range notes {
		text := c.words.T("note."+n.Code, "Where", n.Where, "Detail", n.Detail)
		for _, fact := range []string{n.Where, n.Detail} {
			if !strings.Contains(text, fact) {
				text += " (" + fact + ")"
			}
		}
		c.warn("note", "Level", c.t("level."+string(n.Level)), "Text", text)
	}
}
