package render

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
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
	themes := map[string]string{}
	for _, s := range issue.Sections {
		themes[anchor(s.Theme.ID)] = s.Theme.ID
	}
	var told []digest.Part
	letter.HTML, letter.Parts = withoutSigns(letter.HTML, true, themes)
	letter.Text, told = withoutSigns(letter.Text, false, themes)
	letter.Parts = append(letter.Parts, told...)
	return letter, nil
}

// letter runs the pair of templates NAME.html and NAME.txt on one view.
func (s *set) letter(name string, frame Frame, view any) (digest.Letter, error) {
	var page, plain capped
	if err := run(s.html, &page, name+".html", view); err != nil {
		return digest.Letter{}, err
	}
	html, err := inline(page.String())
	if err != nil {
		return digest.Letter{}, fmt.Errorf("%s.html: %w", name, err)
	}
	if err := run(s.text, &plain, name+".txt", view); err != nil {
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

// runnable is a set of templates, of HTML or of text.
type runnable interface {
	ExecuteTemplate(w io.Writer, name string, data any) error
}

// run executes a template; what the template package does not place is given
// the file's name.
func run(templates runnable, out io.Writer, name string, view any) error {
	err := templates.ExecuteTemplate(out, name, view)
	if errors.Is(err, errTooLong) {
		return fmt.Errorf("template %s: %w", name, err)
	}
	return err
}

var (
	comments = regexp.MustCompile(`(?s)<!--.*?-->`)
	blank    = regexp.MustCompile(`[ \t]*\n\s*`)
	spaces   = regexp.MustCompile(`[ \t]+\n`)
	gaps     = regexp.MustCompile(`\n{3,}`)
)

// inline copies the style sheet into style attributes, for clients that drop
// <style>; what is marked data-premailer="ignore" stays one. Empty lines and
// indentation go: Gmail counts them against its limit.
//
// Comments, which only Outlook reads, stay out of it: the HTML parser would
// undo the escaping of the text inside them.
func inline(page string) (string, error) {
	var kept []string
	page = comments.ReplaceAllStringFunc(page, func(c string) string {
		kept = append(kept, c)
		return "<!--" + strconv.Itoa(len(kept)-1) + "-->"
	})
	p, err := premailer.NewPremailerFromString(page, premailer.NewOptions(premailer.WithCssToAttributes(false)))
	if err != nil {
		return "", fmt.Errorf("reading it back for its style: %w", err)
	}
	page, err = p.Transform()
	if err != nil {
		return "", fmt.Errorf("inlining its style: %w", err)
	}
	page = comments.ReplaceAllStringFunc(page, func(c string) string {
		i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(c, "<!--"), "-->"))
		if err != nil || i >= len(kept) {
			return ""
		}
		return kept[i]
	})
	page = strings.ReplaceAll(page, ` data-premailer="ignore"`, "")
	return strings.TrimSpace(blank.ReplaceAllString(page, "\n")) + "\n", nil
}

// tidyText drops spaces at the ends of lines and makes one empty line of many.
func tidyText(s string) string {
	s = spaces.ReplaceAllString(strings.ReplaceAll(s, "\r", ""), "\n")
	return strings.TrimSpace(gaps.ReplaceAllString(s, "\n\n")) + "\n"
}
