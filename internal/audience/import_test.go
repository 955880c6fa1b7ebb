package audience

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"hebdo/internal/digest"
)

var quick = ImportOptions{Source: "liste.csv", Pace: time.Nanosecond}

func (o *office) load(t *testing.T, file string, opts ImportOptions) (ImportReport, error) {
	t.Helper()
	return o.Import(t.Context(), letter, strings.NewReader(file), opts)
}

const french = "Nom;Consentement;Ville;Adresse e-mail;Langue\r\n" +
	"Zoé Œuvrard;14/03/2024 08:06;Orléans;zoe@exemple.fr;français\r\n" +
	"Ada;;;ada@exemple.fr;anglais\r\n" +
	"\r\n;;;;\r\n" +
	"Bob;Bulletin signé au salon le 2024-01-02;;bob@exemple.fr;\r\n" +
	"Léo;non;;leo@exemple.fr;fr\r\n" +
	"Eve;oui;;eve@exemple.fr;fr\r\n"

func TestImportReadsWhatSpreadsheetsWrite(t *testing.T) {
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(french, ";", "\t"))
	win, err := charmap.Windows1252.NewEncoder().String(french)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"UTF-8": french, "UTF-8 with mark": "\ufeff" + french, "windows-1252": win, "UTF-16, tabs": utf16,
		"sep line": "sep=;\r\n" + french, "old line ends": strings.ReplaceAll(french, "\r\n", "\r"),
		"commas": strings.ReplaceAll(french, ";", ","),
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			report, err := o.load(t, file, quick)
			if err != nil {
				t.Fatalf("%v: %+v", err, report)
			}
			want := ImportReport{Lines: 5, Activated: 2, Pending: 2, Declined: 1, Asked: 2}
			if diff := cmp.Diff(want, report); diff != "" {
				t.Error(diff)
			}
			zoe := o.sub(t, "zoe@exemple.fr")
			if !zoe.Receives() || zoe.Name != "Zoé Œuvrard" || zoe.Language != digest.French || zoe.Consent.Source != "liste.csv" || !zoe.Consent.At.Equal(time.Date(2024, 3, 14, 8, 6, 0, 0, time.UTC)) {
				t.Errorf("%+v", zoe)
			}
			bob := o.sub(t, "bob@exemple.fr")
			if bob.Consent.Text != "Bulletin signé au salon le 2024-01-02" || bob.Consent.At.Year() != 2024 || !bob.Receives() {
				t.Errorf("%+v", bob)
			}
			for _, match := range []string{"ada@exemple.fr", "eve@exemple.fr"} {
				if s := o.sub(t, match); s.State != digest.Pending || s.AskedTimes != 1 {
					t.Errorf("%+v", s)
				}
			}
		})
	}
}

func TestImportTakesABareListOfAddresses(t *testing.T) {
	o := open(t)
	report, err := o.load(t, "ada@example.org\nBob B. <bob@example.org>\n", quick)
	if err != nil || report.Asked != 2 || o.sub(t, "bob@example.org").Name != "Bob B." {
		t.Fatalf("%+v, %v", report, err)
	}
}

func TestImportNamesEveryBadLineAndTakesNothing(t *testing.T) {
	file := "email,language,length,state,consent,without_themes\n" +
		"ada@example.org,fr,,,\n" +
		"nobody,fr,,,\n" +
		",fr,,,\n" +
		"bob@example.org,klingon,,,\n" +
		"ADA@example.org,,,,\n" +
		"cleo@example.org,,endless,,\n" +
		"dan@example.org,,,asleep,\n" +
		"eve@example.org,,,,31/31/2024\n" +
		"fay@example.org,,,,2099-01-01\n" +
		"gil@example.org,,,,,,more\n" +
		"hal \"the\" x@example.org,,,,\n" +
		"ida@example.org,,,,\n" +
		"joe@example.org,,,,,models Régulation\n" +
		"kim@example.org,,,,,other\n"
	want := []BadLine{
		{3, "address", "nobody"}, {4, "address.missing", ""}, {5, "language", "klingon"}, {6, "duplicate", "2"},
		{7, "length", "endless"}, {8, "state", "asleep"}, {9, "consent.date", "31/31/2024"}, {10, "consent.future", "2099-01-01"},
		{11, "cells", "more"}, {12, "quotes", ""}, {14, "theme", "Régulation"}, {15, "theme", "other"},
	}
	o := open(t)
	report, err := o.load(t, file, quick)
	if !errors.Is(err, ErrBadLines) || o.shelf.saves != 0 || o.post.count() != 0 {
		t.Fatalf("%v, %d saves, %d mails", err, o.shelf.saves, o.post.count())
	}
	if diff := cmp.Diff(want, report.Bad); diff != "" {
		t.Error(diff)
	}
	skip := quick
	skip.SkipBad = true
	if report, err = o.load(t, file, skip); err != nil || report.Asked != 2 || o.shelf.saves != 3 {
		t.Fatalf("skipping: %+v, %v, %d saves", report, err, o.shelf.saves)
	}
}

