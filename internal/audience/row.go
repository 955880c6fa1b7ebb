package audience

import (
	"net/netip"
	"regexp"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// row is a line of an import, understood.
type row struct {
	line     int
	entry    Entry
	declined bool // the file says that there is no consent
}

var answers = map[string]bool{
	"yes": true, "oui": true, "true": true, "vrai": true, "1": true, "x": true, "y": true, "o": true, "ok": true,
	"no": false, "non": false, "false": false, "faux": false, "0": false, "n": false,
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
func (r record) read(columns []column, now time.Time) (row, *BadLine) {
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
	return out, nil
}

// consent reads the cell that says when or how the reader consented: a date,
// words, or both. A bare yes proves nothing, so the reader is asked; a no keeps
// the line out. The result is the code of what is wrong.
func (r *row) consent(cell string, now time.Time) string {
	if cell == "" {
		return ""
	}
	if yes, ok := answers[fold(cell)]; ok {
		r.declined = !yes
		return ""
	}
	at, rest, found := dateIn(cell)
	switch {
	case found && at.After(now.Add(24*time.Hour)):
		return "consent.future"
	case found:
		r.entry.Consent.At = at
		cell = rest
	case !strings.ContainsFunc(cell, isLetter):
		return "consent.date"
	}
	if strings.ContainsFunc(cell, isLetter) && r.entry.Consent.Text == "" {
		r.entry.Consent.Text = bounded(cell)
	}
	return ""
}

func isLetter(r rune) bool { return r > 0x7f || (r|0x20 >= 'a' && r|0x20 <= 'z') }

// A date stands as ISO 8601 or day first, as in French; the time may follow.
var (
	isoDate = regexp.MustCompile(`\b(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?`)
	dayDate = regexp.MustCompile(`\b(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:,?\s+(?:à\s+)?(\d{1,2})[:h](\d{2}))?`)
)

// dateIn finds a date in a cell and gives what stands around it, if that is
// more than punctuation. A time without a zone is read as UTC.
func dateIn(cell string) (time.Time, string, bool) {
	if m := isoDate.FindStringSubmatchIndex(cell); m != nil {
		s := cell[m[2]:m[3]]
		layout := "2006-01-02"
		if m[4] >= 0 {
			s, layout = s+" "+cell[m[4]:m[4]+5], layout+" 15:04"
			if m[5]-m[4] > 5 {
				s, layout = s+cell[m[4]+5:m[5]], layout+":05"
			}
		}
		if m[6] >= 0 && cell[m[6]] != 'Z' && cell[m[6]] != 'U' {
			s, layout = s+strings.ReplaceAll(cell[m[6]:m[7]], ":", ""), layout+"-0700"
		}
		t, err := time.Parse(layout, s)
		return t.UTC(), around(cell, m[0], m[1]), err == nil
	}
	if m := dayDate.FindStringSubmatchIndex(cell); m != nil {
		s, layout := cell[m[2]:m[3]]+" "+cell[m[4]:m[5]]+" "+cell[m[6]:m[7]], "2 1 2006"
		if m[8] >= 0 {
			s, layout = s+" "+cell[m[8]:m[9]]+" "+cell[m[10]:m[11]], layout+" 15 04"
		}
		t, err := time.Parse(layout, s)
		return t.UTC(), around(cell, m[0], m[1]), err == nil
	}
	return time.Time{}, cell, false
}

func around(cell string, from, to int) string {
	rest := strings.TrimSpace(cell[:from] + cell[to:])
	if strings.ContainsFunc(rest, isLetter) {
		return cell // with its date: this is what the proof says
	}
	return ""
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
