package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"hebdo/internal/digest"
	"hebdo/internal/summarise"
)

// Reword puts an editor's words in the place of a story's headline and summary,
// in the languages given, and tells whether they say something new. A sentence
// that was left as it was is still its source's; the others are the editor's. It
// fails as every edit does (editable), with digest.ErrNotFound for a story or a
// language that the issue does not have, and as digest.Words.Check says.
func (p *Pipeline) Reword(ctx context.Context, nl digest.Newsletter, id string, version int, story string, words map[digest.Language]digest.Words, editor string) (bool, error) {
	issue, edit, err := p.editable(ctx, id, version, "reword", editor)
	if err != nil {
		return false, err
	}
	it := issue.Item(story)
	if it == nil {
		return false, fmt.Errorf("story %s of issue %s: %w", story, id, digest.ErrNotFound)
	}
	told := maps.Clone(it.Wordings)
	if told == nil {
		told = map[digest.Language]digest.Wording{}
	}
	changed := false
	for lang, w := range words {
		if !slices.Contains(nl.Languages, lang) {
			return false, fmt.Errorf("the newsletter %s does not speak %q: %w", nl.Slug, lang, digest.ErrNotFound)
		}
		if w = w.Tidy(); w == told[lang].Words() {
			continue
		}
		if err := w.Check(); err != nil {
			return false, fmt.Errorf("in %s: %w", lang, err)
		}
		told[lang], changed = summarise.Reword(told[lang], w, lang, editor), true
	}
	if !changed {
		return false, nil
	}
	it.Wordings = told
	_, err = p.edited(ctx, nl, issue, edit)
	return err == nil, err
}

// inWords gives sections made anew the words that an editor wrote for their
// stories, and says whose words have no place any more: the story was joined
// with another, or is left out.
func inWords(before digest.Issue, sections []digest.Section) (lost []digest.Note) {
	for _, s := range before.Sections {
		for _, was := range s.Items {
			now := digest.Issue{Sections: sections}.Item(was.Story)
			headline := ""
			for _, lang := range slices.Sorted(maps.Keys(was.Wordings)) {
				w := was.Wordings[lang]
				if w.Editor == "" {
					continue
				}
				headline = w.Headline
				if now != nil {
					now.Wordings[lang] = w
				}
			}
			if headline != "" && now == nil {
				lost = append(lost, digest.Note{Level: digest.Warning, Stage: "compose", Code: "words.lost", Where: headline})
			}
		}
	}
	return lost
}
