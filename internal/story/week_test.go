package story_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// labelled is an article of a file in testdata and what a person says of it.
type labelled struct {
	digest.Article
	event, theme string
}

// week reads the invented week.
func week(t testing.TB) []labelled { return invented(t, "testdata/week.txt") }

// invented reads a file of invented articles.
func invented(t testing.TB, file string) []labelled {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for _, part := range strings.Split(string(raw), "\n---\n") {
		head, body, _ := strings.Cut(part, "\n\n")
		a := labelled{Article: digest.Article{Kind: digest.KindArticle, Text: strings.TrimSpace(body)}}
		for _, line := range strings.Split(head, "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			name, value, _ := strings.Cut(line, ": ")
			switch name {
			case "id":
				a.ID, a.Key, a.URL = value, "https://news.example/"+value, "https://news.example/"+value
			case "event":
				a.event = value
			case "theme":
				a.theme = value
			case "lang":
				a.Language = digest.Language(value)
			case "source":
				a.SourceID, a.SourceName = value, value
			case "kind":
				a.Kind = digest.ArticleKind(value)
			case "excerpt":
				a.Excerpt = value
			case "title":
				a.Title = value
			case "day":
				n, err := strconv.Atoi(value)
				if err != nil {
					t.Fatalf("day of %s: %v", a.ID, err)
				}
				a.Published = monday.AddDate(0, 0, n-1)
			}
		}
		out = append(out, a)
	}
	return out
}

func articles(rows []labelled) []digest.Article {
	var out []digest.Article
	for _, r := range rows {
		out = append(out, r.Article)
	}
	return out
}

// byArticle gives the story of each article ID.
func byArticle(stories []digest.Story) map[string]digest.Story {
	out := map[string]digest.Story{}
	for _, s := range stories {
		for _, a := range s.Articles {
			out[a.ID] = s
		}
	}
	return out
}
