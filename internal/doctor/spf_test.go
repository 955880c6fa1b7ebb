package doctor

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
)

func TestSPFOfEveryAddress(t *testing.T) {
	const spf, a, aaaa = "news.example.org TXT", "news.example.org A", "news.example.org AAAA"
	six := func() zone { return sound().with("relay.example.org AAAA", "2001:db8::10") }
	for name, c := range map[string]struct {
		zone   zone
		want   string
		record string
	}{
		"the network of a":            {sound().with(spf, "v=spf1 a/24 -all").with(a, "192.0.2.99"), "spf.fine", ""},
		"another network of a":        {sound().with(spf, "v=spf1 a/28 -all").with(a, "192.0.2.99"), "spf.uncovered", "v=spf1 a/28 ip4:192.0.2.10 -all"},
		"the network of a host":       {sound().with(spf, "v=spf1 a:web.example.org/24 -all").with("web.example.org A", "192.0.2.99"), "spf.fine", ""},
		"the network of mail servers": {sound().with(spf, "v=spf1 mx/24 -all").with("relay.example.org A", "192.0.2.10").with("news.example.org MX", "1 in.example.org.").with("in.example.org A", "192.0.2.7"), "spf.fine", ""},
		"IPv6 networks": {six().with(spf, "v=spf1 a/24//64 -all").with(a, "192.0.2.99").with(aaaa, "2001:db8::99"),
			"spf.fine", ""},
		"IPv6 networks alone": {six().with(spf, "v=spf1 ip4:192.0.2.10 mx//64 -all").with("news.example.org MX", "1 in.example.org.").with("in.example.org AAAA", "2001:db8::7"),
			"spf.fine", ""},
		"an IPv4 length is none of IPv6": {six().with(spf, "v=spf1 a/24 -all").with(a, "192.0.2.99").with(aaaa, "2001:db8::99"),
			"spf.uncovered", "v=spf1 a/24 ip6:2001:db8::10 -all"},
		"a length that is none": {sound().with(spf, "v=spf1 a/33 -all").with(a, "192.0.2.10"), "spf.broken", ""},
		"an include for each": {six().with(spf, "v=spf1 include:four.example include:six.example -all").
			with("four.example TXT", "v=spf1 ip4:192.0.2.0/24 -all").with("six.example TXT", "v=spf1 ip6:2001:db8::/64 -all"), "spf.fine", ""},
		"an include for one": {six().with(spf, "v=spf1 include:four.example -all").with("four.example TXT", "v=spf1 ip4:192.0.2.0/24 -all"),
			"spf.uncovered", "v=spf1 include:four.example ip6:2001:db8::10 -all"},
		"an include that forbids": {sound().with(spf, "v=spf1 include:four.example ip4:192.0.2.10 -all").with("four.example TXT", "v=spf1 -ip4:192.0.2.10 +all"),
			"spf.fine", ""},
		"a redirect for what is left": {six().with(spf, "v=spf1 ip4:192.0.2.10 redirect=six.example").with("six.example TXT", "v=spf1 ip6:2001:db8::/64 -all"),
			"spf.fine", ""},
		"what forbids first": {sound().with(spf, "v=spf1 mx:other.example -ip4:192.0.2.0/24 ~all"),
			"spf.uncovered", "v=spf1 mx:other.example ip4:192.0.2.10 -ip4:192.0.2.0/24 ~all"},
		"too many look-ups": {sound().with(spf, "v=spf1 ip4:192.0.2.10"+strings.Repeat(" a", 11)+" -all").with(a, "192.0.2.99"), "spf.broken", ""},
	} {
		f := only(t, Examine(t.Context(), options(t, c.zone)), "spf")
		if f.Code != c.want || f.Record.Value != c.record {
			t.Errorf("%s: %s, to be written %q; want %s, %q", name, f.Code, f.Record.Value, c.want, c.record)
		}
	}
}

func TestNoSPFRecordIsAdvisedThatForbidsTheOwnLetters(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "10.0.0.1", "gone.example.org"} {
		o := options(t, sound().with("news.example.org TXT"))
		o.Relays[0].Host = host
		if f := only(t, Examine(t.Context(), o), "spf"); f.Code != "spf.unseen" || f.Level != Fault || f.Record != (Record{}) || f.Detail != "v=spf1 ip4:… ~all" {
			t.Errorf("%s: %+v", host, f)
		}
	}
}

func TestEveryRelayIsLookedAt(t *testing.T) {
	two := func() zone {
		return sound().with("second.example.org A", "198.51.100.7").with("7.100.51.198.in-addr.arpa PTR", "elsewhere.example.org.")
	}
	const spf = "news.example.org TXT"
	for name, c := range map[string]struct {
		zone                zone
		second              string
		spf, record, detail string
		ptr                 string
	}{
		"SPF names one": {two(), "second.example.org", "spf.uncovered", "v=spf1 mx ip4:192.0.2.10 ip4:198.51.100.7 -all",
			"second.example.org (v=spf1 mx ip4:192.0.2.10 -all)", "ptr.fine ptr.astray"},
		"SPF names both": {two().with(spf, "v=spf1 mx ip4:198.51.100.0/24 -all").with("7.100.51.198.in-addr.arpa PTR", "second.example.org."), "second.example.org",
			"spf.fine", "", "v=spf1 mx ip4:198.51.100.0/24 -all", "ptr.fine ptr.fine"},
		"one by an include":  {two(), "smtp.mailgun.org", "spf.uncovered", "v=spf1 mx ip4:192.0.2.10 include:mailgun.org -all", "smtp.mailgun.org (v=spf1 mx ip4:192.0.2.10 -all)", "ptr.fine ptr.inside"},
		"one is not seen":    {two(), "10.0.0.1", "spf.fine spf.local", "", "v=spf1 mx ip4:192.0.2.10 -all", "ptr.fine ptr.inside"},
		"no record":          {two().with(spf), "second.example.org", "spf.missing", "v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 ~all", "", "ptr.fine ptr.astray"},
		"none, and unseen":   {two().with(spf), "10.0.0.1", "spf.unseen", "", "v=spf1 ip4:192.0.2.10 ip4:… ~all", "ptr.fine ptr.inside"},
		"the same once more": {two(), "relay.example.org", "spf.fine", "", "v=spf1 mx ip4:192.0.2.10 -all", "ptr.fine"},
	} {
		o := options(t, c.zone)
		o.Relays = append(o.Relays, Relay{Host: c.second, TLS: "tls"})
		var asked []string
		o.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
			asked = append(asked, address)
			return nil, errors.New("not in this test")
		}
		all := Examine(t.Context(), o)
		if got := codes(all, "spf"); got != c.spf {
			t.Errorf("%s: %s", name, got)
		}
		if all[0].Record.Value != c.record || all[0].Detail != c.detail {
			t.Errorf("%s: %+v", name, all[0])
		}
		if got := codes(all, "ptr"); got != c.ptr {
			t.Errorf("%s: %s", name, got)
		}
		if got := strings.Join(asked, " "); got != "relay.example.org:1 "+c.second+":465" || codes(all, "tls") != "tls.unreachable tls.unreachable" {
			t.Errorf("%s: TLS was tried with %s", name, got)
		}
	}
}
