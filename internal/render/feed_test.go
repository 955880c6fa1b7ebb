package render

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

func TestTheFeedHasAnEntryAnIssue(t *testing.T) {
	r, newer := renderer(t), number47()
	newer.Sent = monday.Add(time.Hour)
	older := number47()
	older.Number, older.Date, older.Sent = 46, monday.AddDate(0, 0, -7), monday.AddDate(0, 0, -7)
	body, err := r.Atom(bulletin("fr", "en"), "fr", []digest.Issue{newer, older})
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
		Updated time.Time `xml:"updated"`
		Entries []struct {
			ID      string    `xml:"id"`
			Title   string    `xml:"title"`
			Updated time.Time `xml:"updated"`
			Content string    `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(body, &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) != 2 || !feed.Updated.Equal(newer.Sent) || feed.Entries[0].ID != "https://lettre.example.org/semaine/47" {
		t.Errorf("got %+v", feed)
	}
	if c := feed.Entries[0].Content; strings.Contains(c, "unsubscribe") || !strings.Contains(c, `<h3 lang="en">`) {
		t.Errorf("content %s", c)
	}
	empty, err := r.Atom(bulletin("fr"), "fr", nil)
	if err != nil || !strings.Contains(string(empty), "<updated>1970-01-01T00:00:00Z</updated>") {
		t.Errorf("%v: %s", err, empty)
	}
	newer.Sections, older.Sections = newer.Sections[:1], older.Sections[:1]
	body, err = r.Atom(bulletin("fr"), "fr", []digest.Issue{newer, older})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "feed.golden.atom", string(body))
}

func TestTheIssueAsJSONKeepsTheWordsAsTheyAre(t *testing.T) {
	issue := number47()
	issue.Sections, issue.Sections[0].Items = issue.Sections[:1], issue.Sections[0].Items[:1]
	item := &issue.Sections[0].Items[0]
	item.Evidence = []digest.Evidence{{Name: "sources", Value: 3}}
	item.Why = []digest.Reason{{A: "a", B: "b", Shared: []string{"brume"}, Score: 0.7}}
	item.Citations[1].URL = "javascript:alert(1)"
	body, err := renderer(t).JSON(issue, bulletin("fr", "en"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "issue.golden.json", string(body))
	var back struct {
		Sections []struct {
			Items []struct {
				Wordings map[string]struct{ Sentences []struct{ Text string } }
			}
		}
	}
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	if got, want := back.Sections[0].Items[0].Wordings["fr"].Sentences[1].Text, item.Wordings["fr"].Sentences[1].Text; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if strings.Contains(string(body), "javascript:") {
		t.Error("a script's address is in it")
	}
}
