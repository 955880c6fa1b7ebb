package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// labThemes is `hebdo lab themes`: {id,title,text,language} → {id,theme,score}.
// All of the input is sorted together. With --evaluate the input says theme and
// group as well, and the answer is how well the themes are found.
func (c *console) labThemes() *cobra.Command {
	type out struct {
		ID    string  `json:"id"`
		Theme string  `json:"theme"`
		Score float64 `json:"score"`
	}
	var themes, learn string
	var evaluate, asJSON bool
	cmd := &cobra.Command{Use: "themes", Short: c.t("lab.themes.short"), Long: c.t("lab.themes.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&themes, "themes", "", c.t("flag.themes"))
	cmd.Flags().StringVar(&learn, "learn", "", c.t("flag.learn"))
	cmd.Flags().BoolVar(&evaluate, "evaluate", false, c.t("flag.evaluate"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(*cobra.Command, []string) error {
		known, err := c.readThemes(themes)
		if err != nil {
			return err
		}
		taught, err := readExamples(learn, known)
		if err != nil {
			return err
		}
		if evaluate {
			return c.evaluateThemes(known, taught, asJSON)
		}
		var ids []string
		var texts []story.Text
		err = each(c.in, func(l themeLine) error {
			ids = append(ids, l.ID)
			texts = append(texts, story.Text{Title: l.Title, Body: l.Text, Language: digest.ParseLanguage(l.Language)})
			return nil
		})
		if err != nil {
			return err
		}
		var examples []story.Example
		for _, l := range taught {
			examples = append(examples, l.Example)
		}
		w := bufio.NewWriter(c.data)
		for i, fit := range story.NewThemer(known, examples).Sort(texts) {
			body, err := marshal(out{ids[i], fit.Theme, fit.Score})
			if err != nil {
				return err
			}
			if _, err := w.Write(body); err != nil {
				return err
			}
		}
		return w.Flush()
	}
	return cmd
}

// themeLine is a text, and what somebody knows of it.
type themeLine struct{ ID, Title, Text, Language, Theme, Group string }

func (l themeLine) labelled(themes []digest.Theme) (story.Labelled, error) {
	out := story.Labelled{Group: l.Group, Example: story.Example{
		Title: l.Title, Text: l.Text, Language: digest.ParseLanguage(l.Language), Theme: l.Theme,
	}}
	if l.Theme == digest.OtherTheme {
		return out, nil
	}
	for _, t := range themes {
		if t.ID == l.Theme {
			return out, nil
		}
	}
	return out, usage("theme %q of %q is none of the themes", l.Theme, l.ID)
}

// evaluateThemes judges the input by the groups it comes from.
func (c *console) evaluateThemes(themes []digest.Theme, taught []story.Labelled, asJSON bool) error {
	var labelled []story.Labelled
	groups := map[string]bool{}
	err := each(c.in, func(l themeLine) error {
		if l.Group == "" {
			return usage("%q names no group: the issue it comes from, so that nothing is judged by what its own issue teaches", l.ID)
		}
		groups[l.Group] = true
		x, err := l.labelled(themes)
		labelled = append(labelled, x)
		return err
	})
	if err != nil {
		return err
	}
	if len(groups) < 2 {
		return usage("all is of one group: texts of two issues at least are needed, one to learn from and one to judge")
	}
	return c.printJudgement(story.CrossValidate(themes, labelled, taught), themes, asJSON)
}

// readThemes reads a JSON array of themes; no file: the built-in taxonomy.
func (c *console) readThemes(name string) ([]digest.Theme, error) {
	if name == "" {
		return story.Taxonomy(), nil
	}
	body, err := c.read(name)
	if err != nil {
		return nil, err
	}
	var list []struct {
		Key, ID     string
		Label       map[digest.Language]string
		Description map[digest.Language]string
		Keywords    map[digest.Language][]string
		Examples    map[digest.Language][]string
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, usage("%s: %v", name, err)
	}
	var themes []digest.Theme
	seen := map[string]bool{}
	for i, t := range list {
		id := cmp.Or(t.Key, t.ID)
		switch {
		case id == "":
			return nil, usage("%s: theme %d has no key", name, i+1)
		case seen[id]:
			return nil, usage("%s: theme %q stands twice", name, id)
		case len(t.Label) == 0:
			return nil, usage("%s: theme %q has no label: {\"key\":%[2]q,\"label\":{\"fr\":\"…\",\"en\":\"…\"}}", name, id)
		}
		seen[id] = true
		theme := digest.Theme{ID: id, Words: map[digest.Language]digest.ThemeWords{}}
		for lang, label := range t.Label {
			theme.Words[lang] = digest.ThemeWords{
				Label: label, Description: t.Description[lang], Keywords: t.Keywords[lang], Examples: t.Examples[lang],
			}
		}
		themes = append(themes, theme)
	}
	if len(themes) == 0 {
		return nil, usage("%s: there is no theme in it", name)
	}
	return themes, nil
}

// readExamples reads JSON Lines of texts whose theme is known; no file: none.
func readExamples(name string, themes []digest.Theme) ([]story.Labelled, error) {
	if name == "" {
		return nil, nil
	}
	body, err := readDocument(name)
	if err != nil {
		return nil, err
	}
	var examples []story.Labelled
	err = each(bytes.NewReader(body), func(l themeLine) error {
		x, err := l.labelled(themes)
		examples = append(examples, x)
		return err
	})
	return examples, err
}
