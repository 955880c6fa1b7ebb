package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/mail"
)

// relays reads further mail servers, set apart by spaces:
// smtps://user:password@host:465?weight=2&rate=10&connections=8. smtp:// is
// with STARTTLS, and without TLS where ?tls=none says so.
func relays(v string) ([]mail.Relay, error) {
	var all []mail.Relay
	for i, address := range strings.Fields(v) {
		r, err := relayOf(address)
		if err != nil {
			return nil, fmt.Errorf("relay %d: %w", i+1, err) // without its words: there is a password in them
		}
		all = append(all, r)
	}
	return all, nil
}

func relayOf(address string) (mail.Relay, error) {
	r := mail.Relay{Weight: 1}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" || u.Fragment != "" {
		return r, errors.New("write smtps://user:password@host:465, or smtp:// with STARTTLS; signs such as @ and / in a password as %40 and %2F")
	}
	switch r.Host, r.Username = u.Hostname(), u.User.Username(); u.Scheme {
	case "smtps":
		r.TLS = "tls"
	case "smtp":
		r.TLS = "starttls"
	default:
		return r, errors.New("it begins with neither smtps:// nor smtp://")
	}
	r.Password, _ = u.User.Password()
	if u.Port() != "" {
		if r.Port, err = strconv.Atoi(u.Port()); err != nil || r.Port < 1 || r.Port > 65535 {
			return r, errors.New("its port is 1 to 65535")
		}
	}
	for name, values := range u.Query() {
		if err := relaySays(&r, name, values[len(values)-1]); err != nil {
			return r, err
		}
	}
	return r, nil
}

// relaySays takes one word after the question mark.
func relaySays(r *mail.Relay, name, value string) (err error) {
	switch name {
	case "tls":
		if value != "none" || r.TLS != "starttls" {
			return errors.New("tls may be none, with smtp://")
		}
		r.TLS = "none"
	case "weight":
		if r.Weight, err = strconv.Atoi(value); err != nil || r.Weight < 0 || r.Weight > 1000 {
			return errors.New("weight is 0 (stands by) to 1000")
		}
	case "connections":
		if r.Connections, err = strconv.Atoi(value); err != nil || r.Connections < 1 || r.Connections > 100 {
			return errors.New("connections is 1 to 100")
		}
	case "rate":
		if r.Rate, err = strconv.ParseFloat(value, 64); err != nil || !(r.Rate >= 0 && r.Rate <= 1e6) {
			return errors.New("rate is letters a second, 0 for no limit")
		}
	default:
		return errors.New("after the ? there may be weight, rate, connections and tls=none")
	}
	return nil
}

// fleet is the mail servers of the settings: smtp.* first, then smtp.relays.
func fleet(config Config, now func() time.Time, log *slog.Logger) (*mail.Fleet, error) {
	all := []mail.Relay{{Options: mail.Options{
		Host: config.SMTP.Host, Port: config.SMTP.Port, TLS: config.SMTP.TLS,
		Username: config.SMTP.Username, Password: config.SMTP.Password, Connections: config.SMTP.Connections,
	}, Weight: config.SMTP.Weight}}
	all = append(all, config.SMTP.Relays...)
	for i := range all {
		all[i].Keys, all[i].Logger = dkimKeys(config), log
	}
	return mail.NewFleet(all, now, log)
}

// limits reads the file of how fast letters go to mailbox providers.
func limits(file string) ([]deliver.Limit, error) {
	switch file {
	case "":
		return deliver.Providers(), nil
	case "none":
		return nil, nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	all, err := deliver.ReadLimits(string(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return all, nil
}
