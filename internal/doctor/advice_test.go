package doctor

import "testing"

// only gives the one finding of a check.
func only(t *testing.T, all []Finding, check string) Finding {
	t.Helper()
	var found []Finding
	for _, f := range all {
		if f.Check == check {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d findings of %s: %+v", len(found), check, found)
	}
	return found[0]
}

func TestAnAddressIsNamedWhereDNSLooksForIt(t *testing.T) {
	for address, want := range map[string]Record{
		"203.0.113.9":   {"9.113.0.203.in-addr.arpa", "PTR", "relay.example.org."},
		"2001:db8::1:f": {"f.0.0.0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "PTR", "relay.example.org."},
	} {
		z := sound().with("relay.example.org A").with("relay.example.org AAAA")
		if address == "203.0.113.9" {
			z.with("relay.example.org A", address)
		} else {
			z.with("relay.example.org AAAA", address)
		}
		f := only(t, Examine(t.Context(), options(t, z)), "ptr")
		if f.Code != "ptr.missing" || f.Where != address || f.Record != want {
			t.Errorf("%s: %+v", address, f)
		}
	}
	// A relay set by its address has no name that could be written there.
	o := options(t, sound())
	o.Relays[0].Host = "203.0.113.9"
	if f := only(t, Examine(t.Context(), o), "ptr"); f.Code != "ptr.missing" || f.Record != (Record{}) {
		t.Errorf("%+v", f)
	}
}

func TestTheBrokenDMARCRecordIsTheOneToWrite(t *testing.T) {
	const below, above = "_dmarc.news.example.org", "_dmarc.example.org"
	for name, c := range map[string]struct {
		zone   zone
		where  string
		record Record
	}{
		"below": {sound().with(below+" TXT", "v=DMARC1; p=foo"), below, Record{below, "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@example.org"}},
		"above": {sound().with(above+" TXT", "v=DMARC1; p=foo"), above, Record{above, "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@example.org"}},
		// The policy of the whole organisation is right, and must not be undone for the sake of sp.
		"for those below": {sound().with(above+" TXT", "v=DMARC1; p=reject; sp=foo"), above, Record{}},
	} {
		if f := only(t, Examine(t.Context(), options(t, c.zone)), "dmarc"); f.Code != "dmarc.broken" || f.Where != c.where || f.Record != c.record {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
