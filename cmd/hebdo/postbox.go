package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/collect"
	"hebdo/internal/mail"
)

// postbox reads the mailboxes whose passwords the operator has configured, and
// no others: an address alone makes nobody connect anywhere.
type postbox []mail.InboxOptions

// Letters is collect.Postbox.
func (p postbox) Letters(ctx context.Context, address, place string, since time.Time, most int, handle func([]byte)) (string, error) {
	wanted, err := mailboxOf(address)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(p, func(o mail.InboxOptions) bool {
		return o.Host == wanted.Host && o.Port == wanted.Port && o.Username == wanted.Username && (o.TLS == wanted.TLS || o.TLS == "none")
	})
	if i < 0 {
		return "", collect.ErrNoPassword
	}
	open := p[i]
	open.Mailbox = wanted.Mailbox
	var from mail.Bookmark
	if n, err := fmt.Sscanf(place, "%d:%d", &from.Validity, &from.Last); n != 2 || err != nil {
		from = mail.Bookmark{}
	}
	at, err := mail.NewInbox(open).Letters(ctx, from, since, most, handle)
	if errors.Is(err, mail.ErrLogIn) {
		err = fmt.Errorf("%w: %w", collect.ErrRefused, err)
	}
	return fmt.Sprintf("%d:%d", at.Validity, at.Last), err
}

// mostLetter is how much of one newsletter is read, in bytes.
const mostLetter = 4 << 20

// mailboxOf reads imaps://user@host:993/INBOX: TLS from the start; or
// imap://user@host:143/INBOX: with STARTTLS. Its error tells nothing of the
// address, which may hold a password.
func mailboxOf(address string) (mail.InboxOptions, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User.Username() == "" {
		return mail.InboxOptions{}, errors.New("write imaps://user:password@host; what is no letter or digit as %40 for @, %3A for : and so on")
	}
	o := mail.InboxOptions{
		Host: strings.ToLower(u.Hostname()), Username: u.User.Username(), Mailbox: strings.TrimPrefix(u.Path, "/"),
		Most: mostLetter, Patience: 2 * time.Minute,
	}
	o.Password, _ = u.User.Password()
	if o.Mailbox == "" {
		o.Mailbox = "INBOX"
	}
	switch u.Scheme {
	case "imaps":
		o.TLS, o.Port = "tls", 993
	case "imap":
		o.TLS, o.Port = "starttls", 143
	default:
		return mail.InboxOptions{}, errors.New("begin with imaps:// (TLS) or imap:// (STARTTLS)")
	}
	if port := u.Port(); port != "" {
		if o.Port, err = strconv.Atoi(port); err != nil || o.Port < 1 || o.Port > 65535 {
			return mail.InboxOptions{}, errors.New("a port is a number from 1 to 65535")
		}
	}
	return o, nil
}

// mailboxes reads the setting sources.mailboxes: addresses with passwords, set
// apart by white space. Only there can encryption be left out, for a server on
// this machine: "?tls=none".
func mailboxes(v string) ([]mail.InboxOptions, error) {
	var all []mail.InboxOptions
	for i, address := range strings.Fields(v) {
		bare, query, _ := strings.Cut(address, "?")
		o, err := mailboxOf(bare)
		switch {
		case err != nil:
		case o.Password == "":
			err = errors.New("there is no password in it")
		case query == "tls=none" && o.TLS == "starttls" && local(o.Host):
			o.TLS = "none"
		case query != "":
			err = errors.New("after the ? there may be tls=none only, with imap:// and a server on this machine")
		}
		if err != nil {
			return nil, fmt.Errorf("mailbox %d: %w", i+1, err)
		}
		all = append(all, o)
	}
	return all, nil
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
