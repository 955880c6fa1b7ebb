package main

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"hebdo/internal/digest"
	"hebdo/internal/schedule"
	"hebdo/internal/web"
)

// newsletterFile is a newsletter as its YAML file writes it.
type newsletterFile struct {
	Slug          string       `yaml:"slug"`
	Name          string       `yaml:"name"`
	Description   string       `yaml:"description,omitempty"`
	Topic         string       `yaml:"topic,omitempty"`
	Publisher     string       `yaml:"publisher"`
	PostalAddress string       `yaml:"postal_address"`
	PrivacyURL    string       `yaml:"privacy_url"`
	Sender        string       `yaml:"sender"`
	ReplyTo       string       `yaml:"reply_to"`
	Editor        string       `yaml:"editor,omitempty"`
	Languages     []string     `yaml:"languages,flow"`
	Zone          string       `yaml:"zone"`
	DraftAt       string       `yaml:"draft_at,omitempty"`
	SendAt        string       `yaml:"send_at,omitempty"`
	Window        string       `yaml:"window,omitempty"`
	Review        string       `yaml:"review"`
	MinStories    int          `yaml:"min_stories,omitempty"`
	Budget        budgetFile   `yaml:"budget,omitempty"`
	Rank          rankFile     `yaml:"rank,omitempty"`
	Themes        []themeFile  `yaml:"themes,omitempty"`
	Sources       []sourceFile `yaml:"sources,omitempty"`
}

type budgetFile struct {
	Themes          int `yaml:"themes,omitempty"`
	StoriesPerTheme int `yaml:"stories_per_theme,omitempty"`
	WordsPerStory   int `yaml:"words_per_story,omitempty"`
	QuoteWords      int `yaml:"quote_words,omitempty"`
}

type rankFile struct {
	Sources    float64 `yaml:"sources"`
	Freshness  float64 `yaml:"freshness"`
	Prominence float64 `yaml:"prominence"`
	Novelty    float64 `yaml:"novelty"`
	Length     float64 `yaml:"length"`
	Weight     float64 `yaml:"weight"`
}

type themeFile struct {
	ID string      `yaml:"id"`
	FR *themeWords `yaml:"fr,omitempty"`
	EN *themeWords `yaml:"en,omitempty"`
}

type themeWords struct {
	Label       string   `yaml:"label"`
	Description string   `yaml:"description,omitempty"`
	Keywords    []string `yaml:"keywords,flow,omitempty"`
	Examples    []string `yaml:"examples,omitempty"`
}

type sourceFile struct {
	Kind     string  `yaml:"kind"`
	URL      string  `yaml:"url"`
	Name     string  `yaml:"name,omitempty"`
	Language string  `yaml:"language,omitempty"`
	Weight   float64 `yaml:"weight,omitempty"`
	Images   bool    `yaml:"images,omitempty"`
	Links    string  `yaml:"links,omitempty"`
}

// readNewsletter reads one newsletter's file. Every fault names file, line and
// field; all are reported together.
func readNewsletter(name string, body []byte) (digest.Newsletter, error) {
	broken := func(err error) (digest.Newsletter, error) {
		return digest.Newsletter{}, usage("%s: %s", name, yaml.FormatError(err, false, true))
	}
	tree, err := parser.ParseBytes(body, 0)
	if err != nil {
		return broken(err)
	}
	var f newsletterFile
	var faults []digest.Fault
	for _, doc := range tree.Docs {
		faults = append(faults, shapeFaults(doc.Body, reflect.TypeFor[newsletterFile](), "")...)
	}
	if err := yaml.Unmarshal(body, &f); err != nil && len(faults) == 0 && !errors.Is(err, io.EOF) {
		return broken(err)
	}
	nl, more := f.newsletter()
	for _, fault := range slices.Concat(more, nl.Faults(), siteFaults(nl)) {
		same := func(other digest.Fault) bool { return other.Field == fault.Field }
		if !slices.ContainsFunc(faults, same) { // what has the wrong shape was not read: that it is missing would mislead
			faults = append(faults, fault)
		}
	}
	if len(faults) == 0 {
		return nl, nil
	}
	var all []error
	for _, fault := range faults {
		all = append(all, fmt.Errorf("%s:%s %w", name, lineOf(tree, fault.Field), fault))
	}
	return nl, usageError{errors.Join(all...)}
}

// siteFaults are those that the schedule and the pages find.
func siteFaults(nl digest.Newsletter) []digest.Fault {
	var faults []digest.Fault
	if web.Reserved(nl.Slug) {
		faults = append(faults, digest.Fault{Field: "slug", Text: fmt.Sprintf("%q is taken by the site itself: choose another", nl.Slug)})
	}
	zone, err := time.LoadLocation(nl.Zone)
	if err != nil {
		zone = time.UTC // the zone is reported already; the times can be read all the same
	}
	for _, at := range []struct{ field, spec string }{{"draft_at", nl.DraftAt}, {"send_at", nl.SendAt}} {
		if at.spec == "" {
			continue
		}
		if _, err := schedule.Parse(at.spec, zone); err != nil {
			faults = append(faults, digest.Fault{Field: at.field, Text: err.Error()})
		}
	}
	if nl.DraftAt != "" && nl.SendAt == "" || nl.DraftAt == "" && nl.SendAt != "" {
		faults = append(faults, digest.Fault{Field: "send_at", Text: "give both draft_at and send_at, or neither to work by hand"})
	}
	return faults
}

