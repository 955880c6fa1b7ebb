package demo

import (
	"errors"
	"html/template"
	"io"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// links leads the addresses in a letter to where this machine answers them.
type links struct {
	base  string              // of the reader's pages: http://127.0.0.1:8080
	local func(string) string // maps the outlets' pages
}

// to maps an address: the made-up public host to the local web server, the
// outlets' pages to the local site. Anything else stays as it is.
func (l links) to(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if there := l.local(address); there != address {
		return there
	}
	if u.Scheme == "https" && u.Host == publicHost {
		return l.base + strings.TrimPrefix(address, "https://"+publicHost)
	}
	return address
}

// followed are the attributes that hold addresses in a letter.
var followed = map[string]bool{"href": true, "src": true, "action": true, "background": true, "cite": true}

// page writes a letter's page again with its addresses mapped and every link
// opening a tab of its own. Addresses that are neither web nor mail lose their
// attribute. All else stays byte for byte: this is no sanitiser, the page is
// served into a sandbox.
func (l links) page(w io.Writer, letter string) error {
	z := html.NewTokenizer(strings.NewReader(letter))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if errors.Is(z.Err(), io.EOF) {
				return nil
			}
			return z.Err()
		}
		raw := append([]byte(nil), z.Raw()...)
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			token := z.Token()
			if l.rewrite(&token) {
				raw = []byte(token.String())
			}
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
	}
}

// rewrite tells whether it changed the tag.
func (l links) rewrite(t *html.Token) bool {
	changed := false
	var kept []html.Attribute
	for _, a := range t.Attr {
		if followed[a.Key] {
			changed = true
			if a.Val = l.to(strings.TrimSpace(a.Val)); !harmless(a.Val) {
				continue
			}
		}
		if t.Data == "a" && (a.Key == "target" || a.Key == "rel") {
			continue
		}
		kept = append(kept, a)
	}
	if t.Data == "a" && changed {
		kept = append(kept, html.Attribute{Key: "target", Val: "_blank"}, html.Attribute{Key: "rel", Val: "noopener noreferrer"})
	}
	t.Attr = kept
	return changed
}

// harmless: an address that a person may follow out of a letter.
func harmless(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https", "mailto", "":
		return true
	}
	return false
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)\]»]`)

// text makes the web addresses of a plain text clickable; they read as they
// were written and lead where they are mapped to.
func (l links) text(s string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range webAddress.FindAllStringIndex(s, -1) {
		b.WriteString(template.HTMLEscapeString(s[at:m[0]]))
		address := s[m[0]:m[1]]
		b.WriteString(`<a target="_blank" rel="noopener noreferrer" href="` + template.HTMLEscapeString(l.to(address)) + `">` + template.HTMLEscapeString(address) + `</a>`)
		at = m[1]
	}
	b.WriteString(template.HTMLEscapeString(s[at:]))
	return template.HTML(b.String()) //nolint:gosec // every part of it was escaped here
}
