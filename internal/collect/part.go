package collect

import (
	"net/url"
	"regexp"
	"strings"
)

// Some feeds tell of one page: a changelog, release notes, a live blog. Their
// entries lead to parts of it, and each is an article of its own, with the
// text that the feed gives. Its address keeps the fragment then, which no
// other article's does.

// anchor is the part of its page that a link names; empty where its fragment
// counts readers (#xtor=RSS-1), or leads to what every page has.
func anchor(link string) string {
	_, fragment, _ := strings.Cut(link, "#")
	if strings.Contains(fragment, "=") || onEveryPage.MatchString(fragment) {
		return ""
	}
	return fragment
}

var onEveryPage = regexp.MustCompile(`(?i)^(?:comments?|commentaires?|respond|reply|disqus(?:_thread)?|more|top|main|content|main-content|start|rss|feed|new|latest|unread)?[-_]?\d*$`)

// atAnchor is the address of an entry by its link alone.
func atAnchor(link string) string {
	if part := anchor(link); part != "" {
		return Canonical(link) + "#" + part
	}
	return Canonical(link)
}

// parts gives the address of each entry that is a part of its page: where
// another entry leads elsewhere on that page, or where the feed tells of hardly
// any other page. Empty: the entry is its page, or the feed gives no text of it.
func (r *rawFeed) parts(links []string) []string {
	on := map[string][]int{}
	for i, link := range links {
		page, _, _ := strings.Cut(link, "#")
		on[page] = append(on[page], i)
	}
	parts := make([]string, len(links))
	for page, entries := range on {
		if page == "" || len(entries) < 2 {
			continue
		}
		anchors := map[string]bool{}
		for _, i := range entries {
			anchors[anchor(links[i])] = true
		}
		for _, i := range entries {
			switch {
			case first(r.items[i].Content, r.items[i].Description) == "":
			case len(anchors) > 1 && anchor(links[i]) != "":
				parts[i] = atAnchor(links[i])
			case anchors[""] && len(anchors) == 1 && 2*len(entries) > len(links) && r.tellApart(entries):
				parts[i] = Canonical(page) + "#:~:text=" + toFind(r.items[i].Title)
			}
		}
	}
	return parts
}

// tellApart tells whether the feed itself says that entries are not one and the
// same: by their titles, and by GUIDs where it has any.
func (r *rawFeed) tellApart(entries []int) bool {
	titles, guids := map[string]bool{}, map[string]bool{}
	for _, i := range entries {
		titles[strings.TrimSpace(r.items[i].Title)] = true
		guids[strings.TrimSpace(r.items[i].GUID)] = true
	}
	named := len(guids) == len(entries) && !guids[""]
	nameless := len(guids) == 1 && guids[""]
	return len(titles) == len(entries) && !titles[""] && (named || nameless)
}

// toFind writes a title as a browser looks for it on the page (WICG, URL
// Fragment Text Directives), where no anchor leads to it.
func toFind(title string) string {
	title = strings.TrimSuffix(clip(plain(title), 100), "…")
	return strings.NewReplacer("+", "%20", "-", "%2D").Replace(url.QueryEscape(title))
}
