package doctor

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"hebdo/internal/mail/smtptest"
)

var now = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// zone is what the test's own DNS server answers: "NAME TYPE" to values.
type zone map[string][]string

// resolver asks a DNS server on loopback that knows the zone alone.
func resolver(t *testing.T, z zone) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer := z.answer(buffer[:n]); answer != nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	address := conn.LocalAddr().String()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", address)
	}}
}

func (z zone) answer(query []byte) []byte {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil {
		return nil
	}
	q, err := parser.Question()
	if err != nil {
		return nil
	}
	name := strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")
	kind := strings.TrimPrefix(q.Type.String(), "Type")
	values, known := z[name+" "+kind]
	code := dnsmessage.RCodeSuccess
	if !known {
		code = dnsmessage.RCodeNameError
		for key := range z {
			if strings.HasPrefix(key, name+" ") {
				code = dnsmessage.RCodeSuccess
			}
		}
	}
	if len(values) == 1 && values[0] == "SERVFAIL" {
		values, code = nil, dnsmessage.RCodeServerFailure
	}
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: header.ID, Response: true, Authoritative: true, RCode: code})
	_ = b.StartQuestions()
	_ = b.Question(q)
	_ = b.StartAnswers()
	h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 60}
	for _, v := range values {
		switch q.Type {
		case dnsmessage.TypeTXT:
			var parts []string
			for ; len(v) > 255; v = v[255:] {
				parts = append(parts, v[:255])
			}
			_ = b.TXTResource(h, dnsmessage.TXTResource{TXT: append(parts, v)})
		case dnsmessage.TypeA:
			_ = b.AResource(h, dnsmessage.AResource{A: netip.MustParseAddr(v).As4()})
		case dnsmessage.TypeAAAA:
			_ = b.AAAAResource(h, dnsmessage.AAAAResource{AAAA: netip.MustParseAddr(v).As16()})
		case dnsmessage.TypePTR:
			_ = b.PTRResource(h, dnsmessage.PTRResource{PTR: dnsmessage.MustNewName(v)})
		case dnsmessage.TypeMX:
			var pref uint16
			var host string
			_, _ = fmt.Sscan(v, &pref, &host)
			_ = b.MXResource(h, dnsmessage.MXResource{Pref: pref, MX: dnsmessage.MustNewName(host)})
		}
	}
	out, err := b.Finish()
	if err != nil {
		return nil
	}
	return out
}

