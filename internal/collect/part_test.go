package collect

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func names(feed *rawFeed) []string {
	links := feed.links()
	return feed.seen(links, feed.parts(links))
}

func TestEntriesThatLeadToPartsOfOnePageAreArticlesOfTheirOwn(t *testing.T) {
	entry := func(title, link, guid, text string) string {
		if guid != "" {
			guid = `<guid isPermaLink="false">` + guid + `</guid>`
		}
		return "<item><title>" + title + "</title><link>https://phare.example" + link + "</link>" + guid + "<description>" + text + "</description></item>"
	}
	const log = "https://phare.example/journal"
	for name, c := range map[string]struct {
		items []string
		want  []string // addresses, and of parts the text that the feed gives
	}{
		"releases in one page": {
			[]string{entry("2.0", "/journal#v2-0", "", "Deux."), entry("1.9", "/journal#v1-9", "", "Un.")},
			[]string{log + "#v2-0 Deux.", log + "#v1-9 Un."},
		},
		"with GUIDs, and parameters that count": {
			[]string{entry("2.0", "/journal?utm_source=rss#v2", "a", "Deux."), entry("1.9", "/journal?utm_source=rss#v1", "b", "Un.")},
			[]string{log + "#v2 Deux.", log + "#v1 Un."},
		},
		"one GUID for all": {
			[]string{entry("2.0", "/journal#v2", "x", "Deux."), entry("1.9", "/journal#v1", "x", "Un.")},
			[]string{log + "#v2 Deux.", log + "#v1 Un."},
		},
		"the page and a part of it": {
			[]string{entry("Direct", "/journal", "", "Tout."), entry("14 h", "/journal#p2", "", "Le ferry part.")},
			[]string{log + " ", log + "#p2 Le ferry part."},
		},
		"without a text the entry is its page": {
			[]string{entry("2.0", "/journal#v2", "a", ""), entry("1.9", "/journal#v1", "b", "Un.")},
			[]string{log + " ", log + "#v1 Un."},
		},
		"fragments that count readers or lead to comments": {
			[]string{entry("A", "/journal#xtor=RSS-1", "", "Un."), entry("A", "/journal#Echobox=17", "", "Un."), entry("A", "/journal#comments", "", "Un."), entry("A", "/journal#respond", "", "Un."), entry("A", "/journal#comment-12", "", "Un."), entry("A", "/journal", "", "Un.")},
			[]string{log + " "},
		},
		"a page of its own, whatever its fragment": {
			[]string{entry("A", "/a#suite", "", "Un."), entry("B", "/b#suite", "", "Deux.")},
			[]string{"https://phare.example/a ", "https://phare.example/b "},
		},
		"a log without anchors": {
			[]string{entry("Version 2.0, enfin", "/journal", "a", "Deux."), entry("Version 1-9", "/journal", "b", "Un."), entry("Autre", "/autre", "c", "Autre.")},
			[]string{log + "#:~:text=Version%202.0%2C%20enfin Deux.", log + "#:~:text=Version%201%2D9 Un.", "https://phare.example/autre "},
		},
		"a log without anchors or GUIDs": {
			[]string{entry("2.0", "/journal", "", "Deux."), entry("1.9", "/journal", "", "Un.")},
			[]string{log + "#:~:text=2.0 Deux.", log + "#:~:text=1.9 Un."},
		},
		"an article listed twice among others": {
			[]string{entry("Le pont", "/pont", "a", "Un."), entry("Le pont rouvre", "/pont", "b", "Deux."), entry("A", "/a", "c", "A."), entry("B", "/b", "d", "B.")},
			[]string{"https://phare.example/pont ", "https://phare.example/pont ", "https://phare.example/a ", "https://phare.example/b "},
		},
		"an article listed twice, and nothing else": {
			[]string{entry("Le pont", "/pont", "a", "Un."), entry("Le pont", "/pont", "b", "Deux.")},
			[]string{"https://phare.example/pont ", "https://phare.example/pont "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			at := serve(t, map[string]http.HandlerFunc{"/feed": text("text/xml", rss(c.items...))})
			sources := []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: at + "/feed"}}
			collector := newCollector(t, newLedger())
			articles, _, err := collector.Articles(context.Background(), sources)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range articles {
				got = append(got, a.URL+" "+string(a.Raw.Body))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if again, _, err := collector.Articles(context.Background(), sources); err != nil || len(again) > 0 {
				t.Errorf("the second visit brings %v, %v", again, err)
			}
		})
	}
}

func TestAReleaseKeepsItsNameWhenTheNextStandsBesideIt(t *testing.T) {
	release := func(version string) string {
		return "<item><title>" + version + "</title><link>https://phare.example/log#v" + version + "</link><description>Text.</description></item>"
	}
	feed := func(items ...string) *rawFeed {
		raw, err := readFeed([]byte(rss(items...)), "", "https://phare.example/feed")
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	alone, beside := names(feed(release("1"))), names(feed(release("2"), release("1")))
	if alone[0] != beside[1] || alone[0] == beside[0] {
		t.Errorf("%q alone, %q beside the next", alone, beside)
	}
}

func TestAnAddressToFindATitleIsOne(t *testing.T) {
	raw, err := readFeed([]byte(rss(
		"<item><title>"+strings.Repeat("<b>Très</b> long &amp; 100 % sûr ", 40)+"</title><link>/log</link><description>A.</description></item>",
		"<item><title>1.9</title><link>/log</link><description>B.</description></item>")), "", "https://phare.example/feed")
	if err != nil {
		t.Fatal(err)
	}
	got := raw.parts(raw.links())[0]
	if !strings.HasPrefix(got, "https://phare.example/log#:~:text=Tr%C3%A8s%20long%20%26%20100%20%25%20s%C3%BBr%20") || len(got) > 300 || strings.Contains(got, "%E2%80%A6") {
		t.Errorf("%q", got)
	}
}
