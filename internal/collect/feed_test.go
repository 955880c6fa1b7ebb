package collect

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"hebdo/internal/digest"
)

const atomFeed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">
<title type="html">L&amp;#8217;Atelier &amp;amp; Cie</title>
<link href="https://atelier.example/"/>
<entry><id>urn:1</id><title type="html">&lt;b&gt;Mistral&lt;/b&gt; lève 3&amp;nbsp;milliards</title>
<link rel="alternate" href="/articles/1"/>
<published>2026-11-20T10:00:00+01:00</published><updated>2026-11-21T10:00:00+01:00</updated>
<author><name>Ana Roca</name><email>ana@example.org</email></author><author><name>Luc Bel</name></author>
<summary>En bref.</summary>
<content type="html">&lt;p onclick="x()"&gt;Le texte &lt;a href="../suite"&gt;suit&lt;/a&gt;.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;iframe src="x"&gt; et la fin</content>
</entry></feed>`

const jsonFeed = `{"version":"https://jsonfeed.org/version/1.1","title":"Le Carnet","language":"en","home_page_url":"https://carnet.example/",
"items":[{"id":"1","url":"https://carnet.example/1","title":"A model","content_html":"<p>Text</p>","summary":"Short","date_published":"2026-11-20T09:00:00Z","authors":[{"name":"Ana"},{"name":"Luc"}]},
{"id":"2","url":"https://carnet.example/2","content_text":"Plain"}]}`

const rdfFeed = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://rdf.example/"><title>RDF</title><link>https://rdf.example/</link></channel>
<item rdf:about="https://rdf.example/1"><title>One</title><link>https://rdf.example/1</link><dc:creator>Ana</dc:creator><dc:creator>Luc</dc:creator><dc:date>2026-11-20T09:00:00Z</dc:date></item></rdf:RDF>`