// lineOf finds the line of a field such as "sources[2].url", or of what it
// stands in; nothing where the file does not have it at all.
func lineOf(tree *ast.File, field string) string {
	for field != "" {
		if path, err := yaml.PathString("$." + field); err == nil {
			if node, err := path.FilterFile(tree); err == nil && node != nil {
				return strconv.Itoa(node.GetToken().Position.Line) + ":"
			}
		}
		cut := strings.LastIndexAny(field, ".[")
		if cut < 0 {
			break
		}
		field = field[:cut]
	}
	return ""
}

func (f newsletterFile) newsletter() (digest.Newsletter, []digest.Fault) {
	var faults []digest.Fault
	nl := digest.Newsletter{
		Slug: f.Slug, Name: f.Name, Description: f.Description, Topic: digest.Topic(f.Topic), Publisher: f.Publisher,
		PostalAddress: strings.TrimSpace(f.PostalAddress), PrivacyURL: f.PrivacyURL,
		Sender: f.Sender, ReplyTo: f.ReplyTo, Editor: f.Editor, Zone: f.Zone,
		DraftAt: f.DraftAt, SendAt: f.SendAt, MinStories: f.MinStories,
		Budget: digest.Budget(f.Budget), Rank: digest.Weights(f.Rank),
	}
	for _, l := range f.Languages {
		nl.Languages = append(nl.Languages, digest.Language(l))
	}
	var err error
	if nl.Window, err = span(f.Window); err != nil {
		faults = append(faults, digest.Fault{Field: "window", Text: err.Error()})
	}
	mode, after, _ := strings.Cut(strings.TrimSpace(f.Review), " ")
	nl.Review.Mode = digest.ReviewMode(mode)
	if nl.Review.After, err = span(after); err != nil {
		faults = append(faults, digest.Fault{Field: "review", Text: err.Error()})
	}
	for _, t := range f.Themes {
		nl.Themes = append(nl.Themes, t.theme())
	}
	for _, s := range f.Sources {
		nl.Sources = append(nl.Sources, digest.Source{
			Newsletter: f.Slug, Kind: digest.SourceKind(s.Kind), URL: s.URL, Name: s.Name,
			Language: digest.Language(s.Language), Weight: s.Weight, Images: s.Images, Links: s.Links,
		})
	}
	return nl, faults
}

func (t themeFile) theme() digest.Theme {
	theme := digest.Theme{ID: t.ID, Words: map[digest.Language]digest.ThemeWords{}}
	for lang, w := range map[digest.Language]*themeWords{digest.French: t.FR, digest.English: t.EN} {
		if w != nil {
			theme.Words[lang] = digest.ThemeWords(*w)
		}
	}
	return theme
}

var daySpan = regexp.MustCompile(`^(\d{1,3})d$`)

// span reads "36h", "90m" or whole days, "7d".
func span(s string) (time.Duration, error) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, nil
	}
	if m := daySpan.FindStringSubmatch(s); m != nil {
		days, _ := strconv.Atoi(m[1])
		return time.Duration(days) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is no span of time: write 7d, 36h or 90m", s)
	}
	return d, nil
}

// writeSpan is the shortest form that span reads back.
func writeSpan(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + "d"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	}
	return d.String()
}

// writeNewsletter is the file that reads back as nl.
func writeNewsletter(nl digest.Newsletter) ([]byte, error) {
	f := newsletterFile{
		Slug: nl.Slug, Name: nl.Name, Description: nl.Description, Topic: string(nl.Topic), Publisher: nl.Publisher,
		PostalAddress: nl.PostalAddress, PrivacyURL: nl.PrivacyURL, Sender: nl.Sender,
		ReplyTo: nl.ReplyTo, Editor: nl.Editor, Zone: nl.Zone, DraftAt: nl.DraftAt, SendAt: nl.SendAt,
		Window: writeSpan(nl.Window), MinStories: nl.MinStories, Budget: budgetFile(nl.Budget), Rank: rankFile(nl.Rank),
		Review: strings.TrimSpace(string(nl.Review.Mode) + " " + writeSpan(nl.Review.After)),
	}
	for _, l := range nl.Languages {
		f.Languages = append(f.Languages, string(l))
	}
	for _, t := range nl.Themes {
		f.Themes = append(f.Themes, writeTheme(t))
	}
	for _, s := range nl.Sources {
		f.Sources = append(f.Sources, sourceFile{string(s.Kind), s.URL, s.Name, string(s.Language), s.Weight, s.Images, s.Links})
	}
	return yaml.MarshalWithOptions(f, yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
}

func writeTheme(t digest.Theme) themeFile {
	out := themeFile{ID: t.ID}
	if w, ok := t.Words[digest.French]; ok {
		words := themeWords(w)
		out.FR = &words
	}
	if w, ok := t.Words[digest.English]; ok {
		words := themeWords(w)
		out.EN = &words
	}
	return out
}
