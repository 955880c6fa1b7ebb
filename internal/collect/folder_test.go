package collect

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func write(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderGivesItsTexts(t *testing.T) {
	outside := t.TempDir()
	write(t, filepath.Join(outside, "secret.txt"), "secret")
	dir := filepath.Join(t.TempDir(), "Revue")
	write(t, filepath.Join(dir, "un.txt"), "L'\xe9t\xe9")
	write(t, filepath.Join(dir, "sous", "deux.MD"), "# Deux")
	write(t, filepath.Join(dir, "trois.html"), "<p>\xe9")
	write(t, filepath.Join(dir, "quatre.htm"), "<p>4")
	write(t, filepath.Join(dir, "vide.txt"), " \n")
	write(t, filepath.Join(dir, ".cache.txt"), "hidden")
	write(t, filepath.Join(dir, ".git", "x.txt"), "hidden")
	write(t, filepath.Join(dir, "image.png"), "png")
	write(t, filepath.Join(dir, "enorme.txt"), strings.Repeat("x", maxFileBytes+1))
	for link, target := range map[string]string{"fuite.txt": filepath.Join(outside, "secret.txt"), "fuite2.txt": "../../../etc/passwd", "dedans.txt": "un.txt", "dehors": outside, "boucle.txt": "boucle.txt"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "tube.txt"), 0o600); err != nil {
		t.Fatal(err)
	}
	memory := newLedger()
	c := newCollector(t, memory)
	source := []digest.Source{{ID: "s", Kind: digest.SourceFolder, URL: dir}}
	articles, notes, err := c.Articles(context.Background(), source)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]digest.Raw{}
	for _, a := range articles {
		name := a.Seen
		got[name] = a.Raw
		if a.URL != "" || a.Found != monday || a.SourceName != "Revue" || !a.Published.IsZero() {
			t.Errorf("got %+v", a)
		}
	}
	want := map[string]digest.Raw{
		"un.txt": {Type: "text/plain", Body: []byte("L'été")}, "dedans.txt": {Type: "text/plain", Body: []byte("L'été")},
		"sous/deux.MD": {Type: "text/markdown", Body: []byte("# Deux")},
		"trois.html":   {Type: "text/html", Body: []byte("<p>\xe9")}, "quatre.htm": {Type: "text/html", Body: []byte("<p>4")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var refused []string
	for _, n := range notes {
		if n.Code != "file.unreadable" {
			t.Errorf("note %+v", n)
		}
		refused = append(refused, filepath.Base(n.Where))
	}
	if diff := cmp.Diff([]string{"boucle.txt", "enorme.txt", "fuite.txt", "fuite2.txt", "tube.txt"}, refused); diff != "" {
		t.Error(diff)
	}

	if again, _, err := c.Articles(context.Background(), source); err != nil || len(again) != 0 {
		t.Errorf("the second visit brought %d, %v", len(again), err)
	}
	write(t, filepath.Join(dir, "quatre.htm"), "<p>5")
	if again, _, err := c.Articles(context.Background(), source); err != nil || len(again) != 1 || string(again[0].Raw.Body) != "<p>5" {
		t.Errorf("a changed file brought %+v, %v", again, err)
	}
}

func TestAFolderThatIsNotThereIsANote(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.txt")
	write(t, file, "x")
	for _, path := range []string{filepath.Join(t.TempDir(), "nothing"), file} {
		_, notes, err := newCollector(t, newLedger()).Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourceFolder, URL: path}})
		if err != nil || len(notes) != 1 || notes[0].Code != "source.folder" || notes[0].Where != path {
			t.Errorf("%s: notes %v, error %v", path, notes, err)
		}
	}
	_, notes, err := newCollector(t, newLedger()).Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourceFolder, URL: t.TempDir()}})
	if err != nil || len(notes) != 1 || notes[0].Code != "source.empty" {
		t.Errorf("empty: notes %v, error %v", notes, err)
	}
}

// TestEveryNoteHasItsWords reads the codes out of the sources: what an editor
// is told exists in both languages, and so does what ended a visit.
func TestEveryNoteHasItsWords(t *testing.T) {
	code := regexp.MustCompile(`"((?:source|feed|file|date)\.[a-z-]+)"`)
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	ends := regexp.MustCompile(`(?:fail\(|return )"(source\.[a-z-]+)"`)
	wanted, troubles := map[string]bool{}, map[string]bool{}
	for _, kind := range []string{"address", "dns", "timeout", "tls", "private-address", "robots", "redirect", "too-large", "content"} {
		wanted["source."+kind], troubles["source."+kind] = true, true
	}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllSubmatch(body, -1) {
			wanted[string(m[1])] = true
		}
		for _, m := range ends.FindAllSubmatch(body, -1) {
			troubles[string(m[1])] = true
		}
	}
	for _, lang := range []string{"fr", "en"} {
		words, err := os.ReadFile(filepath.Join("..", "..", "templates", "locales", lang+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for c := range wanted {
			if !strings.Contains(string(words), "\nnote."+c+": ") {
				t.Errorf("%s.yaml has no note.%s", lang, c)
			}
		}
		for c := range troubles {
			if !strings.Contains(string(words), "\ndesk.trouble."+c+": ") {
				t.Errorf("%s.yaml has no desk.trouble.%s", lang, c)
			}
		}
	}
}
