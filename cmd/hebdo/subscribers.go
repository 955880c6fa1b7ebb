package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/pipeline"
)

// subscribers is `hebdo subscribers`.
func (c *console) subscribers() *cobra.Command {
	cmd := &cobra.Command{Use: "subscribers", Short: c.t("subscribers.short")}
	cmd.AddCommand(c.subscribersList(), c.subscribersAdd(), c.subscribersImport(), c.subscribersExport(),
		c.subscribersRemove(), c.subscribersErase(), c.suppressed())
	return cmd
}

// withBook opens the house and finds the newsletter for one of the commands below.
func (c *console) withBook(cmd *cobra.Command, slug string, do func(h *house, nl digest.Newsletter) error) error {
	h, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer h.Close()
	nl, err := c.theNewsletter(cmd.Context(), h.store, slug)
	if err != nil {
		return err
	}
	return do(h, nl)
}

func (c *console) subscribersList() *cobra.Command {
	var slug string
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: c.t("subscribers.list.short"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.withBook(cmd, slug, func(h *house, nl digest.Newsletter) error {
			for after := ""; ; {
				page, err := h.store.Subscriptions(cmd.Context(), nl.Slug, after, 500)
				if err != nil || len(page) == 0 {
					return err
				}
				for _, sub := range page {
					if err := c.subscription(sub, asJSON); err != nil {
						return err
					}
				}
				after = page[len(page)-1].ID
			}
		})
	}
	return cmd
}

func (c *console) subscription(sub digest.Subscription, asJSON bool) error {
	if asJSON {
		return c.printLine(struct {
			Address     string `json:"address"`
			Name        string `json:"name,omitempty"`
			State       string `json:"state"`
			Language    string `json:"language"`
			Suppression string `json:"suppression,omitempty"`
		}{sub.Subscriber.Address, sub.Name, string(sub.State), string(sub.Language), string(sub.Subscriber.Suppression.Kind)})
	}
	state := c.t("state.subscription." + string(sub.State))
	if kind := sub.Subscriber.Suppression.Kind; kind != "" {
		state += ", " + c.t("state.suppression."+string(kind))
	}
	_, err := fmt.Fprintf(c.out, "%-40s  %s  %s\n", sub.Subscriber.Address, sub.Language, state)
	return err
}

func (c *console) subscribersAdd() *cobra.Command {
	var slug, name, lang, consent string
	cmd := &cobra.Command{Use: "add ADDRESS", Short: c.t("subscribers.add.short"), Long: c.t("subscribers.add.long"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&name, "name", "", c.t("flag.readername"))
	cmd.Flags().StringVar(&lang, "language", "", c.t("flag.language"))
	cmd.Flags().StringVar(&consent, "consent", "", c.t("flag.consent"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		address, err := audience.ParseAddress(args[0])
		if err != nil {
			return usageError{fmt.Errorf("%s: %w", args[0], err)}
		}
		return c.withBook(cmd, slug, func(h *house, nl digest.Newsletter) error {
			if lang != "" && !slices.Contains(nl.Languages, digest.Language(lang)) {
				return usage("--language %s: the newsletter has the languages %s", lang, fmt.Sprint(nl.Languages))
			}
			before, err := h.store.SubscriptionOf(cmd.Context(), nl.Slug, address.Match)
			if err != nil && !errors.Is(err, digest.ErrNotFound) {
				return err
			}
			sub, err := h.book.Add(cmd.Context(), nl, audience.Entry{
				Address: address, Name: name, Language: digest.Language(lang),
				Consent: stated(consent, h.out.now()),
			})
			if errors.Is(err, audience.ErrSuppressed) || errors.Is(err, audience.ErrLeft) {
				return refusedError{fmt.Errorf("%s: %w", args[0], err)}
			}
			if err != nil {
				return err
			}
			state := c.t("state.subscription." + string(sub.State))
			if sub == before { // there already, and left alone
				c.warn("subscribers.added", "Address", sub.Subscriber.Address, "State", state)
				return errNothing
			}
			c.say("subscribers.added", "Address", sub.Subscriber.Address, "State", state)
			return nil
		})
	}
	return cmd
}

// stated is the consent an operator vouches for; empty: none.
func stated(text string, now time.Time) digest.Consent {
	if text == "" {
		return digest.Consent{}
	}
	return digest.Consent{At: now, Source: "command line", Text: text}
}

func (c *console) subscribersExport() *cobra.Command {
	var slug string
	cmd := &cobra.Command{Use: "export", Short: c.t("subscribers.export.short"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.withBook(cmd, slug, func(h *house, nl digest.Newsletter) error {
			nl.Themes = pipeline.ThemesOf(nl)
			return h.book.Export(cmd.Context(), nl, c.data)
		})
	}
	return cmd
}

func (c *console) subscribersRemove() *cobra.Command {
	var slug string
	cmd := &cobra.Command{Use: "remove ADDRESS", Short: c.t("subscribers.remove.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		address, err := audience.ParseAddress(args[0])
		if err != nil {
			return usageError{fmt.Errorf("%s: %w", args[0], err)}
		}
		return c.withBook(cmd, slug, func(h *house, nl digest.Newsletter) error {
			sub, err := h.store.SubscriptionOf(cmd.Context(), nl.Slug, address.Match)
			if errors.Is(err, digest.ErrNotFound) || err == nil && sub.State == digest.Unsubscribed {
				return errNothing
			}
			if err != nil {
				return err
			}
			if _, err := h.book.Unsubscribe(cmd.Context(), sub.ID); err != nil {
				return err
			}
			c.say("subscribers.removed", "Address", args[0], "Newsletter", nl.Name)
			return nil
		})
	}
	return cmd
}

func (c *console) subscribersErase() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{Use: "erase ADDRESS", Short: c.t("subscribers.erase.short"), Args: cobra.ExactArgs(1)}
	cmd.Flags().BoolVar(&yes, "yes", false, c.t("flag.yes"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if _, err := audience.ParseAddress(args[0]); err != nil {
			return usageError{fmt.Errorf("%s: %w", args[0], err)}
		}
		h, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer h.Close()
		if !yes && !c.agreed("subscribers.erase.ask", "Address", args[0]) {
			return refusedError{errors.New(c.t("send.notagreed"))}
		}
		err = h.book.Erase(cmd.Context(), args[0])
		if errors.Is(err, digest.ErrNotFound) {
			return errNothing
		}
		if err != nil {
			return err
		}
		c.say("subscribers.erased", "Address", args[0])
		return nil
	}
	return cmd
}
