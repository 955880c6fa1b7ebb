package render

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/vanng822/go-premailer/premailer"

	"hebdo/internal/digest"
)

// Email renders one edition of an issue, with digest.MarkUnsubscribe and
// digest.MarkPreferences where the reader's own links go.
func (r *Renderer) Email(issue digest.Issue, nl digest.Newsletter, v digest.Variant) (digest.Letter, error) {
	view := r.View(issue, nl, v)
	view.Unsubscribe, view.Preferences = digest.MarkUnsubscribe, digest.MarkPreferences
	letter, err := r.set(v.Language).letter("email/issue", view.Frame, view)
	if err != nil {
		return digest.Letter{}, fmt.Errorf("rendering the %s edition of issue %s: %w", v, issue.ID, err)
	}
	letter.Variant = v
	return letter, nil
}

// letter runs the pair of templates NAME.html and NAME.txt on one view.
func (s *set) letter(name string, frame Frame, view any) (digest.Letter, error) {
	page := capped{limit: maxOutput}
	if err := s.html.ExecuteTemplate(&page, name+".html", view); err != nil {
		return digest.Letter{}, err
	}
	html, err := inline(page.String())
	if err != nil {
		return digest.Letter{}, fmt.Errorf("%s.html: %w", name, err)
	}
	plain := capped{limit: maxOutput}
	if err := s.text.ExecuteTemplate(&plain, name+".txt", view); err != nil {
		return digest.Letter{}, err
	}
	return digest.Letter{
		Variant:   digest.Variant{Language: s.lang},
		Subject:   frame.Subject,
		Preheader: frame.Preheader,
		HTML:      html,
		Text:      tidyText(plain.String()),
	}, nil
}

var (
	blank  = regexp.MustCompile(`[ \t]*\n\s*`)
	spaces = regexp.MustCompile(`[ \t]+\n`)
	gaps   = regexp.MustCompile(`\n{3,}`)
)

// inline copies the style sheet into style attributes, for clients that drop
// <style>; what is marked data-premailer="ignore" stays one. Empty lines and
// indentation go: Gmail counts them against its limit.
func inline(page string) (string, error) {
	p, err := premailer.NewPremailerFromString(page, premailer.NewOptions(premailer.WithCssToAttributes(false)))
	if err != nil {
		return "", fmt.Errorf("reading it back for its style: %w", err)
	}
	page, err = p.Transform()
	if err != nil {
		return "", fmt.Errorf("inlining its style: %w", err)
	}
	page = strings.ReplaceAll(page, ` data-premailer="ignore"`, "")
	return strings.TrimSpace(blank.ReplaceAllString(page, "\n")) + "\n", nil
}

// tidyText drops spaces at the ends of lines and makes one empty line of many.
func tidyText(s string) string {
	s = spaces.ReplaceAllString(strings.ReplaceAll(s, "\r", ""), "\n")
	return strings.TrimSpace(gaps.ReplaceAllString(s, "\n\n")) + "\n"
}
