package collect

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters come in any character set
	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hebdo/internal/digest"
)

const (
	maxPart    = 4 << 20 // bytes of a letter's text
	maxParts   = 50
	maxStories = 60 // of one letter
	essay      = 3  // a letter with fewer stories is one itself
)

// missive is somebody else's newsletter.
type missive struct {
	id, subject, from string
	sent              time.Time
	html, plain       []byte
}

// letterFinds are the stories of a newsletter: the pages it links to, each with
// what it says of them; and the letter itself when it tells rather than lists.
func letterFinds(body []byte) ([]find, error) {
	l, err := readLetter(body)
	if err != nil {
		return nil, err
	}
	stories := l.stories()
	var finds []find
	for _, s := range stories {
		finds = append(finds, find{seen: seenName(s.url), at: l.sent, article: func() digest.Article {
			return digest.Article{URL: s.url, Title: s.title, Excerpt: s.words, SourceName: l.from}
		}})
	}
	if raw := l.raw(); len(stories) < essay && len(raw.Body) > 0 {
		finds = append(finds, find{seen: seenName(l.id), at: l.sent, article: func() digest.Article {
			return digest.Article{Title: l.subject, SourceName: l.from, Published: l.sent, Raw: raw}
		}})
	}
	return finds, nil
}

// readLetter reads a mail (RFC 5322, MIME) as far as it can be read.
func readLetter(body []byte) (missive, error) {
	r, err := mail.CreateReader(bytes.NewReader(body))
	if r == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return missive{}, errors.New("it is no e-mail")
	}
	l := missive{}
	l.id, _ = r.Header.MessageID()
	if l.id == "" {
		l.id = "sha256:" + hash(body)
	}
	l.subject, _ = r.Header.Subject()
	l.subject = clip(plain(html.EscapeString(l.subject)), maxTitle)
	l.sent, _ = r.Header.Date()
	if from, err := r.Header.AddressList("From"); err == nil && len(from) > 0 {
		_, host, _ := strings.Cut(from[0].Address, "@")
		l.from = clip(plain(html.EscapeString(first(from[0].Name, host))), maxName)
	}
	for range maxParts {
		part, err := r.NextPart()
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			break
		}
		header, inline := part.Header.(*mail.InlineHeader)
		if !inline {
			continue
		}
		kind, _, _ := header.ContentType()
		text, _ := io.ReadAll(io.LimitReader(part.Body, maxPart))
		switch {
		case kind == "text/html" && l.html == nil:
			l.html = text
		case kind == "text/plain" && l.plain == nil:
			l.plain = text
		}
	}
	if l.subject == "" && l.from == "" && l.html == nil && len(bytes.TrimSpace(l.plain)) == 0 {
		return l, errors.New("it is no e-mail")
	}
	return l, nil
}

// raw is the letter's own text.
func (l missive) raw() digest.Raw {
	switch {
	case l.html != nil:
		return digest.Raw{Type: "text/html", Body: []byte(sanitise(string(l.html), &url.URL{}))}
	case len(bytes.TrimSpace(l.plain)) > 0:
		return digest.Raw{Type: "text/plain", Body: l.plain}
	}
	return digest.Raw{}
}

// told is a page that a letter links to.
type told struct{ url, title, words string }

// stories are the links of a letter that a headline announces: a link worded
// like one, or a "read more" below one.
func (l missive) stories() []told {
	if l.html == nil {
		return plainStories(string(l.plain))
	}
	doc, err := html.Parse(bytes.NewReader(l.html))
	if err != nil {
		return nil
	}
	var found []told
	at := map[string]int{}
	looked := 0
	for n := range doc.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		if looked++; looked > maxLooks || len(found) >= maxStories {
			break
		}
		s, ok := storyOf(n)
		if !ok {
			continue
		}
		i, twice := at[s.url]
		switch {
		case !twice:
			at[s.url] = len(found)
			found = append(found, s)
		case len(s.words) > len(found[i].words):
			found[i].words = s.words
		}
	}
	return found
}

var (
	service = regexp.MustCompile(`(?i)unsubscri|désabonn|désinscri|desinscri|opt.?out|preference|préférence|view (?:this |it )?(?:e-?mail |online|in (?:your )?browser)|voir (?:cet|la|le|dans).*(?:navigateur|ligne)|version en ligne|privacy|confidentialité|forward (?:this|to)|transf[ée]re|share (?:this|on)|partage|advertise|sponsor|annonce|manage your|gérer|mentions légales|sign up|subscribe|abonnez|s’inscrire|inscrivez|download the app|refer a friend|parrain|^(?:please )?(?:confirm|verify|activate) (?:your|my)|^(?:confirme[rz]|vérifie[rz]|active[rz]) (?:votre|mon|l[’'])`)
	acts    = regexp.MustCompile(`(?i)/(?:confirm(?:ation)?|verify|verification|activate|activation|validate|opt-?in)(?:/|$)`) // to open such a page is to do something
	onward  = regexp.MustCompile(`(?i)^(?:read|learn|see|find out|continue|view|lire|voir|en savoir|la suite|découvrir|consulter|→|»|more|plus|article|link|lien)\b.{0,24}$`)
	social  = regexp.MustCompile(`(?i)(?:^|\.)(?:facebook|twitter|x|linkedin|instagram|threads|whatsapp|tiktok|pinterest|t|apple|play\.google)\.(?:com|net|me)$`)
)

