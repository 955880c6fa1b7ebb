package collect

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// maxShapes is how many shapes of addresses one page is said to have.
const maxShapes = 3

var (
	numeral = regexp.MustCompile(`^\d+$`)
	year    = regexp.MustCompile(`^(?:19|20)\d\d$`)
)

// learn finds the shapes that the articles' addresses of a page have in common,
// the most frequent first: "/blog/*", "/2*/*/*". A shape that a single link has
// among many is left out; with no shape at all the addresses have nothing in
// common, and their place on the page has to tell.
func learn(links []link) []string {
	count := map[string]int{}
	for _, l := range links {
		if u, err := url.Parse(l.url); err == nil {
			count[shapeOf(u)]++
		}
	}
	var shapes []string
	covered := 0
	for s, n := range count {
		if s != "" && n >= 2 && n*10 >= len(links) {
			shapes = append(shapes, s)
		}
	}
	slices.SortFunc(shapes, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	shapes = shapes[:min(len(shapes), maxShapes)]
	for _, s := range shapes {
		covered += count[s]
	}
	if covered*10 < len(links)*7 {
		return nil
	}
	return shapes
}

// shapeOf is an address with what differs between articles left open. The
// last element always does; one in the middle does when it is a number.
// Addresses told apart by their query, or that stand at the top, have none.
func shapeOf(u *url.URL) string {
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	if len(parts) < 2 || u.RawQuery != "" {
		return ""
	}
	for i, p := range parts {
		switch {
		case i == len(parts)-1, numeral.MatchString(p) && !year.MatchString(p):
			parts[i] = "*"
		case year.MatchString(p):
			parts[i] = p[:1] + "*"
		}
	}
	return "/" + strings.Join(parts, "/")
}

// shaped keeps the links whose address has one of the shapes, set apart by
// spaces. No shape, or one that nothing on the page has any more since the
// site was rebuilt, keeps them all.
func shaped[T any](links []T, shapes string, at func(T) string) []T {
	wanted := strings.Fields(shapes)
	if len(wanted) == 0 {
		return links
	}
	var kept []T
	for _, l := range links {
		if fits(at(l), wanted) {
			kept = append(kept, l)
		}
	}
	if len(kept) == 0 {
		return links
	}
	return kept
}

// fits tells whether an address has one of the shapes. "*" is any one element
// of its path, "/**" at the end whatever lies below.
func fits(raw string, shapes []string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	at := strings.TrimSuffix(u.Path, "/")
	return slices.ContainsFunc(shapes, func(s string) bool {
		if folder, all := strings.CutSuffix(s, "/**"); all {
			return strings.HasPrefix(at, folder+"/")
		}
		ok, err := path.Match(strings.TrimSuffix(s, "/"), at)
		return err == nil && ok
	})
}
