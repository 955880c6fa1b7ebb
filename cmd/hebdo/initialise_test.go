package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// The file of init once named the group http twice: whoever uncommented both
// was told that the file could not be read.
func TestTheSettingsFileCanBeUncommentedWhole(t *testing.T) {
	c := newConsole(nil, io.Discard, io.Discard, func(string) string { return "" })
	var file strings.Builder
	for _, line := range strings.Split(string(c.settingsFile()), "\n")[4:] {
		file.WriteString(strings.TrimPrefix(line, "# ") + "\n")
	}
	name := filepath.Join(t.TempDir(), "hebdo.yaml")
	if err := os.WriteFile(name, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	c.file = name
	_, values, err := c.configure()
	if err != nil {
		t.Fatalf("%v\n%s", err, file.String())
	}
	for _, v := range values {
		if v.text != v.setting.preset || !strings.HasPrefix(v.origin, name) {
			t.Errorf("%s is %q from %s", v.setting.key, v.text, v.origin)
		}
	}
}

func TestTheExampleSaysTheSameInEveryLanguage(t *testing.T) {
	want, err := readNewsletter("newsletter.en.yaml", newsletterExample(digest.English))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locale.Languages() {
		body := newsletterExample(lang)
		got, err := readNewsletter("newsletter."+string(lang)+".yaml", body)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", lang, err, d)
		}
		if lang != digest.English && bytes.Equal(body, newsletterExample(digest.English)) {
			t.Errorf("the example is not written in %s", lang)
		}
	}
}