// sound is a zone in which nothing is wrong.
func sound() zone {
	return zone{
		"news.example.org TXT":              {"v=spf1 mx ip4:192.0.2.10 -all", "some-site-verification=1"},
		"news.example.org MX":               {"10 relay.example.org."},
		"relay.example.org A":               {"192.0.2.10"},
		"10.2.0.192.in-addr.arpa PTR":       {"relay.example.org."},
		"_dmarc.example.org TXT":            {"v=DMARC1; p=quarantine; rua=mailto:d@example.org"},
		"h._domainkey.news.example.org TXT": {"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)},
	}
}

var public, _, _ = ed25519.GenerateKey(zeros{})

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func (z zone) with(key string, values ...string) zone {
	if values == nil {
		delete(z, key)
		return z
	}
	z[key] = values
	return z
}

func options(t *testing.T, z zone) Options {
	return Options{
		Domain: "news.example.org", Keys: []Key{{"h", public}}, Relays: []Relay{{Host: "relay.example.org", Port: 1, TLS: "starttls"}},
		Resolver: resolver(t, z), Now: func() time.Time { return now }, Patience: 5 * time.Second,
		Dial: func(context.Context, string, string) (net.Conn, error) { return nil, fmt.Errorf("not in this test") },
	}
}

// codes of a check's findings.
func codes(all []Finding, check string) string {
	var out []string
	for _, f := range all {
		if f.Check == check {
			out = append(out, f.Code)
		}
	}
	return strings.Join(out, " ")
}

func TestDNS(t *testing.T) {
	const spf, dkim = "news.example.org TXT", "h._domainkey.news.example.org TXT"
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := x509.MarshalPKIXPublicKey(&short.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		zone   zone
		change func(*Options)
		check  string
		want   string
		record string
	}{
		"spf is right":              {sound(), nil, "spf", "spf.fine", ""},
		"no spf":                    {sound().with(spf), nil, "spf", "spf.missing", "v=spf1 ip4:192.0.2.10 ~all"},
		"two spf records":           {sound().with(spf, "v=spf1 mx -all", "v=spf1 ~all"), nil, "spf", "spf.several", ""},
		"spf of others":             {sound().with(spf, "v=spf1 ip4:198.51.100.0/24 -all"), nil, "spf", "spf.uncovered", "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.10 -all"},
		"spf that forbids it first": {sound().with(spf, "v=spf1 -ip4:192.0.2.10 mx ~all"), nil, "spf", "spf.uncovered", "v=spf1 ip4:192.0.2.10 -ip4:192.0.2.10 mx ~all"},
		"spf by include": {sound().with(spf, "v=spf1 include:other.example ~all").with("other.example TXT", "v=spf1 ip4:192.0.2.0/24 ~all"),
			nil, "spf", "spf.fine", ""},
		"spf by redirect":           {sound().with(spf, "v=spf1 redirect=other.example").with("other.example TXT", "v=spf1 a:relay.example.org ~all"), nil, "spf", "spf.fine", ""},
		"spf for everybody":         {sound().with(spf, "v=spf1 +all"), nil, "spf", "spf.open", ""},
		"spf that leads nowhere":    {sound().with(spf, "v=spf1 include:gone.example ~all"), nil, "spf", "spf.broken", ""},
		"spf in a circle":           {sound().with(spf, "v=spf1 include:news.example.org ~all"), nil, "spf", "spf.broken", ""},
		"spf with a term unknown":   {sound().with(spf, "v=spf1 ipv4:192.0.2.10 ~all"), nil, "spf", "spf.broken", ""},
		"spf of a known relay":      {sound().with(spf, "v=spf1 include:amazonses.com ~all").with("amazonses.com TXT", "v=spf1 ip4:198.51.100.0/24 -all"), func(o *Options) { o.Relays[0].Host = "email-smtp.eu-west-3.amazonaws.com" }, "spf", "spf.fine", ""},
		"spf without its relay":     {sound(), func(o *Options) { o.Relays[0].Host = "smtp.mailgun.org" }, "spf", "spf.uncovered", "v=spf1 mx ip4:192.0.2.10 include:mailgun.org -all"},
		"a relay on this machine":   {sound(), func(o *Options) { o.Relays[0].Host = "127.0.0.1" }, "spf", "spf.local", ""},
		"dns that fails":            {sound().with(spf, "SERVFAIL"), nil, "spf", "dns", ""},
		"dkim is right":             {sound(), nil, "dkim", "dkim.fine", ""},
		"no keys":                   {sound(), func(o *Options) { o.Keys = nil }, "dkim", "dkim.none", ""},
		"no dkim record":            {sound().with(dkim), nil, "dkim", "dkim.missing", "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)},
		"another dkim key":          {sound().with(dkim, "v=DKIM1; k=ed25519; p=AAAA"), nil, "dkim", "dkim.mismatch", "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)},
		"a revoked dkim key":        {sound().with(dkim, "v=DKIM1; p="), nil, "dkim", "dkim.revoked", "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)},
		"a relay's short dkim key":  {sound().with(dkim, "v=DKIM1; k=rsa; p="+base64.StdEncoding.EncodeToString(weak)), func(o *Options) { o.Keys[0].Public = nil }, "dkim", "dkim.short", ""},
		"dmarc of the domain above": {sound(), nil, "dmarc", "dmarc.fine", ""},
		"no dmarc":                  {sound().with("_dmarc.example.org TXT"), nil, "dmarc", "dmarc.missing", "v=DMARC1; p=none; rua=mailto:dmarc@example.org"},
		"dmarc that nobody hears":   {sound().with("_dmarc.news.example.org TXT", "v=DMARC1; p=none"), nil, "dmarc", "dmarc.unheard", ""},
		"dmarc without a policy":    {sound().with("_dmarc.example.org TXT", "v=DMARC1; rua=mailto:x@example.org"), nil, "dmarc", "dmarc.broken", "v=DMARC1; p=none; rua=mailto:dmarc@example.org"},
		"two of dmarc":              {sound().with("_dmarc.example.org TXT", "v=DMARC1; p=none", "v=DMARC1; p=reject"), nil, "dmarc", "dmarc.several", ""},
		"mx is right":               {sound(), nil, "mx", "mx.fine", ""},
		"no mx":                     {sound().with("news.example.org MX"), nil, "mx", "mx.missing", "10 mail.news.example.org."},
		"a null mx":                 {sound().with("news.example.org MX", "0 ."), nil, "mx", "mx.null", "10 mail.news.example.org."},
		"an mx that is nowhere":     {sound().with("news.example.org MX", "10 gone.example.org."), nil, "mx", "mx.nowhere", "…"},
		"ptr is right":              {sound(), nil, "ptr", "ptr.fine", ""},
		"no ptr":                    {sound().with("10.2.0.192.in-addr.arpa PTR"), nil, "ptr", "ptr.missing", "relay.example.org."},
		"a ptr that leads astray":   {sound().with("10.2.0.192.in-addr.arpa PTR", "other.example.org."), nil, "ptr", "ptr.astray", "relay.example.org."},
		"a ptr of an inner relay":   {sound(), func(o *Options) { o.Relays[0].Host = "10.0.0.1" }, "ptr", "ptr.inside", ""},
		"a relay that is not there": {sound(), nil, "tls", "tls.unreachable", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, c.zone)
			if c.change != nil {
				c.change(&o)
			}
			all := Examine(t.Context(), o)
			if got := codes(all, c.check); got != c.want {
				t.Errorf("got %q, want %q: %+v", got, c.want, all)
			}
			for _, f := range all {
				if f.Check == c.check && f.Record.Value != c.record {
					t.Errorf("to be written: %q, want %q", f.Record.Value, c.record)
				}
			}
		})
	}
}

func TestRSAKeyInEitherForm(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkix, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, der := range [][]byte{pkix, x509.MarshalPKCS1PublicKey(&key.PublicKey)} {
		z := sound().with("h._domainkey.news.example.org TXT", "v=DKIM1; k=rsa; p="+base64.StdEncoding.EncodeToString(der))
		o := options(t, z)
		o.Keys = []Key{{"h", crypto.PublicKey(&key.PublicKey)}}
		if got := codes(Examine(t.Context(), o), "dkim"); got != "dkim.fine" {
			t.Error(got)
		}
	}
}

// certified is a certificate for a name until a time, and the pool that trusts it.
func certified(t *testing.T, name string, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-48 * time.Hour), NotAfter: until, DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// relay speaks SMTP just as far as the doctor does.
func relay(t *testing.T, mode string, cert *tls.Certificate) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			if mode == "tls" {
				conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{*cert}, Time: func() time.Time { return now }})
			}
			serve(conn, mode, cert)
		}
	}()
	return listener.Addr().String()
}

