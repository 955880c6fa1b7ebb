package story

import (
	"slices"
	"sort"

	"hebdo/internal/digest"
)

// Update takes articles that arrived later into stories an editor has seen:
// each joins the story it belongs to, or starts one with others that arrived.
// Stories that were there keep ID, order of articles, reasons and everything
// else; what arrived is added at their end, with its reason. Two of them never
// become one by themselves. Only an editor's constraint moves what was there:
// never-join takes the second article out of the story, and join makes one
// story of two, under the ID of the first and with the reasons of both. An article that is there already is
// passed over. Stories that were there come first, in their order.
func Update(kept []digest.Story, arrived []digest.Article, cons []digest.Constraint, opt Options) []digest.Story {
	if opt.Threshold == 0 {
		opt.Threshold = DefaultThreshold
	}
	if opt.Window == 0 {
		opt.Window = DefaultWindow
	}
	kept, loose := part(kept, cons)
	var all []digest.Article
	there := map[string]bool{}
	for _, s := range kept {
		for _, a := range s.Articles {
			all, there[identity(a)] = append(all, a), true
		}
	}
	late := slices.Clone(loose)
	for _, a := range arrived {
		if !there[identity(a)] {
			late = append(late, a)
		}
	}
	sort.SliceStable(late, func(i, j int) bool { return before(late[i], late[j]) })
	all = append(all, late...)
	g := newGroups(all)
	g.never(cons)
	at := 0
	for k := range kept {
		for i := range kept[k].Articles {
			if i > 0 {
				g.join(join{a: at, b: at + i, score: 1})
			}
		}
		g.joins[g.of[at]] = nil
		at += len(kept[k].Articles)
	}
	g.must(cons)
	at = 0
	for k := range kept {
		x := g.of[at]
		if first := g.seen[x]; first == nil {
			g.seen[x] = &kept[k]
		} else { // an editor made one story of two: what each was made of stays known
			both := *first
			both.Articles = append(slices.Clone(first.Articles), kept[k].Articles...)
			both.Why = append(slices.Clone(first.Why), kept[k].Why...)
			g.seen[x] = &both
		}
		at += len(kept[k].Articles)
	}
	c := newCorpus(all, opt.vocabulary())
	g.copies(c)
	agglomerate(g, scorer{corpus: c, articles: all, window: opt.Window, vectors: opt.vectors(all)}, opt.Threshold)
	return g.updated(c)
}

// updated gives the stories that were there, each with what joined it, then
// the new ones.
func (g *groups) updated(c corpus) []digest.Story {
	var old, ids []int
	for x := range g.members {
		if g.seen[x] != nil {
			old = append(old, x)
		} else {
			ids = append(ids, x)
		}
	}
	sort.Ints(old)
	sort.Ints(ids)
	var out []digest.Story
	for _, x := range old {
		s := *g.seen[x]
		s.Articles, s.Why = slices.Clone(s.Articles), slices.Clone(s.Why)
		have := map[string]bool{}
		for _, a := range s.Articles {
			have[identity(a)] = true
		}
		for _, i := range g.members[x] {
			if a := g.articles[i]; !have[identity(a)] {
				s.Articles = append(s.Articles, a)
			}
		}
		s.Why = append(s.Why, g.reasons(c, x)...)
		out = append(out, s)
	}
	fresh := make([]digest.Story, 0, len(ids))
	for _, x := range ids {
		fresh = append(fresh, g.story(c, x))
	}
	newestFirst(fresh)
	return append(out, fresh...)
}

// part takes out of each story what an editor wants apart from its earlier
// articles; those are loose again.
func part(stories []digest.Story, cons []digest.Constraint) (kept []digest.Story, loose []digest.Article) {
	for _, s := range stories {
		g := newGroups(s.Articles)
		g.never(cons)
		var in []int
		for i := range s.Articles {
			if slices.ContainsFunc(in, func(j int) bool { return g.apart[[2]int{j, i}] }) {
				loose = append(loose, s.Articles[i])
			} else {
				in = append(in, i)
			}
		}
		if len(in) < len(s.Articles) {
			some := make([]digest.Article, 0, len(in))
			for _, i := range in {
				some = append(some, s.Articles[i])
			}
			s.Articles, s.Why = some, among(s.Why, some)
		}
		if len(s.Articles) > 0 {
			kept = append(kept, s)
		}
	}
	return kept, loose
}
