package collect

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every vocabulary has its own place for the same thing, and some feeds use several.
func TestFieldsAreFoundWhereFeedsPutThem(t *testing.T) {
	const dc = ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:terms="http://purl.org/dc/terms/" xmlns:m="http://search.yahoo.com/mrss" xmlns:it="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" xmlns:a="http://www.w3.org/2005/Atom"`
	in := func(item string) string { return `<rss` + dc + `><channel><item>` + item + `</item></channel></rss>` }
	atom := func(entry string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/b/"><entry>` + entry + `</entry></feed>`
	}
	old := func(entry string) string {
		return `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>` + entry + `</entry></feed>`
	}
	tests := []struct {
		name, doc string
		want      map[string]string
	}{
		{"the title of an item is its own", in(`<m:title>media</m:title><image><title>image</title></image><title>own</title><dc:title>dc</dc:title>`), map[string]string{"title": "own"}},
		{"else the title of its media", in(`<m:group><m:content url="x"><m:title>media</m:title></m:content></m:group>`), map[string]string{"title": "media"}},
		{"of two texts the first is the summary", in(`<summary>kurz</summary><description>lang</description>`), map[string]string{"summary": "kurz", "content": "lang"}},
		{"in either order", in(`<description>kurz</description><summary>lang</summary>`), map[string]string{"summary": "kurz", "content": "lang"}},
		{"encoded content is the content", in(`<description>kurz</description><c:encoded>lang</c:encoded>`), map[string]string{"summary": "kurz", "content": "lang"}},
		{"iTunes and media describe as well", in(`<it:summary>it</it:summary><m:description>m</m:description>`), map[string]string{"summary": "it"}},
		{"a GUID is an address, unless it says not", in(`<guid>https://x.example/1</guid>`), map[string]string{"url": "https://x.example/1"}},
		{"the link wins over the GUID", in(`<guid>https://x.example/1</guid><link>https://x.example/2</link>`), map[string]string{"url": "https://x.example/2"}},
		{"the link that FeedBurner hid", in(`<link>https://feeds.example/~r/x</link><fb:origLink>https://x.example/3</fb:origLink>`), map[string]string{"url": "https://x.example/3"}},
		{"an Atom link in RSS", in(`<a:link rel="self" href="https://x.example/self"/><a:link href="https://x.example/4"/>`), map[string]string{"url": "https://x.example/4"}},
		{"relative to XML Base", atom(`<link href="../1"/>`), map[string]string{"url": "https://a.example/1"}},
		{"the page, not its other forms", atom(`<link rel="enclosure" href="/a.mp3"/><link type="application/pdf" href="/a.pdf"/><link type="text/html" href="/a.html"/><link rel="via" href="/b"/>`), map[string]string{"url": "https://a.example/a.html"}},
		{"the relation in full", atom(`<link rel="http://www.iana.org/assignments/relation/alternate" href="/a"/>`), map[string]string{"url": "https://a.example/a"}},
		{"the later of two updates", atom(`<updated>2026-01-01T00:00:00Z</updated><updated>2026-02-01T00:00:00Z</updated>`), map[string]string{"updated": "2026-02-01"}},
		{"dates of Dublin Core", in(`<terms:issued>2026-01-01</terms:issued><terms:modified>2026-02-01</terms:modified><dc:date>2026-03-01</dc:date>`), map[string]string{"published": "2026-01-01", "updated": "2026-02-01"}},
		{"base64 in Atom 0.3", old(`<content mode="base64">PGI+TcO2d2U8L2I+</content>`), map[string]string{"content": "<b>Möwe</b>"}},
		{"base64 in Atom 1.0", atom(`<content type="application/octet-stream"> PGI+TcO2d2U8L2I+ </content>`), map[string]string{"content": "<b>Möwe</b>"}},
		{"plain text is not markup", atom(`<content type="text">1 &lt; 2 &lt;blink&gt;</content>`), map[string]string{"content": "1 &lt; 2 &lt;blink&gt;"}},
		{"XHTML in a prefix", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:h="http://www.w3.org/1999/xhtml"><entry><content type="xhtml"><h:div><h:p>Text</h:p></h:div></content></entry></feed>`, map[string]string{"content": "<div><p>Text</p></div>"}},
		{"every author, once, by name", in(`<author>a@x.example (Ana Roca)</author><dc:creator>Luc Bel</dc:creator><dc:creator>Ana Roca</dc:creator><it:author>"Ida" &lt;i@x.example&gt;</it:author>`), map[string]string{"authors": "Ana Roca|Luc Bel|Ida"}},
		{"a person without a name", atom(`<author><email>a@x.example</email></author><author><name>B</name><uri>x</uri></author>`), map[string]string{"authors": "a@x.example|B"}},
		{"the language of an entry", `<rss` + dc + `><channel><language>en</language><item><dc:language>fr-FR</dc:language></item></channel></rss>`, map[string]string{"language": "fr"}},
		{"what is of another vocabulary", `<rss xmlns:x="urn:x"><channel><item><x:title>no</x:title><x:p><title>no</title></x:p><title>yes</title></item></channel></rss>`, map[string]string{"title": "yes"}},
		{"a prefix nobody declared", `<rss><channel><item><dc:creator>Ana</dc:creator><content:encoded>lang</content:encoded></item></channel></rss>`, map[string]string{"authors": "Ana", "content": "lang"}},
		{"CDF", cdfFeed, map[string]string{"title": "Un", "url": "https://f.example/un", "summary": "Le premier", "updated": "2026-11-20"}},
		{"markup that was not escaped", in(`<description>Un <b>mot</b><br>et <p>deux</description>`), map[string]string{"summary": "Un <b>mot</b><br>et <p>deux"}},
		{"a section within a section", in(`<description><![CDATA[<![CDATA[<p>Oui</p>]]&gt;]]></description>`), map[string]string{"summary": "<p>Oui</p>"}},
		{"an address that was not escaped", in(`<link>https://x.example/?a=1&copy=2&b=3</link>`), map[string]string{"url": "https://x.example/?a=1&copy=2&b=3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, err := ParseFeed([]byte(tt.doc), "https://f.example/feed")
			if err != nil || len(feed.Entries) != 1 {
				t.Fatalf("%d entries, %v", len(feed.Entries), err)
			}
			e := feed.Entries[0]
			all := map[string]string{
				"title": e.Title, "url": e.URL, "summary": e.Summary, "content": e.Content, "language": string(e.Language),
				"authors": strings.Join(e.Authors, "|"), "published": e.Published.Format("2006-01-02"), "updated": e.Updated.Format("2006-01-02"),
			}
			got := map[string]string{}
			for k := range tt.want {
				got[k] = all[k]
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
