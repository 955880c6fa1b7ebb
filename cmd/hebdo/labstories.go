package main

import (
	"bufio"
	"cmp"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// labStories is `hebdo lab stories`: {id,title,text,published,language,url,source} → {id,story,why}.
// All of the input is one window; dates may be missing. The folder of the
// setting vocabulary counts here as in a newsletter.
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
		config, _, err := c.configure()
		if err != nil {
			return err
		}
		known, err := config.vocabulary()
		if err != nil {
			return err
		}
		var articles []digest.Article
		err = each(c.in, func(i in) error {
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
		for _, s := range story.Cluster(articles, nil, story.Options{Threshold: threshold, Window: -1, Vocabulary: known}) {
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
		w := bufio.NewWriter(c.data)
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
