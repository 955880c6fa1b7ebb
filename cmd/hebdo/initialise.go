package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
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
			}{{defaultFile, settingsFile()}, {"newsletter.yaml", []byte(newsletterExample)}}
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
func settingsFile() []byte {
	var b bytes.Buffer
	b.WriteString("# Hebdo: one installation. What belongs to a newsletter is in its own file.\n" +
		"# Each setting can also come from the environment (HEBDO_SMTP_HOST) or a flag\n" +
		"# (--smtp.host): flag before environment before file. `hebdo config` shows what\n" +
		"# is in force and whence.\n")
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
		fmt.Fprintf(&b, "# %s# %s\n# %s%s: %q\n", indent, s.about, indent, name, s.preset)
	}
	return b.Bytes()
}

const newsletterExample = `# One newsletter. Bring it into the database with: hebdo apply newsletter.yaml
# Applying it again changes only what you changed here.

slug: ma-lettre                      # part of addresses: https://…/ma-lettre/12
name: Ma lettre
description: L'actualité de l'IA, une fois par semaine.   # on the sign-up page
topic: ai                            # leaves out what is not about AI; any: nothing
publisher: Association Exemple       # who answers for it
postal_address: |
  1 rue du Port
  44000 Nantes
privacy_url: https://example.org/confidentialite
sender: Ma lettre <lettre@news.example.org>               # a name, then the address
reply_to: redaction@example.org      # a mailbox that somebody reads
editor: redaction@example.org        # is told of drafts, thin weeks and trouble
languages: [fr, en]                  # an edition each; the first is the main one

zone: Europe/Paris                   # in which the times below are meant
draft_at: "0 16 * * 5"               # minute hour day month weekday: Friday 16:00
send_at: "0 7 * * 1"                 # Monday 07:00
window: 7d                           # of the first issue; later ones begin where the last ended
review: required                     # or: auto-after 4h (goes out when nobody objected)
min_stories: 5                       # a week with fewer is not sent

budget:
  themes: 5
  stories_per_theme: 4
  words_per_story: 60
  quote_words: 60                    # at most so many verbatim words of one source in a story

# rank:                              # how much each counts; only the proportions matter
#   sources: 45                      # how many independent sources tell the story
#   freshness: 20
#   prominence: 5                    # how much of their space its sources give it
#   novelty: 5                       # no earlier issue told of it
#   length: 10
#   weight: 15                       # of its sources, see below

# themes:                            # left out: the built-in eight
#   - id: models
#     fr: {label: Modèles, description: Modèles de langage, keywords: [modèle, poids ouverts]}
#     en:
#       label: Models
#       description: Language models, their versions and prices
#       keywords: [model, open weights]
#       examples:                      # sentences of what belongs under it
#         - The lab has released the weights of its new model.

sources:
  - kind: feed                       # RSS, Atom or JSON Feed
    url: https://example.org/feed.xml
    name: Exemple
    language: fr
    weight: 1                        # 0 to 10: how much its word counts
  # - kind: page                     # a page without a feed: its article links
  #   url: https://example.org/blog/
  # - kind: sitemap
  #   url: https://example.org/sitemap.xml
  # - kind: folder                   # text, Markdown and HTML files, newsletters as .eml
  #   url: articles
  # - kind: mailbox                    # other newsletters; the password goes into sources.mailboxes
  #   url: imaps://user@host/INBOX
`