// storyOf is the story a link leads to.
func storyOf(n *html.Node) (told, bool) {
	at := Canonical(attr(n, "href"))
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(at) > maxURL || social.MatchString(u.Hostname()) {
		return told{}, false
	}
	said := plain(html.EscapeString(textOf(n)))
	title := said
	if service.MatchString(title) || service.MatchString(u.Path) || acts.MatchString(u.Path) {
		return told{}, false
	}
	block := blockOf(n)
	switch {
	case onward.MatchString(title):
		if title = headline(block); title == "" {
			return told{}, false
		}
	case len(strings.Fields(title)) < 4 && !underHeading(n):
		return told{}, false
	}
	if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" { // somebody's home page, not a story
		return told{}, false
	}
	words := plain(html.EscapeString(textOf(block)))
	for _, of := range []string{title, said} { // the headline, and "read more"
		words = strings.TrimSpace(strings.Replace(words, of, "", 1))
	}
	if len(strings.Fields(words)) < fewestWords {
		words = ""
	}
	return told{url: at, title: clip(title, maxTitle), words: clip(words, maxExcerpt)}, true
}

// fewestWords of what stands beside a headline say something of it.
const fewestWords = 6

func underHeading(n *html.Node) bool {
	heading, _ := announcement(n)
	return heading || headingIn(n) != nil
}

// blockOf is the part of a letter that a link belongs to: the largest element
// around it that leads nowhere else, or its paragraph.
func blockOf(n *html.Node) *html.Node {
	block := n
	for p, up := n.Parent, 0; p != nil && p.DataAtom != atom.Body && up < 8; p, up = p.Parent, up+1 {
		text, alone := extent(p, attr(n, "href"))
		if text > maxBlock || !alone && p.DataAtom != atom.P && p.DataAtom != atom.Li {
			break
		}
		if block = p; !alone {
			break
		}
	}
	return block
}

const (
	maxBlock = 3000 // bytes of text that tell one story
	maxNodes = 2000 // looked at for one block
	maxLooks = 1000 // links of a letter
)

// extent measures the text below n, and tells whether all links there lead to
// one place. What is too large to tell is taken for too much text.
func extent(n *html.Node, href string) (text int, alone bool) {
	nodes := 0
	for d := range n.Descendants() {
		if nodes++; nodes > maxNodes || text > maxBlock {
			return maxBlock + 1, false
		}
		switch {
		case d.Type == html.TextNode:
			text += len(strings.TrimSpace(d.Data))
		case d.DataAtom == atom.A && attr(d, "href") != "" && attr(d, "href") != href:
			return text, false
		}
	}
	return text, true
}

// headline is the first heading of a block, or its first words in bold.
func headline(block *html.Node) string {
	for _, name := range []atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.Strong, atom.B} {
		if h := find1(block, name); h != nil {
			if t := plain(html.EscapeString(textOf(h))); len(strings.Fields(t)) >= 2 && !service.MatchString(t) {
				return t
			}
		}
	}
	return ""
}

var address = regexp.MustCompile(`https?://[^\s<>()\[\]"]+`)

// plainStories are the addresses of a letter without markup, each announced by
// the line that ends in it, or by the line before.
func plainStories(text string) []told {
	var found []told
	seen := map[string]bool{}
	before := ""
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		raw := address.FindString(line)
		title := strings.Trim(strings.TrimSpace(strings.Replace(line, raw, "", 1)), "-–—:*#()[]<> ")
		if raw == "" {
			if title != "" {
				before = title
			}
			continue
		}
		if len(strings.Fields(title)) < 3 {
			title = before
		}
		at := Canonical(strings.TrimRight(raw, ".,;:!?)"))
		u, err := url.Parse(at)
		if err != nil || seen[at] || len(strings.Fields(title)) < 3 || len(found) >= maxStories || strings.Trim(u.Path, "/") == "" ||
			service.MatchString(title) || service.MatchString(u.Path) || acts.MatchString(u.Path) || social.MatchString(u.Hostname()) {
			continue
		}
		seen[at] = true
		found = append(found, told{url: at, title: clip(title, maxTitle)})
	}
	return found
}
