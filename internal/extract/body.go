package extract

import (
	"net/url"

	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// found is what the library makes of a page.
type found struct {
	blocks []block
	title  string
	author string
	site   string
}

// body looks for the article of a page. Trafilatura compares itself with
// readability and domdistiller and takes the likeliest text; a page in which
// it finds none gives no blocks.
func body(doc *html.Node, u *url.URL) found {
	result, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		OriginalURL:     u,
		EnableFallback:  true,
		ExcludeComments: true,
		// Dates are read by dates.go, once.
		HtmlDateOverride: &htmldate.Result{},
	})
	if err != nil {
		return found{}
	}
	return found{
		blocks: read(result.ContentNode),
		title:  squeeze(result.Metadata.Title),
		author: squeeze(result.Metadata.Author),
		site:   squeeze(result.Metadata.Sitename),
	}
}
