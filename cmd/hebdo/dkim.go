package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/mail"
)

// dkimKinds are the keys that sign side by side: RSA, which all verify, and
// Ed25519 (RFC 8463) for those who prefer it.
var dkimKinds = []string{"rsa", "ed25519"}

// dkim is `hebdo dkim`: the keys that sign letters.
func (c *console) dkim() *cobra.Command {
	cmd := &cobra.Command{Use: "dkim", Short: c.t("dkim.short")}
	var domain, dir string
	keygen := &cobra.Command{
		Use: "keygen", Short: c.t("dkim.keygen.short"), Long: c.t("dkim.keygen.long"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			config, _, err := c.configure()
			if err != nil {
				return err
			}
			if domain == "" {
				domain = config.DKIM.Domain
			}
			if err := checkDomain(domain); err != nil || domain == "" {
				return usage("%s", c.t("dkim.keygen.domain"))
			}
			return c.keygen(config, domain, dir)
		},
	}
	keygen.Flags().StringVar(&domain, "domain", "", c.t("dkim.keygen.flag.domain"))
	keygen.Flags().StringVar(&dir, "dir", ".", c.t("dkim.keygen.flag.dir"))
	cmd.AddCommand(keygen)
	return cmd
}

// keygen writes a key of each kind and prints what belongs in DNS and in the
// settings. Neither is written when one of the files is there.
func (c *console) keygen(config Config, domain, dir string) error {
	selectors := map[string]string{"rsa": config.DKIM.RSASelector, "ed25519": config.DKIM.Ed25519Selector}
	file := func(kind string) string { return filepath.Join(dir, "dkim-"+kind+".pem") }
	for _, kind := range dkimKinds {
		if _, err := os.Lstat(file(kind)); !errors.Is(err, fs.ErrNotExist) {
			return refusedError{errors.New(c.t("dkim.keygen.there", "File", file(kind)))}
		}
	}
	var records, lines strings.Builder
	for _, kind := range dkimKinds {
		private, text, err := mail.NewKey(kind)
		if err != nil {
			return err
		}
		key := mail.Key{Domain: domain, Selector: selectors[kind], Private: private}
		record, err := key.Record()
		if err != nil {
			return err
		}
		if err := create(file(kind), text); err != nil {
			return err
		}
		absolute, err := filepath.Abs(file(kind))
		if err != nil {
			return err
		}
		c.say("dkim.keygen.wrote", "File", file(kind))
		fmt.Fprintf(&records, "%s. IN TXT %s\n", key.Name(), quotedStrings(record))
		fmt.Fprintf(&lines, "  %s_key: %q\n", kind, absolute)
	}
	fmt.Fprintf(c.out, "\n%s\n\n%s\n%s\n\ndkim:\n  domain: %s\n%s", c.t("dkim.keygen.dns"), records.String(), c.t("dkim.keygen.settings"), domain, lines.String())
	return nil
}

// quotedStrings is a TXT record as zone files have it: strings of at most 255
// bytes (RFC 1035, 3.3.14), which verifiers join (RFC 6376, 3.6.2.2).
func quotedStrings(s string) string {
	var parts []string
	for len(s) > 255 {
		parts, s = append(parts, `"`+s[:255]+`"`), s[255:]
	}
	return strings.Join(append(parts, `"`+s+`"`), " ")
}
