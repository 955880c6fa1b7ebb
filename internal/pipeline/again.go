package pipeline

import (
	"context"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// compared says how articles are compared. An endpoint of embeddings that does
// not answer is a note: words alone do.
func (p *Pipeline) compared(ctx context.Context, articles []digest.Article) (story.Options, []digest.Note) {
	how := story.Options{Vocabulary: p.Vocabulary}
	if p.Embedder == nil || len(articles) == 0 {
		return how, nil
	}
	vectors, err := story.Embed(ctx, p.Embedder, articles)
	if err != nil {
		return how, []digest.Note{{Level: digest.Warning, Stage: "story", Code: "embeddings.failed", Detail: err.Error()}}
	}
	how.Vectors = vectors
	return how, nil
}

// seen gives the stories that an editor has seen in an issue drafted before,
// with their articles as they are now, and the articles that stand in none of
// them. An issue drafted for the first time has none.
func seen(issue digest.Issue, articles []digest.Article) (stories []digest.Story, rest []digest.Article) {
	byID := make(map[string]digest.Article, len(articles))
	for _, a := range articles {
		byID[a.ID] = a
	}
	taken := map[string]bool{}
	for _, section := range issue.Sections {
		for _, it := range section.Items {
			s := digest.Story{ID: it.Story}
			for _, c := range it.Citations {
				if a, ok := byID[c.Article]; ok && !taken[a.ID] {
					taken[a.ID] = true
					s.Articles = append(s.Articles, a)
				}
			}
			for _, w := range it.Why {
				if taken[w.A] && taken[w.B] {
					s.Why = append(s.Why, w)
				}
			}
			if len(s.Articles) > 0 {
				stories = append(stories, s)
			}
		}
	}
	for _, a := range articles {
		if !taken[a.ID] {
			rest = append(rest, a)
		}
	}
	return stories, rest
}