func TestImportRefusesAFileItCannotUnderstand(t *testing.T) {
	small := quick
	small.MaxBytes = 10
	skip := quick
	skip.SkipBad = true
	for code, c := range map[string]struct {
		file string
		opts ImportOptions
	}{
		"empty":          {"", quick},
		"column.address": {"town,consent\nParis,\n", quick},
		"column.twice":   {"email;courriel\na@example.org;b@example.org\n", quick},
		"size":           {strings.Repeat("a@example.org\n", 10), small},
		"quotes.open":    {"email,name\n\"a@example.org,x\nb@example.org,y\n", skip},
	} {
		o := open(t)
		report, err := o.load(t, c.file, c.opts)
		if !errors.Is(err, ErrBadLines) || len(report.Bad) != 1 || report.Bad[0].Code != code || o.shelf.saves != 0 {
			t.Errorf("%s: %+v, %v", code, report, err)
		}
	}
	if report, err := open(t).load(t, "email,name\n", quick); !errors.Is(err, ErrBadLines) || report.Bad[0].Code != "empty" {
		t.Errorf("only a heading: %+v, %v", report, err)
	}
}

func TestImportNeverBringsBackWhoLeftOrBounced(t *testing.T) {
	o := open(t)
	file := "email,consent\nleft@example.org,2024-01-01\nlater@example.org,2026-11-25\nbounced@example.org,2024-01-01\nsilent@example.org,\n"
	for _, a := range []string{"left@example.org", "later@example.org", "silent@example.org"} {
		o.ask(t, a)
		o.Unsubscribe(t.Context(), o.sub(t, a).ID)
	}
	o.ask(t, "bounced@example.org")
	o.shelf.suppress("bounced@example.org", digest.Bounced)
	o.pass(72 * time.Hour)
	mails := o.post.count()
	report, err := o.load(t, file, quick)
	want := ImportReport{Lines: 4, Activated: 1, Left: 2, Suppressed: 1}
	if diff := cmp.Diff(want, report); diff != "" || err != nil || o.post.count() != mails {
		t.Fatalf("%s, %v", diff, err)
	}
	if !o.sub(t, "later@example.org").Receives() {
		t.Error("a consent given after leaving does not count")
	}
}

func TestImportAgainChangesNothingButOwedMails(t *testing.T) {
	o := open(t)
	o.post.fail = errors.New("down")
	report, err := o.load(t, french, quick)
	if err != nil || report.NotAsked != 2 || report.Asked != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	o.post.fail = nil
	dry := quick
	dry.DryRun = true
	saves := o.shelf.saves
	if report, err = o.load(t, french, dry); err != nil || report.Pending != 2 || o.shelf.saves != saves || o.post.count() != 0 {
		t.Fatalf("dry: %+v, %v", report, err)
	}
	if report, err = o.load(t, french, quick); err != nil || report.Asked != 2 || report.Unchanged != 2 {
		t.Fatalf("again: %+v, %v", report, err)
	}
	if report, err = o.load(t, french, quick); err != nil || report.Unchanged != 4 || o.post.count() != 2 {
		t.Fatalf("third: %+v, %v", report, err)
	}
}

func TestImportStopsAskingWhenCancelled(t *testing.T) {
	o := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	opts := ImportOptions{Pace: time.Hour, Progress: func(p Progress) {
		if p.Step == Asking {
			cancel()
		}
	}}
	report, err := o.Import(ctx, letter, strings.NewReader("a@example.org\nb@example.org\nc@example.org\n"), opts)
	if !errors.Is(err, context.Canceled) || report.Asked != 1 || report.NotAsked != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	if n, err := o.AskAgain(t.Context(), letter.Slug); n != 2 || err != nil {
		t.Fatalf("owed: %d, %v", n, err)
	}
}

