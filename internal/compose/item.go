package compose

import (
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// item copies of a story what the letter needs.
func item(s digest.Story, plan Plan) digest.Item {
	it := digest.Item{
		Story: s.ID, Earlier: s.Earlier, Why: append([]digest.Reason(nil), s.Why...), Score: s.Score,
		Evidence: append([]digest.Evidence(nil), s.Evidence...),
		Wordings: map[digest.Language]digest.Wording{},
	}
	for _, l := range plan.Languages {
		if w, ok := s.Wordings[l]; ok {
			w.Sentences = append([]digest.Sentence(nil), w.Sentences...)
			it.Wordings[l] = w
		}
	}
	it.Citations = citations(s, plan)
	return it
}

// citations lists the articles of a story. Those of a source that stands before
// them are further ones, unless they are quoted. Pages that could not be had
// are not referred to.
func citations(s digest.Story, plan Plan) []digest.Citation {
	quoted := map[string]bool{}
	for _, w := range s.Wordings {
		for _, q := range w.Sentences {
			quoted[q.Article] = true
		}
		quoted[w.Matters.Article] = true
	}
	var out []digest.Citation
	sources, urls := map[string]bool{}, map[string]bool{}
	for _, a := range s.Articles {
		switch {
		case a.Kind == digest.KindError || a.Kind == digest.KindListing:
			continue
		case a.URL != "" && urls[a.URL]:
			continue
		}
		further := a.SourceName != "" && sources[a.SourceName] && !quoted[a.ID]
		sources[a.SourceName], urls[a.URL] = true, true
		c := digest.Citation{
			Article: a.ID, Title: a.Title, URL: a.URL, Source: a.SourceName,
			Authors: append([]string(nil), a.Authors...), Language: a.Language, Published: a.Published, Further: further,
		}
		if !strings.EqualFold(a.Site, a.SourceName) {
			c.Site = a.Site
		}
		if a.Readable() {
			c.Minutes = text.Minutes(text.Count(a.Text), a.Language)
		}
		if plan.Images[a.SourceID] {
			c.Image, c.ImageAlt = a.Image, a.Picture.Alt
			c.ImageWidth, c.ImageHeight = a.Picture.Width, a.Picture.Height
		}
		out = append(out, c)
	}
	return out
}
