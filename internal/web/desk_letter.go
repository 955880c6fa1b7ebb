package web

import (
	"net/http"
	"strings"
)

// letterPolicy lets a letter look as in a mail program and do nothing: no
// script, no form, nothing of this site's cookies or storage (sandbox without
// allow-same-origin). Its links open in a new window.
const letterPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; " +
	"img-src https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// showLetter is the content of the preview's frame.
func (s *site) showLetter(w http.ResponseWriter, r *http.Request) error {
	issue, n, err := s.issue(r)
	if err != nil {
		return err
	}
	letter, err := s.desk.Preview(r.Context(), issue.ID, variantOf(r, n))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", letterPolicy)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Type", "text/html; charset=utf-8")
	serve(w, r, []byte(outward(letter.HTML)))
	return nil
}

// outward makes a letter's links open in a new window: within the frame no
// other site may be shown.
func outward(html string) string {
	start := strings.Index(html, "<head")
	if start < 0 {
		return html
	}
	end := strings.IndexByte(html[start:], '>')
	if end < 0 {
		return html
	}
	at := start + end + 1
	return html[:at] + `<base target="_blank">` + html[at:]
}
