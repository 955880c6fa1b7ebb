package collect

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

// digestMail is a newsletter as services send them: nested tables, links
// through trackers, an advertisement and a footer.
var digestMail = strings.ReplaceAll(`From: =?UTF-8?Q?La_D=C3=A9p=C3=AAche_IA?= <bonjour@depeche.example>
To: lecteur@example.org
Subject: =?UTF-8?B?`+base64.StdEncoding.EncodeToString([]byte("Trois modèles, une loi"))+`?=
Date: Fri, 20 Nov 2026 07:30:00 +0100
Message-ID: <n42@depeche.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Trois modeles
--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><body><table><tr><td><a href=3D"https://depeche.example/n/42">Voir dans le navigateur</a></td></tr>
<tr><td><h2><a href=3D"https://click.depeche.example/CL0/https:%2F%2Flabo.example%2Fmodele-ouvert%3Futm_source=3Dd/1/0100/x">Le Labo publie un mod=E8le ouvert</a></h2><p>Il tient sur un ordinateur portable, et ses poids sont libres.</p></td></tr>
<tr><td><h3>Une loi pour les agents</h3><p>Le Parlement a vot=E9 mardi un texte attendu depuis deux ans par tout le secteur.</p><a href=3D"https://gazette.example/2026/loi-agents">Lire la suite</a></td></tr>
<tr><td><p>Et aussi : <a href=3D"https://gazette.example/2026/puces">les puces manquent encore en Europe</a>.</p></td></tr>
<tr><td><a href=3D"https://annonceur.example/offre?x=3D1">Sponsoris=E9 : essayez notre sponsor gratuitement</a></td></tr>
<tr><td><a href=3D"https://twitter.com/depeche/status/1">Suivez-nous tous les jours sur Twitter</a>
<a href=3D"https://depeche.example/unsubscribe?id=3D9">Se d=E9sinscrire de cette lettre ici</a> <a href=3D"mailto:a@depeche.example">=C9crivez-nous quand vous voulez</a>
<a href=3D"https://depeche.example/">La page de notre lettre ici</a></td></tr></table></body></html>
--b--
`, "\n", "\r\n")

func mailFolder(t *testing.T, mails map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range mails {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheStoriesOfANewsletterBecomeArticles(t *testing.T) {
	v := newVisitor(t, digest.SourceFolder, mailFolder(t, map[string]string{"42.eml": digestMail}))
	articles, notes, err := v.c.Articles(t.Context(), []digest.Source{v.source})
	if err != nil || len(notes) > 0 {
		t.Fatal(notes, err)
	}
	var got []string
	for _, a := range articles {
		got = append(got, strings.Join([]string{a.URL, a.Title, a.Excerpt, a.SourceName}, " | "))
	}
	want := []string{
		"https://labo.example/modele-ouvert | Le Labo publie un modèle ouvert | Il tient sur un ordinateur portable, et ses poids sont libres. | La Dépêche IA",
		"https://gazette.example/2026/loi-agents | Une loi pour les agents | Le Parlement a voté mardi un texte attendu depuis deux ans par tout le secteur. | La Dépêche IA",
		"https://gazette.example/2026/puces | les puces manquent encore en Europe |  | La Dépêche IA",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if titles, _ := v.visit(v.c.Articles); len(titles) != 0 {
		t.Errorf("again: %v", titles)
	}
	if s := v.state(); !s.Newest.Equal(time.Date(2026, 11, 20, 6, 30, 0, 0, time.UTC)) {
		t.Errorf("%+v", s)
	}
}

func TestAShortLinkIsAStoryUnderAHeading(t *testing.T) {
	mail := "From: a@x.example\r\nSubject: En bref\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
		`<h3><a href="https://labo.example/mistrou">Mistrou est là</a></h3><p><a href="https://labo.example/equipe">Notre équipe</a></p><p><a href="https://labo.example/b"><h4>Un second</h4></a></p>`
	finds, err := letterFinds([]byte(mail))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range finds {
		if a := f.article(); a.URL != "" {
			got = append(got, a.URL+" "+a.Title)
		}
	}
	if diff := cmp.Diff([]string{"https://labo.example/mistrou Mistrou est là", "https://labo.example/b Un second"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestALetterThatTellsIsAnArticleItself(t *testing.T) {
	essay := "From: Ana <ana@essai.example>\r\nSubject: Penser les agents\r\nDate: Thu, 19 Nov 2026 10:00:00 +0000\r\nMessage-ID: <e1@essai.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
		"<p>" + strings.Repeat("Un agent n’est pas un employé. ", 80) + "</p><script>alert(1)</script><a href=\"https://essai.example/unsubscribe\">Se désinscrire</a>"
	listing := "From: b@liste.example\r\nSubject: Liens\r\nMessage-ID: <l1@liste.example>\r\n\r\nLa semaine\r\n\r\nUn modèle ouvert de plus\r\nhttps://labo.example/un\r\n\r\n- Une loi pour les robots: https://gazette.example/deux?utm_source=l\r\nTrois puces pour un prix https://puces.example/trois.\r\nPour ne plus rien recevoir unsubscribe here: https://liste.example/u/1\r\n"
	v := newVisitor(t, digest.SourceFolder, mailFolder(t, map[string]string{"a.eml": essay, "b.eml": listing, "c.eml": "", "d.eml": "\x00\xff\x00"}))
	articles, _, err := v.c.Articles(t.Context(), []digest.Source{v.source})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range articles {
		got = append(got, a.Title+" | "+a.URL+" | "+a.SourceName)
	}
	want := []string{
		"Penser les agents |  | Ana",
		"Un modèle ouvert de plus | https://labo.example/un | liste.example",
		"Une loi pour les robots | https://gazette.example/deux | liste.example",
		"Trois puces pour un prix | https://puces.example/trois | liste.example",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if body := string(articles[0].Raw.Body); strings.Contains(body, "script") || !strings.Contains(body, "Un agent") {
		t.Errorf("%.200q", body)
	}
}

func FuzzLetter(f *testing.F) {
	f.Add([]byte(digestMail))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n--x"))
	f.Fuzz(func(t *testing.T, body []byte) {
		finds, err := letterFinds(body)
		if err != nil && len(finds) > 0 {
			t.Error("finds with an error")
		}
		for _, found := range finds {
			if a := found.article(); a.URL == "" && len(a.Raw.Body) == 0 || found.seen == "" {
				t.Errorf("%+v", a)
			}
		}
	})
}