func TestExportComesBackWholeAndComputesNothing(t *testing.T) {
	o := open(t)
	for i, e := range []Entry{
		{Name: `=HYPERLINK("x")`, Consent: digest.Consent{At: o.at, Text: "+1", Source: "@salon"}},
		{Name: "'t Hooft", Length: digest.Short, Consent: digest.Consent{At: o.at, Source: "form", IP: "192.0.2.7"}},
		{Name: "-", Language: digest.English},
	} {
		var err error
		if e.Address, err = ParseAddress(fmt.Sprintf("=r%d@example.org", i)); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Add(t.Context(), letter, e); err != nil {
			t.Fatal(err)
		}
	}
	o.ask(t, "asked@example.org") // has a date of consent, but never confirmed
	o.ask(t, "gone@example.org")
	o.Unsubscribe(t.Context(), o.sub(t, "gone@example.org").ID)
	var out bytes.Buffer
	if err := o.Export(t.Context(), letter, &out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune(formula, rune(cell[0])) {
				t.Errorf("a spreadsheet computes %q", cell)
			}
		}
	}
	other := open(t)
	report, err := other.load(t, out.String(), quick)
	if diff := cmp.Diff(ImportReport{Lines: 5, Activated: 2, Pending: 2, Parted: 1, Asked: 2}, report); diff != "" || err != nil {
		t.Fatalf("%s, %v\n%s", diff, err, out.String())
	}
	for i := range 3 {
		match := fmt.Sprintf("=r%d@example.org", i)
		a, b := o.sub(t, match), other.sub(t, match)
		if a.Name != b.Name || a.Length != b.Length || a.Language != b.Language || a.State != b.State || a.Consent.At != b.Consent.At || a.Consent.Text != b.Consent.Text || a.Consent.IP != b.Consent.IP {
			t.Errorf("%+v\n%+v", a, b)
		}
	}
	if s := other.sub(t, "asked@example.org"); s.Receives() {
		t.Error("an unconfirmed reader became active by moving house")
	}
}

func TestExportLeavesOutWhoWasErased(t *testing.T) {
	o := open(t)
	o.ask(t, "ada@example.org")
	o.ask(t, "erased@example.org")
	gone := o.shelf.people["erased@example.org"]
	gone.Address, gone.Suppression.Kind = "", digest.Erased // what the store keeps of one
	o.shelf.people["erased@example.org"] = gone
	var out bytes.Buffer
	if err := o.Export(t.Context(), letter, &out); err != nil {
		t.Fatal(err)
	}
	if report, err := open(t).load(t, out.String(), quick); err != nil || report.Lines != 1 || report.Asked != 1 {
		t.Fatalf("%+v, %v\n%s", report, err, out.String())
	}
}

func TestAddTellsTheOperatorWhyNot(t *testing.T) {
	o := open(t)
	add := func(address string, c digest.Consent) (digest.Subscription, error) {
		a, err := ParseAddress(address)
		if err != nil {
			t.Fatal(err)
		}
		return o.Add(t.Context(), letter, Entry{Address: a, Consent: c})
	}
	if s, err := add("ask@example.org", digest.Consent{}); err != nil || s.State != digest.Pending || o.post.count() != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := add("ask@example.org", digest.Consent{Text: "by phone"}); err != nil || !s.Receives() {
		t.Errorf("%+v, %v", s, err)
	}
	o.shelf.suppress("bounced@example.org", digest.Bounced)
	if _, err := add("bounced@example.org", digest.Consent{}); !errors.Is(err, ErrSuppressed) {
		t.Errorf("got %v", err)
	}
	o.Unsubscribe(t.Context(), o.sub(t, "ask@example.org").ID)
	if _, err := add("ask@example.org", digest.Consent{At: o.at.Add(-time.Hour)}); !errors.Is(err, ErrLeft) {
		t.Errorf("got %v", err)
	}
	o.post.fail = errors.New("down")
	if s, err := add("late@example.org", digest.Consent{}); err == nil || s.State != digest.Pending {
		t.Errorf("%+v, %v", s, err)
	}
}

func FuzzImport(f *testing.F) {
	for _, s := range []string{french, "a@example.org", "\xef\xbb\xbfemail\n\"", "sep=;\nemail;nom\na@b.fr;é", "email,consent\na@b.fr,2024-01-01T10:00Z", "\xff\xfee\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o := open(t)
		report, err := o.Import(t.Context(), letter, bytes.NewReader(data), quick)
		if err != nil && !errors.Is(err, ErrBadLines) {
			t.Fatal(err)
		}
		if err != nil && (o.shelf.saves > 0 || len(report.Bad) == 0) {
			t.Fatalf("refused with %d saves: %+v", o.shelf.saves, report)
		}
		var out bytes.Buffer
		if err := o.Export(t.Context(), letter, &out); err != nil {
			t.Fatal(err)
		}
		again, err2 := open(t).Import(t.Context(), letter, &out, quick)
		if err == nil && len(o.shelf.subs) > 0 && err2 != nil {
			t.Fatalf("the export cannot be imported: %v %+v", err2, again)
		}
	})
}
