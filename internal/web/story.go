package web

import (
	"cmp"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// themeView is a section of an issue as the desk shows it.
type themeView struct {
	ID, Label   string
	First, Last bool
	Stories     []storyView
}

// storyView is a story in the language of the edition shown, with its sources
// and why they are together.
type storyView struct {
	ID          string
	First, Last bool // of its section
	Headline    string
	Lang        digest.Language // of the headline
	URL         string          // of the first source
	Image       *pictureView    // only where its source allows it
	Lead        bool
	Summary     []passage
	Editor      string // who rewrote it; empty: it is in its sources' words
	Sources     []sourceView
	Why         []reasonView
	Evidence    []evidenceView
}

// passage is a sentence and where it was taken from, word for word, or that it is
// an editor's.
type passage struct {
	Text   string
	Lang   digest.Language
	Source string
}

// pictureView is the picture of a story's first source that has one.
type pictureView struct{ URL, Alt string }

// sourceView is one article a story was made from.
type sourceView struct {
	Article          string // its ID
	Name, Title, URL string
	Lang             digest.Language
	Foreign          string // "in French", to a reader of another language
	Minutes          int
	Published        time.Time
	Site             string // where the page is, when the source only led there
	Authors          string
}

// reasonView says why two sources tell one story.
type reasonView struct {
	A, B    string
	Shared  []string
	Percent int
}

// evidenceView is one part of a story's rank.
type evidenceView struct {
	Name  string
	Value float64
}

func themesOf(i digest.Issue, f frame) []themeView {
	var views []themeView
	for n, section := range i.Sections {
		v := themeView{ID: section.Theme.ID, Label: section.Theme.Label(f.Lang), First: n == 0, Last: n == len(i.Sections)-1}
		for k, item := range section.Items {
			story := storyOf(item, f)
			story.First, story.Last = k == 0, k == len(section.Items)-1
			v.Stories = append(v.Stories, story)
		}
		views = append(views, v)
	}
	return views
}

func storyOf(item digest.Item, f frame) storyView {
	w := wordingOf(item, f.Lang)
	v := storyView{ID: item.Story, Headline: w.Headline, Lang: w.HeadlineLanguage, Editor: w.Editor}
	names := map[string]string{}
	for n, c := range item.Citations {
		names[c.Article] = c.Source
		if n == 0 {
			v.URL = c.URL
		}
		if v.Image == nil && strings.HasPrefix(c.Image, "https://") {
			v.Image = &pictureView{c.Image, c.ImageAlt}
		}
		v.Sources = append(v.Sources, sourceView{c.Article, c.Source, cmp.Or(c.Title, c.URL), c.URL, c.Language, f.In(c.Language), c.Minutes, c.Published, c.Site, strings.Join(c.Authors, ", ")})
	}
	for n, sentence := range w.Sentences {
		p := passage{Text: sentence.Text, Lang: sentence.Language, Source: names[sentence.Article]}
		if sentence.Article == "" {
			p.Source = f.T("desk.words.own")
		}
		if n+1 < len(w.Sentences) && w.Sentences[n+1].Article == sentence.Article {
			p.Source = "" // named once, after the last of a run
		}
		v.Summary = append(v.Summary, p)
	}
	for _, why := range item.Why {
		v.Why = append(v.Why, reasonView{names[why.A], names[why.B], why.Shared, int(why.Score*100 + .5)})
	}
	for _, e := range item.Evidence {
		v.Evidence = append(v.Evidence, evidenceView{f.Or("desk.evidence."+e.Name, e.Name), e.Value})
	}
	return v
}

// wordingOf is the story in lang, else in any language it is told in, else
// under the title of its first source.
func wordingOf(item digest.Item, lang digest.Language) digest.Wording {
	if w, ok := item.Wordings[lang]; ok {
		return w
	}
	for _, l := range sorted(item.Wordings) {
		return item.Wordings[l]
	}
	if len(item.Citations) > 0 {
		return digest.Wording{Headline: item.Citations[0].Title, HeadlineLanguage: item.Citations[0].Language}
	}
	return digest.Wording{}
}
