package fetch

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Failure is why a page could not be had. URL, Status and Err are fit for an
// editor's eyes: user information is taken out of every URL.
type Failure struct {
	URL        string
	Status     int // of the HTTP answer, 0 if there was none
	Kind       Kind
	RetryAfter time.Duration // what the server asked for; 0: nothing
	Err        error

	settled bool // already tried as often as is sensible
}

// Kind groups failures by what an editor can do about them.
type Kind string

// The kinds of failures. Each is also the last part of a message key.
const (
	KindAddress  Kind = "address"         // not an absolute http(s) URL
	KindDNS      Kind = "dns"             // the name is not known
	KindRefused  Kind = "refused"         // nobody answers at that address
	KindTimeout  Kind = "timeout"         // too slow
	KindNetwork  Kind = "network"         // the connection broke, or no HTTP was spoken
	KindTLS      Kind = "tls"             // the certificate or the encryption is not in order
	KindPrivate  Kind = "private-address" // the name leads into a private network
	KindRobots   Kind = "robots"          // robots.txt forbids it, or cannot be had
	KindRedirect Kind = "redirect"        // in circles, too many, or to nowhere
	KindStatus   Kind = "status"          // any answer but 2xx
	KindTooLarge Kind = "too-large"       // more than MaxBytes
	KindContent  Kind = "content"         // encoded in a way that cannot be read
)

func (f Failure) Error() string {
	switch {
	case f.Err != nil:
		return fmt.Sprintf("%s: %v", f.URL, f.Err)
	case f.Status != 0:
		return fmt.Sprintf("%s: HTTP %d %s", f.URL, f.Status, http.StatusText(f.Status))
	default:
		return fmt.Sprintf("%s: %s", f.URL, f.Kind)
	}
}

func (f Failure) Unwrap() error { return f.Err }

// Gone tells whether the site says that the page is not there any more and
// will not come back (RFC 9110, 15.5.11).
func (f Failure) Gone() bool { return f.Status == http.StatusGone }

// dialling marks an error of a connection that was never made.
func dialling(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// broken makes a Failure of an error of the HTTP exchange.
func broken(u *url.URL, err error) Failure {
	return Failure{URL: Public(u.String()), Kind: kindOf(err), Err: bare(err)}
}

func kindOf(err error) Kind {
	var (
		dns     *net.DNSError
		slow    net.Error
		corrupt flate.CorruptInputError
	)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return KindPrivate
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum), errors.As(err, &corrupt):
		return KindContent
	case errors.As(err, &dns) && !dns.IsTimeout:
		return KindDNS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return KindTimeout
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return KindRefused
	case aboutTLS(err):
		return KindTLS
	default:
		return KindNetwork
	}
}

func aboutTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       *net.OpError // crypto/tls writes what either side objected to so
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
	)
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) && strings.HasSuffix(alert.Op, " error") ||
		errors.As(err, &authority) || errors.As(err, &hostname)
}

// bare takes off the layer of net/url, which repeats the URL with what is
// secret in it.
func bare(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// Public is a URL without its user information, for messages and logs. What
// is no proper URL loses everything before the last "@".
func Public(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		switch {
		case u.User != nil:
			u.User = nil
			return u.String()
		case u.Opaque == "":
			return raw
		}
	}
	at := strings.LastIndexByte(raw, '@')
	if at < 0 {
		return raw
	}
	if start := strings.Index(raw, "//"); start >= 0 && start < at {
		return raw[:start+2] + raw[at+1:]
	}
	return raw[at+1:]
}
