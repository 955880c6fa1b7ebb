package render

import (
	"cmp"
	"html/template"
	"regexp"
	"strings"

	"hebdo/internal/digest"
)

// A template says {{begin .ID}} where it begins to tell of a theme, or
// {{begin .Themes}} of all of them, and {{over}} where it ends, each on a line of
// its own; {{instead .Themes}} begins what those get who leave all of them out.
// While the letter is made there are signs in these places that no text can hold;
// then they go, and what is left of them are the letter's parts.
const (
	beginText, overText = "\x01", "\x02" // line leaves no control character in any text
	beginHTML, overHTML = "<!--part ", "<!--over-->"
)

func markText(before string) func(anchors string) string {
	return func(anchors string) string { return beginText + before + anchors }
}

// markHTML needs anchors, which hold nothing that could end a comment.
func markHTML(before string) func(anchors string) template.HTML {
	return func(anchors string) template.HTML {
		return template.HTML(beginHTML + before + each(anchors, anchor) + "-->")
	}
}

// each makes something else of every word.
func each(words string, of func(string) string) string {
	all := strings.Fields(words)
	for i, w := range all {
		all[i] = of(w)
	}
	return strings.Join(all, " ")
}

var (
	signsText = regexp.MustCompile(`(?m)^(?:` + beginText + `(.*)|` + overText + `)\n`)
	signsHTML = regexp.MustCompile(`(?m)^(?:` + beginHTML + `(.*?)-->|` + overHTML + `)\n`)
)

// withoutSigns takes the signs out of a letter's text or HTML, and tells where
// the parts between them are. themes gives a theme's ID by its anchor.
func withoutSigns(s string, html bool, themes map[string]string) (string, []digest.Part) {
	signs := signsText
	if html {
		signs = signsHTML
	}
	var (
		b     strings.Builder
		parts []digest.Part
		open  digest.Part
		at    int
	)
	for _, m := range signs.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		at = m[1]
		if m[2] >= 0 {
			anchors, instead := strings.CutPrefix(s[m[2]:m[3]], digest.Instead)
			open = digest.Part{HTML: html, From: b.Len(), Theme: each(anchors, func(a string) string { return cmp.Or(themes[a], a) })}
			if instead {
				open.Theme = digest.Instead + open.Theme
			}
			continue
		}
		if open.To = b.Len(); open.Theme != "" && open.To > open.From {
			parts = append(parts, open)
		}
		open = digest.Part{}
	}
	b.WriteString(s[at:])
	return b.String(), parts
}
