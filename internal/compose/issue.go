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

// Issue composes a draft. Its themes are those with the best stories; then the
// best stories come in, as long as their theme has room and their source does
// not lead too many: what belongs to a theme that is not in the issue takes no
// place from others. The theme of the leading story comes first, the others in
// the order of the plan. What does not come in stands in LeftOut, with the
// reason. A week with little gives an issue with little; one with nothing gets
// a note that blocks it.
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
	plan.general = general(ranked, plan)
	chosen, out := fit(ranked, plan)
	issue.LeftOut = out
	issue.Sections = sections(chosen, plan)
	issue.Fronts = Fronts(issue, plan.Languages)
	issue.Notes = append(issue.Notes, remarks(issue)...)
	return issue
}

// section is a theme being filled.
type section struct {
	theme   digest.Theme
	order   int
	stories []digest.Story
}

// fit decides which stories come in. Leaving out a theme frees what its
// stories took of their sources' shares, so the rest is filled anew after each.
func fit(ranked []digest.Story, plan Plan) ([]section, []digest.LeftOut) {
	out := map[string]bool{} // themes
	for {
		all, why := fill(ranked, plan, out)
		if len(all) <= plan.Budget.Themes {
			return arrange(all, plan), listed(ranked, why)
		}
		sort.SliceStable(all, func(i, j int) bool {
			if li, lj := all[i].last(), all[j].last(); li != lj {
				return lj != plan.general // what most of the week is goes last of all
			}
			return all[i].worth() > all[j].worth()
		})
		out[all[len(all)-1].theme.ID] = true
	}
}

// fill puts stories under their themes, but for those that are out. why says,
// for every story, why it is not in; empty: it is.
func fill(ranked []digest.Story, plan Plan, out map[string]bool) (all []section, why []string) {
	why = make([]string, len(ranked))
	at := map[string]int{}
	leads := map[string]int{}
	in := 0
	for i, s := range ranked {
		theme, order := plan.theme(s.Theme)
		room := plan.Budget.StoriesPerTheme
		if plan.general && theme.ID == digest.OtherTheme {
			room *= max(1, plan.Budget.Themes-1) // the rest is for what does fit one
		}
		n, open := at[theme.ID]
		source := leadSource(s)
		switch {
		case s.LeftOut != "":
			why[i] = s.LeftOut
		case !told(s):
			why[i] = Unreadable
		case out[theme.ID], open && len(all[n].stories) >= room, plan.general && in >= plan.Budget.Themes*plan.Budget.StoriesPerTheme:
			why[i] = OverBudget
		case source != "" && leads[source] >= plan.perSource():
			why[i] = SourceCap
		default:
			if !open {
				n = len(all)
				at[theme.ID] = n
				all = append(all, section{theme: theme, order: order})
			}
			all[n].stories = append(all[n].stories, s)
			leads[source]++
			in++
		}
	}
	return all, why
}

// general tells whether most of what can be told fits no theme: news that the
// themes were not made for is better told under none than not at all. Then
// OtherTheme has the room of all themes but one.
func general(ranked []digest.Story, plan Plan) bool {
	other, all := 0, 0
	for _, s := range ranked {
		if s.LeftOut != "" || !told(s) {
			continue
		}
		all++
		if theme, _ := plan.theme(s.Theme); theme.ID == digest.OtherTheme {
			other++
		}
	}
	return other*2 > all
}

func listed(ranked []digest.Story, why []string) []digest.LeftOut {
	var out []digest.LeftOut
	for i, s := range ranked {
		if why[i] != "" {
			out = append(out, leftOut(s, why[i]))
		}
	}
	return out
}

// arrange puts the stories of a theme in order for the readers of the first
// language, and the theme that has the leading story first; OtherTheme is last.
func arrange(all []section, plan Plan) []section {
	most := func(s section) float64 { return appeal(s.stories[0].Wordings, s.stories[0].Score, plan.main()) }
	for _, s := range all {
		sort.SliceStable(s.stories, func(i, j int) bool {
			return appeal(s.stories[i].Wordings, s.stories[i].Score, plan.main()) > appeal(s.stories[j].Wordings, s.stories[j].Score, plan.main())
		})
	}
	sort.SliceStable(all, func(i, j int) bool {
		if li, lj := all[i].last(), all[j].last(); li != lj {
			return lj
		}
		return most(all[i]) > most(all[j])
	})
	if len(all) > 1 && !plan.ByWeight {
		sort.SliceStable(all[1:], func(i, j int) bool { return all[i+1].order < all[j+1].order })
	}
	return all
}

// last tells whether a section comes after all others: what fits no theme does.
func (s section) last() bool { return s.theme.ID == digest.OtherTheme }

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
