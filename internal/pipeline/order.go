package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"hebdo/internal/digest"
)

// Order moves a theme of an issue one place up or down, or, where a story is
// named, that story within its theme. It fails as every edit does (editable),
// and with digest.ErrNotFound where there is no such theme, story or place.
func (p *Pipeline) Order(ctx context.Context, nl digest.Newsletter, id string, version int, theme, story string, up bool, editor string) (digest.Issue, error) {
	issue, edit, err := p.editable(ctx, id, version, "order", editor)
	if err != nil {
		return issue, err
	}
	sections, ok := shifted(issue.Sections, theme, story, up)
	if !ok {
		return issue, fmt.Errorf("theme %q, story %q of issue %s, or its place: %w", theme, story, id, digest.ErrNotFound)
	}
	issue.Sections = sections
	return p.edited(ctx, nl, issue, edit)
}

// shifted gives the sections in their new order; false: there is none.
func shifted(sections []digest.Section, theme, story string, up bool) ([]digest.Section, bool) {
	sections = slices.Clone(sections)
	at := slices.IndexFunc(sections, func(s digest.Section) bool { return s.Theme.ID == theme })
	if at < 0 {
		return nil, false
	}
	if story == "" {
		sections[at].Moved = true
		return sections, swapped(sections, at, up)
	}
	items := slices.Clone(sections[at].Items)
	n := slices.IndexFunc(items, func(it digest.Item) bool { return it.Story == story })
	if n < 0 {
		return nil, false
	}
	items[n].Moved = true
	ok := swapped(items, n, up)
	sections[at].Items = items
	return led(sections), ok
}

func swapped[T any](all []T, at int, up bool) bool {
	to := at + 1
	if up {
		to = at - 1
	}
	if to < 0 || to >= len(all) {
		return false
	}
	all[at], all[to] = all[to], all[at]
	return true
}

// inOrder gives sections made anew in the order that an editor gave the issue
// before; what is new comes last. Without such an order they stay as they are.
func inOrder(before digest.Issue, sections []digest.Section) []digest.Section {
	if !before.Ordered() {
		return sections
	}
	themes, stories := map[string]int{}, map[string]int{}
	moved := map[string]bool{}
	for n, s := range before.Sections {
		themes[s.Theme.ID] = n
		for _, it := range s.Items {
			stories[it.Story], moved[it.Story] = len(stories), it.Moved
		}
	}
	place := func(of map[string]int, id string) int {
		if n, ok := of[id]; ok {
			return n
		}
		return math.MaxInt
	}
	slices.SortStableFunc(sections, func(a, b digest.Section) int {
		return cmp.Compare(place(themes, a.Theme.ID), place(themes, b.Theme.ID))
	})
	for i, s := range sections {
		n, ok := themes[s.Theme.ID]
		sections[i].Moved = ok && before.Sections[n].Moved
		slices.SortStableFunc(s.Items, func(a, b digest.Item) int {
			return cmp.Compare(place(stories, a.Story), place(stories, b.Story))
		})
		for k := range s.Items {
			s.Items[k].Moved = moved[s.Items[k].Story]
		}
	}
	return led(sections)
}

// led says of each item whether it leads its section: the first does.
func led(sections []digest.Section) []digest.Section {
	for _, s := range sections {
		for i := range s.Items {
			s.Items[i].Lead = i == 0
		}
	}
	return sections
}
