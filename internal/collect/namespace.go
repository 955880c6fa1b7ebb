package collect

import (
	"bytes"
	"strings"
)

// space is a vocabulary that feeds are written in.
type space byte

const (
	spaceOther      space = iota
	spaceCore             // RSS and Atom of every age, and CDF
	spaceDublinCore       // purl.org/dc/elements/1.1
	spaceTerms            // purl.org/dc/terms
	spaceContent          // purl.org/rss/1.0/modules/content
	spaceITunes
	spaceMedia // search.yahoo.com/mrss
	spaceHTML
	spaceFeedBurner
	spaceRDF
	spaceSyndication // purl.org/rss/1.0/modules/syndication
)

// spaceOf knows a vocabulary by a part of its name, which is written in
// several ways: http and https, with and without the last slash, in any case.
func spaceOf(uri string) space {
	uri = strings.ToLower(strings.TrimSpace(uri))
	_, name, _ := strings.Cut(uri, "://")
	name = strings.TrimPrefix(name, "www.")
	for _, known := range [...]struct {
		start string
		space space
	}{
		{"w3.org/2005/atom", spaceCore}, {"purl.org/atom/ns", spaceCore}, {"purl.org/pie", spaceCore}, {"purl.org/echo", spaceCore},
		{"example.com/necho", spaceCore}, {"example.com/newformat", spaceCore}, {"purl.org/net/rss", spaceCore},
		{"purl.org/rss/1.0/modules/content", spaceContent}, {"purl.org/rss/1.0/modules/syndication", spaceSyndication}, {"purl.org/rss/1.0/modules/", spaceOther}, {"purl.org/rss/1.0", spaceCore},
		{"my.netscape.com/", spaceCore}, {"channel.netscape.com/", spaceCore}, {"my.netscape.com", spaceCore},
		{"backend.userland.com/", spaceCore}, {"blogs.law.harvard.edu/", spaceCore}, {"cyber.harvard.edu/", spaceCore},
		{"cyber.law.harvard.edu/", spaceCore}, {"rssboard.org/rss", spaceCore}, {"feeds.archive.org/", spaceCore},
		{"purl.org/dc/elements/", spaceDublinCore}, {"purl.org/dc/terms", spaceTerms},
		{"itunes.com/dtds/podcast", spaceITunes}, {"example.com/dtds/podcast", spaceITunes},
		{"search.yahoo.com/mrss", spaceMedia}, {"video.search.yahoo.com/mrss", spaceMedia},
		{"w3.org/1999/xhtml", spaceHTML}, {"rssnamespace.org/feedburner/", spaceFeedBurner},
		{"w3.org/1999/02/22-rdf", spaceRDF},
	} {
		if strings.HasPrefix(name, known.start) {
			return known.space
		}
	}
	return spaceOther
}

// usualPrefix is the vocabulary of a prefix that nobody declared.
func usualPrefix(prefix string) space {
	switch strings.ToLower(prefix) {
	case "", "atom", "atom10", "a10", "rss", "rss1", "rss09":
		return spaceCore
	case "dc":
		return spaceDublinCore
	case "dcterms":
		return spaceTerms
	case "content":
		return spaceContent
	case "itunes":
		return spaceITunes
	case "media":
		return spaceMedia
	case "xhtml", "html":
		return spaceHTML
	case "feedburner":
		return spaceFeedBurner
	case "rdf":
		return spaceRDF
	case "sy":
		return spaceSyndication
	}
	return spaceOther
}

// binding is a prefix as an element declares it.
type binding struct {
	prefix string
	space  space
}

// bindings are those in force, the innermost last.
type bindings []binding

// mostBindings bounds what a hostile feed can make every name cost.
const mostBindings = 100

// with adds what a start tag declares. A default vocabulary that nobody knows
// is that of the feed itself when the root declares it, and a stranger's inside.
func (b bindings) with(t token, root bool) bindings {
	if !bytes.Contains(t.attrs, []byte("xmlns")) {
		return b
	}
	for rest := t.attrs; len(rest) > 0 && len(b) < mostBindings; {
		var name, value []byte
		name, value, rest = cutAttr(rest)
		if !bytes.HasPrefix(name, []byte("xmlns")) {
			continue
		}
		prefix := strings.TrimPrefix(strings.TrimPrefix(string(name), "xmlns"), ":")
		is := spaceOf(string(value))
		if prefix == "" && (root && is == spaceOther || len(value) == 0) {
			is = spaceCore
		}
		b = append(b, binding{prefix, is})
	}
	return b
}

// split gives a name's vocabulary and its local part in lower case: iTunes
// made the case of names meaningless, and CDF shouts.
func (b bindings) split(name []byte) (space, string) {
	prefix, local, found := bytes.Cut(name, []byte(":"))
	if !found {
		prefix, local = nil, name
	}
	is := space(255)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i].prefix == string(prefix) {
			is = b[i].space
			break
		}
	}
	if is == 255 {
		is = usualPrefix(string(prefix))
	}
	return is, lower(local)
}

func lower(name []byte) string {
	for _, c := range name {
		if 'A' <= c && c <= 'Z' {
			return strings.ToLower(string(name))
		}
	}
	return string(name)
}
