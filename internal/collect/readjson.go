package collect

import (
	"bytes"
	"encoding/json"
	"html"
	"net/url"
	"strconv"
	"strings"
)

// readJSON reads a JSON Feed (jsonfeed.org, 1.0 and 1.1) as far as it goes,
// one entry after the other: of one that breaks off, the whole entries. What
// has the wrong type is taken for what it says.
func readJSON(doc []byte, base *url.URL) *rawFeed {
	feed := &rawFeed{base: base}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return feed
	}
	for d.More() {
		key, err := d.Token()
		name, isName := key.(string)
		if err != nil || !isName {
			break
		}
		if name == "items" {
			if done := feed.readItems(d); done {
				return feed
			}
			continue
		}
		var v any
		if d.Decode(&v) != nil {
			break
		}
		switch name {
		case "version":
			feed.known = feed.known || strings.Contains(asText(v), "jsonfeed.org")
		case "title":
			feed.title = html.EscapeString(asText(v))
		case "home_page_url":
			feed.home = absolute(base, asText(v))
		case "language":
			feed.language = asText(v)
		}
	}
	if _, err := d.Token(); err != nil {
		feed.cut = true
	}
	return feed
}

// readItems reads the list of entries; done when it broke off or is long enough.
func (f *rawFeed) readItems(d *json.Decoder) (done bool) {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		f.cut = true
		return true
	}
	for d.More() {
		if f.full() {
			return true
		}
		var v any
		if d.Decode(&v) != nil {
			f.cut = true
			return true
		}
		entry, ok := v.(map[string]any)
		if !ok {
			f.lost++
			continue
		}
		f.known = true
		f.add(jsonItem(entry, f.base))
	}
	_, err := d.Token()
	f.cut = f.cut || err != nil
	return err != nil
}

func jsonItem(m map[string]any, base *url.URL) *rawItem {
	it := &rawItem{
		GUID: asText(m["id"]), Title: html.EscapeString(asText(m["title"])), base: base,
		Link: first(asText(m["url"]), asText(m["external_url"])), permalink: true,
		Published: asText(m["date_published"]), Updated: asText(m["date_modified"]),
		Description: html.EscapeString(asText(m["summary"])), Content: asText(m["content_html"]),
		Language: asText(m["language"]),
	}
	if strings.TrimSpace(it.Content) == "" {
		it.Content = html.EscapeString(asText(m["content_text"]))
	}
	people, _ := m["authors"].([]any)
	for _, a := range append(people, m["author"]) {
		switch a := a.(type) {
		case map[string]any:
			it.Authors = append(it.Authors, asText(a["name"]))
		case string:
			it.Authors = append(it.Authors, a)
		}
	}
	return it
}

// asText is a value of JSON that is a text or a number.
func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
