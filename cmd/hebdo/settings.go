package main

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"hebdo/internal/deliver"
	"hebdo/internal/mail"
)

// Config is what an operator sets for one installation. What belongs to a
// single newsletter is in its own file.
type Config struct {
	DatabaseURL string
	SMTP        struct {
		Host, TLS, Username, Password string
		Port, Connections, Weight     int
		Rate                          float64
		Relays                        []mail.Relay
	}
	Bounces struct {
		Host, TLS, Username, Password, Mailbox, Folder string
		Port                                           int
		Every                                          time.Duration
	}
	Mailboxes []mail.InboxOptions // that newsletters come to as sources
	Hooks     struct {
		Secret, Mailgun, SendGrid string
		SESTopics                 []string
	}
	Limits      []deliver.Limit
	Ramp        deliver.Ramp
	Lease       time.Duration
	GiveUpAfter time.Duration
	Metrics     struct{ Listen, Token string }
	DKIM        struct {
		Domain, RSASelector, Ed25519Selector string
		RSA, Ed25519                         crypto.Signer
	}
	Listen     string
	Roles      []string // of `hebdo serve`; nil: all
	PublicURL  *url.URL
	MailFrom   string
	Secret     []byte
	Templates  string
	Node       string
	Vocabulary string
	LLM        struct{ URL, Key, EmbedModel string }
	LogLevel   string
	FetchAgent string
	FetchEvery time.Duration
	FetchHost  int
	FetchFrom  []netip.Prefix
	Proxies    []netip.Prefix
}

// setting is one line of hebdo.yaml, one environment variable, one flag. What
// it is for stands at cli.setting.KEY in templates/locales.
type setting struct {
	key    string // "smtp.host": the variable is HEBDO_SMTP_HOST, the flag --smtp.host
	preset string
	secret bool // never shown
	take   func(c *Config, value string) error
}

