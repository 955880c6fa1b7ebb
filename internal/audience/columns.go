package audience

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// column is what a column of an import holds.
type column int

const (
	colNone column = iota
	colAddress
	colName
	colFirst
	colLast
	colLanguage
	colLength
	colWithout
	colState
	colConsent
	colConsentText
	colSource
	colIP
	colSuppressed
)

// headings are the names of columns, folded: lower case, no accents, letters
// and digits only.
var headings = map[column][]string{
	colAddress:     {"email", "mail", "adresse", "adressemail", "adresseemail", "adressedemail", "adressedecourriel", "adresseelectronique", "courriel", "address", "emailaddress", "mailaddress", "mel"},
	colName:        {"name", "fullname", "nomcomplet", "nometprenom", "prenometnom", "prenomnom", "nomprenom", "displayname"},
	colFirst:       {"prenom", "firstname", "givenname"},
	colLast:        {"nom", "lastname", "surname", "familyname", "nomdefamille"},
	colLanguage:    {"language", "langue", "lang", "locale"},
	colLength:      {"length", "longueur", "format", "edition"},
	colWithout:     {"without", "withoutthemes", "themeswithout", "excludedthemes", "themesexcluded", "leftout", "sans", "sansthemes", "themessans", "themesexclus", "themesecartes"},
	colState:       {"state", "status", "etat", "statut"},
	colConsent:     {"consent", "consentement", "consentat", "consentdate", "consentedat", "dateconsentement", "datedeconsentement", "dateduconsentement", "consentementle", "optin", "optindate", "optintime", "dateoptin", "consenttime"},
	colConsentText: {"consenttext", "textconsent", "texteconsentement", "texteduconsentement", "consentementtexte"},
	colSource:      {"source", "consentsource", "sourceconsentement", "origine", "provenance", "origin"},
	colIP:          {"ip", "consentip", "optinip", "adresseip", "ipaddress", "ipconsentement"},
	colSuppressed:  {"suppressed", "suppression", "suppressionreason"},
}

// fold reduces a heading or a short answer to lower-case ASCII letters and digits.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, norm.NFD.String(s))
}

// layout finds out which cell is what. Unknown columns are passed over; a list
// of bare addresses needs no heading.
func layout(first record) (columns []column, headed bool, bad *BadLine) {
	columns = make([]column, len(first.cells))
	seen := map[column]bool{}
	for i, cell := range first.cells {
		c := heading(cell)
		if c == colNone {
			continue
		}
		if seen[c] {
			return nil, true, &BadLine{Line: first.line, Code: "column.twice", Detail: cell}
		}
		seen[c], columns[i] = true, c
	}
	if seen[colAddress] {
		return columns, true, nil
	}
	if len(first.cells) == 1 {
		if _, err := ParseAddress(first.cells[0]); err == nil {
			return []column{colAddress}, false, nil
		}
	}
	return nil, true, &BadLine{Line: first.line, Code: "column.address", Detail: strings.Join(first.cells, " | ")}
}

func heading(cell string) column {
	folded := fold(cell)
	for c, names := range headings {
		for _, n := range names {
			if n == folded {
				return c
			}
		}
	}
	return colNone
}
