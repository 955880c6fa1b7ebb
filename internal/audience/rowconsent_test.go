package audience

import (
	"fmt"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

func TestOnlyWordsOfConsentCountAsConsent(t *testing.T) {
	for what, cells := range map[string][]string{
		"active": {
			"2024-05-01", "14/03/2024 08:06", "2024-05-01T10:00:00Z", "2024-05-01 10:00:00+02", "yes 2024-05-01", "oui, au salon",
			"asked for it at the fair", "formulaire du site", "Formulaire du site le 14/03/2024", "Non-profit fair", "salon 2023", "le numéro 7 du questionnaire",
			"on the form", "by phone, 06-12-34-56-78", "from 192.0.2.7", "à la main", "signé", "Согласие дано", "checkbox at 10:00 PM", "confirmed",
			"a coché la case", "consent given by mail", "opt-in",
		},
		"asked": {
			"NULL", "null", "(null)", `\N`, "None", "n/a", "N/A", "#N/A", "NaN", "nil", "unknown", "pending", "-", "--", "—", "?", "…", "undefined", "inconnu",
			"en attente", "à confirmer", "aucun", "non renseigné", "not stated", "0000-00-00 00:00:00", "0000-00-00", "pending 2024-05-01", "pending (asked in May)",
			"oui", "yes", "t", "true", "1", "consent: none", "vide", "",
		},
		"declined": {
			"no", "non", "f", "false", "0", "NO (2023-02-01)", "no (2023-02-01)", "non, le 14/03/2024", "refusé", "Refusée", "refuse\u0301", "refus", "a refusé",
			"withdrawn 2024-05-01", "2024-05-01 withdrawn", "2024-05-01T10:00:00Z withdrawn", "unsubscribed", "unsubscribed_2024-05-01", "declined", "opt-out", "opt out",
			"OPT_OUT", "opted out 2024-05-01", "revoked", "désinscrit", "Désinscrite le 14/03/2024", "désabonné", "retiré", "consentement retiré", "consent: no",
			"withdrawn 31/31/2024", "n'a pas consenti", "n’a pas consenti", "ne souhaite pas", "pas de consentement", "not given", "never asked for it", "do not send",
			"has unsubscribed", "s'est désinscrit", "STOP",
		},
		"bad": {
			"12/31/2023 10:00 PM", "01/05/2024 10:00 PM", "31/31/2024", "2024-13-45", "2024-13-45 at the fair", "2024/05/01 form", "12/31/23 on the form", "13.31.23 fair",
			"20240501", "1714521600",
		},
	} {
		for _, cell := range cells {
			o := open(t)
			report, err := o.load(t, "email,consent\nada@example.org,\""+cell+"\"\n", quick)
			got := "active"
			switch {
			case report.BadLines > 0:
				got = "bad"
			case err != nil:
				t.Fatal(err)
			case report.Declined > 0:
				got = "declined"
			case report.Asked > 0:
				got = "asked"
			}
			if got != what {
				t.Errorf("%q: %s, want %s", cell, got, what)
			}
		}
	}
}

func TestTheTextOfAConsentMayBeABlankOrARefusal(t *testing.T) {
	for text, want := range map[string]ImportReport{
		"NULL": {Lines: 1, Pending: 1, Asked: 1}, "-": {Lines: 1, Pending: 1, Asked: 1}, `\N`: {Lines: 1, Pending: 1, Asked: 1},
		"refusé": {Lines: 1, Declined: 1}, "no": {Lines: 1, Declined: 1},
		"No spam, I was told, so I agree": {Lines: 1, Activated: 1}, "+1": {Lines: 1, Activated: 1},
	} {
		report, err := open(t).load(t, "email,consent_text\nada@example.org,\""+text+"\"\n", quick)
		if got := fmt.Sprintf("%+v", report); err != nil || got != fmt.Sprintf("%+v", want) {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}

func TestWhoWithdrewAndLeftIsTakenOffTheList(t *testing.T) {
	o := open(t)
	for _, file := range []string{"email,consent\nada@example.org,2024-01-01\n", "email,state,consent\nada@example.org,unsubscribed,withdrawn 2024-05-01\n"} {
		if _, err := o.Import(t.Context(), letter, strings.NewReader(file), quick); err != nil {
			t.Fatal(err)
		}
	}
	if s := o.sub(t, "ada@example.org"); s.State != digest.Unsubscribed {
		t.Errorf("%+v", s)
	}
}
