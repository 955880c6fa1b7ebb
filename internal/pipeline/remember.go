package pipeline

import (
	"context"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// remembered is how many issues back a draft looks: for where the last ended, and
// for stories that go on.
const remembered = 8

// past gives what the newsletter's issues before this one told, with the articles
// that are still kept; of one that is gone, its title speaks.
func (p *Pipeline) past(ctx context.Context, nl digest.Newsletter, current digest.Issue) ([]story.Past, error) {
	before := current.ID
	if current.Version == 0 {
		before = "" // not kept yet: all are before it
	}
	issues, err := p.Issues.Issues(ctx, nl.Slug, before, remembered, digest.Approved, digest.Sending, digest.Paused, digest.Sent)
	if err != nil {
		return nil, err
	}
	var out []story.Past
	for _, issue := range issues {
		told, err := p.told(ctx, nl, issue)
		if err != nil {
			return nil, err
		}
		out = append(out, told...)
	}
	return out, nil
}

func (p *Pipeline) told(ctx context.Context, nl digest.Newsletter, issue digest.Issue) ([]story.Past, error) {
	var ids []string
	for _, s := range issue.Sections {
		for _, it := range s.Items {
			for _, c := range it.Citations {
				ids = append(ids, c.Article)
			}
		}
	}
	articles, err := p.Archive.ArticlesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	kept := make(map[string]digest.Article, len(articles))
	for _, a := range articles {
		kept[a.ID] = a
	}
	var out []story.Past
	for _, s := range issue.Sections {
		for _, it := range s.Items {
			past := story.Past{Earlier: digest.Earlier{
				Issue: issue.ID, Number: issue.Number, Date: issue.Date, Story: it.Story, Headline: headlineOf(it, nl),
			}}
			for _, c := range it.Citations {
				a, ok := kept[c.Article]
				if !ok {
					a = digest.Article{ID: c.Article, URL: c.URL, Title: c.Title, Language: c.Language, Kind: digest.KindArticle}
				}
				past.Articles = append(past.Articles, a)
			}
			out = append(out, past)
		}
	}
	return out, nil
}

func headlineOf(it digest.Item, nl digest.Newsletter) string {
	if w, ok := it.Wordings[nl.MainLanguage()]; ok && w.Headline != "" {
		return w.Headline
	}
	if len(it.Citations) > 0 {
		return it.Citations[0].Title
	}
	return ""
}
