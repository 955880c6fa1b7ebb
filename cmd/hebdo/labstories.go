package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// labStories is `hebdo lab stories`: {id,title,text,published,language,url,source} → {id,story,why}.
// All of the input is one window; dates may be missing.
func (c *console) labStories() *cobra.Command {
	type in struct{ ID, Title, Text, Published, Language, URL, Source string }
	type reason struct {
		With   string   `json:"with"`
		Shared []string `json:"shared"`
		Score  float64  `json:"score"`
	}
	type out struct {
		ID    string   `json:"id"`
		Story string   `json:"story"`
		Why   []reason `json:"why,omitempty"`
	}
	var threshold float64
	cmd := &cobra.Command{Use: "stories", Short: c.t("lab.stories.short"), Args: cobra.NoArgs}
	cmd.Flags().Float64Var(&threshold, "threshold", 0, c.t("flag.threshold"))
	cmd.RunE = func(*cobra.Command, []string) error {
		var articles []digest.Article
		err := each(c.in, func(i in) error {
			published, err := moment(i.Published)
			if err != nil {
				return usage("published %q: %v", i.Published, err)
			}
			articles = append(articles, digest.Article{
				ID: i.ID, Title: i.Title, Text: i.Text, Published: published, Language: digest.ParseLanguage(i.Language),
				Kind: digest.KindArticle, URL: i.URL, SourceID: i.Source, SourceName: i.Source, Key: cmp.Or(i.URL, i.ID),
			})
			return nil
		})
		if err != nil {
			return err
		}
		answers := make(map[string]out, len(articles))
		for _, s := range story.Cluster(articles, nil, story.Options{Threshold: threshold, Window: -1}) {
			for _, a := range s.Articles {
				o := out{ID: a.ID, Story: s.ID}
				for _, w := range s.Why {
					if w.A == a.ID {
						o.Why = append(o.Why, reason{w.B, w.Shared, w.Score})
					} else if w.B == a.ID {
						o.Why = append(o.Why, reason{w.A, w.Shared, w.Score})
					}
				}
				answers[a.ID] = o
			}
		}
		w := bufio.NewWriter(c.out)
		for _, a := range articles {
			body, err := marshal(answers[a.ID])
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

// moment reads an instant or a day; empty is the zero time.
func moment(s string) (time.Time, error) {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil {
			return t, nil
		}
	}
	if s == "" {
		return time.Time{}, nil
	}
	return time.Time{}, fmt.Errorf("write it as %s or %s", time.RFC3339, time.DateOnly)
}

// labThemes is `hebdo lab themes`: {id,title,text,language} → {id,theme,score}.
func (c *console) labThemes() *cobra.Command {
	type in struct{ ID, Title, Text, Language string }
	type out struct {
		ID    string  `json:"id"`
		Theme string  `json:"theme"`
		Score float64 `json:"score"`
	}
	var themes, learn string
	cmd := &cobra.Command{Use: "themes", Short: c.t("lab.themes.short"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&themes, "themes", "", c.t("flag.themes"))
	cmd.Flags().StringVar(&learn, "learn", "", c.t("flag.learn"))
	cmd.RunE = func(*cobra.Command, []string) error {
		known, err := c.readThemes(themes)
		if err != nil {
			return err
		}
		examples, err := c.readExamples(learn)
		if err != nil {
			return err
		}
		themer := story.NewThemer(known, examples)
		return lines(c, func(i in) (out, error) {
			theme, score := themer.Assign(i.Title, i.Text, digest.ParseLanguage(i.Language))
			return out{i.ID, theme, score}, nil
		})
	}
	return cmd
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
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, usage("%s: %v", name, err)
	}
	var themes []digest.Theme
	for _, t := range list {
		theme := digest.Theme{ID: cmp.Or(t.Key, t.ID), Words: map[digest.Language]digest.ThemeWords{}}
		for lang, label := range t.Label {
			theme.Words[lang] = digest.ThemeWords{Label: label, Description: t.Description[lang], Keywords: t.Keywords[lang]}
		}
		themes = append(themes, theme)
	}
	return themes, nil
}

// readExamples reads JSON Lines of texts whose theme is known; no file: none.
func (c *console) readExamples(name string) ([]story.Example, error) {
	if name == "" {
		return nil, nil
	}
	body, err := readDocument(name)
	if err != nil {
		return nil, err
	}
	var examples []story.Example
	type line struct{ Title, Text, Language, Theme string }
	err = each(bytes.NewReader(body), func(l line) error {
		examples = append(examples, story.Example{Title: l.Title, Text: l.Text, Language: digest.ParseLanguage(l.Language), Theme: l.Theme})
		return nil
	})
	return examples, err
}
