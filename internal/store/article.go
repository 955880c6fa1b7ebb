package store

import (
	"hebdo/internal/digest"
)

type articleRow struct {
	ID          string `gorm:"primaryKey"`
	Newsletter  string
	SourceID    string
	SourceName  string
	Seen        string
	Key         string
	Aliases     []string `gorm:"serializer:json;not null"`
	AliasOf     string
	URL         string
	Title       string
	Authors     []string `gorm:"serializer:json;not null"`
	Language    string
	Published   int64
	Modified    int64
	Found       int64
	Excerpt     string
	Kind        string
	Text        string
	FAQ         string
	Image       string
	ImageAlt    string
	ImageWidth  int
	ImageHeight int
	Site        string
	Weight      float64
	State       string
	RawType     string
	RawBody     []byte
	Mark        string
	Looked      int64
	Ready       int64 // from when on an issue may tell of it; 0: it has not been read
}

func (articleRow) TableName() string { return "articles" }

// articleOf makes a row of what came from the network. What extraction has
// read is not kept a second time.
func articleOf(newsletter string, a digest.Article) articleRow {
	row := articleRow{
		ID: a.ID, Newsletter: newsletter, SourceID: a.SourceID, SourceName: clean(a.SourceName),
		Seen: keyed(a.Seen), Key: keyed(a.Key), Aliases: each(a.Aliases, clean), URL: clean(a.URL),
		Title: clean(a.Title), Authors: each(a.Authors, clean), Language: string(a.Language),
		Published: micros(a.Published), Modified: micros(a.Modified), Found: micros(a.Found),
		Excerpt: clean(a.Excerpt), Kind: string(a.Kind), Text: clean(a.Text), FAQ: clean(a.FAQ),
		Image: clean(a.Image), ImageAlt: clean(a.Picture.Alt), ImageWidth: a.Picture.Width, ImageHeight: a.Picture.Height,
		Site: clean(a.Site), Weight: a.Weight, State: string(a.State),
		RawType: clean(a.Raw.Type), RawBody: a.Raw.Body, Mark: clean(a.Mark),
	}
	if a.State == digest.ArticleExtracted {
		row.RawType, row.RawBody = "", nil
	}
	if row.RawBody == nil {
		row.RawBody = []byte{}
	}
	return row
}

func (r articleRow) article() digest.Article {
	a := digest.Article{
		ID: r.ID, SourceID: r.SourceID, SourceName: r.SourceName, Seen: r.Seen, Key: r.Key, Aliases: r.Aliases,
		URL: r.URL, Title: r.Title, Authors: r.Authors, Language: digest.Language(r.Language),
		Published: instant(r.Published), Modified: instant(r.Modified), Found: instant(r.Found),
		Excerpt: r.Excerpt, Kind: digest.ArticleKind(r.Kind), Text: r.Text, FAQ: r.FAQ, Image: r.Image,
		Picture: digest.Picture{Alt: r.ImageAlt, Width: r.ImageWidth, Height: r.ImageHeight}, Site: r.Site,
		Weight: r.Weight, State: digest.ArticleState(r.State), Raw: digest.Raw{Type: r.RawType},
		Mark: r.Mark,
	}
	if len(r.RawBody) > 0 {
		a.Raw.Body = r.RawBody
	}
	return a
}
