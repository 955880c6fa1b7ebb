package pipeline_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"hebdo/internal/compose"
	"hebdo/internal/digest"
	"hebdo/internal/story"
	"hebdo/internal/summarise"
)

// names are what makes one event differ from another like it.
var names = regexp.MustCompile(`\p{Lu}\p{Ll}{3,}`)

// manyArticles gives n articles of some 300 words: those of the labelled weeks,
// with other names each time round, each followed by two others of its language.
func manyArticles(b *testing.B, n int) []digest.Article {
	byLanguage := map[digest.Language][]digest.Article{}
	for _, week := range weeks(b) {
		for _, a := range week {
			if a.Readable() {
				byLanguage[a.Language] = append(byLanguage[a.Language], a.Article)
			}
		}
	}
	endings := []string{"", "ia", "or", "en", "ux", "as", "im", "ov", "et", "al"}
	var out []digest.Article
	for i := range n {
		lang := []digest.Language{digest.French, digest.English}[i%2]
		list := byLanguage[lang]
		k, round := i/2%len(list), i/2/len(list)
		a := list[k]
		other := func(s string) string { return names.ReplaceAllString(s, "${0}"+endings[round%len(endings)]) }
		a.ID = fmt.Sprint(a.ID, "-", round)
		a.Key, a.URL = a.URL+a.ID, a.URL+a.ID
		a.Published = a.Published.Truncate(24*time.Hour).AddDate(0, 0, -int(a.Published.Sub(list[0].Published).Hours()/24)%6)
		a.Title = other(a.Title)
		a.Text = other(a.Text + "\n\n" + list[(k+17)%len(list)].Text + "\n\n" + list[(k+31)%len(list)].Text)
		out = append(out, a)
	}
	return out
}

// BenchmarkWeek is a heavy week's work from extracted articles to the composed
// issue: 1,000 articles, to be done in three seconds on two cores.
//
//	go test ./internal/pipeline -run '^$' -bench Week
func BenchmarkWeek(b *testing.B) {
	articles := manyArticles(b, 1000)
	langs := []digest.Language{digest.French, digest.English}
	for b.Loop() {
		stories := story.Cluster(articles, nil, story.Options{})
		stories = story.Rank(story.Theme(story.Relevant(stories), nil), story.RankOptions{})
		stories, _, err := summarise.New(summarise.Options{}).Write(context.Background(), stories, langs, digest.Budget{})
		if err != nil {
			b.Fatal(err)
		}
		issue := compose.Issue(stories, compose.Plan{Newsletter: "bench", Themes: story.Taxonomy(), Languages: langs})
		if issue.Stories() == 0 {
			b.Fatal("an empty issue")
		}
	}
}
