package main

import (
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/summarise"
	"hebdo/internal/text"
)

// labSummarise is `hebdo lab summarise`:
// {id,title,text,language,sentences|words} → {id,summary,sentences[{text,start,end}]} (byte offsets).
func (c *console) labSummarise() *cobra.Command {
	type in struct {
		ID, Title, Text, Language string
		Sentences, Words          int
	}
	type sentence struct {
		Text  string `json:"text"`
		Start int    `json:"start"`
		End   int    `json:"end"`
	}
	type out struct {
		ID        string     `json:"id"`
		Summary   string     `json:"summary"`
		Sentences []sentence `json:"sentences"`
	}
	return &cobra.Command{
		Use: "summarise", Short: c.t("lab.summarise.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return lines(c, func(i in) (out, error) {
				a := digest.Article{ID: i.ID, Title: i.Title, Text: i.Text, Language: digest.ParseLanguage(i.Language), Kind: digest.KindArticle}
				if a.Language == "" {
					a.Language = text.Language(i.Text)
				}
				o := out{ID: i.ID, Sentences: []sentence{}}
				var said []string
				for _, s := range summarise.Extract(a, i.Sentences, i.Words) {
					o.Sentences = append(o.Sentences, sentence{s.Text, s.Start, s.End})
					said = append(said, s.Text)
				}
				o.Summary = strings.Join(said, " ")
				return o, nil
			})
		},
	}
}
