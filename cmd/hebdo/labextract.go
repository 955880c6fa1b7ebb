package main

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/extract"
	"hebdo/internal/text"
)

// labExtract is `hebdo lab extract`: {id,url,path} → {id,title,author,published,language,text,kind}
// and what else the page tells: site, modified, canonical, image, faq; with --explain also why.
func (c *console) labExtract() *cobra.Command {
	type in struct{ ID, URL, Path string }
	type picture struct {
		URL    string `json:"url"`
		Alt    string `json:"alt,omitempty"`
		Width  int    `json:"width,omitempty"`
		Height int    `json:"height,omitempty"`
	}
	type out struct {
		ID        string   `json:"id"`
		Title     string   `json:"title"`
		Author    string   `json:"author"`
		Published string   `json:"published"`
		Language  string   `json:"language"`
		Text      string   `json:"text"`
		Kind      string   `json:"kind"`
		Site      string   `json:"site,omitempty"`
		Modified  string   `json:"modified,omitempty"`
		Canonical string   `json:"canonical,omitempty"`
		Image     *picture `json:"image,omitempty"`
		FAQ       string   `json:"faq,omitempty"`
		Explain   []string `json:"explain,omitempty"`
		Error     string   `json:"error,omitempty"`
	}
	explain := false
	cmd := &cobra.Command{
		Use: "extract", Short: c.t("lab.extract.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			zone, err := time.LoadLocation("Europe/Paris")
			if err != nil {
				return err
			}
			return lines(c, func(i in) (out, error) {
				body, err := readDocument(i.Path)
				if err != nil {
					return out{}, err
				}
				r, err := document(body, i.URL, i.Path, extract.Hint{Zone: zone, Now: time.Now()})
				a := r.Article
				o := out{
					ID: i.ID, Title: a.Title, Author: strings.Join(a.Authors, "; "), Site: a.Site, Published: stamp(a.Published), Modified: stamp(a.Modified),
					Language: string(a.Language), Canonical: a.URL, Text: a.Text, FAQ: a.FAQ, Kind: string(a.Kind),
				}
				if a.Image != "" {
					o.Image = &picture{a.Image, a.Picture.Alt, a.Picture.Width, a.Picture.Height}
				}
				if explain {
					o.Explain = r.Reasons
				}
				if err != nil {
					o.Kind, o.Error = string(digest.KindError), err.Error()
				}
				return o, nil
			})
		},
	}
	cmd.Flags().BoolVar(&explain, "explain", false, c.t("lab.extract.explain"))
	return cmd
}

// document reads a page, or a text or Markdown file by its ending.
func document(body []byte, url, path string, h extract.Hint) (extract.Reading, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".txt":
		return extract.Reading{Article: extract.PlainText(body, h)}, nil
	case ".md":
		return extract.Reading{Article: extract.Markdown(body, h)}, nil
	}
	return extract.Read(body, url, h)
}

// labSentences is `hebdo lab sentences`: {id,text,language} → {id,sentences}.
func (c *console) labSentences() *cobra.Command {
	type in struct{ ID, Text, Language string }
	type out struct {
		ID        string   `json:"id"`
		Sentences []string `json:"sentences"`
	}
	return &cobra.Command{
		Use: "sentences", Short: c.t("lab.sentences.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return lines(c, func(i in) (out, error) {
				o := out{ID: i.ID, Sentences: []string{}}
				for _, s := range text.Sentences(i.Text, digest.ParseLanguage(i.Language)) {
					o.Sentences = append(o.Sentences, s.In(i.Text))
				}
				return o, nil
			})
		},
	}
}

// labLanguage is `hebdo lab language`: {id,text} → {id,language}.
func (c *console) labLanguage() *cobra.Command {
	type in struct{ ID, Text string }
	type out struct {
		ID       string `json:"id"`
		Language string `json:"language"`
	}
	return &cobra.Command{
		Use: "language", Short: c.t("lab.language.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return lines(c, func(i in) (out, error) { return out{i.ID, string(text.Language(i.Text))}, nil })
		},
	}
}
