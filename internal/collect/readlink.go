package collect

import "strings"

// ranked is a link and how well it leads to the entry's page; 0: not at all.
type ranked struct {
	href string
	rank int
}

// linkOf reads a link of Atom (in attributes) or RSS (in the text). Of several
// in Atom the page for readers is meant (RFC 4287, 4.2.7).
func (r *reader) linkOf(t token) ranked {
	href := t.attr("href")
	text := r.value(t).text
	if href == "" {
		return ranked{text, 3}
	}
	rel := strings.ToLower(t.attr("rel"))
	if i := strings.LastIndexByte(rel, '/'); i >= 0 { // the registry's full address is allowed as well
		rel = rel[i+1:]
	}
	if rel != "" && rel != "alternate" {
		return ranked{}
	}
	switch kind := strings.ToLower(t.attr("type")); {
	case kind == "", strings.Contains(kind, "html"):
		return ranked{href, 2}
	default:
		return ranked{href, 1}
	}
}

// link takes a link that leads better than the one so far.
func (p *parts) link(href string, rank int) {
	if href = strings.TrimSpace(href); href != "" && rank > p.rank {
		p.Link, p.rank = href, rank
	}
}

// whole chooses among what was collected.
func (p *parts) whole() *rawItem {
	it := p.rawItem
	it.GUID = first(p.guid, p.about)
	it.permalink = p.permalink && p.guid != ""
	it.Title = first(p.Title, p.dcTitle, p.itunesTitle, p.mediaTitle)
	it.Link = first(p.origLink, p.Link, p.source)
	it.Published = first(p.published, p.issued, p.created, p.dcDate)
	it.Updated = first(p.updated, p.modified, p.dcDate)
	it.Description = first(p.summary, p.itunesSummary, p.mediaText)
	it.Content = first(p.content, p.description)
	return &it
}
