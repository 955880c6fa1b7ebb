package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"hebdo/internal/digest"
	"hebdo/internal/web"
)

// shortest is the least length of an editor's password.
const shortest = 12

// admin is `hebdo admin`.
func (c *console) admin() *cobra.Command {
	cmd := &cobra.Command{Use: "admin", Short: c.t("admin.short")}
	create := &cobra.Command{
		Use: "create ADDRESS", Short: c.t("admin.create.short"), Long: c.t("admin.create.long"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			parsed, err := netmail.ParseAddress(args[0])
			if err != nil {
				return usage("%s", c.t("admin.address", "Address", args[0]))
			}
			password, made, err := c.newPassword()
			if err != nil {
				return err
			}
			hash, err := web.HashPassword(password, rand.Reader)
			if err != nil {
				return err
			}
			s, err := c.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			out := theWorld()
			err = s.SaveEditor(cmd.Context(), digest.Editor{
				ID: out.newID(), Address: strings.ToLower(parsed.Address), Password: hash,
				Language: c.words.Language, Created: out.now(),
			})
			if err != nil {
				return err
			}
			c.say("admin.created", "Address", parsed.Address)
			if made {
				c.say("admin.password", "Password", password)
			}
			return nil
		},
	}
	cmd.AddCommand(create)
	return cmd
}

// newPassword asks for one on a terminal, reads one line of a pipe, or makes
// one up (and says so) where the input is empty.
func (c *console) newPassword() (password string, made bool, err error) {
	if f, ok := c.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(c.err, c.t("admin.ask")+" ")
		typed, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(c.err)
		if err != nil {
			return "", false, err
		}
		password = string(typed)
	} else {
		body, err := c.read("-")
		if err != nil {
			return "", false, err
		}
		password, _, _ = strings.Cut(string(body), "\n")
		password = strings.TrimSuffix(password, "\r")
	}
	if password == "" {
		return rand.Text(), true, nil
	}
	if len(password) < shortest {
		return "", false, usageError{errors.New(c.t("admin.tooshort", "Count", shortest))}
	}
	return password, false, nil
}
