// Package internal_test keeps the house in order: who may import whom, who
// owns which heavy library, how long a file may get, what never stands in it.
// It reads the files itself: a test that asks `go list` is served stale from
// the test cache.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// may lists, for each package of the house, the packages of the house it may
// import. A package that is not here may not exist; cmd may import everything.
var may = map[string][]string{
	"digest":   {},
	"fetch":    {"digest"},
	"text":     {"digest"},
	"locale":   {"digest", "templates"},
	"track":    {"digest"},
	"schedule": {"digest"},

	"collect":       {"digest", "fetch"},
	"extract":       {"digest", "fetch", "text"},
	"story":         {"digest", "text"},
	"llm":           {"digest"},
	"summarise":     {"digest", "text"},
	"compose":       {"digest", "text"},
	"render":        {"digest", "locale", "templates"},
	"deliver":       {"digest", "track"},
	"audience":      {"digest", "track"},
	"store":         {"digest"},
	"mail":          {"digest"},
	"mail/smtptest": {"digest"},
	"bounce":        {"digest", "track"},
	"doctor":        {},

	"store/storetest": {"digest", "store"},

	"pipeline": {"digest", "collect", "extract", "story", "summarise", "compose", "render", "deliver"},
	"web":      {"digest", "audience", "locale", "render", "templates", "track"},
	"demo":     {"digest", "locale", "mail/smtptest"},
}

// owners lists the heavy libraries and the only packages that may import them.
var owners = map[string][]string{
	"github.com/mmcdole/gofeed":           {"collect"},
	"github.com/temoto/robotstxt":         {"fetch"},
	"code.dny.dev/ssrf":                   {"fetch"},
	"github.com/markusmobius/":            {"extract"},
	"codeberg.org/readeck/go-readability": {"extract"},
	"github.com/microcosm-cc/bluemonday":  {"extract", "collect"},
	"github.com/kljensen/snowball":        {"text"},
	"github.com/nicksnyder/go-i18n":       {"locale"},
	"github.com/Masterminds/sprig":        {"render"},
	"github.com/vanng822/go-premailer":    {"render"},
	"github.com/wneessen/go-mail":         {"mail"},
	"github.com/emersion/go-smtp":         {"mail/smtptest"},
	"github.com/emersion/go-imap":         {"mail"},
	"github.com/emersion/go-message":      {"demo", "bounce", "collect"},
	"gorm.io/":                            {"store"},
	"github.com/pressly/goose":            {"store"},
	"github.com/glebarez/":                {"store"},
	"modernc.org/":                        {"store"},
	"github.com/jackc/pgx":                {"store", "store/storetest"},
	"github.com/robfig/cron":              {"schedule"},
	"github.com/alexedwards/scs":          {"web"},
	"golang.org/x/crypto/argon2":          {"web"},
	"github.com/prometheus/":              {"web"},
	"github.com/spf13/cobra":              {"cmd/hebdo"},
	"github.com/schollz/progressbar":      {"cmd/hebdo"},
	"github.com/rogpeppe/go-internal":     {"cmd/hebdo"},
	"pgregory.net/rapid":                  {},
}

// never lists what no file below internal may call: the outside world comes in
// through values, so that tests can set it.
var never = map[string]string{
	"time.Now":      "take now func() time.Time",
	"time.Since":    "take now func() time.Time",
	"time.Until":    "take now func() time.Time",
	"fmt.Print":     "only a command writes to its streams",
	"fmt.Printf":    "only a command writes to its streams",
	"fmt.Println":   "only a command writes to its streams",
	"log.Print":     "take a *slog.Logger",
	"log.Printf":    "take a *slog.Logger",
	"os.Getenv":     "configuration is read in cmd/hebdo",
	"os.LookupEnv":  "configuration is read in cmd/hebdo",
	"slog.Default":  "take a *slog.Logger",
	"rand.Seed":     "take a source",
	"log.Fatal":     "return an error",
	"os.Exit":       "return an error",
	"http.Get":      "use the fetch package",
	"http.Post":     "use the fetch package",
	"template.Must": "return an error: templates may be a user's",
}

type source struct {
	name string // path from the root of the module
	room string // package path below internal, or "cmd/hebdo", "templates"
	test bool
	file *ast.File
	size int
	fset *token.FileSet
}

// suite tells whether a file is a test in all but its name: a conformance
// suite, or a server for tests.
func (s source) suite() bool { return s.test || strings.HasSuffix(s.room, "test") }

func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d files read: the test looks in the wrong place", len(all))
	}
	return all
}

