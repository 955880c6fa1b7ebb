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

// setting is one line of hebdo.yaml, one environment variable, one flag.
type setting struct {
	key    string // "smtp.host": the variable is HEBDO_SMTP_HOST, the flag --smtp.host
	preset string
	secret bool   // never shown
	about  string // for `hebdo init` and the help; English, as the file is
	take   func(c *Config, value string) error
}

// variable is the setting's name in the environment.
func (s setting) variable() string {
	return "HEBDO_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// settings is every setting there is, in the order of the file.
var settings = []setting{
	{"database.url", "sqlite:hebdo.db", true, "where everything is kept: sqlite:PATH or postgres://user:password@host/name",
		func(c *Config, v string) error {
			if !strings.HasPrefix(v, "sqlite:") && !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") {
				return errors.New("write sqlite:PATH or postgres://user:password@host/name")
			}
			c.DatabaseURL = v
			return nil
		}},
	{"http.listen", "127.0.0.1:8080", false, "address and port of the web server",
		func(c *Config, v string) error {
			_, port, err := net.SplitHostPort(v)
			if n, e := strconv.Atoi(port); err != nil || e != nil || n < 0 || n > 65535 {
				return errors.New("write host:port, such as 127.0.0.1:8080")
			}
			c.Listen = v
			return nil
		}},
	{"http.public_url", "http://127.0.0.1:8080", false, "the address readers see; every link in a letter begins with it. Behind a proxy: https://news.example.org",
		func(c *Config, v string) error {
			u, err := url.Parse(v)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
				return errors.New("write the whole address, such as https://news.example.org")
			}
			c.PublicURL = u
			return nil
		}},
	{"http.proxies", "", false, "networks of the proxies in front, whose X-Forwarded-For is believed: 10.0.0.0/8, …",
		func(c *Config, v string) (err error) { c.Proxies, err = prefixes(v); return err }},
	{"serve.role", "web,schedule,deliver", false, "what a server takes of the work: web (desk and readers' pages), schedule (drafts, decisions, lists, the mailbox for bounces), deliver (letters); several machines on one PostgreSQL may share it", readRoles},
	{"smtp.host", "127.0.0.1", false, "mail server that takes the letters", oneLine(func(c *Config) *string { return &c.SMTP.Host })},
	{"smtp.port", "587", false, "its port: 587 with starttls, 465 with tls, 25 in a local network", number(1, 65535, func(c *Config) *int { return &c.SMTP.Port })},
	{"smtp.tls", "starttls", false, "none, starttls or tls", oneOf([]string{"none", "starttls", "tls"}, func(c *Config) *string { return &c.SMTP.TLS })},
	{"smtp.username", "", false, "left empty: no log-in", oneLine(func(c *Config) *string { return &c.SMTP.Username })},
	{"smtp.password", "", true, "better given as HEBDO_SMTP_PASSWORD", oneLine(func(c *Config) *string { return &c.SMTP.Password })},
	{"smtp.connections", "4", false, "at once", number(1, 100, func(c *Config) *int { return &c.SMTP.Connections })},
	{"smtp.rate", "0", false, "letters a second at most, all connections together; 0: as fast as the server takes them", decimal(func(c *Config) *float64 { return &c.SMTP.Rate })},
	{"smtp.weight", "1", false, "its share of the letters beside smtp.relays; 0: it stands by until no other can be reached", number(0, 1000, func(c *Config) *int { return &c.SMTP.Weight })},
	{"smtp.relays", "", true, "further mail servers, several set apart by spaces: smtps://user:password@host:465?weight=1&rate=0&connections=4; smtp:// is with STARTTLS; better given as HEBDO_SMTP_RELAYS",
		func(c *Config, v string) (err error) { c.SMTP.Relays, err = relays(v); return err }},
	{"deliver.limits", "", false, "file of how fast letters go to mailbox providers, lines of: name per-minute at-once domain …; empty: careful values for the large ones; none: no limits. Each process keeps to it by itself",
		func(c *Config, v string) (err error) { c.Limits, err = limits(v); return err }},
	{"deliver.warmup", "", false, "a new sender's first day, its letters, and how many times as many from day to day: 2026-11-23 500 2; all processes together. Empty: no limit",
		func(c *Config, v string) (err error) { c.Ramp, err = deliver.ReadRamp(v); return err }},
	{"deliver.lease", "1m", false, "after so long without a sign of life the letters that a process had in hand are free again: at least 1s, more than the clocks of the machines differ",
		func(c *Config, v string) error {
			if err := duration(func(c *Config) *time.Duration { return &c.Lease })(c, v); err != nil {
				return err
			}
			if c.Lease < time.Second || c.Lease > time.Hour {
				return errors.New("use 1s to 1h")
			}
			return nil
		}},
	{"deliver.give_up_after", "48h", false, "who is put off by their mail server for so long is refused; tries come after 5 min, 15 min, 1 h, 3 h and then every 6 h",
		func(c *Config, v string) error {
			if err := duration(func(c *Config) *time.Duration { return &c.GiveUpAfter })(c, v); err != nil {
				return err
			}
			if c.GiveUpAfter < time.Minute || c.GiveUpAfter > 30*24*time.Hour {
				return errors.New("use 1m to 720h")
			}
			return nil
		}},
	{"dkim.domain", "", false, "letters are signed for this domain, that of the sender or above it; empty: not signed. Keys: hebdo dkim keygen",
		func(c *Config, v string) error { c.DKIM.Domain = v; return checkDomain(v) }},
	{"dkim.rsa_selector", "hebdo-rsa", false, "name of the RSA key in DNS: hebdo-rsa._domainkey.…", oneLine(func(c *Config) *string { return &c.DKIM.RSASelector })},
	{"dkim.rsa_key", "", false, "file of the RSA key, in PEM", privateKey(func(c *Config) *crypto.Signer { return &c.DKIM.RSA })},
	{"dkim.ed25519_selector", "hebdo-ed25519", false, "name of the Ed25519 key in DNS", oneLine(func(c *Config) *string { return &c.DKIM.Ed25519Selector })},
	{"dkim.ed25519_key", "", false, "file of the Ed25519 key, in PEM", privateKey(func(c *Config) *crypto.Signer { return &c.DKIM.Ed25519 })},
	{"bounce.imap.host", "", false, "mail server of the mailbox that bounces and wishes to leave come to; empty: hebdo serve reads none (hebdo bounce reads a Maildir)",
		oneLine(func(c *Config) *string { return &c.Bounces.Host })},
	{"bounce.imap.port", "993", false, "its IMAP port: 993 with tls, 143 with starttls", number(1, 65535, func(c *Config) *int { return &c.Bounces.Port })},
	{"bounce.imap.tls", "tls", false, "none, starttls or tls", oneOf([]string{"none", "starttls", "tls"}, func(c *Config) *string { return &c.Bounces.TLS })},
	{"bounce.imap.username", "", false, "of the mailbox", oneLine(func(c *Config) *string { return &c.Bounces.Username })},
	{"bounce.imap.password", "", true, "better given as HEBDO_BOUNCE_IMAP_PASSWORD", oneLine(func(c *Config) *string { return &c.Bounces.Password })},
	{"bounce.imap.mailbox", "INBOX", false, "the folder that is read", oneLine(func(c *Config) *string { return &c.Bounces.Mailbox })},
	{"bounce.imap.folder", "Bounces", false, "the folder that what is certainly a bounce or a complaint moves to; all else stays, nothing is deleted", oneLine(func(c *Config) *string { return &c.Bounces.Folder })},
	{"bounce.imap.every", "5m", false, "how often it is read", duration(func(c *Config) *time.Duration { return &c.Bounces.Every })},
	{"sources.mailboxes", "", true, "mailboxes whose newsletters are sources, with their passwords: imaps://user:password@host, several set apart by spaces; better given as HEBDO_SOURCES_MAILBOXES",
		func(c *Config, v string) (err error) { c.Mailboxes, err = mailboxes(v); return err }},
	{"hook.secret", "", true, "lets webhooks of relays in that sign nothing, at /hooks/postmark/SECRET, /hooks/brevo/SECRET, /hooks/scaleway/SECRET; at least 16 characters. Empty: none",
		func(c *Config, v string) error {
			if v != "" && len(v) < 16 || strings.ContainsAny(v, "/?#% \r\n") {
				return errors.New("use at least 16 characters that can stand in an address, such as the output of: openssl rand -hex 24")
			}
			c.Hooks.Secret = v
			return nil
		}},
	{"hook.ses_topics", "", false, "ARNs of the SNS topics whose notices of Amazon SES are believed, at /hooks/ses: arn:aws:sns:…, … Empty: none",
		func(c *Config, v string) error {
			c.Hooks.SESTopics = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
			for _, arn := range c.Hooks.SESTopics {
				if !strings.HasPrefix(arn, "arn:") {
					return fmt.Errorf("%q is no ARN; write arn:aws:sns:REGION:ACCOUNT:NAME", arn)
				}
			}
			return nil
		}},
	{"hook.mailgun_key", "", true, "the HTTP webhook signing key of Mailgun, whose webhooks come to /hooks/mailgun", oneLine(func(c *Config) *string { return &c.Hooks.Mailgun })},
	{"hook.sendgrid_key", "", false, "the verification key of SendGrid's signed event webhook, which comes to /hooks/sendgrid", oneLine(func(c *Config) *string { return &c.Hooks.SendGrid })},
	{"metrics.listen", "", false, "address and port at which Prometheus reads /metrics, such as 127.0.0.1:9464; keep it off the public network. Empty: none of its own",
		func(c *Config, v string) error {
			if v == "" {
				return nil
			}
			if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
				return errors.New("write host:port, such as 127.0.0.1:9464")
			}
			c.Metrics.Listen = v
			return nil
		}},
	{"metrics.token", "", true, "that Prometheus gives as a bearer token; with it /metrics is also at http.listen. At least 16 characters. Empty: nobody is asked at metrics.listen, and http.listen has no metrics",
		func(c *Config, v string) error {
			if v != "" && (len(v) < 16 || strings.ContainsAny(v, " \t\r\n")) {
				return errors.New("use at least 16 characters without spaces, such as the output of: openssl rand -hex 24")
			}
			c.Metrics.Token = v
			return nil
		}},
	{"mail.from", "", false, "sender of mails to editors; empty: that of the newsletter they are about",
		func(c *Config, v string) error {
			if _, err := netmail.ParseAddress(v); v != "" && err != nil {
				return errors.New("write Name <address@domain>")
			}
			c.MailFrom = v
			return nil
		}},
	{"fetch.user_agent", "Hebdo/1.0 (newsletter digest)", false, "how the program introduces itself to the sites it reads; name a page or address where its operator is reached",
		oneLine(func(c *Config) *string { return &c.FetchAgent })},
	{"fetch.every", "1s", false, "pause between two requests to the same host", duration(func(c *Config) *time.Duration { return &c.FetchEvery })},
	{"fetch.per_host", "2", false, "requests to the same host at once", number(1, 100, func(c *Config) *int { return &c.FetchHost })},
	{"fetch.allow_private", "", false, "private networks that sources may stand in: 127.0.0.0/8, … Empty: none, so that no feed can make the program knock at inner doors",
		func(c *Config, v string) (err error) { c.FetchFrom, err = prefixes(v); return err }},
	{"templates", "", false, "folder whose files replace built-in templates of the same path", folder(func(c *Config) *string { return &c.Templates })},
	{"vocabulary", "", false, "folder whose lexicon.txt (French words = English words) and names.txt (name < owner: spelling | spelling) add to the built-in ones by which articles are compared",
		folder(func(c *Config) *string { return &c.Vocabulary })},
	{"llm.url", "", false, "base address of a language-model server with an /embeddings endpoint, such as https://host/v1; empty: none, and nothing needs it",
		func(c *Config, v string) error {
			if u, err := url.Parse(v); v != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
				return errors.New("write the whole address, such as https://host/v1")
			}
			c.LLM.URL = v
			return nil
		}},
	{"llm.key", "", true, "its key; better given as HEBDO_LLM_KEY", oneLine(func(c *Config) *string { return &c.LLM.Key })},
	{"llm.embed_model", "", false, "the model that embeds articles, to sharpen which of them are one story; empty: none", oneLine(func(c *Config) *string { return &c.LLM.EmbedModel })},
	{"secret", "", true, "signs the links in letters; empty: made once and kept in the database. At least 32 characters",
		func(c *Config, v string) error {
			if v != "" && len(v) < 32 {
				return errors.New("use at least 32 characters, such as the output of: openssl rand -base64 32")
			}
			if v != "" {
				sum := sha256.Sum256([]byte(v))
				c.Secret = sum[:]
			}
			return nil
		}},
	{"node", "", false, "name of this process among several on one database; empty: made from the machine's name", oneLine(func(c *Config) *string { return &c.Node })},
	{"log.level", "", false, "debug, info, warn or error; empty: info, and warn for a command by hand at a terminal", oneOf([]string{"", "debug", "info", "warn", "error"}, func(c *Config) *string { return &c.LogLevel })},
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
