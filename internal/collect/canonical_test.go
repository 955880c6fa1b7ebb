package collect

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

var canonicalCases = [][2]string{
	{"HTTPS://WWW.Example.ORG:443/Path/", "https://www.example.org/Path/"},
	{"http://example.org:80", "http://example.org/"},
	{"http://example.org:8080/a", "http://example.org:8080/a"},
	{"https://example.org/a#part", "https://example.org/a"},
	{"https://example.org/a?utm_source=x&id=2&utm_medium=y&a=1", "https://example.org/a?id=2&a=1"},
	{"https://example.org/a?fbclid=1&gclid=2&mc_cid=3&xtor=RSS-1&at_medium=rss&smid=x", "https://example.org/a"},
	{"https://medium.com/@a/titre-1f2e?source=rss-5f1------2", "https://medium.com/@a/titre-1f2e"},
	{"https://example.org/a?source=press", "https://example.org/a?source=press"},
	{"https://example.org/a?", "https://example.org/a"},
	{"https://example.org/a?&&b", "https://example.org/a?b"},
	{"https://anna:pw@example.org/a", "https://example.org/a"},
	{"https://example.org./a", "https://example.org/a"},
	{"https://example.org/a%20b/%C3%A9t%C3%A9", "https://example.org/a%20b/%C3%A9t%C3%A9"},
	{"https://example.org/a?q=caf%C3%A9+noir", "https://example.org/a?q=caf%C3%A9+noir"},
	{"https://example.org/a?q=café noir&x= &", "https://example.org/a?q=caf%C3%A9%20noir&x=%20"}, // spaces at the end were trimmed the second time
	{"http://[::1]:80/a", "http://[::1]/a"},
	{"  https://example.org/a\n", "https://example.org/a"},
	{"mailto:a@example.org", "mailto:a@example.org"},
	{"/relative?utm_source=x", "/relative?utm_source=x"},
	{"tag:example.org,2026:1", "tag:example.org,2026:1"},
	{"https:example.org", "https:example.org"},
	{"://", "://"},
	{"", ""},
	// Redirectors that name their target.
	{"https://www.google.com/url?rct=j&sa=t&url=https://example.org/a%3Futm_source%3Dx%26id%3D2&ct=ga", "https://example.org/a?id=2"},
	{"https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=AT", "https://example.org/a"},
	{"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=05", "https://example.org/a"},
	{"https://urldefense.com/v3/__https://example.org/a?id=2__;!!abc$", "https://example.org/a?id=2"},
	{"https://urldefense.com/v3/__https://example.org/a__;!!abc$", "https://example.org/a"},
	{"https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a&d=Dw", "https://example.org/a"},
	{"https://tracking.letter.example/CL0/https:%2F%2Fexample.org%2Fa%3Fid=2/1/0100/x=4", "https://example.org/a?id=2"},
	{"https://click.letter.example/abc/def/aHR0cHM6Ly9leGFtcGxlLm9yZy9h", "https://example.org/a"},
	{"https://letter.example/redirect/2/eyJlIjoiaHR0cHM6Ly9leGFtcGxlLm9yZy9hIiwicCI6MX0.sig", "https://example.org/a"},
	{"https://www.google.com/url?q=https://www.google.com/amp/s/example.org/2026/a/amp/", "https://example.org/2026/a/"},
	{"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fexample.org%2Fa", "https://example.org/a"},
	// What only mentions another address is no redirector.
	{"https://social.example/intent/share?url=https://example.org/a", "https://social.example/intent/share?url=https://example.org/a"},
	{"https://example.org/login?redirect=https://other.example/", "https://example.org/login?redirect=https://other.example/"},
	{"https://web.archive.org/web/2026/https://example.org/a", "https://web.archive.org/web/2026/https://example.org/a"},
	{"https://example.org/url?q=weather", "https://example.org/url?q=weather"},
	// AMP.
	{"https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a.html?id=2", "https://www.example.org/a.html?id=2"},
	{"https://example.org/2026/11/a/amp/", "https://example.org/2026/11/a/"},
	{"https://example.org/2026/a.amp.html", "https://example.org/2026/a.html"},
	{"https://example.org/a?amp=1&id=2", "https://example.org/a?id=2"},
	{"https://example.org/amp", "https://example.org/amp"},
}

func TestCanonical(t *testing.T) {
	for _, c := range canonicalCases {
		if got := Canonical(c[0]); got != c[1] {
			t.Errorf("Canonical(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, c := range canonicalCases {
		f.Add(c[0])
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once := Canonical(raw)
		if twice := Canonical(once); twice != once {
			t.Errorf("%q: %q, then %q", raw, once, twice)
		}
		u, err := url.Parse(once)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return
		}
		if u.User != nil || u.Fragment != "" || u.Host != strings.ToLower(u.Host) {
			t.Errorf("%q: %q is not canonical", raw, once)
		}
	})
}

func FuzzFeed(f *testing.F) {
	for _, seed := range []string{
		atomFeed, jsonFeed, rdfFeed, rss(item(1), item(2)), rss(item(1))[:200], jsonFeed[:200], "\xff\xfe<\x00r\x00s\x00s\x00", "<!DOCTYPE x [<!ENTITY a 'b'>]><rss>&a;</rss>",
		"<rss><channel><item><description>&lt;iframe&gt;&lt;!-- x", `<feed><entry><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content></entry></feed>`,
		`<feed xml:base="javascript:alert(1)//"><entry><content type="html">&lt;a href="#x"&gt;x&lt;/a&gt;</content></entry></feed>`,
		"{", "<", "", `{"version":"https://jsonfeed.org/version/1","items":[null,{"authors":[null]}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		feed, err := ParseFeed(body, "https://x.example/feed")
		if errors.Is(err, ErrNotFeed) && len(feed.Entries) > 0 {
			t.Error("entries of what is no feed")
		}
		readByHabit(t, body)
		for _, e := range feed.Entries {
			if e.URL != "" && !strings.HasPrefix(e.URL, "http://") && !strings.HasPrefix(e.URL, "https://") {
				t.Errorf("address %q", e.URL)
			}
			for _, markup := range []string{e.Content, e.Summary} {
				low := strings.ToLower(markup)
				if strings.Contains(low, "<script") || strings.Contains(low, "<iframe") || strings.Contains(low, `="javascript:`) {
					t.Errorf("unsafe: %q", markup)
				}
			}
		}
	})
}

// readByHabit reads the feed as if it stood at one of the places with habits.
func readByHabit(t *testing.T, body []byte) {
	at := []string{
		"https://rss.arxiv.org/atom/cs.CL", "https://hnrss.org/newest", "https://www.reddit.com/r/x/.rss", "https://mamot.fr/@x.rss",
		"https://github.com/x/y/releases.atom", "https://www.youtube.com/feeds/videos.xml",
	}[len(body)%6]
	raw, _ := readFeed(body, "", at)
	if raw == nil {
		return
	}
	if raw.habit == nil || raw.asked() < 0 {
		t.Errorf("%s: no habit, or %v", at, raw.asked())
	}
	parts := raw.parts(raw.links())
	for i, it := range raw.items {
		if raw.habit.old != nil {
			raw.habit.old(it)
		}
		if a := raw.article(i, parts[i]); a.URL != "" && !strings.HasPrefix(a.URL, "http://") && !strings.HasPrefix(a.URL, "https://") {
			t.Errorf("address %q", a.URL)
		}
	}
}
