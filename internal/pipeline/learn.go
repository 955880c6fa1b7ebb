package pipeline

import (
	"context"
	"fmt"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// enoughMoves of stories, in two issues at least, are needed to say what
// learning brings; lastMoves are looked at.
const (
	enoughMoves = 6
	lastMoves   = 200
)

// theme puts stories under themes, having learned from what editors moved. What
// an editor moved in this very issue stays where it was put. A note says how
// much is learned.
func (p *Pipeline) theme(ctx context.Context, nl digest.Newsletter, issue digest.Issue, stories []digest.Story, themes []digest.Theme) ([]digest.Story, []digest.Note, error) {
	if p.Lessons == nil {
		return story.Theme(stories, themes), nil, nil
	}
	moved, err := p.Lessons.Placements(ctx, nl.Slug)
	if err != nil || len(moved) == 0 {
		return story.Theme(stories, themes), nil, err
	}
	examples := Examples(moved, themes)
	plain := make([]story.Example, len(examples))
	for i, e := range examples {
		plain[i] = e.Example
	}
	stories = story.NewThemer(themes, plain).Theme(stories)
	here := map[string]string{}
	for _, m := range moved {
		if m.Issue == issue.ID {
			here[m.Story] = m.Theme
		}
	}
	known := map[string]bool{digest.OtherTheme: true}
	for _, t := range themes {
		known[t.ID] = true
	}
	for i, s := range stories {
		if to, ok := here[s.ID]; ok && known[to] {
			stories[i].Theme = to
		}
	}
	return stories, progress(themes, examples), nil
}

// Examples are what an editor's moves teach: those whose theme the newsletter
// still has, each of its issue.
func Examples(moved []digest.Placement, themes []digest.Theme) []story.Labelled {
	known := map[string]bool{}
	for _, t := range themes {
		known[t.ID] = t.ID != digest.OtherTheme
	}
	var out []story.Labelled
	for _, m := range moved {
		if known[m.Theme] && m.Title+m.Text != "" {
			out = append(out, story.Labelled{Group: m.Issue, Example: story.Example{Title: m.Title, Text: m.Text, Language: m.Language, Theme: m.Theme}})
		}
	}
	return out
}

// progress says how many of the stories that were moved would stand where the
// editor put them by themselves, without what was learned and with what the
// other issues taught.
func progress(themes []digest.Theme, examples []story.Labelled) []digest.Note {
	if len(examples) > lastMoves {
		examples = examples[len(examples)-lastMoves:]
	}
	issues := map[string]bool{}
	for _, e := range examples {
		issues[e.Group] = true
	}
	if len(examples) < enoughMoves || len(issues) < 2 {
		return nil
	}
	j := story.CrossValidate(themes, examples, nil)
	share := func(x float64) int { return int(x*float64(j.Texts) + .5) }
	return []digest.Note{{
		Level: digest.Info, Stage: "story", Code: "themes.learned", Where: fmt.Sprint(j.Texts),
		Detail: fmt.Sprintf("%d → %d", share(j.Alone.Accuracy), share(j.Learned.Accuracy)),
	}}
}
