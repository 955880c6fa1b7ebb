package fetch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// wire answers every connection with these bytes, and then does what end says.
func wire(t *testing.T, answer string, end func(net.Conn)) string {
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
			go func() {
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = conn.Write([]byte(answer))
				if end != nil {
					end(conn)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String() + "/"
}

// What a server says on the wire when it is not one.
func TestBrokenHTTPIsNeverMoreThanAFailure(t *testing.T) {
	hold := func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) } // until the client has gone
	for name, c := range map[string]struct {
		answer string
		end    func(net.Conn)
		kind   Kind
		body   string
	}{
		"nothing at all":             {"", nil, KindNetwork, ""},
		"no HTTP":                    {"SSH-2.0-OpenSSH_9.2\r\n", nil, KindNetwork, ""},
		"a cut head":                 {"HTTP/1.1 200 OK\r\nContent-Ty", nil, KindNetwork, ""},
		"a head that never ends":     {"HTTP/1.1 200 OK\r\nX: ", hold, KindTimeout, ""},
		"a head without bounds":      {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", nil, KindNetwork, ""},
		"a body longer than said":    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<rss></rss>", nil, "", "<rss>"},
		"a body shorter than said":   {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss></rss>", nil, KindNetwork, ""},
		"a length that is none":      {"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n<rss></rss>", nil, KindNetwork, ""},
		"two lengths":                {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n<rss></rss>", nil, KindNetwork, ""},
		"a length beyond all bounds": {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n<rss>", nil, KindTooLarge, ""},
		"chunks that break off":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n", nil, KindNetwork, ""},
		"chunks of no size":          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n", nil, KindNetwork, ""},
		"no length, and closed":      {"HTTP/1.0 200 OK\r\n\r\n<rss></rss>", nil, "", "<rss></rss>"},
	} {
		patience := time.Minute
		if c.kind == KindTimeout {
			patience = 300 * time.Millisecond
		}
		client := client(t, func(o *Options) { o.Timeout, o.Retries = patience, -1 })
		page, err := client.Get(t.Context(), Request{URL: wire(t, c.answer, c.end)})
		switch {
		case c.kind == "" && (err != nil || string(page.Body) != c.body):
			t.Errorf("%s: %q, %v", name, page.Body, err)
		case c.kind != "" && (err == nil || failure(t, err).Kind != c.kind):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABodyThatBreaksOffIsGivenToWhoAsksForIt(t *testing.T) {
	for answer, body := range map[string]string{
		"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>":                 "<rss>",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n": "<rss>",
		"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n":                      "",
	} {
		at := wire(t, answer, nil)
		c := client(t, func(o *Options) { o.Retries = -1 })
		page, err := c.Get(t.Context(), Request{URL: at, Partial: true})
		if got := string(page.Body); got != body || (err == nil) != (body != "") || page.Partial != (body != "") {
			t.Errorf("%q: %+v, %v", answer, page, err)
		}
		if page, err = c.Get(t.Context(), Request{URL: at}); err == nil || page.Body != nil {
			t.Errorf("%q, whole: %+v, %v", answer, page, err)
		}
	}
}

// A name is looked at after it was resolved, on every redirect: a site may
// send anybody to a name of its own that means this machine.
func TestARedirectToANameThatLeadsInsideIsRefused(t *testing.T) {
	inside := newSite(t, map[string]http.HandlerFunc{"/": text("secret")})
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	listener, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	outside := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://localhost:"+port+"/", http.StatusFound)
	})}}
	outside.Start()
	defer outside.Close()
	c := client(t, func(o *Options) { o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")} })
	_, err = c.Get(t.Context(), Request{URL: outside.URL + "/"})
	if f := failure(t, err); f.Kind != KindPrivate {
		t.Errorf("%v (%s)", err, f.Kind)
	}
	if inside.count("/") != 0 {
		t.Error("the inner site was reached")
	}
}

// certified is a certificate for these names that nobody but itself signed.
func certified(t *testing.T, until time.Time, names ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.Add(-24 * time.Hour), NotAfter: until, DNSNames: names}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestBrokenEncryptionIsATLSFailure(t *testing.T) {
	later := time.Now().Add(time.Hour)
	for name, config := range map[string]*tls.Config{
		"expired":                 {Certificates: []tls.Certificate{certified(t, time.Now().Add(-time.Hour), "localhost")}},
		"of another site":         {Certificates: []tls.Certificate{certified(t, later, "example.org")}},
		"of the last century":     {Certificates: []tls.Certificate{certified(t, later, "localhost")}, MaxVersion: tls.VersionTLS10},
		"without any certificate": {GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }},
	} {
		s := httptest.NewUnstartedServer(text("ok"))
		s.Config.ErrorLog = nil
		listener := tls.NewListener(s.Listener, config)
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				go func() { _ = conn.(*tls.Conn).Handshake(); conn.Close() }()
			}
		}()
		_, err := client(t, func(o *Options) { o.Retries = -1 }).Get(t.Context(), Request{URL: "https://" + s.Listener.Addr().String() + "/"})
		if f := failure(t, err); f.Kind != KindTLS {
			t.Errorf("%s: %v (%s)", name, err, f.Kind)
		}
		listener.Close()
	}
}
