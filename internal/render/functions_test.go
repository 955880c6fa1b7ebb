package render

import (
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/sprig/v3"
)

// refused are the functions of sprig that templates may not call, by reason.
var refused = map[string]string{
	"reads the machine, the network or the clock": `env expandenv getHostByName now ago date date_in_zone date_modify
		dateInZone dateModify duration durationRound htmlDate htmlDateInZone must_date_modify mustDateModify mustToDate
		toDate unixEpoch uuidv4 base dir clean ext isAbs osBase osClean osDir osExt osIsAbs`,
	"keys and crypto": `genPrivateKey derivePassword buildCustomCert genCA genCAWithKey genSelfSignedCert
		genSelfSignedCertWithKey genSignedCert genSignedCertWithKey bcrypt htpasswd encryptAES decryptAES
		sha1sum sha256sum sha512sum adler32sum`,
	"random: two editions would differ":                 `randAlpha randAlphaNum randAscii randNumeric randBytes randInt shuffle`,
	"grows without bound":                               `repeat indent nindent until untilStep seq wrap wrapWith`,
	"costs more than it looks":                          `regexMatch mustRegexMatch regexFindAll mustRegexFindAll regexFind mustRegexFind regexReplaceAll mustRegexReplaceAll regexReplaceAllLiteral mustRegexReplaceAllLiteral regexSplit mustRegexSplit regexQuoteMeta`,
	"a dict made to contain itself overflows the stack": `set unset merge mergeOverwrite mustMerge mustMergeOverwrite deepCopy mustDeepCopy deepEqual`,
	"cuts bytes, not characters":                        `trunc substr abbrev abbrevboth initials`,
	"fails on some data, on Monday morning": `fail mustAppend mustPush mustPrepend mustFirst mustRest mustLast mustInitial
		mustReverse mustUniq mustWithout mustHas mustSlice mustCompact mustChunk mustFromJson mustToJson mustToPrettyJson mustToRawJson`,
	"no use in a letter": `hello push fromJson toJson toPrettyJson toRawJson b64enc b64dec b32enc b32dec semver semverCompare
		urlParse urlJoin swapcase snakecase camelcase kebabcase plural toDecimal trimall`,
}

func TestEverySprigFunctionIsAllowedOrRefused(t *testing.T) {
	classed := map[string]string{}
	for _, name := range allowed {
		classed[name] = "allowed"
	}
	for why, names := range refused {
		for _, name := range strings.Fields(names) {
			if old, twice := classed[name]; twice {
				t.Errorf("%s is %s and refused (%s)", name, old, why)
			}
			classed[name] = why
		}
	}
	all := sprig.HtmlFuncMap()
	for name := range all {
		if classed[name] == "" {
			t.Errorf("sprig has %q, which nobody classed: allow it in functions.go or refuse it here, with the reason", name)
		}
	}
	for name := range classed {
		if all[name] == nil {
			t.Errorf("sprig has no %q", name)
		}
	}
	for _, never := range []string{"env", "expandenv", "getHostByName", "genPrivateKey", "set", "merge", "deepEqual", "repeat"} {
		if slices.Contains(allowed, never) {
			t.Errorf("%s must never be allowed", never)
		}
	}
}

func TestItemBreaksLinesAndIndents(t *testing.T) {
	long := strings.Repeat("mot ", 30) + strings.Repeat("x", 90)
	for i, l := range strings.Split(item("* ", long), "\n") {
		switch {
		case i == 0 && !strings.HasPrefix(l, "* mot"), i > 0 && !strings.HasPrefix(l, "  "):
			t.Errorf("line %d: %q", i, l)
		case len(l) > textWidth && !strings.Contains(l, "xxx"):
			t.Errorf("line %d has %d characters", i, len(l))
		}
	}
	if got := fill("  a \n b\u00a0:  c "); got != "a b\u00a0: c" {
		t.Errorf("got %q", got)
	}
}

func TestShortenCutsBetweenWords(t *testing.T) {
	for _, c := range []struct {
		n        int
		in, want string
	}{
		{40, "Court", "Court"},
		{12, "Une phrase, longue", "Une phrase…"},
		{8, "Éléphantesque", "Éléphant…"},
		{0, "tout", "tout"},
	} {
		if got := shorten(c.n, c.in); got != c.want {
			t.Errorf("shorten(%d, %q) = %q, want %q", c.n, c.in, got, c.want)
		}
	}
}

func TestBreakableOnlyTouchesLongWords(t *testing.T) {
	if got := breakable("« Oui » <b>\u00a0: non"); got != "« Oui » &lt;b&gt;\u00a0: non" {
		t.Errorf("got %q", got)
	}
	long := "https://www.example.com/" + strings.Repeat("y", 60) + "?q=1&x=2"
	got := strings.ReplaceAll(string(breakable(long)), "&#8203;", "\n")
	for _, piece := range strings.Split(got, "\n") {
		if len(strings.ReplaceAll(piece, "&amp;", "&")) > longWord {
			t.Errorf("%q is too long a piece", piece)
		}
	}
	if back := strings.NewReplacer("\n", "", "&amp;", "&").Replace(got); back != long {
		t.Errorf("got %q", back)
	}
}

// Twenty-four capitals are as broad as thirty-six small letters, and made the
// whole letter scroll sideways.
func TestBreakableBreaksCapitalsSooner(t *testing.T) {
	for word, want := range map[string]string{
		"intercommunicationalement": "intercommunicationalemen\nt",
		"INTELLIGENCEARTIFICIELLE":  "INTELLIGENCEARTI\nFICIELLE",
		"DistilBertForTokenLabels":  "DistilBertForTokenLab\nels",
		"Modele-RESEAU-2026-11-29":  "Modele-\nRESEAU-\n2026-\n11-\n29",
	} {
		if got := strings.ReplaceAll(string(breakable(word)), "&#8203;", "\n"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
