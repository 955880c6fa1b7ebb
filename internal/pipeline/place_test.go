package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func TestAPlacedStoryTakesItsPlaceByScore(t *testing.T) {
	theme := func(id string) digest.Theme { return digest.Theme{ID: id} }
	themes := []digest.Theme{theme("a"), theme("b"), theme("c"), theme(digest.OtherTheme)}
	item := func(id string, score float64, lead bool) digest.Item {
		return digest.Item{Story: id, Score: score, Lead: lead}
	}
	sections := []digest.Section{
		{Theme: theme("a"), Items: []digest.Item{item("a1", 9, true), item("a2", 5, false)}},
		{Theme: theme("c"), Items: []digest.Item{item("c1", 7, true), item("c2", 3, false)}},
	}
	for _, c := range []struct{ story, to, want string }{
		{"a1", "c", "a: a2* | c: a1* c1 c2"},
		{"a2", "c", "a: a1* | c: c1* a2 c2"},
		{"c2", "b", "a: a1* a2 | b: c2* | c: c1*"},
		{"c1", digest.OtherTheme, "a: a1* a2 | c: c2* | other: c1*"},
	} {
		before := fmt.Sprint(sections)
		it := digest.Issue{Sections: sections}.Item(c.story)
		var got []string
		for _, s := range placed(sections, themes, *it, theme(c.to)) {
			line := s.Theme.ID + ":"
			for _, x := range s.Items {
				line += " " + x.Story
				if x.Lead {
					line += "*"
				}
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " | ")); diff != "" {
			t.Errorf("%s under %s: %s", c.story, c.to, diff)
		}
		if fmt.Sprint(sections) != before {
			t.Error("the issue it was given has changed")
		}
	}
}

