package render

import (
	"cmp"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// viewer builds the views of one newsletter for one reader's language.
type viewer struct {
	r     *Renderer
	nl    digest.Newsletter
	lang  digest.Language
	words *locale.Words
}

func (r *Renderer) viewer(nl digest.Newsletter, lang digest.Language) viewer {
	if lang == "" {
		lang = nl.MainLanguage()
	}
	return viewer{r: r, nl: nl, lang: lang, words: r.set(lang).words}
}

// View is an issue as the readers of a language and length see it, for the
// letter and the web edition alike. Where the issue has no words in that
// language, those of the newsletter's main language stand, marked as such.
func (r *Renderer) View(issue digest.Issue, nl digest.Newsletter, v digest.Variant) IssueView {
	w := r.viewer(nl, v.Language)
	front := w.front(issue)
	date := issue.Date.In(zone(nl))
	view := IssueView{
		Frame:   w.frame(),
		Short:   v.Length == digest.Short,
		Number:  issue.Number,
		Label:   w.words.T("letter.draft"),
		Day:     w.words.Date(date),
		Date:    date,
		Count:   issue.Stories(),
		Minutes: minutes(front, v.Length),
		Online:  r.Online(nl, issue.Number, w.lang),
		Archive: r.Archive(nl, w.lang),
	}
	view.Title = w.words.T("letter.title.draft", "Name", view.Newsletter.Name)
	if issue.Number > 0 {
		view.Label = w.words.T("letter.number", "Number", issue.Number)
		view.Title = w.words.T("letter.title", "Name", view.Newsletter.Name, "Number", issue.Number)
	}
	for _, s := range front.Essentials {
		view.Essentials = append(view.Essentials, w.sentence(s))
	}
	for _, s := range issue.Sections {
		if len(s.Items) > 0 {
			view.Sections = append(view.Sections, w.section(s, view.Online, v.Length))
			view.Themes = strings.TrimSpace(view.Themes + " " + anchor(s.Theme.ID))
		}
	}
	view.Made = w.made(view)
	view.Subject = cmp.Or(line(front.Subject, maxLine), view.Title)
	view.Headline = headline(view.Subject, w.words.Language)
	view.Preheader = w.preheader(line(front.Preheader, maxSentence), view)
	return view
}

// made says how a letter was made: of extracts alone, or with stories that an
// editor told.
func (w viewer) made(view IssueView) string {
	for _, s := range view.Sections {
		if slices.ContainsFunc(s.Stories, func(story StoryView) bool { return story.Rewritten }) {
			return w.words.T("letter.made.rewritten")
		}
	}
	return w.words.T("letter.made")
}

// zone is the newsletter's, UTC where it names none that is known.
func zone(nl digest.Newsletter) *time.Location {
	if z, err := time.LoadLocation(nl.Zone); err == nil {
		return z
	}
	return time.UTC
}

func (w viewer) frame() Frame {
	contact := ""
	if a, err := mail.ParseAddress(cmp.Or(w.nl.ReplyTo, w.nl.Sender)); err == nil {
		contact = line(a.Address, maxLine)
	}
	return Frame{
		Lang: string(w.words.Language),
		Dir:  "ltr",
		Newsletter: NewsletterView{
			Slug:          w.nl.Slug,
			Name:          Typeset(line(w.nl.Name, maxLine), w.lang),
			Description:   Typeset(line(w.nl.Description, maxSentence), w.lang),
			Publisher:     line(w.nl.Publisher, maxLine),
			PostalAddress: line(w.nl.Postal(), maxLine),
			Privacy:       link(w.nl.PrivacyURL),
			Contact:       contact,
			Archive:       w.r.Archive(w.nl, w.lang),
			Feed:          w.r.Feed(w.nl, w.lang),
		},
	}
}

// front is the issue's in the reader's language, else in the newsletter's, else any.
func (w viewer) front(issue digest.Issue) digest.Front {
	f, _ := prefer(issue.Fronts, w.lang, w.nl.MainLanguage())
	return f
}

// minutes is the reading time of one edition; 0: unknown.
func minutes(f digest.Front, length digest.Length) int {
	if length == digest.Short {
		return max(f.ShortMinutes, 0)
	}
	return max(f.Minutes, 0)
}

// prefer picks the first language there is, else the first by name.
func prefer[V any](all map[digest.Language]V, langs ...digest.Language) (V, bool) {
	for _, l := range append(langs, slices.Sorted(maps.Keys(all))...) {
		if v, ok := all[l]; ok {
			return v, true
		}
	}
	var none V
	return none, false
}

func (w viewer) section(s digest.Section, online string, length digest.Length) SectionView {
	view := SectionView{
		ID:    anchor(s.Theme.ID),
		Label: Typeset(line(s.Theme.Label(w.lang), maxLine), w.lang),
	}
	view.URL = online + "#" + view.ID
	for i, item := range s.Items {
		story := w.story(item, length)
		story.Lead = i == 0
		view.Stories = append(view.Stories, story)
	}
	view.Top, view.TopLang = view.Stories[0].Headline, view.Stories[0].HeadlineLang
	return view
}

// anchor makes a theme's ID fit for a fragment and an id attribute.
func anchor(id string) string {
	keep := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}
	id = strings.Map(keep, id[:min(len(id), 64)])
	if id == "" || id[0] >= '0' && id[0] <= '9' || id[0] == '-' {
		return "theme-" + id
	}
	return id
}

