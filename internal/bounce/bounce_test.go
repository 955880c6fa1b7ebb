package bounce

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

const (
	delivery     = "019abc00-0000-7000-8000-0123456789ab"
	subscription = "019abc00-0000-7000-8000-0123456789ff"
)

func links(t testing.TB) *track.Links {
	t.Helper()
	l, err := track.New(&url.URL{Scheme: "https", Host: "news.example.org"}, []track.Key{{ID: 1, Secret: bytes.Repeat([]byte("s"), 32)}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// message is a fixture with its marks replaced by tokens.
func fixture(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	l := links(t)
	return strings.NewReplacer("{VERP}", l.VERP(delivery, "news.example.org"),
		"{UNSUB}", "unsub+"+l.Token(track.Unsubscribe, subscription)+"@news.example.org",
		"{LINK}", l.URL(track.Unsubscribe, subscription)).Replace(string(body))
}

func refused(code int, enhanced string) digest.Refusal {
	return digest.Refusal{Permanent: code >= 500, Code: code, Enhanced: enhanced}
}

func TestWhatComesBack(t *testing.T) {
	const reader = "anne.martin@mail.example"
	const id = "la-semaine-ia-47.abcdefghijklmnopqrstuvwx@news.example.org"
	for name, want := range map[string]digest.Returned{
		"postfix-unknown.eml":        {Kind: digest.ReturnFailed, DeliveryID: delivery, MessageID: id, Address: reader, Refusal: refused(550, "5.1.1")},
		"postfix-full.eml":           {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(552, "5.2.2")},
		"postfix-expired.eml":        {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(451, "4.4.1")},
		"postfix-delayed.eml":        {Kind: digest.ReturnDelayed, DeliveryID: delivery, Address: reader, Refusal: refused(451, "4.7.1")},
		"postfix-policy.eml":         {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(554, "5.7.1")},
		"postfix-noverp.eml":         {Kind: digest.ReturnFailed, SubscriptionID: subscription, MessageID: id, Address: reader, Refusal: refused(550, "5.1.1")},
		"success.eml":                {Kind: digest.ReturnDelivered, DeliveryID: delivery, Address: reader},
		"exim.eml":                   {Kind: digest.ReturnFailed, DeliveryID: delivery, MessageID: id, Address: reader, Refusal: refused(550, "5.1.1")},
		"exim-local.eml":             {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "")},
		"exim-warning.eml":           {Kind: digest.ReturnDelayed, DeliveryID: delivery, Address: reader},
		"exchange.eml":               {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "5.1.10")},
		"exchange-html.eml":          {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "5.1.10")},
		"gmail.eml":                  {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "5.1.1")},
		"gmail-text.eml":             {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "5.1.1")},
		"qmail.eml":                  {Kind: digest.ReturnFailed, DeliveryID: delivery, MessageID: id, Address: reader, Refusal: refused(550, "5.1.1")},
		"qmail-remote.eml":           {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "")},
		"nameless.eml":               {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "5.1.1")},
		"exchange-administrator.eml": {Kind: digest.ReturnFailed, DeliveryID: delivery, Address: reader, Refusal: refused(550, "5.1.1")},
		"arf.eml":                    {Kind: digest.ReturnComplained, DeliveryID: delivery, MessageID: id, Address: reader},
		"arf-link.eml":               {Kind: digest.ReturnComplained, SubscriptionID: subscription, MessageID: id},
		"arf-notspam.eml":            {Kind: digest.ReturnUnknown, DeliveryID: delivery},
		"vacation.eml":               {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"vacation-outlook.eml":       {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"vacation-quotes.eml":        {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"vacation-empty-path.eml":    {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"vacation-subject.eml":       {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"vacation-left.eml":          {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"vacation-sieve.eml":         {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"vacation-cpanel.eml":        {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"receipt.eml":                {Kind: digest.ReturnAutomatic, DeliveryID: delivery},
		"person.eml":                 {Kind: digest.ReturnUnknown, DeliveryID: delivery},
		"forged-words.eml":           {Kind: digest.ReturnUnknown},
		"unsubscribe.eml":            {Kind: digest.ReturnLeft, SubscriptionID: subscription},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := NewReader(links(t)).Read(strings.NewReader(fixture(t, name)))
			if err != nil {
				t.Fatal(err)
			}
			if got.Kind == digest.ReturnFailed && got.Refusal.Text == "" {
				t.Error("the server's words are missing")
			}
			got.At, got.Refusal.Text, got.Refusal.Domain = want.At, "", ""
			if want.Kind == digest.ReturnUnknown || want.Kind == digest.ReturnDelayed && want.Refusal.Code == 0 {
				got.Refusal, got.MessageID = digest.Refusal{}, want.MessageID
			}
			if want.MessageID == "" {
				got.MessageID = ""
			}
			if want.Address == "" {
				got.Address = ""
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhichShapesCostAnAddress(t *testing.T) {
	for name, bounces := range map[string]bool{
		"postfix-unknown.eml": true, "postfix-full.eml": false, "postfix-expired.eml": false, "postfix-policy.eml": false,
		"exim.eml": true, "exim-local.eml": true, "exchange.eml": true, "exchange-html.eml": true,
		"gmail.eml": true, "gmail-text.eml": true, "qmail.eml": true, "qmail-remote.eml": true,
	} {
		got, err := NewReader(links(t)).Read(strings.NewReader(fixture(t, name)))
		if err != nil || got.Refusal.Bounces() != bounces {
			t.Errorf("%s: %v, %v: bounces %v, want %v", name, got.Refusal, err, got.Refusal.Bounces(), bounces)
		}
	}
}

func TestTokensOfSomebodyElseAreNotOurs(t *testing.T) {
	other, err := track.New(&url.URL{Scheme: "https", Host: "h"}, []track.Key{{ID: 1, Secret: bytes.Repeat([]byte("x"), 32)}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewReader(other).Read(strings.NewReader(fixture(t, "postfix-unknown.eml")))
	if err != nil || got.DeliveryID != "" || got.SubscriptionID != "" || got.Kind != digest.ReturnFailed {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatIsNoMessage(t *testing.T) {
	for _, text := range []string{"", "\n\n", "no header here"} {
		if got, err := NewReader(links(t)).Read(strings.NewReader(text)); !errors.Is(err, ErrMessage) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestMaildirLosesNothing(t *testing.T) {
	dir := t.TempDir()
	for _, sub := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"new/1.bounce", "new/2.other", "cur/3.bounce:2,S", "tmp/4.bounce"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	handle := func(name string, _ func() (*os.File, error)) (bool, error) {
		seen = append(seen, name)
		return strings.Contains(name, "bounce"), nil
	}
	if err := Maildir(dir, handle); err != nil {
		t.Fatal(err)
	}
	if err := Maildir(dir, handle); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"new/1.bounce", "new/2.other", "cur/3.bounce:2,S", "new/2.other"}, seen); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{".Bounces/cur/1.bounce", "new/2.other", ".Bounces/cur/3.bounce:2,S", "tmp/4.bounce"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"new/1.bounce", "new/5.bounce"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Maildir(dir, handle); err == nil {
		t.Error("a message of the same name was overwritten")
	}
	if _, err := os.Stat(filepath.Join(dir, ".Bounces/cur/5.bounce")); err != nil {
		t.Errorf("one that could not be moved held up the next: %v", err)
	}
	if err := Maildir(t.TempDir(), handle); err == nil {
		t.Error("a folder that is no Maildir was taken for one")
	}
}

func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.eml")
	for _, name := range names {
		f.Add([]byte(fixture(f, filepath.Base(name))))
	}
	reader := NewReader(links(f))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := reader.Read(bytes.NewReader(raw))
		if err == nil && (got.Kind == "" || len(got.Refusal.Text) > 600) {
			t.Errorf("%+v", got)
		}
	})
}
