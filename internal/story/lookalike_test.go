package story_test

import (
	"strings"
	"testing"

	"hebdo/internal/story"
)

// judged counts the pairs of articles that are joined and should be, that are
// and should not, and that should be and are not.
func judged(t *testing.T, rows []labelled) (right, wrong, missed int) {
	t.Helper()
	of := byArticle(story.Cluster(articles(rows), nil, story.Options{}))
	for i, a := range rows {
		for _, b := range rows[i+1:] {
			same, joined := a.event != "-" && a.event == b.event, of[a.ID].ID == of[b.ID].ID
			switch {
			case same && joined:
				right++
			case joined:
				wrong++
				t.Logf("joined: %s and %s", a.ID, b.ID)
			case same:
				missed++
				t.Logf("parted: %s and %s", a.ID, b.ID)
			}
		}
	}
	t.Logf("%d pairs joined rightly, %d wrongly, %d missed", right, wrong, missed)
	return right, wrong, missed
}

// One authority fines two companies in a week, one laboratory publishes two
// models: the reports use the same words. Most stay apart, and hardly a report
// of the same event is lost for it.
func TestLookAlikeEventsStayApart(t *testing.T) {
	const mostWrong, mostMissed = 10, 2
	if _, wrong, missed := judged(t, invented(t, "testdata/lookalikes.txt")); wrong > mostWrong || missed > mostMissed {
		t.Errorf("%d pairs joined wrongly, at most %d; %d missed, at most %d", wrong, mostWrong, missed, mostMissed)
	}
}

// Agencies' texts stand in several papers, shortened, under other headlines.
func TestLookAlikesStayApartBesideCopies(t *testing.T) {
	const mostWrong, mostMissed = 12, 3
	rows := invented(t, "testdata/lookalikes.txt")
	copied := map[string]bool{"-": true}
	for _, r := range rows {
		if copied[r.event] {
			continue
		}
		copied[r.event] = true
		r.ID, r.Key, r.URL = r.ID+"-wire", r.Key+"-wire", r.URL+"-wire"
		r.SourceID, r.SourceName = "wire", "wire"
		r.Title, _, _ = strings.Cut(r.Text, ". ")
		r.Text = r.Text[:strings.LastIndex(r.Text, ". ")+1]
		rows = append(rows, r)
	}
	if _, wrong, missed := judged(t, rows); wrong > mostWrong || missed > mostMissed {
		t.Errorf("%d pairs joined wrongly, at most %d; %d missed, at most %d", wrong, mostWrong, missed, mostMissed)
	}
}
