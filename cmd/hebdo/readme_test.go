package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

var update = flag.Bool("update", false, "write the README's table of settings anew")

const readme = "../../README.md"

// settingsTable is the README's table of all settings.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| setting | environment | default | what it is |\n|---|---|---|---|\n")
	for _, s := range settings {
		preset := ""
		if s.preset != "" {
			preset = "`" + s.preset + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", s.key, s.variable(), preset, locale.For(digest.English).T("cli.setting."+s.key))
	}
	return b.String()
}

func TestReadmeNamesEverySettingAndCommand(t *testing.T) {
	body, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(body)
	start := strings.Index(text, "| setting | environment |")
	end := start + strings.Index(text[start:], "\n\n") + 1
	if start < 0 || end <= start {
		t.Fatal("the README has no table of settings")
	}
	if *update {
		text = text[:start] + settingsTable() + text[end:]
		if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if text[start:end] != settingsTable() {
		t.Error("the README's table of settings is not that of the program: go test ./cmd/hebdo -run Readme -update")
	}
	c := newConsole(strings.NewReader(""), os.Stdout, os.Stderr, func(string) string { return "" })
	for _, cmd := range c.root().Commands() {
		if name := cmd.Name(); name != "help" && !strings.Contains(text, "`"+name) && !strings.Contains(text, ", `"+name) {
			t.Errorf("the README does not name the command %s", name)
		}
	}
}