func serve(conn net.Conn, mode string, cert *tls.Certificate) {
	defer conn.Close()
	fmt.Fprint(conn, "220 relay.example.org ESMTP\r\n")
	buffer := make([]byte, 512)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		switch line := strings.ToUpper(string(buffer[:n])); {
		case strings.HasPrefix(line, "EHLO"):
			if mode == "starttls" {
				fmt.Fprint(conn, "250-hello\r\n250 STARTTLS\r\n")
			} else {
				fmt.Fprint(conn, "250-hello\r\n250 AUTH PLAIN\r\n")
			}
		case strings.HasPrefix(line, "STARTTLS"):
			fmt.Fprint(conn, "220 go\r\n")
			conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{*cert}, Time: func() time.Time { return now }})
			mode = "secure"
		default:
			fmt.Fprint(conn, "221 bye\r\n")
			return
		}
	}
}

func TestTLSOfTheRelay(t *testing.T) {
	good, pool := certified(t, "relay.example.org", now.Add(90*24*time.Hour))
	ending, endingPool := certified(t, "relay.example.org", now.Add(3*24*time.Hour))
	expired, expiredPool := certified(t, "relay.example.org", now.Add(-time.Hour))
	other, otherPool := certified(t, "other.example.org", now.Add(90*24*time.Hour))
	for _, c := range []struct {
		server, client string
		cert           *tls.Certificate
		roots          *x509.CertPool
		logIn          bool
		want           string
	}{
		{"starttls", "starttls", &good, pool, true, "tls.fine"},
		{"tls", "tls", &good, pool, true, "tls.fine"},
		{"starttls", "starttls", &ending, endingPool, false, "tls.ending"},
		{"starttls", "starttls", &expired, expiredPool, false, "tls.expired"},
		{"tls", "tls", &other, otherPool, false, "tls.name"},
		{"starttls", "starttls", &good, otherPool, false, "tls.unknown"},
		{"plain", "starttls", nil, pool, false, "tls.notoffered"},
		{"plain", "tls", nil, pool, false, "tls.handshake"},
		{"plain", "none", nil, pool, false, "tls.inside"},
	} {
		address := relay(t, c.server, c.cert)
		o := options(t, sound())
		o.Roots, o.Relays[0].TLS, o.Relays[0].LogIn = c.roots, c.client, c.logIn
		o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
		if got := codes(Examine(t.Context(), o), "tls"); got != c.want {
			t.Errorf("%s asked for %s: %q, want %q", c.server, c.client, got, c.want)
		}
	}
}

func TestTheTestServerOfThisHouse(t *testing.T) {
	box, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	o := options(t, sound())
	o.Relays, o.Dial = []Relay{{Host: "127.0.0.1", Port: box.Port(), TLS: "none"}}, nil
	if got := codes(Examine(t.Context(), o), "tls"); got != "tls.inside" {
		t.Error(got)
	}
}
