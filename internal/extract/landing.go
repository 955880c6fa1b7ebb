package extract

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	arxivFile = regexp.MustCompile(`^/pdf/(.+?)(?:\.pdf)?$`)
	aclFile   = regexp.MustCompile(`^/([A-Z0-9][^/]+)\.pdf$`)
)

// landing is the page about a paper whose address is that of a PDF: it has
// title, authors and abstract, and a PDF is not read. Any other address stays.
func landing(address string) string {
	u, ok := parseURL(address)
	if !ok {
		return address
	}
	switch strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") {
	case "arxiv.org", "export.arxiv.org":
		if m := arxivFile.FindStringSubmatch(u.Path); m != nil {
			u.Path = "/abs/" + m[1]
			return u.String()
		}
	case "openreview.net":
		if id := u.Query().Get("id"); u.Path == "/pdf" && id != "" {
			u.Path, u.RawQuery = "/forum", url.Values{"id": {id}}.Encode()
			return u.String()
		}
	case "aclanthology.org":
		if m := aclFile.FindStringSubmatch(u.Path); m != nil {
			u.Path = "/" + m[1] + "/"
			return u.String()
		}
	}
	return address
}
