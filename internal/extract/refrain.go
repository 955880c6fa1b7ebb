package extract

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// A refrain is a paragraph that several articles of one site begin or end
// with: an appeal, a hint, a slogan. It is nobody's news.
const (
	refrainArticles = 3   // that many articles of a site must have it
	refrainLength   = 500 // in characters, at most
	refrainReach    = 3   // paragraphs from either end of a text
)

// refrains takes out of articles what their sites put into all of them. Only
// the ends of texts are looked at, and nothing is left empty by it.
func refrains(articles []digest.Article) {
	count := map[string]int{}
	each := func(a digest.Article, f func(key string, i int)) []string {
		host := hostOf(a.URL)
		parts := strings.Split(a.Text, "\n\n")
		if host == "" || len(parts) < 2 {
			return nil
		}
		for i, p := range parts {
			if (i < refrainReach || i >= len(parts)-refrainReach) && utf8.RuneCountInString(p) <= refrainLength && letters(p) != "" {
				f(host+" "+letters(p), i)
			}
		}
		return parts
	}
	for _, a := range articles {
		seen := map[string]bool{}
		each(a, func(key string, _ int) {
			if !seen[key] {
				seen[key] = true
				count[key]++
			}
		})
	}
	for n, a := range articles {
		if a.Kind == digest.KindPaper || a.Kind == digest.KindRelease {
			continue
		}
		drop := map[int]bool{}
		parts := each(a, func(key string, i int) { drop[i] = count[key] >= refrainArticles })
		var kept []string
		for i, p := range parts {
			if !drop[i] {
				kept = append(kept, p)
			}
		}
		// More than that is a copy of an article, or a new version of it.
		gone := len(parts) - len(kept)
		if gone > 0 && gone <= 2 {
			articles[n].Text = strings.Join(kept, "\n\n")
		}
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
