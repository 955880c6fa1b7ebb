package collect

import (
	"strings"
	"testing"
)

// A feed's own base (XML Base) made relative links into what the sanitiser
// takes out.
func TestNoBaseMakesALinkDoWhatLinksMayNot(t *testing.T) {
	for base, want := range map[string]string{
		"javascript:alert(1)//":    `<a href="">`,
		"javascript://x/%0aalert/": `<a href="">`,
		"data:text/html,x":         `<a href="">`,
		"https://a.example/b/":     `<a href="https://a.example/b/#here">`,
		"/c/":                      `<a href="https://feed.example/c/#here">`,
	} {
		feed, err := ParseFeed([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="`+base+
			`"><entry><content type="html">&lt;a href="#here">on&lt;/a> &lt;img src="picture.png"></content></entry></feed>`), "https://feed.example/feed")
		if err != nil || len(feed.Entries) != 1 {
			t.Fatal(err, len(feed.Entries))
		}
		if got := feed.Entries[0].Content; !strings.HasPrefix(got, want) || strings.Contains(got, "javascript:") || strings.Contains(got, "data:") {
			t.Errorf("%s: %s", base, got)
		}
	}
}