func (w viewer) story(item digest.Item, length digest.Length) StoryView {
	wording, _ := prefer(item.Wordings, w.lang, w.nl.MainLanguage())
	wording = wording.Cut(length)
	citations := leading(shown(item.Citations), wording.HeadlineLanguage)
	var main digest.Citation
	if len(citations) > 0 {
		main = citations[0]
	}
	title, lang := wording.Headline, wording.HeadlineLanguage
	if title == "" {
		title, lang = main.Title, main.Language
	}
	view := StoryView{
		ID:           anchor(item.Story),
		Headline:     headline(line(title, maxLine), cmp.Or(lang, w.lang)),
		HeadlineLang: w.other(lang),
		URL:          link(main.URL),
		Source:       line(main.Source, maxLine),
		Minutes:      max(main.Minutes, 0),
		InLanguage:   w.inLanguage(main.Language),
		Rewritten:    wording.Editor != "",
	}
	if view.Headline == "" {
		view.Headline = cmp.Or(view.Source, w.words.T("letter.untitled"))
	}
	view.Meta = w.meta(view)
	var summary []string
	for _, s := range wording.Sentences {
		view.Sentences = append(view.Sentences, w.sentence(s))
		summary = append(summary, view.Sentences[len(view.Sentences)-1].Text)
	}
	view.Summary = strings.Join(summary, " ")
	if wording.Matters.Text != "" {
		m := w.sentence(wording.Matters)
		view.Matters = &m
	}
	if length != digest.Short {
		view.Also = w.also(citations)
		view.Image = w.image(main, view.Headline)
	}
	view.Earlier = w.earlier(item.Earlier)
	return view
}

// shown are the citations that readers see: one for each source, and what is quoted.
func shown(all []digest.Citation) []digest.Citation {
	return slices.DeleteFunc(slices.Clone(all), func(c digest.Citation) bool { return c.Further })
}

// earlier links to the page of the issue that told how a story began.
func (w viewer) earlier(e *digest.Earlier) *EarlierView {
	if e == nil || e.Number == 0 {
		return nil
	}
	return &EarlierView{Text: w.words.T("letter.earlier", "Number", e.Number), URL: w.r.began(w.nl, *e, w.lang)}
}

// began is the address of a story in the issue that told its beginning; empty
// for an issue without a number.
func (r *Renderer) began(nl digest.Newsletter, e digest.Earlier, lang digest.Language) string {
	if e.Number == 0 {
		return ""
	}
	online := r.Online(nl, e.Number, lang)
	if e.Story != "" {
		online += "#" + anchor(e.Story)
	}
	return online
}

