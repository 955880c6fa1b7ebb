package collect

import (
	"encoding/base64"
	"html"
	"strings"
	"unicode/utf8"
)

// item reads an entry. whole is false when the document ends before it does.
func (r *reader) item(start token) (it *rawItem, whole bool) {
	base := rebase(r.base(), start)
	p := &parts{rawItem: rawItem{base: base, Language: start.attr("xml:lang")}}
	if base != r.feed.base {
		p.body = base
	}
	if len(start.attrs) > 0 { // CDF and RDF say it in attributes
		p.link(start.attr("href"), 2)
		p.about = first(start.attr("rdf:about"), start.attr("about"))
		p.updated = start.attr("lastmod")
	}
	for !start.empty {
		t := r.next()
		switch {
		case t.kind == tokenEnd:
			return nil, false
		case t.kind == tokenClose && string(t.name) == string(start.name):
			return p.whole(), true
		case t.kind == tokenClose && r.opened(t), t.kind != tokenText && r.border(t):
			if t.kind == tokenOpen || r.opened(t) { // the end was forgotten
				r.unread(t)
			}
			return p.whole(), true
		case t.kind == tokenOpen:
			r.part(p, t)
		}
	}
	return p.whole(), true
}

// opened tells whether an end tag ends an element around the entry.
func (r *reader) opened(t token) bool {
	for _, f := range r.open {
		if f.name == string(t.name) {
			return true
		}
	}
	return false
}

// parts collects what an entry says, several times over and in any order.
type parts struct {
	rawItem
	about, guid                      string
	rank                             int // of the link so far
	dcTitle, itunesTitle, mediaTitle string
	published, issued, created       string
	updated, modified, dcDate        string
	summary, description             string // the first of either name; the second
	itunesSummary, mediaText         string
	content                          string
	origLink, source                 string
}

// part reads one element of an entry.
func (r *reader) part(p *parts, t token) {
	outside := len(r.bound)
	r.bound = r.bound.with(t, false)
	space, local := r.bound.split(t.name)
	switch space {
	case spaceCore:
		r.corePart(p, t, local)
	case spaceDublinCore, spaceTerms:
		r.dublinPart(p, t, local)
	case spaceContent:
		if local == "encoded" {
			p.content = first(p.content, r.text(t))
		} else {
			r.skip(t)
		}
	case spaceHTML:
		if local == "body" || local == "div" {
			p.content = first(p.content, r.text(t))
		} else {
			r.skip(t)
		}
	case spaceITunes:
		r.itunesPart(p, t, local)
	case spaceMedia:
		r.mediaPart(p, t, local)
	case spaceFeedBurner:
		if local == "origlink" {
			p.origLink = r.text(t)
		} else {
			r.skip(t)
		}
	default:
		r.skip(t)
	}
	r.bound = r.bound[:outside]
}

func (r *reader) corePart(p *parts, t token, local string) {
	switch local {
	case "title":
		p.Title = first(r.text(t), p.Title)
	case "link", "a": // CDF has an "a"
		l := r.linkOf(t)
		p.link(l.href, l.rank)
	case "guid", "id":
		p.permalink = p.permalink || local == "guid" && !strings.EqualFold(t.attr("ispermalink"), "false")
		p.guid = first(p.guid, strings.TrimSpace(r.value(t).text))
	case "pubdate", "published":
		p.published = first(r.text(t), p.published)
	case "issued":
		p.issued = first(p.issued, r.text(t))
	case "created":
		p.created = first(p.created, r.text(t))
	case "updated":
		p.updated = first(r.text(t), p.updated)
	case "modified", "lastmod", "lastbuilddate":
		p.modified = first(r.text(t), p.modified)
	case "date":
		p.dcDate = first(p.dcDate, r.text(t))
	case "description", "summary", "abstract", "tagline":
		p.describe(r.text(t))
	case "content", "fullitem", "body":
		p.source = first(p.source, t.attr("src"))
		if b := rebase(p.base, t); b != p.base {
			p.body = b
		}
		p.content = first(p.content, r.text(t))
	case "author":
		r.author(p, t)
	case "language":
		p.Language = first(r.text(t), p.Language)
	default:
		r.skip(t)
	}
}

