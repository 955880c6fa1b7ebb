package pipeline

import (
	"testing"

	"hebdo/internal/digest"
)

func TestSeenKeepsTheStoriesOfAnEarlierDraft(t *testing.T) {
	issue := digest.Issue{Sections: []digest.Section{{Items: []digest.Item{
		{Story: "s1", Citations: []digest.Citation{{Article: "a"}, {Article: "b"}, {Article: "gone"}}, Why: []digest.Reason{{A: "a", B: "b"}, {A: "a", B: "gone"}}},
		{Story: "s2", Citations: []digest.Citation{{Article: "gone"}}},
	}}}}
	stories, rest := seen(issue, []digest.Article{{ID: "c"}, {ID: "b", Title: "now"}, {ID: "a"}})
	if len(stories) != 1 || stories[0].ID != "s1" || len(stories[0].Articles) != 2 || stories[0].Articles[1].Title != "now" || len(stories[0].Why) != 1 {
		t.Errorf("stories = %+v", stories)
	}
	if len(rest) != 1 || rest[0].ID != "c" {
		t.Errorf("rest = %+v", rest)
	}
	if stories, rest := seen(digest.Issue{}, rest); len(stories) != 0 || len(rest) != 1 {
		t.Errorf("a first draft has seen %+v", stories)
	}
}
