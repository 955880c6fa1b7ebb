package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/collect"
	"hebdo/internal/digest"
)

func TestASourcesPasswordIsNotHandedOn(t *testing.T) {
	sources := []digest.Source{
		{Kind: digest.SourceFeed, URL: "https://anna:s3cret@a.example/feed?x=1", Name: "A"},
		{Kind: digest.SourcePage, URL: "http://token@b.example/news"},
		{Kind: digest.SourceFeed, URL: "https://c.example/@anna"},
		{Kind: digest.SourceMailbox, URL: "imaps://anna@d.example/INBOX"},
		{Kind: digest.SourceFolder, URL: "/srv/anna@home"},
	}
	want := append([]digest.Source{
		{Kind: digest.SourceFeed, URL: "https://a.example/feed?x=1", Name: "A"},
		{Kind: digest.SourcePage, URL: "http://b.example/news"},
	}, sources[2:]...)
	got, hidden := public(sources)
	if diff := cmp.Diff(want, got); diff != "" || hidden != 2 {
		t.Errorf("%d hidden: %s", hidden, diff)
	}
	if sources[0].Name != "A" || sources[0].URL == got[0].URL {
		t.Errorf("the source itself was changed: %+v", sources[0])
	}
}

// Whoever imported a stranger's list could have published what lies in a folder
// of the machine.
func TestAnImportedListNamesNoFolderOfThisMachine(t *testing.T) {
	t.Chdir(t.TempDir())
	file, _, _ := strings.Cut(string(newsletterExample("en")), "sources:\n")
	list := collect.WriteOPML("Good sources", []digest.Source{
		{Kind: digest.SourceFeed, URL: "https://a.example/feed", Name: "A"}, {Kind: digest.SourceFolder, URL: "/home/anna/notes", Name: "A blog"},
	})
	for name, body := range map[string]string{"n.yaml": file, "list.opml": string(list)} {
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) (out, errs string) {
		var o, e strings.Builder
		c := newConsole(strings.NewReader(""), &o, &e, func(name string) string {
			return map[string]string{"LANG": "C", "HEBDO_LOG_LEVEL": "error"}[name]
		})
		if code := c.run(t.Context(), args); code != 0 {
			t.Fatalf("%q: exit code %d: %s", args, code, &e)
		}
		return o.String(), e.String()
	}
	run("apply", "n.yaml")
	if _, errs := run("sources", "import", "list.opml"); !strings.Contains(errs, "the folder /home/anna/notes of the list is left out") {
		t.Errorf("it says %q", errs)
	}
	if out, _ := run("sources", "list"); strings.Contains(out, "/home/anna") || !strings.Contains(out, "https://a.example/feed") {
		t.Errorf("the sources are\n%s", out)
	}
}
