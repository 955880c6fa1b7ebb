package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hebdo/internal/digest"
	"hebdo/internal/store"
)

// issuesReport is `hebdo issues report`: who got it, who not and why, who is
// still waiting until when; and on demand, some of them once more.
func (c *console) issuesReport() *cobra.Command {
	var slug, state string
	var asJSON, refused, unsure, yes bool
	cmd := &cobra.Command{Use: "report [ISSUE]", Short: c.t("issues.report.short"), Long: c.t("issues.report.long"), Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&state, "state", "", c.t("flag.state"))
	cmd.Flags().BoolVar(&refused, "retry-refused", false, c.t("flag.retryrefused"))
	cmd.Flags().BoolVar(&unsure, "retry-unsure", false, c.t("flag.retryunsure"))
	cmd.Flags().BoolVar(&yes, "yes", false, c.t("flag.yes"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.MarkFlagsMutuallyExclusive("retry-refused", "retry-unsure")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		states, err := c.deliveryStates(state)
		if err != nil {
			return err
		}
		if refused || unsure {
			what := retry(digest.Refused)
			if unsure {
				what = retry(digest.Unsure)
			}
			return c.withBook(cmd, slug, func(h *house, nl digest.Newsletter) error {
				issue, err := c.reportable(cmd, h.store, nl, args)
				if err != nil {
					return err
				}
				return c.sendFurther(cmd.Context(), h, nl, issue, what, false, yes, asJSON)
			})
		}
		return c.withStore(cmd, func(s *store.Store) error {
			nl, err := c.theNewsletter(cmd.Context(), s, slug)
			if err != nil {
				return err
			}
			issue, err := c.reportable(cmd, s, nl, args)
			if err != nil {
				return err
			}
			return c.report(cmd, s, issue, states, asJSON)
		})
	}
	return cmd
}

func (c *console) reportable(cmd *cobra.Command, s *store.Store, nl digest.Newsletter, args []string) (digest.Issue, error) {
	return c.theIssue(cmd.Context(), s, nl, first(args), digest.Sending, digest.Paused, digest.Sent, digest.Cancelled)
}

// waiting is the --state of everything that something will still happen to.
var waiting = []digest.DeliveryState{digest.Queued, digest.Claimed, digest.Begun, digest.Deferred}

func (c *console) deliveryStates(names string) (states []digest.DeliveryState, err error) {
	for _, name := range strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' }) {
		switch s := digest.DeliveryState(name); {
		case name == "waiting":
			states = append(states, waiting...)
		case s.Final() || s == digest.Queued || s == digest.Claimed || s == digest.Begun || s == digest.Deferred:
			states = append(states, s)
		default:
			return nil, usage("--state %s: %s", name, c.t("issues.report.states"))
		}
	}
	return states, nil
}

// report prints the count and then every delivery, a page at a time: memory
// stays flat.
func (c *console) report(cmd *cobra.Command, s *store.Store, issue digest.Issue, states []digest.DeliveryState, asJSON bool) error {
	still := issue.State == digest.Paused || issue.State == digest.Cancelled
	if !asJSON {
		tally, err := s.Tally(cmd.Context(), issue.ID)
		if err != nil {
			return err
		}
		c.say("issues.report", "Sent", tally.Delivered, "Refused", tally.Refused, "Unsure", tally.Unsure,
			"Waiting", tally.Open(), "All", tally.All())
		if tally.Open() > 0 && still {
			c.say("send."+string(issue.State), "Number", issue.Number, "Newsletter", issue.Newsletter)
		}
	}
	after := ""
	for {
		rows, err := s.Deliveries(cmd.Context(), issue.ID, states, after, 500)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, d := range rows {
			if err := c.delivery(d, still, asJSON); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].SubscriberID
	}
}

// delivery prints one line of a report: JSON Lines, or one for people. Of an
// issue that stands still nothing has a time.
func (c *console) delivery(d digest.Delivery, still, asJSON bool) error {
	due := until(d)
	if still {
		due = nil
	}
	if asJSON {
		return c.printLine(struct {
			Address  string     `json:"address"`
			State    string     `json:"state"`
			Tries    int        `json:"attempts"`
			Code     int        `json:"code,omitempty"`
			Enhanced string     `json:"enhanced,omitempty"`
			Reply    string     `json:"reply,omitempty"`
			First    *time.Time `json:"first_tried,omitempty"`
			Changed  *time.Time `json:"changed,omitempty"`
			Next     *time.Time `json:"next,omitempty"`
		}{d.Address, string(d.State), d.Attempts, d.Code, d.Enhanced, d.Reply, given(d.FirstTried), given(d.Updated), due})
	}
	next := ""
	if due != nil {
		next = c.t("issues.report.until", "Time", due.Format(time.RFC3339)) + "  "
	}
	_, err := fmt.Fprintf(c.out, "%-12s  %-40s  %s%s\n", c.t("state.delivery."+string(d.State)), d.Address, next, c.why(d))
	return err
}

// why is what a server said, or what took its place.
func (c *console) why(d digest.Delivery) string {
	switch key := d.Reply; {
	case d.Code != 0:
		return strings.TrimSpace(fmt.Sprintf("%d %s %s", d.Code, d.Enhanced, d.Reply))
	case d.State != digest.Refused:
	case key == string(digest.Unsubscribed) || key == string(digest.Resting) || key == string(digest.Pending):
		return c.t("state.subscription." + key)
	case key == string(digest.Bounced) || key == string(digest.Complained) || key == string(digest.Erased) || key == string(digest.Barred):
		return c.t("state.suppression." + key)
	}
	return d.Reply
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func until(d digest.Delivery) *time.Time {
	if d.State != digest.Deferred {
		return nil
	}
	return &d.NotBefore
}
