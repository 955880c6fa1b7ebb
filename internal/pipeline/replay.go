package pipeline

import (
	"context"
	"fmt"
	"slices"

	"hebdo/internal/digest"
)

// Replayed is a past issue beside what would be picked of its week today.
type Replayed struct {
	Issue digest.Issue
	Picks []Pick // in today's order, then what is no longer picked
	Both  int    // picks that stand in both
}

// Pick is a story of a replayed week.
type Pick struct {
	Headline  string
	Then, Now int     // place in the issue from 1 on; 0: it is not in it
	Score     float64 // today's; 0 for a story that is not picked
	Reason    string  // why it is not in the one of the two that lacks it: as LeftOut.Reason; empty where nothing says so
}

// Replay makes the last issues (at most limit, the newest first) once more from
// the articles of their weeks, with the newsletter as given, and compares. What
// an editor has said since counts; what a later issue told does not. Nothing is
// stored. Articles no longer kept are missing from today's pick.
func (p *Pipeline) Replay(ctx context.Context, nl digest.Newsletter, limit int, tell func(Replayed)) error {
	issues, err := p.Issues.Issues(ctx, nl.Slug, "", limit, digest.Approved, digest.Sending, digest.Paused, digest.Sent)
	if err != nil {
		return err
	}
	for _, then := range issues {
		bare := then
		bare.Sections = nil // else its stories would stay together
		now, err := p.compose(ctx, nl, bare, nil)
		if err != nil {
			return fmt.Errorf("replaying the issue %s of %s: %w", then.Slot, nl.Slug, err)
		}
		tell(beside(then, now, nl))
	}
	return nil
}

// beside lines up the stories of two issues of one week. Stories are the
// same when they share an article.
func beside(then, now digest.Issue, nl digest.Newsletter) Replayed {
	out := Replayed{Issue: then}
	old, fresh := items(then), items(now)
	found := make([]bool, len(old))
	for i, it := range fresh {
		pick := Pick{Headline: headlineOf(it, nl), Now: i + 1, Score: it.Score}
		for j := range old {
			if !found[j] && same(it, old[j]) {
				found[j], pick.Then = true, j+1
				out.Both++
				break
			}
		}
		if pick.Then == 0 {
			pick.Reason = reason(then, it)
		}
		out.Picks = append(out.Picks, pick)
	}
	for j, it := range old {
		if !found[j] {
			out.Picks = append(out.Picks, Pick{Headline: headlineOf(it, nl), Then: j + 1, Reason: reason(now, it)})
		}
	}
	return out
}

func items(issue digest.Issue) (all []digest.Item) {
	for _, s := range issue.Sections {
		all = append(all, s.Items...)
	}
	return all
}

func same(a, b digest.Item) bool {
	return slices.ContainsFunc(a.Citations, func(c digest.Citation) bool {
		return slices.ContainsFunc(b.Citations, func(d digest.Citation) bool { return c.Article == d.Article })
	})
}

// reason is why an issue left an item's story out, where it says so.
func reason(issue digest.Issue, it digest.Item) string {
	for _, left := range issue.LeftOut {
		for _, c := range it.Citations {
			if left.URL == c.URL {
				return left.Reason
			}
		}
	}
	return ""
}
