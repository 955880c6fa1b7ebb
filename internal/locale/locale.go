// Package locale holds the words of the interface: of pages, mails and the
// command line, in French and English. The words themselves are data, one file
// a language in templates/locales: a new language is one more file.
package locale

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"hebdo/internal/digest"
	"hebdo/templates"
)

// Words speaks one language. It is safe for concurrent use.
type Words struct {
	Language  digest.Language
	localizer *i18n.Localizer
}

// For gives the words of a language, those of English where it has none.
func For(lang digest.Language) *Words {
	all := builtIn()
	if w, ok := all[lang]; ok {
		return w
	}
	return all[digest.English]
}

// Languages lists those that the interface speaks, in order of their tags.
func Languages() []digest.Language {
	var langs []digest.Language
	for l := range builtIn() {
		langs = append(langs, l)
	}
	slices.Sort(langs)
	return langs
}

// T gives the text of a key. Pairs are names and values for its {{.Name}}
// fields; "Count" also chooses between the singular and the plural of a text,
// and {{plural .Name "story" "stories"}} of a word in it. A key that no
// language has comes back as it is, so that a page shows what is missing.
func (w *Words) T(key string, pairs ...any) string {
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(pairs) > 0 {
		data := make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			data[fmt.Sprint(pairs[i])] = pairs[i+1]
		}
		config.TemplateData = data
		config.Funcs = template.FuncMap{"plural": w.plural}
		if n, ok := data["Count"].(int); ok {
			config.PluralCount = n
		}
	}
	text, err := w.localizer.Localize(config)
	if text == "" && err != nil {
		return key
	}
	return text
}

// plural gives the form of a word that goes with a count.
func (w *Words) plural(n int, one, other string) string {
	if n == 1 || n == 0 && w.Language == digest.French {
		return one
	}
	return other
}

// Has tells whether some language has the key.
func (w *Words) Has(key string) bool {
	_, err := w.localizer.LocalizeMessage(&i18n.Message{ID: key})
	var missing *i18n.MessageNotFoundErr
	return !errors.As(err, &missing)
}

// builtIn reads the words once; they never change while the program runs.
var builtIn = sync.OnceValue(func() map[digest.Language]*Words {
	all, err := open(templates.FS, "locales")
	if err != nil {
		panic(err) // the files are part of the program: a test keeps them right
	}
	return all
})

// open reads every DIR/xx.yaml.
func open(files fs.FS, dir string) (map[digest.Language]*Words, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
			return nil, fmt.Errorf("words of %s: %w", name, err)
		}
	}
	all := make(map[digest.Language]*Words, len(names))
	for _, name := range names {
		lang := digest.Language(strings.TrimSuffix(path.Base(name), ".yaml"))
		all[lang] = &Words{Language: lang, localizer: i18n.NewLocalizer(bundle, string(lang))}
	}
	if all[digest.English] == nil {
		return nil, fmt.Errorf("%s/en.yaml is missing: other languages fall back on it", dir)
	}
	return all, nil
}
