package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/bounce"
	"hebdo/internal/digest"
)

// returnedJSON is one message that came back, and what was done about it.
type returnedJSON struct {
	Message  string `json:"message,omitempty"`
	Kind     string `json:"kind"`
	Did      string `json:"did"`
	Address  string `json:"address,omitempty"`
	Delivery string `json:"delivery,omitempty"`
	Code     int    `json:"code,omitempty"`
	Enhanced string `json:"enhanced,omitempty"`
	Reply    string `json:"reply,omitempty"`
	Moved    bool   `json:"moved,omitempty"`
}

// bounce is `hebdo bounce`: a message that came back, from standard input, or
// all of a Maildir.
func (c *console) bounce() *cobra.Command {
	var maildir string
	var asJSON bool
	cmd := &cobra.Command{Use: "bounce", Short: c.t("bounce.short"), Long: c.t("bounce.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&maildir, "maildir", "", c.t("flag.maildir"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		h, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer h.Close()
		if maildir != "" {
			return c.bounceMaildir(cmd.Context(), h, maildir, asJSON)
		}
		r, effect, err := h.takeBack(cmd.Context(), c.in, h.out.now())
		if errors.Is(err, bounce.ErrMessage) {
			return usage("%s", c.t("bounce.nomessage"))
		}
		if err != nil {
			return err
		}
		if err := c.cameBack("", r, effect, asJSON); err != nil {
			return err
		}
		if !effect.Changed() {
			return errNothing
		}
		return nil
	}
	return cmd
}

// takeBack reads one message that came back and does what follows from it.
func (h *house) takeBack(ctx context.Context, message io.Reader, came time.Time) (digest.Returned, digest.Effect, error) {
	r, err := bounce.NewReader(h.links).Read(message)
	if err != nil {
		return r, digest.Effect{}, err
	}
	r.At = came
	effect, err := h.store.Returned(ctx, r)
	return r, effect, err
}

// settled tells whether a message may be put aside: it is certainly a bounce
// or a complaint about a letter from here.
func settled(r digest.Returned, effect digest.Effect) bool {
	return effect.Proven && (r.Kind == digest.ReturnFailed || r.Kind == digest.ReturnComplained)
}

func (c *console) bounceMaildir(ctx context.Context, h *house, dir string, asJSON bool) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return usage("--maildir %s: %s", dir, c.t("bounce.nofolder"))
	}
	seen, moved, changed := 0, 0, 0
	err := bounce.Maildir(dir, func(name string, open func() (*os.File, error)) (bool, error) {
		file, err := open()
		if err != nil {
			return false, err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return false, err
		}
		r, effect, err := h.takeBack(ctx, file, info.ModTime())
		if errors.Is(err, bounce.ErrMessage) {
			c.warn("bounce.skipped", "Message", name)
			return false, nil
		}
		if err != nil {
			return false, err
		}
		seen++
		if settled(r, effect) {
			moved++
		}
		if effect.Changed() {
			changed++
		}
		return settled(r, effect), c.cameBack(name, r, effect, asJSON)
	})
	if err != nil {
		return err
	}
	if !asJSON {
		c.say("bounce.done", "Seen", seen, "Moved", moved)
	}
	if changed == 0 {
		return errNothing
	}
	return nil
}

// cameBack prints what became of one message.
func (c *console) cameBack(name string, r digest.Returned, effect digest.Effect, asJSON bool) error {
	address := cmp.Or(effect.Address, r.Address)
	if asJSON {
		return c.printLine(returnedJSON{
			Message: name, Kind: string(r.Kind), Did: string(effect.Did), Address: address, Delivery: effect.DeliveryID,
			Code: r.Refusal.Code, Enhanced: r.Refusal.Enhanced, Reply: r.Refusal.Text, Moved: name != "" && settled(r, effect),
		})
	}
	line := c.t("returned."+string(r.Kind)) + ": " + c.t("effect."+string(effect.Did))
	if address != "" {
		line = address + ": " + line
	}
	if name != "" {
		line = name + ": " + line
	}
	if r.Kind == digest.ReturnFailed {
		line += " (" + r.Refusal.Error() + ")"
	}
	_, err := fmt.Fprintln(c.out, line)
	return err
}
