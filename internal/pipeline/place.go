package pipeline

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// exampleBytes is how much of an article is kept as an example.
const exampleBytes = 2500

// Place puts a story of an issue under another theme, and keeps it as an
// example: the themes of later issues are learned from it. The rest of the issue
// stays as it is. It fails as Join does, and with digest.ErrNotFound
// for a theme that the newsletter does not have.
func (p *Pipeline) Place(ctx context.Context, nl digest.Newsletter, id string, version int, story, theme, editor string) (digest.Issue, error) {
	issue, edit, err := p.editable(ctx, id, version, "place", editor)
	if err != nil {
		return issue, err
	}
	themes := ThemesOf(nl)
	at := slices.IndexFunc(themes, func(t digest.Theme) bool { return t.ID == theme })
	it, was := issue.Item(story), themeOf(issue, story)
	if it == nil || at < 0 || was == theme {
		return issue, fmt.Errorf("story %s of issue %s under theme %q: %w", story, id, theme, digest.ErrNotFound)
	}
	example := digest.Placement{Issue: id, Story: story, Theme: theme, Was: was, Editor: editor, At: p.Now()}
	read, err := p.Archive.ArticlesByID(ctx, articlesOf(*it))
	if err != nil {
		return issue, err
	}
	if len(read) > 0 {
		example.Title, example.Text, example.Language = read[0].Title, cut(read[0].Text, exampleBytes), read[0].Language
	}
	issue.Sections = placed(issue.Sections, themes, *it, themes[at])
	if edit.Lesson, err = p.lesson(ctx, nl, id, story); err != nil {
		return issue, err
	}
	saved, err := p.edited(ctx, nl, issue, edit)
	if err != nil {
		return issue, err
	}
	return saved, p.Lessons.AddPlacement(ctx, nl.Slug, example)
}

// lesson is what is kept of the theme of an issue's story; without a theme: nothing.
func (p *Pipeline) lesson(ctx context.Context, nl digest.Newsletter, id, story string) (digest.Placement, error) {
	all, err := p.Lessons.Placements(ctx, nl.Slug)
	i := slices.IndexFunc(all, func(m digest.Placement) bool { return m.Issue == id && m.Story == story })
	if i < 0 {
		return digest.Placement{Issue: id, Story: story}, err
	}
	return all[i], err
}

// ThemesOf are a newsletter's themes, the built-in ones where it names none,
// and digest.OtherTheme last.
func ThemesOf(nl digest.Newsletter) []digest.Theme {
	builtIn := story.Taxonomy()
	if len(nl.Themes) == 0 {
		return builtIn
	}
	return append(slices.Clone(nl.Themes), builtIn[len(builtIn)-1])
}

// placed moves an item into the section of a theme, before the first that has a
// lower score. All else keeps its order, which may be an editor's; a new section
// comes before the first whose theme is a later one.
func placed(sections []digest.Section, themes []digest.Theme, it digest.Item, theme digest.Theme) []digest.Section {
	it.Moved = false
	var out []digest.Section
	for _, s := range sections {
		s.Items = slices.DeleteFunc(slices.Clone(s.Items), func(x digest.Item) bool { return x.Story == it.Story })
		if len(s.Items) > 0 || s.Theme.ID == theme.ID {
			out = append(out, s)
		}
	}
	at := slices.IndexFunc(out, func(s digest.Section) bool { return s.Theme.ID == theme.ID })
	if at < 0 {
		order := func(id string) int {
			return slices.IndexFunc(themes, func(t digest.Theme) bool { return t.ID == id })
		}
		at = before(out, func(s digest.Section) bool { return order(s.Theme.ID) > order(theme.ID) })
		out = slices.Insert(out, at, digest.Section{Theme: theme})
	}
	items := out[at].Items
	out[at].Items = slices.Insert(items, before(items, func(x digest.Item) bool { return x.Score < it.Score }), it)
	return led(out)
}

// before is the index of the first that is later, else that of the end.
func before[T any](all []T, later func(T) bool) int {
	if i := slices.IndexFunc(all, later); i >= 0 {
		return i
	}
	return len(all)
}

func themeOf(issue digest.Issue, story string) string {
	for _, s := range issue.Sections {
		for _, it := range s.Items {
			if it.Story == story {
				return s.Theme.ID
			}
		}
	}
	return ""
}

// cut gives at most n bytes of s, whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