// variable is the setting's name in the environment.
func (s setting) variable() string {
	return "HEBDO_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// settings is every setting there is, in the order of the file.
var settings = []setting{
	{"database.url", "sqlite:hebdo.db", true, func(c *Config, v string) error {
		if !strings.HasPrefix(v, "sqlite:") && !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") {
			return errors.New("write sqlite:PATH or postgres://user:password@host/name")
		}
		c.DatabaseURL = v
		return nil
	}},
	{"http.listen", "127.0.0.1:8080", false, func(c *Config, v string) error {
		_, port, err := net.SplitHostPort(v)
		if n, e := strconv.Atoi(port); err != nil || e != nil || n < 0 || n > 65535 {
			return errors.New("write host:port, such as 127.0.0.1:8080")
		}
		c.Listen = v
		return nil
	}},
	{"http.public_url", "http://127.0.0.1:8080", false, func(c *Config, v string) error {
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return errors.New("write the whole address, such as https://news.example.org")
		}
		c.PublicURL = u
		return nil
	}},
	{"http.proxies", "", false, func(c *Config, v string) (err error) { c.Proxies, err = prefixes(v); return err }},
	{"serve.role", "web,schedule,deliver", false, readRoles},
	{"smtp.host", "127.0.0.1", false, oneLine(func(c *Config) *string { return &c.SMTP.Host })},
	{"smtp.port", "587", false, number(1, 65535, func(c *Config) *int { return &c.SMTP.Port })},
	{"smtp.tls", "starttls", false, oneOf([]string{"none", "starttls", "tls"}, func(c *Config) *string { return &c.SMTP.TLS })},
	{"smtp.username", "", false, oneLine(func(c *Config) *string { return &c.SMTP.Username })},
	{"smtp.password", "", true, oneLine(func(c *Config) *string { return &c.SMTP.Password })},
	{"smtp.connections", "4", false, number(1, 100, func(c *Config) *int { return &c.SMTP.Connections })},
	{"smtp.rate", "0", false, decimal(func(c *Config) *float64 { return &c.SMTP.Rate })},
	{"smtp.weight", "1", false, number(0, 1000, func(c *Config) *int { return &c.SMTP.Weight })},
	{"smtp.relays", "", true, func(c *Config, v string) (err error) { c.SMTP.Relays, err = relays(v); return err }},
	{"deliver.limits", "", false, func(c *Config, v string) (err error) { c.Limits, err = limits(v); return err }},
	{"deliver.warmup", "", false, func(c *Config, v string) (err error) { c.Ramp, err = deliver.ReadRamp(v); return err }},
	{"deliver.lease", "1m", false, func(c *Config, v string) error {
		if err := duration(func(c *Config) *time.Duration { return &c.Lease })(c, v); err != nil {
			return err
		}
		if c.Lease < time.Second || c.Lease > time.Hour {
			return errors.New("use 1s to 1h")
		}
		return nil
	}},
	{"deliver.give_up_after", "48h", false, func(c *Config, v string) error {
		if err := duration(func(c *Config) *time.Duration { return &c.GiveUpAfter })(c, v); err != nil {
			return err
		}
		if c.GiveUpAfter < time.Minute || c.GiveUpAfter > 30*24*time.Hour {
			return errors.New("use 1m to 720h")
		}
		return nil
	}},
	{"dkim.domain", "", false, func(c *Config, v string) error { c.DKIM.Domain = v; return checkDomain(v) }},
	{"dkim.rsa_selector", "hebdo-rsa", false, oneLine(func(c *Config) *string { return &c.DKIM.RSASelector })},
	{"dkim.rsa_key", "", false, privateKey(func(c *Config) *crypto.Signer { return &c.DKIM.RSA })},
	{"dkim.ed25519_selector", "hebdo-ed25519", false, oneLine(func(c *Config) *string { return &c.DKIM.Ed25519Selector })},
	{"dkim.ed25519_key", "", false, privateKey(func(c *Config) *crypto.Signer { return &c.DKIM.Ed25519 })},
	{"bounce.imap.host", "", false, oneLine(func(c *Config) *string { return &c.Bounces.Host })},
	{"bounce.imap.port", "993", false, number(1, 65535, func(c *Config) *int { return &c.Bounces.Port })},
	{"bounce.imap.tls", "tls", false, oneOf([]string{"none", "starttls", "tls"}, func(c *Config) *string { return &c.Bounces.TLS })},
	{"bounce.imap.username", "", false, oneLine(func(c *Config) *string { return &c.Bounces.Username })},
	{"bounce.imap.password", "", true, oneLine(func(c *Config) *string { return &c.Bounces.Password })},
	{"bounce.imap.mailbox", "INBOX", false, oneLine(func(c *Config) *string { return &c.Bounces.Mailbox })},
	{"bounce.imap.folder", "Bounces", false, oneLine(func(c *Config) *string { return &c.Bounces.Folder })},
	{"bounce.imap.every", "5m", false, duration(func(c *Config) *time.Duration { return &c.Bounces.Every })},
	{"sources.mailboxes", "", true, func(c *Config, v string) (err error) { c.Mailboxes, err = mailboxes(v); return err }},
	{"hook.secret", "", true, func(c *Config, v string) error {
		if v != "" && len(v) < 16 || strings.ContainsAny(v, "/?#% \r\n") {
			return errors.New("use at least 16 characters that can stand in an address, such as the output of: openssl rand -hex 24")
		}
		c.Hooks.Secret = v
		return nil
	}},
	{"hook.ses_topics", "", false, func(c *Config, v string) error {
		c.Hooks.SESTopics = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
		for _, arn := range c.Hooks.SESTopics {
			if !strings.HasPrefix(arn, "arn:") {
				return fmt.Errorf("%q is no ARN; write arn:aws:sns:REGION:ACCOUNT:NAME", arn)
			}
		}
		return nil
	}},
	{"hook.mailgun_key", "", true, oneLine(func(c *Config) *string { return &c.Hooks.Mailgun })},
	{"hook.sendgrid_key", "", false, oneLine(func(c *Config) *string { return &c.Hooks.SendGrid })},
	{"metrics.listen", "", false, func(c *Config, v string) error {
		if v == "" {
			return nil
		}
		if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
			return errors.New("write host:port, such as 127.0.0.1:9464")
		}
		c.Metrics.Listen = v
		return nil
	}},
	{"metrics.token", "", true, func(c *Config, v string) error {
		if v != "" && (len(v) < 16 || strings.ContainsAny(v, " \t\r\n")) {
			return errors.New("use at least 16 characters without spaces, such as the output of: openssl rand -hex 24")
		}
		c.Metrics.Token = v
		return nil
	}},
	{"mail.from", "", false, func(c *Config, v string) error {
		if _, err := netmail.ParseAddress(v); v != "" && err != nil {
			return errors.New("write Name <address@domain>")
		}
		c.MailFrom = v
		return nil
	}},
	{"fetch.user_agent", "Hebdo/1.0 (newsletter digest)", false, oneLine(func(c *Config) *string { return &c.FetchAgent })},
	{"fetch.every", "1s", false, duration(func(c *Config) *time.Duration { return &c.FetchEvery })},
	{"fetch.per_host", "2", false, number(1, 100, func(c *Config) *int { return &c.FetchHost })},
	{"fetch.allow_private", "", false, func(c *Config, v string) (err error) { c.FetchFrom, err = prefixes(v); return err }},
	{"templates", "", false, folder(func(c *Config) *string { return &c.Templates })},
	{"vocabulary", "", false, folder(func(c *Config) *string { return &c.Vocabulary })},
	{"llm.url", "", false, func(c *Config, v string) error {
		if u, err := url.Parse(v); v != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			return errors.New("write the whole address, such as https://host/v1")
		}
		c.LLM.URL = v
		return nil
	}},
	{"llm.key", "", true, oneLine(func(c *Config) *string { return &c.LLM.Key })},
	{"llm.embed_model", "", false, oneLine(func(c *Config) *string { return &c.LLM.EmbedModel })},
	{"secret", "", true, func(c *Config, v string) error {
		if v != "" && len(v) < 32 {
			return errors.New("use at least 32 characters, such as the output of: openssl rand -base64 32")
		}
		if v != "" {
			sum := sha256.Sum256([]byte(v))
			c.Secret = sum[:]
		}
		return nil
	}},
	{"node", "", false, oneLine(func(c *Config) *string { return &c.Node })},
	{"log.level", "", false, oneOf([]string{"", "debug", "info", "warn", "error"}, func(c *Config) *string { return &c.LogLevel })},
}

