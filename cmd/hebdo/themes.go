package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/pipeline"
	"hebdo/internal/story"
)

// themes is `hebdo themes`: what editors moved, and what is learned from it.
func (c *console) themes() *cobra.Command {
	var newsletter string
	var examples, asJSON bool
	cmd := &cobra.Command{Use: "themes", Short: c.t("themes.short"), Long: c.t("themes.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&newsletter, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&examples, "examples", false, c.t("flag.examples"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := c.openStore(cmd.Context())
		if err != nil {
			return err
		}
		defer s.Close()
		nl, err := c.theNewsletter(cmd.Context(), s, newsletter)
		if err != nil {
			return err
		}
		moved, err := s.Placements(cmd.Context(), nl.Slug)
		if err != nil {
			return err
		}
		if examples {
			return c.printPlacements(moved)
		}
		return c.printThemes(nl, moved, asJSON)
	}
	return cmd
}

// placementJSON is a moved story as hebdo lab themes reads it.
type placementJSON struct {
	ID       string          `json:"id"`
	Group    string          `json:"group"`
	Theme    string          `json:"theme"`
	Was      string          `json:"was"`
	Language digest.Language `json:"language"`
	Title    string          `json:"title"`
	Text     string          `json:"text"`
}

func (c *console) printPlacements(moved []digest.Placement) error {
	for _, p := range moved {
		body, err := marshal(placementJSON{p.Story, p.Issue, p.Theme, p.Was, p.Language, p.Title, p.Text})
		if err != nil {
			return err
		}
		if _, err := c.data.Write(body); err != nil {
			return err
		}
	}
	return nil
}

type themesJSON struct {
	Themes  []themeCountJSON `json:"themes"`
	Learned *judgementJSON   `json:"learned,omitempty"`
}

type themeCountJSON struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Moved int    `json:"moved"`
}

// printThemes lists the themes with the moves to each, and judges the moves.
func (c *console) printThemes(nl digest.Newsletter, moved []digest.Placement, asJSON bool) error {
	themes := pipeline.ThemesOf(nl)
	count := map[string]int{}
	for _, p := range moved {
		count[p.Theme]++
	}
	var out themesJSON
	for _, t := range themes {
		out.Themes = append(out.Themes, themeCountJSON{t.ID, t.Label(nl.MainLanguage()), count[t.ID]})
	}
	labelled, issues := pipeline.Examples(moved, themes), map[string]bool{}
	for _, l := range labelled {
		issues[l.Group] = true
	}
	var j story.Judgement
	if len(issues) > 1 {
		j = story.CrossValidate(themes, labelled, nil)
		learned := judgementToJSON(j)
		out.Learned = &learned
	}
	if asJSON {
		return c.print(out)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t\t%s\n", c.t("judgement.theme"), c.t("themes.moved"))
	for _, t := range out.Themes {
		fmt.Fprintf(w, "%s\t%s\t%d\n", t.ID, t.Label, t.Moved)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(c.out)
	if out.Learned == nil {
		c.say("themes.few")
		return nil
	}
	return c.printJudgement(j, themes, false)
}
