package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/story"
	"hebdo/internal/summarise"
	"hebdo/internal/text"
)

// labelled is an article of an invented week and what its author says of it:
// see the head of testdata/weeks/may.txt.
type labelled struct {
	digest.Article
	event, theme string
	picks        []string // sentences a good editor would take
	matters      []string // sentences that say why it matters
}

var marks = regexp.MustCompile(`[{<]([^}>]+)[}>]`)

// readWeek reads one of the two invented weeks.
func readWeek(t testing.TB, name string, monday time.Time) []labelled {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "weeks", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for _, part := range strings.Split(string(raw), "\n---\n") {
		lines := strings.Split(strings.TrimSpace(part), "\n")
		for strings.HasPrefix(lines[0], "#") {
			lines = lines[1:]
		}
		head := strings.Fields(lines[0])
		if len(head) < 6 {
			t.Fatalf("%s: the head %q names too little", name, lines[0])
		}
		day, err := strconv.Atoi(head[5])
		if err != nil {
			t.Fatalf("%s: %s: %v", name, head[0], err)
		}
		a := labelled{event: head[1], theme: head[2]}
		if a.event == "-" {
			a.event = head[0]
		}
		body := strings.TrimSpace(strings.Join(lines[2:], "\n"))
		for _, m := range marks.FindAllStringSubmatch(body, -1) {
			if m[0][0] == '{' {
				a.picks = append(a.picks, m[1])
			} else {
				a.matters = append(a.matters, m[1])
			}
		}
		a.Article = digest.Article{
			ID: head[0], Key: "https://" + head[4] + ".example/" + head[0], URL: "https://" + head[4] + ".example/" + head[0],
			SourceID: head[4], SourceName: head[4], Language: digest.Language(head[3]), Title: lines[1],
			Text: marks.ReplaceAllString(body, "$1"), Kind: digest.KindArticle, Published: monday.AddDate(0, 0, day-1).Add(9 * time.Hour),
		}
		if len(head) > 6 {
			a.Kind = digest.ArticleKind(head[6])
		}
		out = append(out, a)
	}
	return out
}

// weeks are the two labelled weeks.
func weeks(t testing.TB) [][]labelled {
	return [][]labelled{
		readWeek(t, "may.txt", time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)),
		readWeek(t, "june.txt", time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC)),
	}
}

func articlesOf(week []labelled) []digest.Article {
	var out []digest.Article
	for _, a := range week {
		out = append(out, a.Article)
	}
	return out
}

// The labels themselves: a mark that hides in a text, or a picked sentence
// that is none, would make every figure below wrong.
func TestTheWeeksAreLabelledWhole(t *testing.T) {
	n := 0
	for _, week := range weeks(t) {
		n += len(week)
		for _, a := range week {
			if strings.ContainsAny(a.Text, "{}<>") || a.Title == "" || a.Text == "" {
				t.Errorf("%s: marks left in its text, or no text", a.ID)
			}
			if about := a.theme != "off" && a.theme != "unread"; about != (len(a.picks) > 0) {
				t.Errorf("%s: theme %s with %d sentences picked", a.ID, a.theme, len(a.picks))
			}
			is := map[string]bool{}
			for _, p := range text.Sentences(a.Text, a.Language) {
				is[p.In(a.Text)] = true
			}
			for _, s := range append(a.picks, a.matters...) {
				if !is[s] {
					t.Errorf("%s: no sentence of the text: %q", a.ID, s)
				}
			}
		}
	}
	if n != 120 {
		t.Errorf("%d articles, there were 120", n)
	}
}

// TestWeeksStories holds clustering to the labels: BCubed F1 over each week.
func TestWeeksStories(t *testing.T) {
	for i, week := range weeks(t) {
		stories := story.Cluster(articlesOf(week), nil, story.Options{})
		p, r := bcubed(week, stories)
		f := 2 * p * r / (p + r)
		t.Logf("week %d: BCubed precision %.3f recall %.3f F1 %.3f", i+1, p, r, f)
		if floor := []float64{.94, .92}[i]; f < floor {
			t.Errorf("week %d: BCubed F1 %.3f, the floor is %.2f", i+1, f, floor)
		}
	}
}

// bcubed compares stories with events (Bagga and Baldwin, 1998).
func bcubed(week []labelled, stories []digest.Story) (precision, recall float64) {
	event, size := map[string]string{}, map[string]int{}
	for _, a := range week {
		event[a.ID] = a.event
		size[a.event]++
	}
	for _, s := range stories {
		same := map[string]int{}
		for _, a := range s.Articles {
			same[event[a.ID]]++
		}
		for _, a := range s.Articles {
			n := float64(same[event[a.ID]])
			precision += n / float64(len(s.Articles)) / float64(len(week))
			recall += n / float64(size[event[a.ID]]) / float64(len(week))
		}
	}
	return precision, recall
}

