package audience

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"

	"hebdo/internal/digest"
)

// row is a line of an import, understood.
type row struct {
	line     int
	entry    Entry
	declined bool // the file says that there is no consent
	// suppressed is why the file keeps letters from the address; empty: it does not.
	suppressed digest.SuppressionKind
}

var lengths = map[string]digest.Length{
	"full": digest.Full, "long": digest.Full, "complete": digest.Full, "complet": digest.Full, "longue": digest.Full,
	"short": digest.Short, "court": digest.Short, "courte": digest.Short, "bref": digest.Short, "breve": digest.Short,
}

var states = map[string]digest.SubscriptionState{
	"active": digest.Active, "actif": digest.Active, "subscribed": digest.Active, "inscrit": digest.Active, "abonne": digest.Active, "confirmed": digest.Active, "enabled": digest.Active,
	"pending": digest.Pending, "enattente": digest.Pending, "unconfirmed": digest.Pending, "nonconfirme": digest.Pending,
	"paused": digest.Resting, "enpause": digest.Resting, "pause": digest.Resting, "suspendu": digest.Resting,
	"unsubscribed": digest.Unsubscribed, "desabonne": digest.Unsubscribed, "desinscrit": digest.Unsubscribed, "cleaned": digest.Unsubscribed,
	"bounced": digest.Unsubscribed, "complained": digest.Unsubscribed, "blocklisted": digest.Unsubscribed, "disabled": digest.Unsubscribed, "erased": digest.Unsubscribed,
}

var languages = map[string]digest.Language{
	"francais": digest.French, "french": digest.French, "anglais": digest.English, "english": digest.English,
}

// read understands a line's cells, or says what is wrong with the first bad one.
// themes are those that the reader may leave out.
func (r record) read(columns []column, themes []string, now time.Time) (row, *BadLine) {
	out := row{line: r.line}
	wrong := func(code, detail string) (row, *BadLine) {
		return row{}, &BadLine{Line: r.line, Code: code, Detail: excerpt(detail)}
	}
	get := func(c column) string {
		for i, have := range columns {
			if have == c && i < len(r.cells) {
				return r.cells[i]
			}
		}
		return ""
	}
	for i := len(columns); i < len(r.cells); i++ {
		if r.cells[i] != "" {
			return wrong("cells", r.cells[i])
		}
	}
	e := &out.entry
	var err error
	if get(colAddress) == "" {
		return wrong("address.missing", "")
	}
	if e.Address, err = ParseAddress(get(colAddress)); err != nil {
		return wrong("address", get(colAddress))
	}
	e.Name = cleanName(get(colName))
	if e.Name == "" {
		e.Name = cleanName(get(colFirst) + " " + get(colLast))
	}
	if e.Name == "" {
		e.Name = e.Address.Name
	}
	var ok bool
	if v := get(colLanguage); v != "" {
		if e.Language, ok = languages[fold(v)]; !ok {
			e.Language = digest.ParseLanguage(v)
		}
		if e.Language == "" {
			return wrong("language", v)
		}
	}
	if v := get(colLength); v != "" {
		if e.Length, ok = lengths[fold(v)]; !ok {
			return wrong("length", v)
		}
	}
	var unknown string
	if e.Without, unknown = without(get(colWithout), themes); unknown != "" {
		return wrong("theme", unknown)
	}
	if v := get(colState); v != "" {
		if e.State, ok = states[fold(v)]; !ok {
			return wrong("state", v)
		}
	}
	e.Consent = digest.Consent{Text: bounded(get(colConsentText)), Source: bounded(get(colSource))}
	if ip, err := netip.ParseAddr(get(colIP)); err == nil {
		e.Consent.IP = ip.String()
	}
	if bad := out.consent(get(colConsent), now); bad != "" {
		return wrong(bad, get(colConsent))
	}
	out.suppressed = suppression(get(colSuppressed))
	return out, nil
}

// without reads which of the themes a reader leaves out, or names one that is
// not among them.
func without(cell string, themes []string) (ids, unknown string) {
	all := strings.FieldsFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	if i := slices.IndexFunc(all, func(id string) bool { return !slices.Contains(themes, id) }); i >= 0 {
		return "", all[i]
	}
	return strings.Join(all, " "), ""
}

// bounded keeps a proof of consent to 1,000 characters.
func bounded(s string) string {
	if r := []rune(s); len(r) > 1000 {
		return string(r[:1000])
	}
	return s
}

// excerpt keeps a cell short enough for a report.
func excerpt(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
