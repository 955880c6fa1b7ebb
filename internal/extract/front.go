package extract

import (
	"regexp"
	"strings"

	"hebdo/internal/digest"
)

// fieldNames are the keys that front matter or the first lines of a file may
// use, in French or English, and what they mean here.
var fieldNames = map[string]string{
	"title": "title", "titre": "title",
	"author": "authors", "authors": "authors", "auteur": "authors", "auteurs": "authors", "autrice": "authors", "by": "authors", "par": "authors",
	"date": "published", "published": "published", "publié": "published", "publie": "published", "publication": "published",
	"updated": "modified", "modified": "modified", "modifié": "modified", "lastmod": "modified",
	"lang": "language", "language": "language", "langue": "language",
	"url": "url", "link": "url", "lien": "url", "canonical": "url", "source_url": "url",
}

var fieldLine = regexp.MustCompile(`^\s*([\p{L}_]{2,12})\s*:\s+(.+?)\s*$`)

// frontMatter reads what stands between two lines of hyphens at the very top,
// or else "Title: …" lines, and gives the other lines back.
func frontMatter(lines []string) (map[string]string, []string) {
	fields := map[string]string{}
	fenced := len(lines) > 0 && strings.TrimSpace(lines[0]) == "---"
	start := 0
	if fenced {
		start = 1
	}
	last := ""
	for i := start; i < len(lines) && i < 60; i++ {
		l := lines[i]
		if fenced && (strings.TrimSpace(l) == "---" || strings.TrimSpace(l) == "...") {
			return fields, lines[i+1:]
		}
		m := fieldLine.FindStringSubmatch(l)
		known := ""
		if m != nil {
			known = fieldNames[strings.ToLower(m[1])]
		}
		switch {
		case known != "":
			fields[known] = strings.Trim(strings.Trim(m[2], "[]"), `"'`)
			last = known
		case fenced && last == "authors" && strings.HasPrefix(strings.TrimSpace(l), "- "):
			fields["authors"] += "; " + strings.Trim(strings.TrimPrefix(strings.TrimSpace(l), "- "), `"'`)
		case fenced:
			if key, value, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(value) == "" {
				last = fieldNames[strings.ToLower(strings.TrimSpace(key))]
			}
		default:
			// Without hyphens one such line alone may be a sentence.
			if len(fields) >= 2 {
				return fields, lines[i:]
			}
			return map[string]string{}, lines
		}
	}
	if fenced {
		return map[string]string{}, lines // never closed
	}
	return fields, nil
}

// applyFields lets what a file says of itself win over what its lines look like.
func applyFields(a *digest.Article, fields map[string]string, h Hint) {
	if got := names(fields["authors"]); len(got) > 0 {
		a.Authors = got
	}
	if got, ok := stamp(fields["published"], h.Zone); ok && h.possible(got.at) {
		a.Published = got.at
	}
	if got, ok := stamp(fields["modified"], h.Zone); ok && h.possible(got.at) {
		a.Modified = got.at
	}
	if u := absolute(nil, fields["url"]); u != "" {
		a.URL = u
	}
}
