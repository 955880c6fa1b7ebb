package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
)

// initialise is `hebdo init`: two commented files to start from.
func (c *console) initialise() *cobra.Command {
	return &cobra.Command{
		Use: "init [DIR]", Short: c.t("init.short"), Long: c.t("init.long"), Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			files := []struct {
				name string
				body []byte
			}{{defaultFile, c.settingsFile()}, {"newsletter.yaml", newsletterExample(c.words.Language)}}
			for _, f := range files {
				name := filepath.Join(dir, f.name)
				if err := create(name, f.body); err != nil {
					return err
				}
				c.say("init.wrote", "File", name)
			}
			c.say("init.next", "Dir", dir)
			return nil
		},
	}
}

// create writes a file that must not exist yet: nobody's settings are overwritten.
func create(name string, body []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return refusedError{fmt.Errorf("%s is there already: move it away, or choose another folder", name)}
	}
	if err != nil {
		return err
	}
	if _, err := f.Write(body); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// settingsFile is hebdo.yaml with every setting at its default, commented out.
func (c *console) settingsFile() []byte {
	var b bytes.Buffer
	for line := range strings.Lines(c.t("settings.head") + "\n") {
		b.WriteString("# " + line)
	}
	open := ""
	for _, s := range settings {
		group, name, nested := strings.Cut(s.key, ".")
		indent := ""
		switch {
		case !nested:
			name, open = group, ""
			b.WriteString("\n")
		case group != open:
			fmt.Fprintf(&b, "\n# %s:\n", group)
			open = group
		}
		if nested {
			indent = "  "
		}
		fmt.Fprintf(&b, "# %s# %s\n# %s%s: %q\n", indent, c.t("setting."+s.key), indent, name, s.preset)
	}
	return b.Bytes()
}

//go:embed newsletter.fr.yaml newsletter.en.yaml
var examples embed.FS

// newsletterExample is newsletter.yaml with every field explained, in the
// language of who reads it.
func newsletterExample(lang digest.Language) []byte {
	body, err := examples.ReadFile("newsletter." + string(lang) + ".yaml")
	if err != nil {
		body, _ = examples.ReadFile("newsletter.en.yaml")
	}
	return body
}