func TestFeedsOfEveryKindAreRead(t *testing.T) {
	morning := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	tests := []struct {
		name, body string
		want       Feed
	}{
		{"atom", atomFeed, Feed{Title: "L’Atelier & Cie", Language: "fr", URL: "https://atelier.example/", Entries: []Entry{{
			ID: "urn:1", Title: "Mistral lève 3 milliards", URL: "https://flux.example/articles/1", Published: morning, Updated: morning.Add(24 * time.Hour),
			Summary: "En bref.", Content: `<p>Le texte <a href="https://flux.example/suite">suit</a>.</p> et la fin`, Authors: []string{"Ana Roca", "Luc Bel"}, Language: "fr",
		}}}},
		{"json", jsonFeed, Feed{Title: "Le Carnet", Language: "en", URL: "https://carnet.example/", Entries: []Entry{
			{ID: "1", Title: "A model", URL: "https://carnet.example/1", Published: morning, Summary: "Short", Content: "<p>Text</p>", Authors: []string{"Ana", "Luc"}, Language: "en"},
			{ID: "2", URL: "https://carnet.example/2", Summary: "Plain", Content: "Plain", Language: "en"},
		}}},
		{"rdf", rdfFeed, Feed{Title: "RDF", URL: "https://rdf.example/", Entries: []Entry{
			{ID: "https://rdf.example/1", Title: "One", URL: "https://rdf.example/1", Published: morning, Updated: morning, Authors: []string{"Ana", "Luc"}},
		}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseFeed([]byte(tt.body), "https://flux.example/feed/all.xml")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCharacterSetsAreRecognised(t *testing.T) {
	const title = "L’été à Orléans – cœur"
	doc := func(declaration string) string {
		return declaration + `<rss version="2.0"><channel><title>` + title + `</title><item><title>x</title></item></channel></rss>`
	}
	in := func(e encoding.Encoding, s string) string {
		out, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	latin := strings.NewReplacer("’", "'", "–", "-", "œ", "oe")
	wide, narrow := unicode.UTF16(unicode.BigEndian, unicode.UseBOM), unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	tests := []struct{ name, body, contentType, want string }{
		{"UTF-8", doc(""), "", title},
		{"UTF-8 that claims Latin-1", doc(`<?xml version="1.0" encoding="ISO-8859-1"?>`), "text/xml; charset=iso-8859-1", title},
		{"UTF-8 with a mark and a blank line", "\ufeff\n\n" + doc(`<?xml version="1.0" encoding="utf-8"?>`), "", title},
		{"windows-1252 declared", in(charmap.Windows1252, doc(`<?xml version="1.0" encoding="windows-1252"?>`)), "", title},
		{"windows-1252 not declared", in(charmap.Windows1252, doc("")), "", title},
		{"windows-1252 that claims UTF-8", in(charmap.Windows1252, doc(`<?xml version='1.0' encoding='UTF-8'?>`)), "text/xml; charset=utf-8", title},
		{"Latin-1 by the header", in(charmap.ISO8859_1, latin.Replace(doc(""))), "text/xml; charset=ISO-8859-1", latin.Replace(title)},
		{"Latin-9 by the header", in(charmap.ISO8859_15, strings.NewReplacer("’", "'", "–", "-").Replace(doc(""))), "text/xml; charset=ISO-8859-15", "L'été à Orléans - cœur"},
		{"UTF-16 with a mark", in(wide, doc(`<?xml version="1.0" encoding="UTF-16"?>`)), "", title},
		{"UTF-16 without a mark", in(narrow, doc(`<?xml version="1.0" encoding="UTF-16"?>`)), "", title},
		{"UTF-32", in(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), doc("")), "", title},
		{"a set that does not exist", in(charmap.Windows1252, doc(`<?xml version="1.0" encoding="x-nonsense"?>`)), "", title},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, err := readFeed([]byte(tt.body), tt.contentType, "https://x.example/")
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.head().Title; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBrokenFeedsGiveWhatIsWhole(t *testing.T) {
	whole := rss(item(1), item(2))
	tests := []struct {
		name, body string
		err        error
		entries    int
	}{
		{"junk before the prolog", "\n<br />Warning: foo() in /x.php\n" + whole, nil, 2},
		{"words before the prolog", "Notice: undefined index " + whole, nil, 2},
		{"stray ampersands", strings.Replace(whole, "Article 1", "Texte & sons &copy &nbsp;", 1), nil, 2},
		{"control characters", strings.Replace(whole, "Article 1", "Art\x01icle\x0b", 1), nil, 2},
		{"cut between entries", strings.TrimSuffix(whole, "</channel></rss>"), ErrTruncated, 2},
		{"cut in an entry", whole[:strings.LastIndex(whole, "<pubDate>")+10], ErrTruncated, 1},
		{"cut in a tag", whole[:strings.LastIndex(whole, "<guid")+3], ErrTruncated, 1},
		{"cut in a CDATA section", strings.TrimSuffix(rss(item(1)), "</channel></rss>") + "<item><description><![CDATA[<p>Et", ErrTruncated, 1},
		{"cut Atom", strings.TrimSuffix(atomFeed, "</feed>") + "<entry><title>x", ErrTruncated, 1},
		{"cut RDF", strings.TrimSuffix(rdfFeed, "</rdf:RDF>") + "<item", ErrTruncated, 1},
		{"cut JSON", jsonFeed[:strings.Index(jsonFeed, `"content_text"`)], ErrTruncated, 1},
		{"a JSON item that is null", strings.Replace(jsonFeed, `"items":[`, `"items":[null,`, 1), ErrDamaged, 2},
		{"one title that is not XML", strings.Replace(whole, "Article 1", "a <b c", 1), nil, 2},
		{"an entry that is not closed", strings.Replace(whole, "</item>", "", 1), nil, 2},
		{"an element that is not closed", strings.Replace(whole, "</title><", "<", 2), nil, 2},
		{"cut before the first entry", whole[:60], ErrNotFeed, 0},
		{"empty", " \n", ErrNotFeed, 0},
		{"HTML", "<!DOCTYPE html><html><body>rss</body></html>", ErrNotFeed, 0},
		{"HTML after a comment", "<!-- x --><html><body>rss</body></html>", ErrNotFeed, 0},
		{"text", "not found", ErrNotFeed, 0},
		{"other XML", "<?xml version='1.0'?><opml><body/></opml>", ErrNotFeed, 0},
		{"other JSON", `{"ok":true}`, ErrNotFeed, 0},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00", ErrNotFeed, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, err := ParseFeed([]byte(tt.body), "https://x.example/")
			if !errors.Is(err, tt.err) || len(feed.Entries) != tt.entries {
				t.Fatalf("%d entries, error %v; want %d, %v", len(feed.Entries), err, tt.entries, tt.err)
			}
		})
	}
}

func TestEntitiesOfADocumentAreExpandedOnceOnly(t *testing.T) {
	laughs := `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("ha", 400) + `"><!ENTITY b "&a;&a;&a;"><!ENTITY marque "Café"><!ENTITY xxe SYSTEM "file:///etc/passwd">]>`
	feed, err := ParseFeed([]byte(laughs+rss(`<item><title>&marque; &eacute; &xxe;</title><description>`+strings.Repeat("&b;", 5000)+`</description></item>`)), "https://x.example/")
	if err != nil || len(feed.Entries) != 1 {
		t.Fatal(feed, err)
	}
	e := feed.Entries[0]
	if !strings.HasPrefix(e.Title, "Café é") || strings.Contains(e.Title, "root:") {
		t.Errorf("title %q", e.Title)
	}
	if len(e.Summary) > 2*maxExpansion {
		t.Errorf("the summary grew to %d bytes", len(e.Summary))
	}
}

func TestEntriesAreNamedOnceEach(t *testing.T) {
	body := rss(
		`<item><guid>https://x.example/</guid><link>https://x.example/a?utm_medium=rss</link></item>`, // a GUID that is the site's
		`<item><guid>https://x.example/</guid><link>https://x.example/b</link></item>`,
		`<item><guid>own</guid><link>https://x.example/c</link></item>`,
		`<item><link>https://X.example:443/d#top</link></item>`,
		`<item><title>No address at all</title></item>`,
		`<item><guid>`+strings.Repeat("long", 500)+`</guid></item>`,
	)
	feed, err := readFeed([]byte(body), "", "https://x.example/feed")
	if err != nil {
		t.Fatal(err)
	}
	got := names(feed)
	for i, want := range []string{"https://x.example/a", "https://x.example/b", "own", "https://x.example/d"} {
		if got[i] != want {
			t.Errorf("entry %d: %q, want %q", i, got[i], want)
		}
	}
	for _, name := range got[4:] {
		if !strings.HasPrefix(name, "sha256:") || len(name) > maxSeen {
			t.Errorf("got %q", name)
		}
	}
}

func TestAnArchiveIsNotSwallowedWhole(t *testing.T) {
	items := make([]string, 600)
	for i := range items {
		items[i] = fmt.Sprintf("<item><title>%s</title><link>ftp://x/%d</link></item>", strings.Repeat("mot ", 500), i)
	}
	feed, err := ParseFeed([]byte(rss(items...)), "https://x.example/")
	if err != nil || len(feed.Entries) != maxEntries {
		t.Fatalf("%d entries, %v", len(feed.Entries), err)
	}
	if n := len([]rune(feed.Entries[0].Title)); n > maxTitle {
		t.Errorf("a title of %d characters", n)
	}
	if feed.Entries[0].URL != "" {
		t.Errorf("an address that is not http: %q", feed.Entries[0].URL)
	}
}

func TestAnArchiveThatBeginsWithItsOldestGivesItsYoungest(t *testing.T) {
	begun := time.Date(2020, 1, 1, 8, 0, 0, 0, time.UTC)
	var xml, json []string
	for i := range 1200 {
		at := begun.AddDate(0, 0, i)
		xml = append(xml, fmt.Sprintf("<item><title>%d</title><link>/%d</link><pubDate>%s</pubDate></item>", i, i, at.Format(time.RFC1123Z)))
		json = append(json, fmt.Sprintf(`{"id":"%d","title":"%d","url":"/%d","date_published":%q}`, i, i, i, at.Format(time.RFC3339)))
	}
	for _, doc := range []string{rss(xml...), `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.Join(json, ",") + `]}`} {
		feed, err := ParseFeed([]byte(doc), "https://x.example/")
		if err != nil || len(feed.Entries) != maxEntries || feed.Entries[0].Title != "700" || feed.Entries[maxEntries-1].Title != "1199" {
			t.Errorf("%.30s: %d entries from %q, %v", doc, len(feed.Entries), feed.Entries[0].Title, err)
		}
	}
}

func TestTitlesArePlainText(t *testing.T) {
	for in, want := range map[string]string{
		"<![CDATA[<em>Gemini</em> 4&nbsp;: l&rsquo;essai]]>": "Gemini 4 : l’essai",
		"AT&amp;amp;T &amp; Cie":                             "AT&T & Cie",
		"&lt;script&gt;alert(1)&lt;/script&gt;Vrai titre":    "Vrai titre",
		"Le type List&lt;T&gt; expliqué":                     "Le type List<T> expliqué",
		"1 &lt; 2 &amp;lt; 3":                                "1 < 2 < 3",
		"  Deux\n\tlignes\u200b ":                            "Deux lignes",
		"Avant&lt;!-- jamais fermé après":                    "Avant",
	} {
		feed, err := ParseFeed([]byte(rss("<item><title>"+in+"</title></item>")), "https://x.example/")
		if err != nil || feed.Entries[0].Title != want {
			t.Errorf("%s: got %q, want %q (%v)", in, feed.Entries[0].Title, want, err)
		}
	}
}

func TestTheSourcesWordOnLanguageAndNameWins(t *testing.T) {
	c := newCollector(t, newLedger())
	var h harvest
	h.title = "Titre du flux"
	a := c.finish(digest.Source{Name: "Le Nom", Language: "en", URL: "https://www.x.example/feed"}, &h, digest.Article{Language: "fr"})
	if a.SourceName != "Le Nom" || a.Language != "en" || a.Weight != 1 {
		t.Errorf("got %+v", a)
	}
	b := c.finish(digest.Source{URL: "https://www.x.example/feed"}, &harvest{}, digest.Article{Language: "fr"})
	if b.SourceName != "x.example" || b.Language != "fr" {
		t.Errorf("got %+v", b)
	}
}
