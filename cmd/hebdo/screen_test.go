package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// obeyed are what a terminal would do: another title, an empty screen, red.
const obeyed = "\x1b]0;title\x07\x1b[2J\u009b31m\x7f"

func controls(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0
}

// A site's certificate may name whatever it likes, and the error quotes it.
func TestNoSiteSpeaksToTheTerminal(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	named := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"\x1b]0;title\x07\x1b[2Jother.example"}}
	der, err := x509.CreateCertificate(rand.Reader, named, named, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewUnstartedServer(http.NotFoundHandler())
	site.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	site.StartTLS()
	defer site.Close()
	address := strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
	_, errs := speak(t, "", exitUsage, "--fetch.allow_private", "127.0.0.0/8,::1/128", "sources", "check", address+"/feed")
	if !strings.Contains(errs, "other.example") || strings.ContainsFunc(errs, controls) {
		t.Errorf("%q", errs)
	}
}

// Anybody may write to the address that bounces come to. For programs the words
// stay as they are.
func TestNoBounceSpeaksToTheTerminal(t *testing.T) {
	bounce := strings.ReplaceAll("From: MAILER-DAEMON@mx.example\n"+
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"+
		"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; "+obeyed+"anne@mail.example\nAction: failed\nStatus: 5.1.1\n"+
		"Diagnostic-Code: smtp; 550 5.1.1 "+obeyed+"nobody\n\n--b--\n", "\n", "\r\n")
	out, _ := speak(t, bounce, exitNothing, "bounce")
	if !strings.Contains(out, "anne@mail.example") || !strings.Contains(out, "nobody") || strings.ContainsFunc(out, controls) {
		t.Errorf("%q", out)
	}
	out, _ = speak(t, bounce, exitNothing, "bounce", "--json")
	var told struct{ Address string }
	if err := json.Unmarshal([]byte(out), &told); err != nil || told.Address != obeyed+"anne@mail.example" {
		t.Errorf("%v, %q", err, told.Address)
	}
}

func TestTheScreenKeepsWords(t *testing.T) {
	for text, want := range map[string]string{
		"Élysée : «\u00a0oui\u00a0»\t日本\r\n":  "Élysée : «\u00a0oui\u00a0»\t日本\r\n",
		"a" + obeyed + "b\x00\b\u0085\u009fc": "a]0;title[2J31mbc",
		"cut \xc2":                            "cut \xc2",
	} {
		if got := string(tame([]byte(text))); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// speak runs a command in a folder of its own.
func speak(t *testing.T, in string, want int, args ...string) (out, errs string) {
	t.Helper()
	t.Chdir(t.TempDir())
	var o, e strings.Builder
	c := newConsole(strings.NewReader(in), &o, &e, func(name string) string { return map[string]string{"LANG": "C", "HEBDO_LOG_LEVEL": "error"}[name] })
	if got := c.run(t.Context(), args); got != want {
		t.Fatalf("%q: exit code %d, want %d\n%s%s", args, got, want, &o, &e)
	}
	return o.String(), e.String()
}