// describe takes a summary or a description; of two, the second is the longer
// story, as the feeds that have both mean it.
func (p *parts) describe(text string) {
	switch {
	case strings.TrimSpace(p.summary) == "":
		p.summary = text
	case strings.TrimSpace(p.description) == "":
		p.description = text
	}
}

func (r *reader) dublinPart(p *parts, t token, local string) {
	switch local {
	case "title":
		p.dcTitle = first(p.dcTitle, r.text(t))
	case "description", "abstract":
		p.describe(r.text(t))
	case "creator", "author":
		p.Authors = append(p.Authors, r.text(t))
	case "date":
		p.dcDate = first(p.dcDate, r.text(t))
	case "issued", "available":
		p.issued = first(p.issued, r.text(t))
	case "created":
		p.created = first(p.created, r.text(t))
	case "modified":
		p.modified = first(p.modified, r.text(t))
	case "language":
		p.Language = first(r.text(t), p.Language)
	case "identifier":
		p.about = first(p.about, r.text(t))
	default:
		r.skip(t)
	}
}

func (r *reader) itunesPart(p *parts, t token, local string) {
	switch local {
	case "title":
		p.itunesTitle = first(p.itunesTitle, r.text(t))
	case "summary":
		p.itunesSummary = first(p.itunesSummary, r.text(t))
	case "author":
		p.Authors = append(p.Authors, r.text(t))
	default:
		r.skip(t)
	}
}

func (r *reader) mediaPart(p *parts, t token, local string) {
	switch local {
	case "title":
		p.mediaTitle = first(p.mediaTitle, r.text(t))
	case "description":
		p.mediaText = first(p.mediaText, r.text(t))
	case "group", "content": // what is inside counts: its end tag is passed over
	default:
		r.skip(t)
	}
}

// author reads Atom's person or RSS's line.
func (r *reader) author(p *parts, t token) {
	v := r.value(t)
	if !v.markup {
		p.Authors = append(p.Authors, v.text)
		return
	}
	inner := &reader{scanner: scanner{doc: []byte(v.text)}, feed: r.feed, bound: r.bound}
	var name, email string
	for n := inner.next(); n.kind != tokenEnd; n = inner.next() {
		if n.kind != tokenOpen {
			continue
		}
		switch _, local := inner.bound.split(n.name); local {
		case "name":
			name = first(name, inner.value(n).text)
		case "email":
			email = first(email, inner.value(n).text)
		}
	}
	if name = first(name, email); name == "" {
		name = plain(v.text)
	}
	p.Authors = append(p.Authors, name)
}

// text is an element's content as HTML: what Atom packs in base64 (0.3 says so
// by its mode, 1.0 by a type that is no text; RFC 4287, 4.1.3.3) unpacked,
// what is declared to be plain text escaped.
func (r *reader) text(t token) string {
	v := r.value(t)
	if len(t.attrs) == 0 || v.markup {
		return v.text
	}
	kind, mode := strings.ToLower(t.attr("type")), strings.ToLower(t.attr("mode"))
	switch {
	case mode == "base64", strings.Contains(kind, "/") && !strings.HasPrefix(kind, "text/") && !strings.HasSuffix(kind, "xml"):
		packed := strings.Join(strings.Fields(v.text), "")
		if b, err := base64.StdEncoding.DecodeString(packed); err == nil && utf8.Valid(b) {
			return string(b)
		}
	case (kind == "text" || kind == "text/plain") && mode != "escaped" && strings.Contains(v.text, "<") && !tagged(v.text):
		return html.EscapeString(v.text)
	}
	return v.text
}

// tagged tells whether a text that is said to be plain is HTML all the same.
func tagged(s string) bool {
	for _, sign := range [...]string{"</", "/>", "<br", "<p>", "<img ", "<a "} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}

// skip passes an element over.
func (r *reader) skip(t token) {
	if t.empty {
		return
	}
	for depth := 0; ; {
		n := r.next()
		switch {
		case n.kind == tokenEnd, n.kind != tokenText && r.border(n), n.kind == tokenClose && depth == 0 && r.opened(n):
			r.unread(n)
			return
		case n.kind == tokenOpen && !n.empty && string(n.name) == string(t.name):
			depth++
		case n.kind == tokenClose && string(n.name) == string(t.name):
			if depth--; depth < 0 {
				return
			}
		}
	}
}
