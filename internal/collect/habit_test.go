package collect

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

// entries is an Atom feed as most places write theirs.
func entries(all ...string) string {
	return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><title>x</title>` +
		strings.Join(all, "") + `</feed>`
}

func esc(markup string) string { return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(markup) }

const day = `<updated>2026-11-20T08:00:00Z</updated>`

// What an editor pastes, what the place answers, and what becomes of it.
func TestEveryPlaceIsReadByItsHabits(t *testing.T) {
	for name, c := range map[string]struct {
		pasted string
		pages  map[string]string // host/path: body
		want   []digest.Article  // title, address, authors, excerpt, raw
	}{
		"arXiv": {"https://arxiv.org/list/cs.CL/recent", map[string]string{"rss.arxiv.org/atom/cs.CL": entries(
			`<entry><id>oai:arXiv.org:2611.00001v1</id><title>A Model of Models</title><link href="https://arxiv.org/abs/2611.00001"/>`+day+`<summary>arXiv:2611.00001v1 Announce Type: new
Abstract: We build one.</summary><dc:creator>Ana Roca, Luc Bel`+strings.Repeat(", Somebody With A Long Name", 30)+`</dc:creator></entry>`,
			`<entry><id>oai:arXiv.org:2510.00002v3</id><title>An Older One</title><link href="https://arxiv.org/abs/2510.00002"/>`+day+`<summary>arXiv:2510.00002v3 Announce Type: replace-cross
Abstract: Revised.</summary></entry>`)},
			[]digest.Article{{Title: "A Model of Models", URL: "https://arxiv.org/abs/2611.00001", Authors: []string{"Ana Roca", "Luc Bel", "Somebody With A Long Name"}, Excerpt: "We build one."}}},
		"Hacker News search": {"https://hn.algolia.com/?query=mistral&type=story", map[string]string{"hnrss.org/newest": rss(
			`<item><title>Mistral opens a model</title><description><![CDATA[<p>Article URL: <a href="https://labo.example/m">https://labo.example/m</a></p><p>Comments URL: <a href="https://news.ycombinator.com/item?id=1">x</a></p><p>Points: 9</p>]]></description><link>https://labo.example/m</link><dc:creator>poster</dc:creator><guid isPermaLink="false">https://news.ycombinator.com/item?id=1</guid></item>`)},
			[]digest.Article{{Title: "Mistral opens a model", URL: "https://labo.example/m"}}},
		"Hacker News": {"https://news.ycombinator.com/", map[string]string{"news.ycombinator.com/rss": rss(
			`<item><title>Ask HN: Which model?</title><link>https://news.ycombinator.com/item?id=2</link><description><![CDATA[<a href="https://news.ycombinator.com/item?id=2">Comments</a>]]></description></item>`)},
			[]digest.Article{{Title: "Ask HN: Which model?", URL: "https://news.ycombinator.com/item?id=2"}}},
		"GitHub releases": {"https://github.com/labo/moteur", map[string]string{"github.com/labo/moteur/releases.atom": entries(
			`<entry><id>tag:github.com,2008:Repository/1/v2.1</id>` + day + `<link rel="alternate" type="text/html" href="https://github.com/labo/moteur/releases/tag/v2.1"/><title>v2.1</title><content type="html">&lt;p&gt;Faster.&lt;/p&gt;</content><author><name>ana</name></author></entry>`)},
			[]digest.Article{{Title: "moteur v2.1", URL: "https://github.com/labo/moteur/releases/tag/v2.1", Authors: []string{"ana"}, Excerpt: "Faster.", Raw: digest.Raw{Type: "text/html", Body: []byte("<p>Faster.</p>")}}}},
		"YouTube": {"https://www.youtube.com/channel/UCZHmQk67mSJgfCCTn7xBfew", map[string]string{"www.youtube.com/feeds/videos.xml": entries(
			`<entry><id>yt:video:abc</id><title>Les modèles</title><link rel="alternate" href="https://www.youtube.com/watch?v=abc"/><author><name>La Chaîne</name></author>` + day + `<media:group><media:title>Les modèles</media:title><media:description>Une heure de modèles.</media:description></media:group></entry>`)},
			[]digest.Article{{Title: "Les modèles", URL: "https://www.youtube.com/watch?v=abc", Authors: []string{"La Chaîne"}, Excerpt: "Une heure de modèles.", Raw: digest.Raw{Type: "text/plain", Body: []byte("Une heure de modèles.")}}}},
		"Hugging Face papers": {"https://huggingface.co/papers", map[string]string{"huggingface.co/papers": `<!doctype html><html><body><main>` +
			`<article><h3><a href="/papers/2611.00001">A Model of Models</a></h3><a href="/papers/2611.00001#community">12 comments in the community</a></article>` +
			`<article><h3><a href="/papers/2611.00002">Agents that Agree</a></h3></article><article><h3><a href="/papers/2611.00003">Small and Open</a></h3></article>` +
			`<a href="/join/us-in-building-the-future">Join us in building the future</a></main></body></html>`},
			[]digest.Article{{Title: "A Model of Models", URL: "https://huggingface.co/papers/2611.00001"}, {Title: "Agents that Agree", URL: "https://huggingface.co/papers/2611.00002"}, {Title: "Small and Open", URL: "https://huggingface.co/papers/2611.00003"}}},
		"Hugging Face blog": {"https://huggingface.co/blog", map[string]string{"huggingface.co/blog/feed.xml": rss(`<item><title>Smol models</title><link>https://huggingface.co/blog/smol</link></item>`)},
			[]digest.Article{{Title: "Smol models", URL: "https://huggingface.co/blog/smol"}}},
		"Reddit": {"https://www.reddit.com/r/LocalLLaMA/", map[string]string{"www.reddit.com/r/LocalLLaMA/.rss": entries(
			`<entry><author><name>/u/ana</name></author><content type="html">`+esc(`<table><tr><td>&#32; submitted by &#32; <a href="https://www.reddit.com/user/ana">/u/ana</a> <br/> <span><a href="https://labo.example/m?utm_source=r&amp;id=1">[link]</a></span> <span><a href="https://www.reddit.com/r/LocalLLaMA/comments/1/m/">[comments]</a></span></td></tr></table>`)+`</content><id>t3_1</id><link href="https://www.reddit.com/r/LocalLLaMA/comments/1/m/"/>`+day+`<title>The lab opens a model</title></entry>`,
			`<entry><author><name>/u/luc</name></author><content type="html">`+esc(`<div class="md"><p>I measured it.</p></div> &#32; submitted by &#32; <a href="https://www.reddit.com/user/luc">/u/luc</a> <br/> <span><a href="https://www.reddit.com/r/LocalLLaMA/comments/2/n/">[link]</a></span>`)+`</content><id>t3_2</id><link href="https://www.reddit.com/r/LocalLLaMA/comments/2/n/"/>`+day+`<title>My measurements</title></entry>`)},
			[]digest.Article{
				{Title: "The lab opens a model", URL: "https://labo.example/m?id=1", Aliases: []string{"https://www.reddit.com/r/LocalLLaMA/comments/1/m/"}},
				{Title: "My measurements", URL: "https://www.reddit.com/r/LocalLLaMA/comments/2/n/", Authors: []string{"/u/luc"}, Excerpt: "I measured it."},
			}},
		"Mastodon": {"https://mamot.fr/@labo", map[string]string{"mamot.fr/@labo.rss": rss(
			`<item><guid isPermaLink="true">https://mamot.fr/@labo/1</guid><link>https://mamot.fr/@labo/1</link><description>&lt;p&gt;Nous publions un modèle ouvert. Ses poids sont libres.&lt;/p&gt;</description></item>`)},
			[]digest.Article{{Title: "Nous publions un modèle ouvert.", URL: "https://mamot.fr/@labo/1", Excerpt: "Nous publions un modèle ouvert. Ses poids sont libres.", Raw: digest.Raw{Type: "text/html", Body: []byte("<p>Nous publions un modèle ouvert. Ses poids sont libres.</p>")}}}},
		"Bluesky": {"https://bsky.app/profile/labo.example", map[string]string{"bsky.app/profile/labo.example/rss": rss(
			`<item><link>https://bsky.app/profile/labo.example/post/1</link><description>A new model is out</description><guid isPermaLink="false">at://did/1</guid></item>`)},
			[]digest.Article{{Title: "A new model is out", URL: "https://bsky.app/profile/labo.example/post/1", Excerpt: "A new model is out", Raw: digest.Raw{Type: "text/plain", Body: []byte("A new model is out")}}}},
		"Substack": {"https://labo.substack.com", map[string]string{"labo.substack.com/feed": rss(`<item><title>One</title><link>https://labo.substack.com/p/one</link><description>Short.</description></item>`)},
			[]digest.Article{{Title: "One", URL: "https://labo.substack.com/p/one", Excerpt: "Short."}}},
		"Medium": {"https://medium.com/@labo", map[string]string{"medium.com/feed/@labo": rss(`<item><title>Two</title><link>https://medium.com/@labo/two-1f2e?source=rss-5f1------2</link><description>Short. Continue reading on Medium »</description></item>`)},
			[]digest.Article{{Title: "Two", URL: "https://medium.com/@labo/two-1f2e", Excerpt: "Short."}}},
		"Ghost": {"https://labo.ghost.io", map[string]string{"labo.ghost.io/rss/": rss(`<item><title>Three</title><link>https://labo.ghost.io/three/</link><description>Short […]</description></item>`)},
			[]digest.Article{{Title: "Three", URL: "https://labo.ghost.io/three/", Excerpt: "Short"}}},
		"WordPress": {"https://labo.wordpress.com", map[string]string{"labo.wordpress.com/feed/": rss(`<item><title>Quatre</title><link>https://labo.wordpress.com/quatre/</link><description>&lt;p&gt;Bref.&lt;/p&gt;&lt;p&gt;L’article &lt;a&gt;Quatre&lt;/a&gt; est apparu en premier sur &lt;a&gt;Le Labo&lt;/a&gt;.&lt;/p&gt;</description></item>`)},
			[]digest.Article{{Title: "Quatre", URL: "https://labo.wordpress.com/quatre/", Excerpt: "Bref."}}},
	} {
		pages := map[string]http.HandlerFunc{}
		for at, body := range c.pages {
			kind := "application/xml"
			if strings.HasPrefix(body, "<!doctype html") {
				kind = "text/html"
			}
			pages[at] = text(kind, body)
		}
		collector, _ := discoverer(t, pages)
		found, err := collector.Discover(t.Context(), c.pasted)
		if err != nil || len(found) != 1 || !found[0].Sure || found[0].Place == "" {
			t.Errorf("%s: %+v, %v", name, found, err)
			continue
		}
		var got []digest.Article
		for _, a := range found[0].Articles {
			one := digest.Article{Title: a.Title, URL: a.URL, Authors: a.Authors, Aliases: a.Aliases, Excerpt: a.Excerpt}
			if !strings.Contains(name, "Reddit") {
				one.Raw = a.Raw
			}
			got = append(got, one)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestADayWithoutPapersIsNoEmptySource(t *testing.T) {
	body := entries(`<entry><id>1</id><title>A</title><link href="https://arxiv.org/abs/1"/>` + day + `</entry>`)
	collector, web := discoverer(t, map[string]http.HandlerFunc{"rss.arxiv.org/atom/cs.CL": func(w http.ResponseWriter, r *http.Request) { text("text/xml", body)(w, r) }})
	source := []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: "https://rss.arxiv.org/atom/cs.CL"}}
	for range 2 {
		if _, notes, err := collector.Articles(t.Context(), source); err != nil || len(notes) > 0 {
			t.Error(notes, err)
		}
		body = entries()
	}
	if looked := collector.Look(t.Context(), source[0]); !looked.Works() {
		t.Errorf("%+v", looked)
	}
	state, _ := collector.memory.SourceState(t.Context(), "s")
	if state.Health(monday).Condition != digest.SourceFine || len(web.asked) != 3 {
		t.Errorf("%+v", state)
	}
}

func TestAPostWithoutATitleIsNamedByItsFirstSentence(t *testing.T) {
	for in, want := range map[string]string{
		"Un modèle. Et puis ?": "Un modèle.", "sans fin": "sans fin", "": "",
		strings.Repeat("mot ", 60): strings.TrimSpace(strings.Repeat("mot ", 27)) + "…",
	} {
		if got := headlineOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