func TestALoneStoryLeavesNoEmptySection(t *testing.T) {
	a, b := digest.Theme{ID: "a"}, digest.Theme{ID: "b"}
	it := digest.Item{Story: "s"}
	got := placed([]digest.Section{{Theme: a, Items: []digest.Item{it}}}, []digest.Theme{a, b}, it, b)
	if len(got) != 1 || got[0].Theme.ID != "b" || len(got[0].Items) != 1 || !got[0].Items[0].Lead {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsKeptOfAnArticleIsWholeCharacters(t *testing.T) {
	s := cut(strings.Repeat("é", 2000), exampleBytes+1)
	if len(s) > exampleBytes+1 || !utf8.ValidString(s) || cut("court", exampleBytes) != "court" {
		t.Errorf("%d bytes", len(s))
	}
}

// lessons are placements in memory.
type lessons struct {
	moved []digest.Placement
	err   error
}

func (l lessons) AddPlacement(context.Context, string, digest.Placement) error { return l.err }
func (l lessons) Placements(context.Context, string) ([]digest.Placement, error) {
	return l.moved, l.err
}

// moves are two issues of an editor to whom boats are models and balloons are chips.
func moves() (all []digest.Placement) {
	for i, words := range []string{"harbour", "regatta"} {
		issue := fmt.Sprint(i + 1)
		for n, s := range []string{"AI for trawlers and cod", "AI mends cod nets for trawlers", "Lobster, cod and AI trawlers"} {
			all = append(all, digest.Placement{Issue: issue, Story: fmt.Sprint("m", n), Theme: "models", Was: "other", Title: s, Text: words, Language: "en"})
		}
		for n, s := range []string{"AI gliders in clouds", "AI balloons and clouds", "Clouds over AI gliders"} {
			all = append(all, digest.Placement{Issue: issue, Story: fmt.Sprint("h", n), Theme: "hardware", Was: "other", Title: s, Text: words, Language: "en"})
		}
	}
	return all
}

func TestADraftLearnsFromMovesAndSaysHowMuch(t *testing.T) {
	nl := digest.Newsletter{Slug: "week"}
	stories := []digest.Story{
		{ID: "new", Articles: []digest.Article{{Title: "An AI for trawlers and cod nets", Language: "en", Kind: digest.KindArticle}}},
		{ID: "m0", Articles: []digest.Article{{Title: "A chip for AI data centres", Language: "en", Kind: digest.KindArticle}}},
	}
	p := &Pipeline{Lessons: lessons{moved: moves()}}
	out, notes, err := p.theme(t.Context(), nl, digest.Issue{ID: "1"}, stories, ThemesOf(nl))
	if err != nil || out[0].Theme != "models" {
		t.Errorf("what it was taught: %q, %v", out[0].Theme, err)
	}
	if out[1].Theme != "models" {
		t.Errorf("a story that was moved in this issue went back to %q", out[1].Theme)
	}
	if len(notes) != 1 || notes[0].Code != "themes.learned" || notes[0].Where != "12" || !strings.HasSuffix(notes[0].Detail, "→ 12") {
		t.Errorf("%+v", notes)
	}
	out, _, _ = p.theme(t.Context(), nl, digest.Issue{ID: "3"}, stories, ThemesOf(nl))
	if out[1].Theme != "hardware" {
		t.Errorf("another issue's story: %q", out[1].Theme)
	}

	p.Lessons = lessons{moved: moves()[:3]}
	if _, notes, err := p.theme(t.Context(), nl, digest.Issue{}, stories, ThemesOf(nl)); err != nil || len(notes) != 0 {
		t.Errorf("too little to say how much: %+v, %v", notes, err)
	}
	p.Lessons = lessons{err: errors.New("no disk")}
	if _, _, err := p.theme(t.Context(), nl, digest.Issue{}, stories, ThemesOf(nl)); err == nil {
		t.Error("what cannot be read was left out silently")
	}
}

func TestAThemeThatWentTeachesNothing(t *testing.T) {
	themes := []digest.Theme{{ID: "models"}, {ID: digest.OtherTheme}}
	got := Examples([]digest.Placement{
		{Issue: "1", Theme: "models", Title: "kept"}, {Issue: "1", Theme: "gone", Title: "gone"}, {Issue: "2", Theme: digest.OtherTheme, Title: "other"}, {Issue: "2", Theme: "models"},
	}, themes)
	if len(got) != 1 || got[0].Title != "kept" || got[0].Group != "1" {
		t.Errorf("%+v", got)
	}
}

// A story that was moved to another theme once put all stories of the issue back
// in the order of their scores.
func TestPlacingKeepsTheOrderAnEditorGave(t *testing.T) {
	theme := func(id string) digest.Theme { return digest.Theme{ID: id} }
	item := func(id string, score float64) digest.Item { return digest.Item{Story: id, Score: score} }
	sections := []digest.Section{
		{Theme: theme("c"), Items: []digest.Item{item("c1", 3), item("c2", 7)}},
		{Theme: theme("a"), Items: []digest.Item{item("a1", 5), item("a2", 9)}},
	}
	got := outline(placed(sections, []digest.Theme{theme("a"), theme("b"), theme("c")}, sections[1].Items[0], theme("c")))
	if got != "c: a1 c1 c2 | a: a2" {
		t.Error(got)
	}
}

func TestAnEditorsOrderOutlivesThatAnIssueIsMadeAgain(t *testing.T) {
	theme := func(id string) digest.Theme { return digest.Theme{ID: id} }
	item := func(id string) digest.Item { return digest.Item{Story: id} }
	was := digest.Issue{Sections: []digest.Section{
		{Theme: theme("b"), Items: []digest.Item{item("b2"), item("b1"), item("b3")}, Moved: true},
		{Theme: theme("a"), Items: []digest.Item{{Story: "a2", Moved: true}, item("a1")}},
	}}
	anew := func() []digest.Section {
		return []digest.Section{
			{Theme: theme("new"), Items: []digest.Item{item("n")}},
			{Theme: theme("a"), Items: []digest.Item{item("a1"), item("a3"), item("a2")}},
			{Theme: theme("b"), Items: []digest.Item{item("b1"), item("b2")}},
		}
	}
	sections := inOrder(was, anew())
	if got := outline(sections); got != "b: b2 b1 | a: a2 a1 a3 | new: n" {
		t.Error(got)
	}
	if !sections[0].Moved || sections[1].Moved || !sections[1].Items[0].Moved || sections[1].Items[1].Moved || !sections[1].Items[0].Lead || sections[1].Items[1].Lead {
		t.Errorf("%+v", sections)
	}
	was.Sections[0].Moved, was.Sections[1].Items[0].Moved = false, false
	if got := outline(inOrder(was, anew())); got != "new: n | a: a1 a3 a2 | b: b1 b2" {
		t.Errorf("nobody ordered it, and it became %s", got)
	}
}

func outline(sections []digest.Section) string {
	var lines []string
	for _, s := range sections {
		line := s.Theme.ID + ":"
		for _, it := range s.Items {
			line += " " + it.Story
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, " | ")
}
