package render

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// What mailbox providers bear.
const (
	budgetHTML = 90_000     // bytes; what Hebdo keeps to
	clipHTML   = 102 * 1024 // bytes; Gmail shows no more, and hides the footer with the link to unsubscribe
	maxStyle   = 8192       // characters of one <style>; Gmail drops a longer one
	maxSubject = 100        // characters
)

var (
	styles   = regexp.MustCompile(`(?s)<style[^>]*>(.*?)</style>`)
	hrefs    = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	numbered = regexp.MustCompile(`^https?://[\d.]+([:/]|$)`)
)

// Check says what would harm an edition of an issue in its readers' mailboxes.
// A Blocker must not be sent.
func (r *Renderer) Check(l digest.Letter) []digest.Note {
	var notes []digest.Note
	add := func(level digest.Level, code, detail string) {
		notes = append(notes, digest.Note{Level: level, Stage: "render", Code: "letter." + code, Where: l.Variant.String(), Detail: detail})
	}
	switch n := len(l.HTML); {
	case n >= clipHTML:
		add(digest.Blocker, "clipped", strconv.Itoa(n/1000))
	case n > budgetHTML:
		add(digest.Warning, "big", strconv.Itoa(n/1000))
	}
	for part, body := range map[string]string{"HTML": l.HTML, "text": l.Text} {
		if !strings.Contains(body, digest.MarkUnsubscribe) {
			add(digest.Blocker, "unsubscribe", part)
		}
	}
	for _, s := range styles.FindAllStringSubmatch(l.HTML, -1) {
		if n := utf8.RuneCountInString(s[1]); n > maxStyle {
			add(digest.Warning, "style", fmt.Sprintf("%d > %d", n, maxStyle))
		}
	}
	switch n := utf8.RuneCountInString(l.Subject); {
	case strings.TrimSpace(l.Subject) == "":
		add(digest.Blocker, "subject.empty", "")
	case n > maxSubject:
		add(digest.Warning, "subject.long", strconv.Itoa(n))
	}
	if n := utf8.RuneCountInString(l.Preheader); n < minPreheader || n > maxPreheader {
		add(digest.Info, "preheader", strconv.Itoa(n))
	}
	for _, h := range hrefs.FindAllStringSubmatch(l.HTML, -1) {
		if strings.HasPrefix(h[1], "http:") || numbered.MatchString(h[1]) {
			add(digest.Warning, "link", h[1])
		}
	}
	return notes
}
