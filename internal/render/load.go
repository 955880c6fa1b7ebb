package render

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hebdo/templates"
)

// source is one template file.
type source struct {
	path  string // "email/issue.html"
	text  string
	added bool // the user's own, replacing nothing
}

// maxSource is the most one template file may hold, in bytes.
const maxSource = 256 << 10

// load reads the e-mail templates, the user's in place of the built-in ones of
// the same path, and after them what the user adds.
func load(overlay fs.FS) ([]source, error) {
	builtIn, err := read(templates.FS)
	if err != nil {
		return nil, err
	}
	if overlay == nil {
		return builtIn, nil
	}
	own, err := read(overlay)
	if err != nil {
		return nil, err
	}
	for _, o := range own {
		i := slices.IndexFunc(builtIn, func(s source) bool { return s.path == o.path })
		if i < 0 {
			o.added = true
			builtIn = append(builtIn, o)
			continue
		}
		builtIn[i] = o
	}
	return builtIn, nil
}

// read gives the template files of one tree, in order of their names.
func read(tree fs.FS) ([]source, error) {
	entries, err := fs.ReadDir(tree, "email")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("reading the e-mail templates: %w", err)
	}
	var found []source
	for _, e := range entries {
		name := path.Join("email", e.Name())
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || !slices.Contains([]string{".html", ".txt", ".css"}, path.Ext(name)) {
			continue
		}
		body, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, fmt.Errorf("reading the template %s: %w", name, err)
		}
		if len(body) > maxSource {
			return nil, fmt.Errorf("the template %s has %d kB; at most %d are read", name, len(body)/1024, maxSource/1024)
		}
		text := strings.ReplaceAll(strings.TrimPrefix(string(body), "\ufeff"), "\r\n", "\n")
		found = append(found, source{path: name, text: text})
	}
	return found, nil
}

// outlook matches the two halves of a conditional comment, hidden from or
// shown to other clients.
var outlook = regexp.MustCompile(`<!--\[if [\w ()!&|]+\]>(?:<!-->)?|(?:<!--)?<!\[endif\]-->`)

// protect turns conditional comments into calls that html/template keeps. What
// stands between the halves is escaped like any other part of the page.
func protect(text string) string {
	return outlook.ReplaceAllStringFunc(text, func(comment string) string {
		return "{{conditional " + strconv.Quote(comment) + "}}"
	})
}