func oneLine(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		if strings.ContainsAny(v, "\r\n\x00") {
			return errors.New("must be one line")
		}
		*field(c) = v
		return nil
	}
}

// checkDomain takes a name such as news.example.org, or nothing.
func checkDomain(v string) error {
	if v == "" {
		return nil
	}
	if ascii, err := idna.Lookup.ToASCII(v); err != nil || !strings.EqualFold(ascii, v) || !strings.Contains(v, ".") {
		return errors.New("write a domain such as news.example.org")
	}
	return nil
}

func privateKey(field func(*Config) *crypto.Signer) func(*Config, string) error {
	return func(c *Config, v string) error {
		if v == "" {
			return nil
		}
		text, err := os.ReadFile(v)
		if err != nil {
			return errors.New("the file cannot be read; hebdo dkim keygen makes one")
		}
		if *field(c), err = mail.ParseKey(text); err != nil {
			return fmt.Errorf("%s: %w", v, err)
		}
		return nil
	}
}

func oneOf(allowed []string, field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		if !slices.Contains(allowed, v) {
			return fmt.Errorf("use one of %s", strings.TrimPrefix(strings.Join(allowed, ", "), ", "))
		}
		*field(c) = v
		return nil
	}
}

func number(low, high int, field func(*Config) *int) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < low || n > high {
			return fmt.Errorf("use a number from %d to %d", low, high)
		}
		*field(c) = n
		return nil
	}
}

func decimal(field func(*Config) *float64) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || !(n >= 0 && n <= 1e6) { // NaN is neither
			return errors.New("write a number such as 10 or 0.5")
		}
		*field(c) = n
		return nil
	}
}

func duration(field func(*Config) *time.Duration) func(*Config, string) error {
	return func(c *Config, v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < 0 {
			return errors.New("write a time such as 500ms, 2s, 1m")
		}
		*field(c) = d
		return nil
	}
}

func folder(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		if v != "" {
			if info, err := os.Stat(v); err != nil || !info.IsDir() {
				return errors.New("there is no such folder")
			}
		}
		*field(c) = v
		return nil
	}
}

func prefixes(v string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, part := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is no network; write 127.0.0.0/8", part)
		}
		all = append(all, p)
	}
	return all, nil
}
