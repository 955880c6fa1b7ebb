package collect

import (
	"bytes"
	_ "embed" // the starter list
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hebdo/internal/digest"
)

// opmlSpace is the namespace of what OPML 2.0 has no attribute for.
const opmlSpace = "urn:hebdo:opml"

// maxOutlines is how many sources of one file are read.
const maxOutlines = 5000

// ErrNotOPML: the file is no list of sources.
var ErrNotOPML = errors.New("this is no OPML file")

// ReadOPML reads the sources of an OPML file (opml.org/spec2), of whatever
// depth: the feeds, and those that WriteOPML wrote of other kinds. An address
// that stands twice is taken once. Of a damaged file, what comes before the
// damage is read.
func ReadOPML(body []byte) ([]digest.Source, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimSpace(decode(body, ""))))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var sources []digest.Source
	seen := map[string]bool{}
	known := false
	for len(sources) < maxOutlines {
		token, err := d.Token()
		if err != nil {
			break
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		known = known || strings.EqualFold(start.Name.Local, "opml")
		if !known || !strings.EqualFold(start.Name.Local, "outline") {
			continue
		}
		if s, ok := outline(start); ok && !seen[s.URL] {
			seen[s.URL] = true
			sources = append(sources, s)
		}
	}
	if !known {
		return nil, ErrNotOPML
	}
	return sources, nil
}

// outline reads one element; a folder of others is no source.
func outline(e xml.StartElement) (digest.Source, bool) {
	own, plainly := map[string]string{}, map[string]string{}
	for _, a := range e.Attr {
		if a.Name.Space == opmlSpace {
			own[a.Name.Local] = strings.TrimSpace(a.Value)
		} else {
			plainly[strings.ToLower(a.Name.Local)] = strings.TrimSpace(a.Value)
		}
	}
	s := digest.Source{
		Kind: digest.SourceFeed, URL: plainly["xmlurl"], Language: digest.ParseLanguage(plainly["language"]),
		Name: clip(plain(first(plainly["title"], plainly["text"])), maxName), Links: own["links"], Images: own["images"] == "true",
	}
	if w, err := strconv.ParseFloat(own["weight"], 64); err == nil && w >= 0 && w <= 10 {
		s.Weight = w
	}
	if kind := own["kind"]; kind != "" {
		s.Kind, s.URL = digest.SourceKind(kind), first(plainly["xmlurl"], plainly["url"])
	}
	if at, ok := mailboxAt(s.URL); s.Kind == digest.SourceMailbox {
		s.URL = at
		return s, ok
	}
	if u, err := addressed(s.URL); err == nil && strings.Contains(s.URL, ":") && s.Kind != digest.SourceFolder {
		s.URL = u.String()
	} else if s.Kind != digest.SourceFolder {
		return s, false
	}
	return s, s.URL != ""
}

// WriteOPML is the file that reads back as these sources. Feeds are written as
// every feed reader knows them; other kinds as links, with what makes them
// sources in attributes of a namespace of their own.
func WriteOPML(title string, sources []digest.Source) []byte {
	var b bytes.Buffer
	text := func(s string) string {
		var t bytes.Buffer
		_ = xml.EscapeText(&t, []byte(s))
		return t.String()
	}
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\" xmlns:hebdo=%q>\n", opmlSpace)
	fmt.Fprintf(&b, "  <head><title>%s</title></head>\n  <body>\n", text(title))
	for _, s := range sources {
		name := text(first(s.Name, siteName(s.URL)))
		if s.Kind == digest.SourceFeed {
			fmt.Fprintf(&b, `    <outline type="rss" text="%s" title="%s" xmlUrl="%s"`, name, name, text(s.URL))
		} else {
			fmt.Fprintf(&b, `    <outline type="link" text="%s" title="%s" url="%s" hebdo:kind="%s"`, name, name, text(s.URL), text(string(s.Kind)))
		}
		for _, extra := range [][2]string{
			{"language", string(s.Language)}, {"hebdo:weight", number(s.Weight)}, {"hebdo:links", s.Links}, {"hebdo:images", flag(s.Images)},
		} {
			if extra[1] != "" {
				fmt.Fprintf(&b, ` %s="%s"`, extra[0], text(extra[1]))
			}
		}
		b.WriteString("/>\n")
	}
	b.WriteString("  </body>\n</opml>\n")
	return b.Bytes()
}

func number(w float64) string {
	if w == 0 {
		return ""
	}
	return strconv.FormatFloat(w, 'g', -1, 64)
}

func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}

//go:embed starter.opml
var starter []byte

// Starter is a list of sources on AI to begin with, in the languages given:
// laboratories and platforms, the press, research, regulators. It is data:
// starter.opml.
func Starter(languages ...digest.Language) ([]digest.Source, error) {
	all, err := ReadOPML(starter)
	if err != nil {
		return nil, fmt.Errorf("the starter list: %w", err)
	}
	var chosen []digest.Source
	for _, s := range all {
		for _, l := range languages {
			if s.Language == l {
				chosen = append(chosen, s)
			}
		}
	}
	return chosen, nil
}
