package audience

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// verdict is what words say of a consent.
type verdict int

const (
	given    verdict = iota // when, where or how: whatever is none of the others
	unstated                // nothing that proves it, so the reader is asked
	refused
)

// answers are whole cells that answer and say no more. A bare yes proves nothing.
var answers = verdicts(map[verdict]string{
	unstated: "yes oui true vrai 1 x y o ok t on",
	refused:  "no non false faux 0 n f off",
})

// openings are words that a cell begins with, folded and run together.
var openings = verdicts(map[verdict]string{
	unstated: `null none nil nan na nd nc unknown undefined unset unspecified pending empty blank missing tbd unconfirmed awaiting waiting
		notstated notasked notyet notprovided notavailable notset notspecified notknown notapplicable notrecorded notconfirmed
		noanswer noresponse noreply nodata novalue nodate noinformation noinfo norecord
		vide inconnu inconnue neant aucun aucune indefini indetermine enattente attente aconfirmer encours sansobjet sansreponse
		nonrenseigne nonrenseignee nonprecise nonprecisee noncommunique noncommuniquee nondefini nondisponible nonconnu nonapplicable
		nonconfirme nonconfirmee pasencore pasrenseigne pasdereponse pasdedate`,
	refused: `no non false faux not never without dont doesnt didnt donot doesnot didnot stop stopped
		refuse refused refuses refusal declined decline declines withdrawn withdraw withdrew withdrawal revoked revoke revocation
		unsubscribed unsubscribe unsubscribes unsub optout optedout optingout unchecked denied rejected objected objection opposed
		cancelled canceled expired removed deleted inactive disabled invalid bounced complained spam blocked blocklisted blacklisted banned barred
		refus refusee refusees refuser decline declinee retire retiree retrait revoque revoquee desinscrit desinscrite desinscription
		desabonne desabonnee desabonnement resilie resiliee resiliation annule annulee annulation rejete rejetee oppose opposee opposition
		expiree invalide supprime supprimee bloque bloquee inactif inactive plainte pas ne napas najamais nestpas naccepte jamais sans
		aucunconsentement aucunaccord nonconsentant nonconsenti`,
})

// asides may stand before what a cell says.
var asides = verdicts(map[verdict]string{
	given: "consent consentement accord optin opt in status state statut etat user reader subscriber utilisateur lecteur contact has have was is a est sest",
})

func verdicts(of map[verdict]string) map[string]verdict {
	all := map[string]verdict{}
	for v, words := range of {
		for _, w := range strings.Fields(words) {
			all[w] = v
		}
	}
	return all
}

// verdictOn judges words by the first of them: refusals are stated in one or
// two, at the beginning, while a text that tells of consent may well name the
// right to withdraw it.
func verdictOn(text string) verdict {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("-'’", r)
	})
	for i, w := range words {
		words[i] = fold(w)
	}
	for ; len(words) > 0; words = words[1:] {
		for n := min(3, len(words)); n > 0; n-- {
			if v, ok := openings[strings.Join(words[:n], "")]; ok {
				return v
			}
		}
		if _, ok := asides[words[0]]; !ok && words[0] != "" {
			break
		}
	}
	return given
}

// blank tells whether a cell is what databases write for nothing: NULL as
// MySQL exports it, a date of zeros, or a sign.
func blank(cell string) bool {
	return cell == `\N` || !strings.ContainsFunc(cell, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) && r != '0'
	})
}

// consent reads the cell that says when or how the reader consented: a date,
// words, or both. Where it says nothing the reader is asked; a refusal keeps
// the line out. The result is the code of what is wrong.
func (r *row) consent(cell string, now time.Time) string {
	r.consentText()
	if v, ok := answers[fold(cell)]; ok && cell != `\N` {
		r.declined = r.declined || v == refused
		return ""
	}
	if blank(cell) {
		return ""
	}
	at, rest := dateIn(cell)
	words := strings.ContainsFunc(rest, unicode.IsLetter)
	switch v := verdictOn(rest); {
	case v == refused:
		r.declined = true
		return ""
	case v == unstated:
		return ""
	case at.IsZero() && (!words || dateLike.MatchString(cell)):
		return "consent.date"
	case at.After(now.Add(24 * time.Hour)):
		return "consent.future"
	}
	r.entry.Consent.At = at
	if words && r.entry.Consent.Text == "" {
		r.entry.Consent.Text = bounded(cell) // with its date: this is what the proof says
	}
	return ""
}

// consentText looks whether the words of the consent are any. They may be a
// whole form's, which begins as it likes: only all of them refuse.
func (r *row) consentText() {
	text := &r.entry.Consent.Text
	v, ok := openings[fold(*text)]
	switch {
	case *text == `\N`, ok && v == unstated, blank(*text):
		*text = ""
	case ok, answers[fold(*text)] == refused:
		*text, r.declined = "", true
	}
}

// A date stands as ISO 8601 or day first, as in French; the time may follow.
// dateLike is what a person takes for one, whether or not it can be read.
var (
	isoDate  = regexp.MustCompile(`\b(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2}\b)?)?`)
	dayDate  = regexp.MustCompile(`\b(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:,?\s+(?:à\s+)?(\d{1,2})[:h](\d{2}))?(?::\d{2})?(\s*[AaPp]\.?[Mm]\b)?`)
	dateLike = regexp.MustCompile(`\b\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}|\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}\b|(?:^|[\s(])\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}(?:$|[\s,;)])`)
)

// dateIn reads the date in a cell, zero where it has none that can be read,
// and gives what stands around it. A time without a zone is read as UTC.
func dateIn(cell string) (time.Time, string) {
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
			// PostgreSQL writes whole hours alone.
			zone := strings.ReplaceAll(cell[m[6]:m[7]], ":", "")
			s, layout = s+(zone + "00")[:5], layout+"-0700"
		}
		return readDate(layout, s), cell[:m[0]] + " " + cell[m[1]:]
	}
	if m := dayDate.FindStringSubmatchIndex(cell); m != nil {
		rest := cell[:m[0]] + " " + cell[m[1]:]
		if m[12] >= 0 { // who counts twelve hours puts the month first
			return time.Time{}, rest
		}
		s, layout := cell[m[2]:m[3]]+" "+cell[m[4]:m[5]]+" "+cell[m[6]:m[7]], "2 1 2006"
		if m[8] >= 0 {
			s, layout = s+" "+cell[m[8]:m[9]]+" "+cell[m[10]:m[11]], layout+" 15 04"
		}
		return readDate(layout, s), rest
	}
	return time.Time{}, cell
}

func readDate(layout, s string) time.Time {
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
