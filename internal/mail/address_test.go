package mail

import (
	"testing"

	"pgregory.net/rapid"
)

// What passes for simple is what the careful way makes of it.
func TestASimpleAddressReadsTheSameWhenItIsParsed(t *testing.T) {
	simples := 0
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.StringMatching(`[a-zA-Z.+é-]{0,3}[a-z@ ]?[a-z0-9]@[a-zB.é-]{0,3}[a-z]{1,3}`).Draw(t, "address")
		if !simple(address) {
			return
		}
		simples++
		a, err := mailbox("To", address)
		if err != nil || a.Address != address || a.Name != "" || path(a) != "<"+address+">" {
			t.Fatalf("%q: %+v, %v", address, a, err)
		}
	})
	if simples == 0 {
		t.Errorf("no address was simple: this proves nothing")
	}
	for _, usual := range []string{"reader@example.net", "Lea.Martin+news@mail.example.fr", "bounce+aeaq2a4x@news.example.org"} {
		if !simple(usual) {
			t.Errorf("%s is a simple address", usual)
		}
	}
	for _, other := range []string{"", "a", "@b", "a@", ".a@b", "a.@b", "a..b@c", "a@b@c", "a@.b", "a@b.", "a@-b", "a@b-", "a@b-.c", "a@B", "a b@c", "a\r\n@b", "a@b\n", `"a"@b`, "é@b", "a@[1.2.3.4]", "a@xn--9ca.fr", "<a@b>"} {
		if simple(other) {
			t.Errorf("%q is not", other)
		}
	}
}
