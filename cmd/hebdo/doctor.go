package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/net/idna"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/doctor"
)

// findingJSON is what one look of `hebdo doctor` brought.
type findingJSON struct {
	Check  string      `json:"check"`
	Code   string      `json:"code"`
	Level  string      `json:"level"`
	Where  string      `json:"where"`
	Detail string      `json:"detail,omitempty"`
	Text   string      `json:"text"`
	Record *recordJSON `json:"record,omitempty"`
}

type recordJSON struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// doctor is `hebdo doctor`: what the world sees of the sender.
func (c *console) doctor() *cobra.Command {
	var slug, to, dns string
	var selectors []string
	var asJSON bool
	cmd := &cobra.Command{Use: "doctor", Short: c.t("doctor.short"), Long: c.t("doctor.long"), Args: cobra.NoArgs}
	cmd.Flags().StringVar(&slug, "newsletter", "", c.t("flag.newsletter"))
	cmd.Flags().StringVar(&to, "to", "", c.t("flag.doctorto"))
	cmd.Flags().StringVar(&dns, "dns", "", c.t("flag.dns"))
	cmd.Flags().StringSliceVar(&selectors, "selector", nil, c.t("flag.selector"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("flag.json"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if _, err := audience.ParseAddress(to); to != "" && err != nil {
			return usageError{fmt.Errorf("--to %s: %w", to, err)}
		}
		return c.withBook(cmd, slug, func(h *house, nl digest.Newsletter) error {
			domain, err := domainOf(nl.Sender)
			if err != nil {
				return usage("%s", c.t("doctor.sender", "Newsletter", nl.Slug))
			}
			all := doctor.Examine(cmd.Context(), h.examination(domain, dns, selectors))
			if h.config.PublicURL.Scheme != "https" {
				all = append(all, doctor.Finding{Check: "web", Code: "web.plain", Level: doctor.Warning, Where: h.config.PublicURL.String()})
			}
			if to != "" {
				all = append(all, h.trial(cmd.Context(), nl, domain, to, c.t("doctor.subject"), c.t("doctor.body")))
			}
			return c.diagnose(all, asJSON)
		})
	}
	return cmd
}

func domainOf(sender string) (string, error) {
	from, err := mail.ParseAddress(sender)
	if err != nil {
		return "", err
	}
	return idna.Lookup.ToASCII(from.Address[strings.LastIndexByte(from.Address, '@')+1:])
}

// examination is what to look at, as configured.
func (h *house) examination(domain, dns string, selectors []string) doctor.Options {
	smtp, dkim := h.config.SMTP, h.config.DKIM
	o := doctor.Options{
		Domain: domain, DKIM: dkim.Domain, Resolver: net.DefaultResolver, Now: h.out.now,
		Relays: []doctor.Relay{{Host: smtp.Host, Port: smtp.Port, TLS: smtp.TLS, LogIn: smtp.Username != ""}},
	}
	for _, r := range smtp.Relays { // letters go through all of them, and so does the test message
		o.Relays = append(o.Relays, doctor.Relay{Host: r.Host, Port: r.Port, TLS: r.TLS, LogIn: r.Username != ""})
	}
	if dns != "" {
		if _, _, err := net.SplitHostPort(dns); err != nil {
			dns = net.JoinHostPort(dns, "53")
		}
		o.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, dns)
		}}
	}
	if dkim.Domain != "" && dkim.RSA != nil {
		o.Keys = append(o.Keys, doctor.Key{Selector: dkim.RSASelector, Public: dkim.RSA.Public()})
	}
	if dkim.Domain != "" && dkim.Ed25519 != nil {
		o.Keys = append(o.Keys, doctor.Key{Selector: dkim.Ed25519Selector, Public: dkim.Ed25519.Public()})
	}
	for _, s := range selectors {
		o.Keys = append(o.Keys, doctor.Key{Selector: s})
	}
	return o
}

// trial sends a mail the way letters go and tells what the relay answered.
func (h *house) trial(ctx context.Context, nl digest.Newsletter, domain, to, subject, body string) doctor.Finding {
	out := doctor.Finding{Check: "message", Code: "message.fine", Level: doctor.Fine, Where: to}
	err := h.smtp.Send(ctx, digest.Mail{
		From: nl.Sender, ReplyTo: nl.ReplyTo, To: to, EnvelopeFrom: "bounce@" + domain, Subject: subject, Text: body,
		Language: nl.MainLanguage(), Date: h.out.now(),
		Headers: []digest.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	})
	var refusal digest.Refusal
	switch {
	case errors.As(err, &refusal):
		out.Code, out.Level, out.Detail = "message.refused", doctor.Fault, refusal.Error()
	case err != nil:
		out.Code, out.Level, out.Detail = "message.failed", doctor.Fault, err.Error()
	}
	return out
}

// diagnose prints the findings; a fault is a failure.
func (c *console) diagnose(all []doctor.Finding, asJSON bool) error {
	faults := 0
	out := []findingJSON{}
	for _, f := range all {
		if f.Level == doctor.Fault {
			faults++
		}
		one := findingJSON{
			Check: f.Check, Code: f.Code, Level: string(f.Level), Where: f.Where, Detail: f.Detail,
			Text: c.words.T("doctor."+f.Code, "Where", f.Where, "Detail", f.Detail),
		}
		if f.Record.Name != "" {
			one.Record = &recordJSON{f.Record.Name, f.Record.Type, f.Record.Value}
		}
		out = append(out, one)
	}
	if asJSON {
		if err := c.print(out); err != nil {
			return err
		}
	} else {
		for _, f := range out {
			fmt.Fprintf(c.out, "%-11s  %-7s  %s\n", c.t("doctor.level."+f.Level), f.Check, f.Text)
			if f.Record != nil {
				fmt.Fprintf(c.out, "%21s%s\n%21s%s. %s %s\n", "", c.t("doctor.write"), "", strings.TrimSuffix(f.Record.Name, "."), f.Record.Type, zoneText(*f.Record))
			}
		}
	}
	if faults > 0 {
		return errors.New(c.t("doctor.faults", "Count", faults))
	}
	return nil
}

// zoneText is a value as a zone file has it: texts in quotation marks, in
// pieces of 255 bytes at most.
func zoneText(r recordJSON) string {
	if r.Type != "TXT" {
		return r.Value
	}
	var pieces []string
	rest := r.Value
	for ; len(rest) > 255; rest = rest[255:] {
		pieces = append(pieces, `"`+rest[:255]+`"`)
	}
	return strings.Join(append(pieces, `"`+rest+`"`), " ")
}
