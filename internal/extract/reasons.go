package extract

import (
	"fmt"
	"slices"

	"hebdo/internal/digest"
)

// reasons tells why a page was read as it was: how far the extractors agreed,
// what the judge did where they did not, which fields confirm the title.
func reasons(f body, m meta, a digest.Article, told string) []string {
	var agreed, dropped, contested, won, added int
	for i, l := range f.page.lines {
		keep := f.judged[i].keep
		switch {
		case l.agreed():
			agreed++
			if !keep {
				dropped++
			}
		case l.candidate():
			contested++
			if keep {
				won++
			}
		case keep:
			added++
		}
	}
	out := []string{
		fmt.Sprintf("text: trafilatura and readability agree on %.0f %% of what either keeps", 100*ratio(f.page.agreed, f.page.union)),
		fmt.Sprintf("text: %d lines kept by both, %d of them dropped; of %d contested lines %d kept; %d lines added that neither kept", agreed, dropped, contested, won, added),
	}
	if f.fellBack {
		out = append(out, "text: too little was left, so trafilatura's stands")
	}
	if told != "" {
		out = append(out, "kind: "+string(a.Kind)+", because "+told)
	}
	for _, c := range m.refused {
		out = append(out, fmt.Sprintf("fields: %s about %q is not believed, for the page has another headline", c.from, c.headline))
	}
	var witnesses []string
	for name, fields := range map[string][]string{"h1": m.h1, "JSON-LD": m.headlines, "og:title": {m.ogTitle}, "<title>": {m.title}} {
		if slices.ContainsFunc(fields, func(s string) bool { return same(s, a.Title) || begins(s, a.Title) }) {
			witnesses = append(witnesses, name)
		}
	}
	slices.Sort(witnesses)
	out = append(out, fmt.Sprintf("title: confirmed by %v", witnesses))
	if len(m.people) > 0 && len(a.Authors) > 0 {
		out = append(out, fmt.Sprintf("author: JSON-LD agrees: %v", slices.ContainsFunc(m.people, func(s string) bool { return len(names(s)) > 0 && has(a.Authors, names(s)[0]) })))
	}
	return out
}