// TestWeeksThemes holds themes and what is left out to the labels.
func TestWeeksThemes(t *testing.T) {
	for i, week := range weeks(t) {
		label := map[string]string{}
		for _, a := range week {
			label[a.ID] = a.theme
		}
		stories := story.Theme(story.Relevant(story.Cluster(articlesOf(week), nil, story.Options{})), nil)
		var right, themed, kept, all float64
		for _, s := range stories {
			for _, a := range s.Articles {
				want := label[a.ID]
				out := want == "off" || want == "unread"
				all++
				if out == (s.LeftOut != "" || !a.Readable()) {
					kept++
				} else {
					t.Logf("%s: theme %s, left out %q", a.ID, want, s.LeftOut)
				}
				if out {
					continue
				}
				themed++
				if s.Theme == want {
					right++
				} else {
					t.Logf("%s: theme %s, it was put under %s", a.ID, want, s.Theme)
				}
			}
		}
		t.Logf("week %d: themes %.3f, left out %.3f", i+1, right/themed, kept/all)
		if floor := []float64{.72, .76}[i]; right/themed < floor {
			t.Errorf("week %d: %.3f of the themes right, the floor is %.2f", i+1, right/themed, floor)
		}
		if floor := []float64{.95, .90}[i]; kept/all < floor {
			t.Errorf("week %d: %.3f of what is left out right, the floor is %.2f", i+1, kept/all, floor)
		}
	}
}

// TestWeeksSentences holds summaries of single articles to the sentences an
// editor would take, in as many sentences, in each language.
func TestWeeksSentences(t *testing.T) {
	for i, week := range weeks(t) {
		for _, lang := range []digest.Language{digest.French, digest.English} {
			var shared, taken, picked float64
			for _, a := range week {
				if a.Language != lang || len(a.picks) == 0 {
					continue
				}
				got := summarise.Extract(a.Article, len(a.picks), 0)
				taken += float64(len(got))
				picked += float64(len(a.picks))
				for _, s := range got {
					if contains(a.picks, s.Text) {
						shared++
					} else {
						t.Logf("%s: an editor would not take %q", a.ID, s.Text)
					}
				}
			}
			f := 2 * shared / (taken + picked)
			t.Logf("week %d, %s: sentence F1 %.3f", i+1, lang, f)
			if floor := .75; f < floor {
				t.Errorf("week %d, %s: sentence F1 %.3f, the floor is %.2f", i+1, lang, f, floor)
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestWeeksTold writes both weeks with the events as they are labelled, so that
// only the telling is judged: how many of the sentences an editor would take.
func TestWeeksTold(t *testing.T) {
	for i, week := range weeks(t) {
		stories, label := events(week)
		out, _, err := summarise.New(summarise.Options{}).Write(context.Background(), stories, []digest.Language{digest.French, digest.English}, digest.Budget{})
		if err != nil {
			t.Fatal(err)
		}
		var taken, good float64
		right, wrong := 0, 0
		for _, s := range out {
			for lang, w := range s.Wordings {
				if m := w.Matters; m.Text != "" && !contains(append(label[m.Article].matters, label[m.Article].picks...), m.Text) {
					t.Logf("%s: says why it matters, against the labels: %q", s.ID, m.Text)
					wrong++
				} else if m.Text != "" {
					right++
				}
				words := 0
				for _, q := range w.Sentences {
					taken++
					words += text.Count(q.Text)
					if contains(label[q.Article].picks, q.Text) {
						good++
					}
					if a := label[q.Article]; a.Text[q.Start:q.End] != q.Text {
						t.Errorf("%s: %q is not at its place", q.Article, q.Text)
					}
				}
				if words > digest.DefaultBudget.WordsPerStory {
					t.Errorf("%s: %d words", s.ID, words)
				}
				if has := speaks(s, lang); has && w.HeadlineLanguage != lang {
					t.Errorf("%s: a headline in %s for readers of %s", s.ID, w.HeadlineLanguage, lang)
				}
			}
		}
		t.Logf("week %d: %.0f sentences told, %.3f an editor would take; %d of %d say why it matters", i+1, taken, good/taken, right, right+wrong)
		if right < 1 || wrong > 0 {
			t.Errorf("week %d: %d right and %d wrong sentences on why it matters", i+1, right, wrong)
		}
		if floor := []float64{.61, .66}[i]; good/taken < floor {
			t.Errorf("week %d: %.3f of the sentences told an editor would take, the floor is %.2f", i+1, good/taken, floor)
		}
	}
}

func speaks(s digest.Story, lang digest.Language) bool {
	for _, a := range s.Articles {
		if a.Language == lang {
			return true
		}
	}
	return false
}

// events makes the stories the labels name.
func events(week []labelled) ([]digest.Story, map[string]labelled) {
	label, at := map[string]labelled{}, map[string]int{}
	var out []digest.Story
	for _, a := range week {
		label[a.ID] = a
		if a.theme == "off" || a.theme == "unread" {
			continue
		}
		if i, ok := at[a.event]; ok {
			out[i].Articles = append(out[i].Articles, a.Article)
			continue
		}
		at[a.event] = len(out)
		out = append(out, digest.Story{ID: fmt.Sprint("story-", a.event), Articles: []digest.Article{a.Article}})
	}
	return out, label
}
