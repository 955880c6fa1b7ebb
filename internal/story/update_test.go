package story_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// late parts the invented week into what was there and what arrives.
func late(t *testing.T, ids ...string) (there, arrives []digest.Article) {
	is := map[string]bool{}
	for _, id := range ids {
		is[id] = true
	}
	for _, a := range articles(week(t)) {
		if is[a.ID] {
			arrives = append(arrives, a)
		} else {
			there = append(there, a)
		}
	}
	return there, arrives
}

func TestALateArticleJoinsWithoutReshuffling(t *testing.T) {
	there, arrives := late(t, "orion-en", "leak-en")
	seen := story.Cluster(there, nil, story.Options{})
	got := story.Update(seen, arrives, nil, story.Options{})
	for i, s := range seen {
		n := len(s.Articles)
		if got[i].ID != s.ID || len(got[i].Articles) < n {
			t.Fatalf("story %d was %s with %d articles and is %s with %d", i, s.ID, n, got[i].ID, len(got[i].Articles))
		}
		if d := cmp.Diff(s.Articles, got[i].Articles[:n]); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(s.Why, got[i].Why[:len(s.Why)], cmp.Transformer("none", func(w []digest.Reason) []digest.Reason { return append([]digest.Reason{}, w...) })); d != "" {
			t.Error(d)
		}
	}
	of := byArticle(got)
	if of["orion-en"].ID != of["orion-fr1"].ID {
		t.Error("the late report did not join its story")
	}
	if w := of["orion-en"].Why; len(w) == 0 || w[len(w)-1].A != "orion-en" && w[len(w)-1].B != "orion-en" || len(w[len(w)-1].Shared) == 0 {
		t.Errorf("the join has no reason: %+v", w)
	}
	if len(of["leak-en"].Articles) != 1 {
		t.Errorf("a new event is in a story of %d articles", len(of["leak-en"].Articles))
	}
}

func TestUpdateTwiceIsUpdateOnce(t *testing.T) {
	there, arrives := late(t, "orion-en")
	once := story.Update(story.Cluster(there, nil, story.Options{}), arrives, nil, story.Options{})
	if d := cmp.Diff(once, story.Update(once, arrives, nil, story.Options{})); d != "" {
		t.Error(d)
	}
}

func TestTheEditorsWordHoldsInLaterRuns(t *testing.T) {
	there, arrives := late(t, "orion-en")
	key := func(id string) string { return "https://news.example/" + id }
	cons := []digest.Constraint{
		{A: key("orion-fr1"), B: key("orion-en"), Kind: digest.NeverJoin},
		{A: key("orion-fr2"), B: key("orion-en"), Kind: digest.NeverJoin},
		{A: key("chip-en"), B: key("chip-en2"), Kind: digest.NeverJoin},
		{A: key("leak-en"), B: key("fund-other"), Kind: digest.Join},
	}
	stories := story.Cluster(there, nil, story.Options{})
	for run := range 3 {
		stories = story.Update(stories, arrives, cons, story.Options{})
		of := byArticle(stories)
		if of["orion-en"].ID == of["orion-fr1"].ID {
			t.Errorf("run %d: never-join was joined", run)
		}
		if of["chip-en"].ID == of["chip-en2"].ID {
			t.Errorf("run %d: what the editor parted is together", run)
		}
		if of["leak-en"].ID != of["fund-other"].ID {
			t.Errorf("run %d: what the editor merged is apart", run)
		}
	}
}

func TestAMergeKeepsTheReasonsOfBothStories(t *testing.T) {
	seen := story.Cluster(articles(week(t)), nil, story.Options{})
	of := byArticle(seen)
	a, b := of["orion-fr1"], of["chip-en"]
	if len(a.Why) == 0 || len(b.Why) == 0 || a.ID == b.ID {
		t.Fatalf("two stories of several articles are needed: %d and %d reasons", len(a.Why), len(b.Why))
	}
	cons := []digest.Constraint{{A: "https://news.example/orion-fr1", B: "https://news.example/chip-en", Kind: digest.Join}}
	merged := story.Update(seen, nil, cons, story.Options{})
	got := byArticle(merged)["orion-fr1"]
	if len(got.Articles) != len(a.Articles)+len(b.Articles) || len(got.Why) != len(got.Articles)-1 {
		t.Fatalf("%d articles, %d reasons", len(got.Articles), len(got.Why))
	}
	for _, w := range append(append([]digest.Reason{}, a.Why...), b.Why...) {
		if !slices.ContainsFunc(got.Why, func(r digest.Reason) bool { return cmp.Equal(r, w) }) {
			t.Errorf("the reason %+v is lost", w)
		}
	}
	if d := cmp.Diff(merged, story.Update(merged, nil, cons, story.Options{})); d != "" {
		t.Errorf("once more is not the same: %s", d)
	}
}

func TestUpdateOfNothing(t *testing.T) {
	if s := story.Update(nil, nil, nil, story.Options{}); len(s) != 0 {
		t.Errorf("%d stories", len(s))
	}
	there, arrives := late(t, "orion-en")
	_ = there
	if s := story.Update(nil, arrives, nil, story.Options{}); len(s) != 1 {
		t.Errorf("%d stories of one article", len(s))
	}
}
