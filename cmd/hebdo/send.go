package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"hebdo/internal/audience"
	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// reportJSON is the report of `hebdo send --json`.
type reportJSON struct {
	Issue    string     `json:"issue"`
	State    string     `json:"state"` // of the issue: sent when nobody waits any more
	Queued   int        `json:"queued"`
	Sent     int        `json:"sent"`
	Deferred int        `json:"deferred"`
	Refused  int        `json:"refused"`
	Unsure   int        `json:"unsure"`
	Next     *time.Time `json:"next,omitempty"` // when the first of those who wait is due
	Seconds  float64    `json:"seconds"`
}

// send is `hebdo send`: an approved issue to everyone, or a test to a few.
func (c *console) send() *cobra.Command {
	var slug, to, edition string
	var dry, yes, joined, asJSON bool
	cmd := &cobra.Command{Use: "send [ISSUE]", Short: c.t("send.short"), Long: c.t("send.long"), Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&to, "to", "", c.t("flag.to"))
	cmd.Flags().StringVar(&edition, "edition", "", c.t("flag.edition"))
	cmd.Flags().BoolVar(&dry, "dry-run", false, c.t("flag.dry"))
	cmd.Flags().BoolVar(&yes, "yes", false, c.t("flag.yes"))
	cmd.Flags().BoolVar(&joined, "since-joined", false, c.t("flag.joined"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		// Whether it was given, not what it holds: --to "$ME" with ME unset is no
		// wish to write to everybody.
		trial := cmd.Flags().Changed("to")
		if !trial && cmd.Flags().Changed("edition") {
			return usage("--edition is for a test: say with --to who gets it")
		}
		if trial && dry {
			return usage("--to sends a test, and --dry-run sends nothing: give one of them")
		}
		var addresses []audience.Address
		if trial {
			var err error
			if addresses, err = addressesOf(to); err != nil {
				return err
			}
		}
		h, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer h.Close()
		nl, err := c.theNewsletter(cmd.Context(), h.store, slug)
		if err != nil {
			return err
		}
		if trial {
			return c.sendTest(cmd.Context(), h, nl, first(args), addresses, edition, asJSON)
		}
		issue, err := c.theIssue(cmd.Context(), h.store, nl, first(args),
			digest.InReview, digest.Approved, digest.Sending, digest.Paused, digest.Sent, digest.Cancelled)
		if err != nil {
			return err
		}
		if joined {
			return c.sendFurther(cmd.Context(), h, nl, issue, late(), dry, yes, asJSON)
		}
		if issue.State == digest.Sent {
			return errNothing
		}
		if err := c.sendable(nl, issue, slug); err != nil {
			return err
		}
		readers, err := h.toGo(cmd.Context(), nl, issue)
		if err != nil {
			return err
		}
		if dry {
			return c.would(issue, readers, asJSON, "send.dry", "Number", issue.Number, "Newsletter", nl.Name, "Count", readers, "Subject", subjectOf(issue))
		}
		if !yes && !c.agreed("send.ask", "Number", issue.Number, "Newsletter", nl.Name, "Count", readers) {
			return refusedError{errors.New(c.t("send.notagreed"))}
		}
		if issue.State == digest.Paused { // the person who sends resumes
			if issue, err = h.store.MoveIssue(cmd.Context(), issue.ID, digest.Sending, h.out.now()); err != nil {
				return err
			}
		}
		return c.bring(cmd.Context(), h, nl, issue, asJSON)
	}
	return cmd
}

// would tells to how many readers an issue would go.
func (c *console) would(issue digest.Issue, readers int, asJSON bool, key string, pairs ...any) error {
	if asJSON {
		return c.print(reportJSON{Issue: issue.ID, State: string(issue.State), Queued: readers})
	}
	c.say(key, pairs...)
	return nil
}

// sendable says why an issue cannot be sent, and what would help.
func (c *console) sendable(nl digest.Newsletter, issue digest.Issue, slug string) error {
	if issue.State == digest.Sending || issue.State.May(digest.Sending) {
		return nil
	}
	help := ""
	switch issue.State {
	case digest.Cancelled:
		return c.over(nl, issue)
	case digest.InReview:
		help = c.t("send.approve", "Command", command("approve", issue.Slot, slug))
	case digest.Skipped:
		help = c.t("send.skipped")
	default:
		help = c.t("send.draft")
	}
	return refusedError{fmt.Errorf("%s %s: %w; %s", nl.Slug, issue.Slot, issue.State.Move(digest.Sending), help)}
}

// toGo is how many readers an issue would go to: everybody, or those who still
// wait once it was begun.
func (h *house) toGo(ctx context.Context, nl digest.Newsletter, issue digest.Issue) (int, error) {
	if issue.State != digest.Approved {
		tally, err := h.store.Tally(ctx, issue.ID)
		return tally.Open(), err
	}
	return h.store.CountReaders(ctx, nl.Slug)
}

// deliver sends with a bar on a terminal. Letters that are in another
// process's hands are waited for: theirs are listed when their lease is over.
func (c *console) deliver(ctx context.Context, h *house, nl digest.Newsletter, issue digest.Issue, quiet bool) (deliver.Report, error) {
	stop := func() {}
	if !quiet && terminal(c.err) {
		stop = c.bar(ctx, h, issue.ID)
	}
	defer stop()
	begun := h.out.now()
	for told := 0; ; {
		err := patiently(ctx, h.log, func() error {
			_, err := h.pipeline.Send(ctx, nl, issue.ID)
			return err
		})
		if err != nil {
			return h.reported(ctx, issue.ID, begun), err
		}
		tally, err := h.store.Tally(ctx, issue.ID)
		if err != nil {
			return deliver.Report{}, err
		}
		held := tally.Claimed + tally.Begun
		if held == 0 {
			return h.reported(ctx, issue.ID, begun), nil
		}
		if !quiet && held != told {
			c.warn("send.held", "Count", held)
			told = held
		}
		select {
		case <-ctx.Done():
			return h.reported(ctx, issue.ID, begun), ctx.Err()
		case <-time.After(min(5*time.Second, h.config.Lease/2)):
		}
	}
}

// reported is where the issue's deliveries stand, even after an interruption.
func (h *house) reported(ctx context.Context, issueID string, begun time.Time) deliver.Report {
	tally, err := h.store.Tally(context.WithoutCancel(ctx), issueID)
	if err != nil {
		h.log.ErrorContext(ctx, "the deliveries could not be counted", "issue", issueID, "error", err)
	}
	return deliver.Report{
		Queued: tally.Queued + tally.Claimed + tally.Begun, Sent: tally.Delivered, Deferred: tally.Deferred,
		Refused: tally.Refused, Unsure: tally.Unsure, Seconds: h.out.now().Sub(begun).Seconds(),
	}
}

// bar draws the progress until the returned function is called.
func (c *console) bar(ctx context.Context, h *house, issueID string) func() {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(c.err), progressbar.OptionShowCount(),
			progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetDescription(c.t("send.bar")))
		tick := time.NewTicker(300 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				_ = bar.Clear()
				return
			case <-tick.C:
				if tally, err := h.store.Tally(ctx, issueID); err == nil && tally.All() > 0 {
					bar.ChangeMax(tally.All())
					_ = bar.Set(tally.All() - tally.Open())
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

// addressesOf reads all that --to names, so that none gets a test when one of
// them is wrong.
func addressesOf(to string) ([]audience.Address, error) {
	var all []audience.Address
	for _, one := range strings.FieldsFunc(to, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		address, err := audience.ParseAddress(one)
		if err != nil {
			return nil, usageError{fmt.Errorf("--to %s: %w", one, err)}
		}
		all = append(all, address)
	}
	if len(all) == 0 {
		return nil, usage("--to names no address")
	}
	return all, nil
}

// sendTest brings an issue, whatever its state, to a few addresses: no delivery.
func (c *console) sendTest(ctx context.Context, h *house, nl digest.Newsletter, name string, addresses []audience.Address, edition string, asJSON bool) error {
	issue, err := c.theIssue(ctx, h.store, nl, name, notSkipped...)
	if err != nil {
		return err
	}
	v, err := variant(nl, edition)
	if err != nil {
		return err
	}
	letter, err := h.letter(ctx, nl, issue, v)
	if err != nil {
		return err
	}
	for _, address := range addresses {
		if err := h.courier.Test(ctx, issue, nl, letter, address.Typed); err != nil {
			return fmt.Errorf("the test to %s: %w", address.Typed, err)
		}
		if !asJSON {
			c.say("send.test", "Address", address.Typed, "Subject", letter.Subject)
		}
	}
	if asJSON {
		return c.print(reportJSON{Issue: issue.ID, State: string(issue.State), Sent: len(addresses)})
	}
	return nil
}

// agreed asks a person; where none is there to ask, the answer is no.
func (c *console) agreed(key string, pairs ...any) bool {
	if !terminal(c.in) {
		return false
	}
	fmt.Fprint(c.err, c.t(key, pairs...)+" ")
	answer, _ := bufio.NewReader(c.in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "o", "oui":
		return true
	}
	return false
}
