package compose

import (
	"sort"

	"hebdo/internal/digest"
)

// Why a story is not in the issue, as message keys under "leftout.".
const (
	OverBudget = "budget"     // better stories took the place
	SourceCap  = "source-cap" // its source leads enough stories already
	Unreadable = "unreadable" // no sentence of it can be quoted
)

// Issue composes a draft. The best stories come in first, as long as their
// theme has room and their source does not lead too many; then the weakest
// themes go until no more than the budget allows are left. What does not come
// in stands in LeftOut, with the reason. A week with little gives an issue
// with little; one with nothing gets a note that blocks it.
func Issue(stories []digest.Story, plan Plan) digest.Issue {
	plan.Budget = plan.Budget.Or(digest.DefaultBudget)
	issue := digest.Issue{
		Newsletter: plan.Newsletter, Slot: plan.Slot, State: digest.Draft,
		Date: plan.Date, From: plan.From, To: plan.To, Created: plan.Created,
		Notes: append([]digest.Note(nil), plan.Notes...),
	}
	ranked := append([]digest.Story(nil), stories...)
	sort.SliceStable(ranked, func(i, j int) bool {
		if ranked[i].Score != ranked[j].Score {
			return ranked[i].Score > ranked[j].Score
		}
		return ranked[i].ID < ranked[j].ID
	})
	chosen, out := fit(ranked, plan)
	issue.LeftOut = out
	issue.Sections = sections(chosen, plan)
	issue.Fronts = fronts(issue, plan)
	issue.Notes = append(issue.Notes, remarks(issue)...)
	return issue
}

// section is a theme being filled.
type section struct {
	theme   digest.Theme
	order   int
	stories []digest.Story
}

// fit decides which stories come in.
func fit(ranked []digest.Story, plan Plan) ([]section, []digest.LeftOut) {
	var out []digest.LeftOut
	byTheme := map[string]*section{}
	var order []*section
	leads := map[string]int{}
	for _, s := range ranked {
		why := s.LeftOut
		if why == "" && !told(s) {
			why = Unreadable
		}
		theme, at := plan.theme(s.Theme)
		in := byTheme[theme.ID]
		if in == nil {
			in = &section{theme: theme, order: at}
		}
		source := leadSource(s)
		switch {
		case why != "":
		case len(in.stories) >= plan.Budget.StoriesPerTheme:
			why = OverBudget
		case source != "" && leads[source] >= plan.perSource():
			why = SourceCap
		}
		if why != "" {
			out = append(out, leftOut(s, why))
			continue
		}
		if byTheme[theme.ID] == nil {
			byTheme[theme.ID] = in
			order = append(order, in)
		}
		in.stories = append(in.stories, s)
		leads[source]++
	}
	return strongest(order, plan, out)
}

// strongest keeps as many themes as the budget allows: those with the best
// stories, OtherTheme only when there is room.
func strongest(all []*section, plan Plan, out []digest.LeftOut) ([]section, []digest.LeftOut) {
	sort.SliceStable(all, func(i, j int) bool {
		if oi, oj := all[i].theme.ID == digest.OtherTheme, all[j].theme.ID == digest.OtherTheme; oi != oj {
			return oj
		}
		return all[i].worth() > all[j].worth()
	})
	var kept []section
	for i, s := range all {
		if i < plan.Budget.Themes {
			kept = append(kept, *s)
			continue
		}
		for _, story := range s.stories {
			out = append(out, leftOut(story, OverBudget))
		}
	}
	sort.SliceStable(kept, func(i, j int) bool {
		if oi, oj := kept[i].theme.ID == digest.OtherTheme, kept[j].theme.ID == digest.OtherTheme; oi != oj {
			return oj
		}
		if plan.ByWeight {
			return kept[i].stories[0].Score > kept[j].stories[0].Score
		}
		return kept[i].order < kept[j].order
	})
	return kept, out
}

// worth of a theme this week: its best story, and a little for each other.
func (s section) worth() float64 {
	sum := 0.0
	for i, story := range s.stories {
		if i == 0 {
			sum += story.Score
		} else {
			sum += .2 * story.Score
		}
	}
	return sum
}

// told tells whether the story has a sentence in any language.
func told(s digest.Story) bool {
	for _, w := range s.Wordings {
		if len(w.Sentences) > 0 {
			return true
		}
	}
	return false
}

func leadSource(s digest.Story) string {
	if len(s.Articles) == 0 {
		return ""
	}
	if a := s.Articles[0]; a.SourceID != "" {
		return a.SourceID
	}
	return s.Articles[0].SourceName
}

func leftOut(s digest.Story, why string) digest.LeftOut {
	out := digest.LeftOut{Reason: why}
	if len(s.Articles) > 0 {
		a := s.Articles[0]
		out.Title, out.URL, out.Source = a.Title, a.URL, a.SourceName
	}
	return out
}

func sections(chosen []section, plan Plan) []digest.Section {
	var out []digest.Section
	for _, c := range chosen {
		s := digest.Section{Theme: c.theme}
		for i, story := range c.stories {
			it := item(story, plan)
			it.Lead = i == 0
			s.Items = append(s.Items, it)
		}
		out = append(out, s)
	}
	return out
}

// remarks are what the editor should know of the whole.
func remarks(issue digest.Issue) []digest.Note {
	n := issue.Stories()
	if n == 0 {
		return []digest.Note{{Level: digest.Blocker, Stage: "compose", Code: "issue.empty"}}
	}
	by := map[string]int{}
	most := ""
	for _, s := range issue.Sections {
		for _, it := range s.Items {
			if len(it.Citations) > 0 {
				c := it.Citations[0].Source
				by[c]++
				if by[c] > by[most] || by[c] == by[most] && c < most {
					most = c
				}
			}
		}
	}
	if n >= 4 && by[most]*2 > n {
		return []digest.Note{{Level: digest.Warning, Stage: "compose", Code: "issue.one-source", Where: most}}
	}
	return nil
}
