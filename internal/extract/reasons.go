package extract

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// maxShown is how many lines of a page the reasons quote.
const maxShown = 40

// grounds are what told the parts of an article.
type grounds struct{ kind, date, author string }

// reasons tells why a page was read as it was: what told its kind, title, date
// and authors, how far the extractors agreed, and what became of each line on
// which they did not.
func reasons(f body, m meta, a digest.Article, g grounds) []string {
	var out []string
	say := func(format string, values ...any) { out = append(out, fmt.Sprintf(format, values...)) }
	if g.kind != "" {
		say("kind: %s, because %s", a.Kind, g.kind)
	}
	if a.Title != "" {
		say("title: %s; confirmed by %s", f.named.why, orNothing(witnesses(m, a.Title)))
	}
	if !a.Published.IsZero() {
		say("date: %s, from %s", a.Published.Format("2006-01-02"), g.date)
	}
	if len(a.Authors) > 0 {
		say("author: %s, from %s", strings.Join(a.Authors, "; "), g.author)
	}
	for _, c := range m.refused {
		say("fields: %s about %q is not believed, for the page has another headline", c.from, c.headline)
	}
	return append(out, judgements(f)...)
}

// witnesses are the fields that say a title.
func witnesses(m meta, title string) []string {
	var out []string
	for name, fields := range map[string][]string{"h1": m.h1, "JSON-LD or microdata": m.headlines, "og:title": {m.ogTitle}, "<title>": {m.title}} {
		if slices.ContainsFunc(fields, func(s string) bool { return same(s, title) || begins(s, title) }) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// judgements tells how the text came about: which extractor prevailed, and the
// judge's word on each line that one of them alone kept or that it overruled.
func judgements(f body) []string {
	var agreed, dropped, contested, added int
	var won [voters]int
	var told []string
	needs := f.page.needs()
	for i, l := range f.page.lines {
		keep := f.judged[i].keep
		if l.agreed() && keep || !l.candidate() && !keep {
			if l.agreed() {
				agreed++
			}
			continue
		}
		switch {
		case l.agreed():
			agreed++
			dropped++
		case l.candidate():
			contested++
			for v := range voters {
				if l.kept(v) == keep {
					won[v]++
				}
			}
		default:
			added++
		}
		verb := "dropped"
		if keep {
			verb = "kept"
		}
		if len(told) < maxShown {
			told = append(told, fmt.Sprintf("line %s: %q trafilatura %.2f, readability %.2f, judge %.2f of %.2f needed",
				verb, glimpse(l.text), l.votes[byTrafilatura], l.votes[byReadability], f.judged[i].likely, needs.of(l)))
		}
	}
	head := []string{
		fmt.Sprintf("text: trafilatura and readability agree on %.0f %% of what either keeps", 100*ratio(f.page.agreed, f.page.union)),
		fmt.Sprintf("text: %d lines kept by both, %d of them dropped; of %d contested lines trafilatura was right on %d, readability on %d; %d lines added that neither kept",
			agreed, dropped, contested, won[byTrafilatura], won[byReadability], added),
	}
	if f.fellBack {
		head = append(head, "text: too little was left, so trafilatura's stands")
	}
	return append(head, told...)
}

func glimpse(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "nothing else"
	}
	return strings.Join(list, ", ")
}
