package main

import (
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/collect"
)

type feedEntryJSON struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	URL       string   `json:"url"`
	Published string   `json:"published"`
	Updated   string   `json:"updated"`
	Summary   string   `json:"summary"`
	Content   string   `json:"content"`
	Authors   []string `json:"authors"`
}

// labFeed is `hebdo lab feed`: {id,url,path} → {id,title,entries,error}.
func (c *console) labFeed() *cobra.Command {
	type in struct{ ID, URL, Path string }
	type out struct {
		ID      string          `json:"id"`
		Title   string          `json:"title"`
		Entries []feedEntryJSON `json:"entries"`
		Error   string          `json:"error,omitempty"`
	}
	return &cobra.Command{
		Use: "feed", Short: c.t("lab.feed.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return lines(c, func(i in) (out, error) {
				body, err := readDocument(i.Path)
				if err != nil {
					return out{}, err
				}
				feed, err := collect.ParseFeed(body, i.URL)
				o := out{ID: i.ID, Title: feed.Title, Entries: []feedEntryJSON{}}
				if err != nil {
					o.Error = err.Error()
				}
				for _, e := range feed.Entries {
					o.Entries = append(o.Entries, feedEntryJSON{
						e.ID, e.Title, e.URL, stamp(e.Published), stamp(e.Updated), e.Summary, e.Content, append([]string{}, e.Authors...),
					})
				}
				return o, nil
			})
		},
	}
}

// stamp is a time as machines write it; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
