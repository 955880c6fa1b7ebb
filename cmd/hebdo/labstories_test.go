package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The lists an operator keeps decide in `lab stories` as they do in a newsletter.
func TestLabStoriesKnowsTheVocabularyOfTheFolder(t *testing.T) {
	const twins = `{"id":"fr","language":"fr","text":"Zorvex dévoile la frimousse, un gadget de poche vendu par la firme Taldor aux marins bretons."}
{"id":"en","language":"en","text":"The gizmo for sailors of Brittany arrives: ZV Corp shows its littleface for the harbour trade."}
`
	folder := t.TempDir()
	for name, text := range map[string]string{
		"lexicon.txt": "frimousse = littleface\ngadget = gizmo\nmarins = sailors\nbreton = brittany\n",
		"names.txt":   "Zorvex < Taldor: zv corp\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stories := func(folder string) (int, int, string) {
		var out, errs bytes.Buffer
		c := newConsole(strings.NewReader(twins), &out, &errs, func(name string) string {
			if name == "HEBDO_VOCABULARY" {
				return folder
			}
			return ""
		})
		code := c.run(t.Context(), []string{"lab", "stories"})
		is := map[string]bool{}
		for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			var row struct{ Story string }
			if err := json.Unmarshal([]byte(line), &row); line != "" && err != nil {
				t.Fatal(err)
			}
			is[row.Story] = true
		}
		return code, len(is), errs.String()
	}
	if code, n, said := stories(""); code != 0 || n != 2 {
		t.Errorf("without the folder: exit %d, %d stories %s", code, n, said)
	}
	if code, n, said := stories(folder); code != 0 || n != 1 {
		t.Errorf("with the folder: exit %d, %d stories %s", code, n, said)
	}
	if err := os.WriteFile(filepath.Join(folder, "lexicon.txt"), []byte("chat cat\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, said := stories(folder); code != 2 || !strings.Contains(said, "lexicon.txt") {
		t.Errorf("with a broken list: exit %d, %q", code, said)
	}
}
