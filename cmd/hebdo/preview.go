package main

import (
	"bytes"
	"context"
	"fmt"
	netmail "net/mail"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
)

// preview is `hebdo preview`: an issue as it is or would be sent.
func (c *console) preview() *cobra.Command {
	var slug, format, out, edition string
	cmd := &cobra.Command{Use: "preview [ISSUE]", Short: c.t("preview.short"), Long: c.t("preview.long"), Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&format, "format", "html", c.t("flag.format"))
	cmd.Flags().StringVar(&out, "out", "", c.t("flag.out"))
	cmd.Flags().StringVar(&edition, "edition", "", c.t("flag.edition"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		h, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer h.Close()
		nl, err := c.theNewsletter(cmd.Context(), h.store, slug)
		if err != nil {
			return err
		}
		issue, err := c.theIssue(cmd.Context(), h.store, nl, first(args), notSkipped...)
		if err != nil {
			return err
		}
		v, err := variant(nl, edition)
		if err != nil {
			return err
		}
		body, err := h.show(cmd.Context(), nl, issue, v, format)
		if err != nil {
			return err
		}
		if out != "" {
			if err := os.WriteFile(out, body, 0o644); err != nil { //nolint:gosec // an issue is public
				return err
			}
			c.warn("preview.wrote", "File", out, "Bytes", len(body))
			return nil
		}
		_, err = c.data.Write(body)
		return err
	}
	return cmd
}

// show gives an issue in one of the formats.
func (h *house) show(ctx context.Context, nl digest.Newsletter, issue digest.Issue, v digest.Variant, format string) ([]byte, error) {
	if format == "json" {
		return h.renderer.JSON(issue, nl)
	}
	letter, err := h.letter(ctx, nl, issue, v)
	if err != nil {
		return nil, err
	}
	switch format {
	case "html":
		return []byte(letter.HTML), nil
	case "text":
		return []byte(letter.Text), nil
	case "eml":
		return h.message(issue, nl, letter)
	}
	return nil, usage("--format %s: use html, text, eml or json", format)
}

// message is the whole mail as a reader would get it, but for links that lead
// to nobody's subscription.
func (h *house) message(issue digest.Issue, nl digest.Newsletter, letter digest.Letter) ([]byte, error) {
	to, err := netmail.ParseAddress(nl.ReplyTo)
	if err != nil {
		return nil, err
	}
	m, err := h.courier.Compose(issue, nl, letter, digest.Delivery{ID: nobody, SubscriptionID: nobody, Address: to.Address})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = mail.Write(m, &b)
	return b.Bytes(), err
}

// nobody is an identifier that nothing has.
const nobody = "00000000-0000-0000-0000-000000000000"

// letter is an edition as frozen by the approval, or as it would be now, for
// readers who leave no theme out.
func (h *house) letter(ctx context.Context, nl digest.Newsletter, issue digest.Issue, v digest.Variant) (digest.Letter, error) {
	editions, err := h.store.Editions(ctx, issue.ID)
	if err != nil {
		return digest.Letter{}, err
	}
	for _, e := range editions {
		if e.Letter.Variant == v {
			return e.Letter.Whole(), nil
		}
	}
	letter, err := h.renderer.Email(issue, nl, v)
	return letter.Whole(), err
}

// variant reads "fr/short", "fr" or nothing.
func variant(nl digest.Newsletter, s string) (digest.Variant, error) {
	v := digest.Variant{Language: nl.MainLanguage(), Length: digest.Full}
	if s == "" {
		return v, nil
	}
	lang, length, _ := strings.Cut(s, "/")
	v.Language = digest.Language(lang)
	if length != "" {
		v.Length = digest.Length(length)
	}
	if v.Length != digest.Full && v.Length != digest.Short {
		return v, usage("--edition %s: the length is full or short", s)
	}
	for _, l := range nl.Languages {
		if l == v.Language {
			return v, nil
		}
	}
	return v, usage("--edition %s: the newsletter has the languages %s", s, fmt.Sprint(nl.Languages))
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}
