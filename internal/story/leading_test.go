package story_test

import (
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// A long comment of three days later is nearest to what everybody says, and
// yet the report stands for the story.
func TestTheReportLeadsAndTheLaterCommentFollows(t *testing.T) {
	monday := time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	report := "Harrowby Labs has shown that one calendar invitation lets strangers read the mail of Pellucid's users. The flaw, MirrorTap, was mended on Sunday."
	comment := "MirrorTap is not a bug in the ordinary sense. Pellucid read a calendar invitation and obeyed it; Harrowby Labs only asked. "
	in := []digest.Article{
		{ID: "comment", Key: "comment", Language: "en", Kind: digest.KindArticle, Title: "What MirrorTap says about Pellucid and us", Text: strings.Repeat(comment, 12), Published: monday.AddDate(0, 0, 3)},
		{ID: "report", Key: "report", Language: "en", Kind: digest.KindArticle, Title: "MirrorTap flaw lets strangers read Pellucid mail", Text: report, Published: monday},
	}
	for range 2 {
		stories := story.Cluster(in, nil, story.Options{})
		if len(stories) != 1 || stories[0].Articles[0].ID != "report" {
			t.Fatalf("%d stories, led by %s", len(stories), stories[0].Articles[0].ID)
		}
		in[0], in[1] = in[1], in[0]
	}
}