// leading puts the source that the headline links to first: the item's own,
// unless the headline is in another language and a source of that one is there.
func leading(citations []digest.Citation, lang digest.Language) []digest.Citation {
	i := slices.IndexFunc(citations, func(c digest.Citation) bool { return c.Language == lang })
	if i < 1 {
		return citations
	}
	first := append([]digest.Citation{citations[i]}, citations[:i]...)
	return append(first, citations[i+1:]...)
}

func (w viewer) meta(s StoryView) string {
	var parts []string
	if s.Source != "" {
		parts = append(parts, s.Source)
	}
	if s.Minutes > 0 {
		parts = append(parts, w.words.T("letter.min", "Count", s.Minutes))
	}
	if s.InLanguage != "" {
		parts = append(parts, s.InLanguage)
	}
	if s.Rewritten {
		parts = append(parts, w.words.T("letter.rewritten"))
	}
	return strings.Join(parts, " · ")
}

// also lists the other sources, each name once.
func (w viewer) also(citations []digest.Citation) []CitationView {
	var also []CitationView
	seen := map[string]bool{}
	for i, c := range citations {
		view := CitationView{
			Source:     line(c.Source, maxLine),
			Title:      Typeset(line(c.Title, maxLine), c.Language),
			Lang:       w.other(c.Language),
			URL:        link(c.URL),
			InLanguage: w.inLanguage(c.Language),
		}
		if i > 0 && view.Source != "" && !seen[view.Source] {
			also = append(also, view)
		}
		seen[view.Source] = true
	}
	return also
}

// The room of a picture in pixels, as wide as the text; and the shape most
// publishers use, for one whose own is not known.
const maxPicture, usualHeight = 560, 315

// image lays a picture out in its own shape, which Outlook does not find by
// itself, and never larger than it is. Its words are its page's, else the headline's.
func (w viewer) image(c digest.Citation, title string) *ImageView {
	address := link(c.Image)
	if !strings.HasPrefix(address, "https://") {
		return nil
	}
	view := &ImageView{URL: address, Width: maxPicture, Height: usualHeight, Alt: Typeset(line(c.ImageAlt, maxLine), c.Language), AltLang: w.other(c.Language)}
	if c.ImageWidth > 0 && c.ImageHeight > 0 {
		larger := max(c.ImageWidth, c.ImageHeight, maxPicture)
		view.Width, view.Height = max(1, c.ImageWidth*maxPicture/larger), max(1, c.ImageHeight*maxPicture/larger)
	}
	if view.Alt == "" {
		view.Alt, view.AltLang = w.words.T("letter.picture", "Title", title), ""
	}
	return view
}

func (w viewer) sentence(s digest.Sentence) SentenceView {
	return SentenceView{Text: Typeset(line(s.Text, maxSentence), cmp.Or(s.Language, w.lang)), Lang: w.other(s.Language)}
}

// other gives a language only where it is known and not the reader's.
func (w viewer) other(lang digest.Language) string {
	if lang == w.words.Language {
		return ""
	}
	return string(digest.ParseLanguage(string(lang)))
}

// inLanguage says "en anglais" of what is not in the reader's language.
func (w viewer) inLanguage(lang digest.Language) string {
	tag := w.other(lang)
	if tag == "" || !w.words.Has("language.in."+tag) {
		return tag
	}
	return w.words.T("language.in." + tag)
}

// Bounds of the preheader in characters: below, clients show the start of the
// body behind it; above, none shows it whole.
const minPreheader, maxPreheader = 35, 150

// preheader fills up a short one with the number of stories and the themes.
func (w viewer) preheader(s string, view IssueView) string {
	more := []string{w.words.T("letter.stories", "Count", view.Count)}
	for _, section := range view.Sections {
		more = append(more, section.Label)
	}
	more = append(more, view.Title, view.Day)
	for _, m := range more {
		if utf8.RuneCountInString(s) >= minPreheader {
			break
		}
		s = strings.TrimPrefix(s+" · "+m, " · ")
	}
	return shorten(maxPreheader-1, Typeset(s, w.lang))
}