var parsed = sync.OnceValues(func() ([]source, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	var all []source
	fset := token.NewFileSet()
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "testdata") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && name != root {
			return filepath.SkipDir // a module that stands in for a library
		}
		if d.IsDir() || !strings.HasSuffix(base, ".go") {
			return nil
		}
		body, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, body, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		all = append(all, source{
			name: rel,
			room: strings.TrimPrefix(path.Dir(rel), "internal/"),
			test: strings.HasSuffix(base, "_test.go"),
			file: file,
			size: strings.Count(string(body), "\n"),
			fset: fset,
		})
		return nil
	})
	return all, err
})

func (s source) imports() []string {
	var paths []string
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

func TestEveryPackageIsOnTheMap(t *testing.T) {
	for _, s := range sources(t) {
		if s.room == "cmd/hebdo" || s.room == "templates" || s.room == "internal" {
			continue
		}
		if _, ok := may[s.room]; !ok {
			t.Errorf("%s: package %s is not on the map; a new stage changes the map, this test and the table in internal/README.md together", s.name, s.room)
		}
	}
}

func TestArrowsGoDown(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.room == "cmd/hebdo" {
			continue
		}
		for _, p := range s.imports() {
			room, ours := strings.CutPrefix(p, "hebdo/")
			if !ours {
				if s.room == "digest" && strings.Contains(strings.SplitN(p, "/", 2)[0], ".") {
					t.Errorf("%s imports %s: digest knows the standard library only", s.name, p)
				}
				continue
			}
			room = strings.TrimPrefix(room, "internal/")
			if !slices.Contains(may[s.room], room) {
				t.Errorf("%s: %s may not import %s", s.name, s.room, room)
			}
		}
	}
}

func TestHeavyLibrariesHaveOneOwner(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			for library, rooms := range owners {
				if strings.HasPrefix(p, library) && !slices.Contains(rooms, s.room) {
					t.Errorf("%s imports %s, which belongs to %v", s.name, p, rooms)
				}
			}
		}
	}
}

// An owner of what nobody uses any more guards nothing, and hides a misspelling.
func TestOwnedLibrariesAreRequired(t *testing.T) {
	required, err := os.ReadFile(filepath.Join("..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for library := range owners {
		module := strings.TrimSuffix(library, "/argon2")
		if !strings.Contains(string(required), module) {
			t.Errorf("%s is no requirement of go.mod", library)
		}
	}
}

func TestTheMapIsDrawnInTheREADME(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]string{}
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(line, "|"); len(cells) == 6 {
			drawn[strings.Trim(cells[1], " `")] = cells[3]
		}
	}
	for room, imports := range may {
		said, ok := drawn[room]
		if strings.Contains(room, "/") || strings.Contains(said, "all stages") {
			continue
		}
		if !ok {
			t.Errorf("%s is not in the table", room)
		}
		for _, i := range imports {
			if i != "digest" && !slices.Contains(strings.FieldsFunc(said, func(r rune) bool { return r == ',' || r == ' ' }), i) {
				t.Errorf("the table does not say that %s may import %s", room, i)
			}
		}
	}
}

func TestOutsideComesInThroughValues(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.room == "cmd/hebdo" || s.room == "templates" {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", s.name)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok {
				if why, bad := never[x.Name+"."+sel.Sel.Name]; bad {
					t.Errorf("%s uses %s.%s: %s", s.name, x.Name, sel.Sel.Name, why)
				}
			}
			return true
		})
	}
}

func TestInterfacesStaySmall(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if i, ok := spec.Type.(*ast.InterfaceType); ok && len(i.Methods.List) > 5 {
				t.Errorf("%s: interface %s has %d methods: at most 5", s.name, spec.Name.Name, len(i.Methods.List))
			}
			return true
		})
	}
}

func TestNounsCarryNoTags(t *testing.T) {
	for _, s := range sources(t) {
		if s.room != "digest" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok && f.Tag != nil {
				t.Errorf("%s: the tag %s belongs on a row, view or JSON struct of its own", s.name, f.Tag.Value)
			}
			return true
		})
	}
}

func TestFoldersAreNamedInTheTradesWords(t *testing.T) {
	banned := []string{"utils", "util", "common", "models", "helpers", "types", "manager", "service", "services", "lib", "pkg", "core", "base", "misc"}
	for _, s := range sources(t) {
		if slices.Contains(banned, path.Base(s.room)) {
			t.Errorf("%s: %q says nothing about what the package does", s.name, path.Base(s.room))
		}
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	allowed := []string{"cmd", "templates", "internal", "go.mod", "go.sum", "Dockerfile", "README.md", "LICENSE"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) && name != "hebdo" {
			t.Errorf("%s stands at the top level, which holds only %v and dot-files", name, allowed)
		}
	}
}
