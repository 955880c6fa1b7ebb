package extract

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"

	"hebdo/internal/digest"
)

const gazette = "https://www.gazette-des-quais.example/2026/02/grues-le-havre.html?utm_medium=feed"

func TestPageFrench(t *testing.T) {
	page := readFile(t, "testdata/page.fr.html")
	latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte(strings.Replace(string(page), `charset="utf-8"`, `charset="iso-8859-1"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"UTF-8": page, "ISO-8859-1": latin, "UTF-8 with a mark": append([]byte("\ufeff"), page...)} {
		t.Run(name, func(t *testing.T) {
			a, err := Page(body, gazette, Hint{Zone: paris(t)})
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, a.Text)
			must(t, a.Text, "Depuis lundi, quatre portiques", "Un syndicat partagé", "celui des manœuvres refusées par les grutiers.")
			mustNot(t, a.Text, "Lire aussi", "Maël", "Publié le", "cookies", "remorqueur", "Recevez", "droits réservés", "Le modèle décide")
			text, faq := a.Text, a.FAQ
			a.Text, a.FAQ = "", ""
			want := digest.Article{
				URL: "https://www.gazette-des-quais.example/economie/grues-le-havre", Aliases: []string{gazette},
				Key:       "https://www.gazette-des-quais.example/economie/grues-le-havre",
				Title:     "Le port du Havre confie ses grues à un modèle ouvert",
				Authors:   []string{"Maël Quéré", "Inès Daoud"},
				Published: time.Date(2026, 2, 10, 7, 30, 0, 0, paris(t)), Modified: time.Date(2026, 2, 10, 11, 5, 0, 0, paris(t)),
				Language: digest.French, Kind: digest.KindArticle, Excerpt: "Un essai de six mois sur quatre portiques.",
				Image: "https://www.gazette-des-quais.example/images/grues.jpg", Picture: digest.Picture{Alt: "Un portique, vu du quai", Width: 1200, Height: 630},
				Site: "La Gazette des Quais",
			}
			if diff := cmp.Diff(want, a); diff != "" {
				t.Errorf("%s\n%s", diff, text)
			}
			if faq != "Le modèle décide-t-il seul ?\nNon. Un grutier valide chaque manœuvre avant qu’elle ne commence." {
				t.Errorf("FAQ %q", faq)
			}
		})
	}
}

func TestPageEnglish(t *testing.T) {
	a, err := Page(readFile(t, "testdata/page.en.html"), "https://courier.example/culture/guide", Hint{Zone: paris(t), Now: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, a.Text)
	if n := strings.Count(a.Text, "\n\n") + 1; n != 3 {
		t.Errorf("%d blocks:\n%s", n, a.Text)
	}
	if n := strings.Count(a.FAQ, "?\n"); n != 2 {
		t.Errorf("FAQ:\n%s", a.FAQ)
	}
	if a.Title != "Museum lets visitors argue with its guide" || cmp.Diff(a.Authors, []string{"Tom Okafor"}) != "" || a.Language != digest.English ||
		!a.Published.Equal(time.Date(2026, 1, 19, 18, 20, 0, 0, time.UTC)) {
		t.Errorf("%q %q %s %v", a.Title, a.Authors, a.Language, a.Published)
	}
}

// sized repeats a sentence to a length that extractors take for an article.
func sized(sentence string, n int) string {
	return strings.Repeat("<p>"+strings.Repeat(sentence+" ", 4)+"</p>\n", n)
}

func TestWallsAndErrorsAreNeverText(t *testing.T) {
	page := func(title, body string) string {
		return "<html><head><title>" + title + "</title></head><body><div>" + body + "</div></body></html>"
	}
	for name, c := range map[string]struct {
		page string
		kind digest.ArticleKind
	}{
		"consent, French":                {page("Vos choix | Le Quotidien", "<h1>Le respect de votre vie privée est notre priorité</h1><p>Avec nos 842 partenaires, nous utilisons des cookies et traceurs pour stocker et accéder à des données personnelles, avec votre consentement.</p><p>Finalités : publicités personnalisées, mesure de performance. Certains partenaires s’appuient sur leur intérêt légitime.</p><button>Tout accepter</button><p>Continuer sans accepter</p>"), digest.KindWall},
		"consent, English":               {page("Daily News", "<p>We value your privacy. We and our 1,200 partners store cookies and process personal data with your consent. You may accept all or manage your preferences, or object where legitimate interest is used.</p><p>Vendors and purposes</p>"), digest.KindWall},
		"paywall, French":                {page("La réforme expliquée", "<article><h1>La réforme expliquée</h1>"+sized("La réforme du port entre en vigueur lundi matin.", 2)+"<p>Il vous reste 78 % de cet article à lire.</p><p>La suite est réservée aux abonnés.</p></article>"), digest.KindWall},
		"paywall, English":               {page("The reform explained", "<article><h1>The reform explained</h1>"+sized("The reform of the port takes effect on Monday.", 2)+"<p>Subscribe to continue reading this article.</p></article>"), digest.KindWall},
		"paywall by JSON-LD":             {"<html><head><title>Exclusif</title><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Exclusif\",\"isAccessibleForFree\":\"False\"}</script></head><body><article><h1>Exclusif</h1>" + sized("Le port change de mains après dix ans de litiges.", 2) + "</article><div class=\"offer\"><p>Déjà abonné ? Connectez-vous pour lire la suite.</p></div></body></html>", digest.KindWall},
		"robot check":                    {page("Just a moment...", "<p>Checking your browser before accessing the site.</p>"), digest.KindWall},
		"JavaScript":                     {page("Le Journal", "<p>Vous devez activer JavaScript pour lire ce site.</p>"), digest.KindWall},
		"log-in":                         {page("Espace lecteur", "<p>Se connecter pour lire vos articles.</p><form><input name=u><input type=password name=p><p>Mot de passe oublié ?</p></form>"), digest.KindWall},
		"soft 404, French":               {page("Page introuvable - La Gazette", "<h1>Oups !</h1><p>La page que vous cherchez n’existe plus ou a été déplacée. Retournez à l’accueil ou lancez une recherche.</p>"), digest.KindError},
		"soft 404, English":              {page("The Courier", "<h1>404</h1><p>Sorry, we could not find that page. It may have been removed.</p>"), digest.KindError},
		"soft 404 without title":         {page("The Courier", "<p>The page you requested does not exist.</p>"), digest.KindError},
		"soft 404 with other articles":   {page("Page introuvable – La Gazette", "<main><h1>Oups !</h1><p>La page que vous cherchez n’existe pas ou a été déplacée.</p>"+strings.Repeat(`<article><h3><a href="/a">Un port rouvre après la tempête de mardi</a></h3><p>Les ferries reprennent leurs rotations, dit la capitainerie du port.</p></article>`, 12)+"</main>"), digest.KindError},
		"maintenance":                    {page("Site en maintenance", "<h1>Site en maintenance</h1><p>Merci de revenir plus tard.</p>"), digest.KindError},
		"maintenance, English":           {page("The Courier", "<h1>We’re down for maintenance</h1><p>Please come back later.</p>"), digest.KindError},
		"scripts, said to who has none":  {page("The Courier", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"), digest.KindWall},
		"nothing but scripts":            {page("The Courier", "<div id=root></div><script src=/app.js></script>"), digest.KindWall},
		"an article on maintenance":      {page("Maintenance du pont : trois nuits de travaux", "<article><h1>Maintenance du pont : trois nuits de travaux</h1>"+sized("Le pont ferme trois nuits de suite pour l’entretien de ses câbles, dit la capitainerie du port.", 6)+"</article>"), digest.KindArticle},
		"an article on cookies":          {page("Cookies : ce qui change", "<article><h1>Cookies : ce qui change</h1>"+sized("La CNIL a rendu lundi une décision attendue par les éditeurs de presse et par les régies, qui devront revoir leurs bandeaux de cookies avant l’été.", 6)+"</article>"), digest.KindArticle},
		"an article on a 404":            {page("Erreur 404 : histoire d’un code", "<article><h1>Erreur 404 : histoire d’un code</h1>"+sized("Le code a été choisi au CERN, dans un bureau que les guides montrent encore aux visiteurs du dimanche.", 6)+"</article>"), digest.KindArticle},
		"a free article that advertises": {page("Le port rouvre", "<article><h1>Le port rouvre</h1>"+sized("Le port a rouvert mardi après trois jours de tempête, et les ferries reprennent leurs rotations.", 8)+"</article><footer><p>Déjà abonné ? Connectez-vous pour lire nos enquêtes.</p></footer>"), digest.KindArticle},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Page([]byte(c.page), "https://news.example/a/b", Hint{})
			if err != nil {
				t.Fatal(err)
			}
			if a.Kind != c.kind || a.Readable() != (c.kind == digest.KindArticle) {
				t.Errorf("kind %q, want %q; text %q", a.Kind, c.kind, a.Text)
			}
			if c.kind != digest.KindArticle && (a.Text != "" || a.FAQ != "") {
				t.Errorf("text of a %s: %q", a.Kind, a.Text)
			}
		})
	}
}

func TestTitleRule(t *testing.T) {
	for name, c := range map[string]struct {
		m        meta
		want     string
		headings []string
	}{
		"the confirmed h1":                      {meta{h1: []string{"La Gazette", "Le pont rouvre lundi"}, ogTitle: "Le pont rouvre lundi", site: "La Gazette"}, "Le pont rouvre lundi", nil},
		"an h1 with its rubric":                 {meta{h1: []string{"Économie Le pont rouvre lundi matin"}, ogTitle: "Le pont rouvre lundi matin"}, "Le pont rouvre lundi matin", nil},
		"the site's name is no title":           {meta{h1: []string{"La Gazette"}, title: "Le pont rouvre lundi – La Gazette", site: "La Gazette"}, "Le pont rouvre lundi", nil},
		"the host's name is no title":           {meta{h1: []string{"Gazette"}, title: "Gazette | Le pont rouvre lundi"}, "Le pont rouvre lundi", nil},
		"JSON-LD without an h1":                 {meta{headlines: []string{"Le pont rouvre lundi"}, title: "Pont : réouverture"}, "Le pont rouvre lundi", nil},
		"a title for search engines":            {meta{h1: []string{"Pourquoi le pont rouvre enfin"}, title: "Le pont rouvre enfin lundi : pourquoi"}, "Pourquoi le pont rouvre enfin", nil},
		"an unconfirmed h1 as last way":         {meta{h1: []string{"Le pont"}}, "Le pont", nil},
		"a heading that og:title confirms":      {meta{h1: []string{"Ponts et passerelles"}, ogTitle: "Le pont rouvre lundi"}, "Le pont rouvre lundi", []string{"Archives", "Le pont rouvre lundi"}},
		"a heading that the title begins with":  {meta{h1: []string{"Ponts et passerelles"}, title: "Le pont rouvre lundi | Brest | Un carnet"}, "Le pont rouvre lundi", []string{"Archives", "Le pont rouvre lundi"}},
		"a rubric whose words a long title has": {meta{h1: []string{"Ponts Brest"}, ogTitle: "Le pont rouvre lundi", title: "Le pont rouvre lundi - Tout sur les ponts de Brest et ses quais - Brest"}, "Le pont rouvre lundi", nil},
		"the only h1 against a page title":      {meta{h1: []string{"Traverser sans attendre"}, title: "Ponts : le guide"}, "Traverser sans attendre", nil},
		"a heading against a rubric":            {meta{title: "Ponts | Gazette"}, "Le pont rouvre lundi", []string{"Le pont rouvre lundi"}},
		"a heading that shares no word":         {meta{title: "Ponts et routes du port"}, "Ponts et routes du port", []string{"Le quai ferme lundi"}},
		"a site's name that ends the title":     {meta{h1: []string{"Ponts de Bretagne"}, title: "Recouvrance - Ponts de Bretagne"}, "Recouvrance", nil},
		"a headline after its date":             {meta{h1: []string{"10 février 2026 Le pont rouvre enfin lundi matin"}, title: "Le pont rouvre enfin lundi matin - Ministère"}, "Le pont rouvre enfin lundi matin", nil},
		"a quotation within the title":          {meta{title: "Le pont « Recouvrance » rouvre lundi » La Gazette", site: "La Gazette"}, "Le pont « Recouvrance » rouvre lundi", nil},
		"nothing":                               {meta{}, "", nil},
	} {
		at, _ := parseURL("https://www.gazette.example/ponts/recouvrance")
		var headings []line
		for _, text := range c.headings {
			headings = append(headings, line{block: block{kind: heading, text: text}, size: length(text)})
		}
		if got := title(c.m, "", at, headings, Hint{}.orDefault()).title; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string][]string{
		"Par Léa Fontanel et Hugo d’Alès":               {"Léa Fontanel", "Hugo d’Alès"},
		"By JANE DOE, Senior Editor":                    {"JANE DOE"},
		"Ludwig van Beethoven; Ada King":                {"Ludwig van Beethoven", "Ada King"},
		"Hugo Mollet, rédacteur en chef":                {"Hugo Mollet"},
		"contact@example.org":                           nil,
		"Ada Lovelace Journaliste":                      {"Ada Lovelace"},
		"Par Ada Lovelace Publié le 14 mars 2025":       {"Ada Lovelace"},
		"Ada Lovelace May 14, 2025":                     {"Ada Lovelace"},
		"Ada Lovelace @ada":                             {"Ada Lovelace"},
		"Written by Ada Lovelace Edited by Tom Okafor":  {"Ada Lovelace"},
		"Ada Lovelace, PhD, Senior Staff Engineer":      {"Ada Lovelace"},
		"View all posts by Ada Lovelace":                {"Ada Lovelace"},
		"Voir tous les articles de Ada Lovelace":        {"Ada Lovelace"},
		"Letters to the Editor":                         nil,
		"Jean Directeur":                                {"Jean Directeur"},
		"https://example.org/author/jane":               nil,
		"Inès Daoud, publié le":                         {"Inès Daoud"},
		"le 14 mars 2025":                               nil,
		"Jane Doe & John Roe (Reuters)":                 {"Jane Doe", "John Roe"},
		"AFP":                                           {"AFP"},
		"This is a sentence about somebody, not a name": nil,
	} {
		if diff := cmp.Diff(want, names(in)); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

func TestAMonthLeftOfADateIsNoSurname(t *testing.T) {
	got := authors(meta{bylines: []string{"By Ada Lovelace May 14, 2025"}}, "Ada Lovelace May", "", nil, Hint{})
	if diff := cmp.Diff([]string{"Ada Lovelace"}, got.who); diff != "" {
		t.Error(diff)
	}
	if got = authors(meta{bylines: []string{"By Theresa May"}}, "Theresa May", "", nil, Hint{}); got.who[0] != "Theresa May" {
		t.Errorf("%q", got.who)
	}
}

func TestWhoTookThePictureUnderTheHeadlineIsNotTheAuthor(t *testing.T) {
	page := `<html><head><title>The port of Brest opens a quay</title></head><body><article><h1>The port of Brest opens a quay</h1><p>Can you see the crane? Photo by Maël Quéré</p>` + sized("The port of Brest has opened a second quay for the ferries that come from the north.", 3) + `</article></body></html>`
	a, err := Page([]byte(page), "https://wire.example/brest", Hint{})
	if err != nil || len(a.Authors) > 0 {
		t.Errorf("by %q, %v", a.Authors, err)
	}
}

func TestReadDate(t *testing.T) {
	zone := paris(t)
	for in, want := range map[string]string{
		"Publié le 14 mars 2025 à 08h06":                "2025-03-14T08:06:00+01:00",
		"mis à jour le 1er août 2025 à 8 h":             "2025-08-01T08:00:00+02:00",
		"le 3 févr. 2026":                               "2026-02-03T00:00:00+01:00",
		"Published on March 3, 2026 at 9:15 pm":         "2026-03-03T21:15:00+01:00",
		"3 March 2026, 12:05 a.m.":                      "2026-03-03T00:05:00+01:00",
		"14/03/2025 à 08:06":                            "2025-03-14T08:06:00+01:00",
		"2025-03-14 08:06":                              "2025-03-14T08:06:00+01:00",
		"2025-03-14T08:06:59+02:00":                     "2025-03-14T08:06:00+02:00",
		"14 mars 2025 - 08:06 UTC":                      "2025-03-14T08:06:00Z",
		"31 février 2025":                               "",
		"version 1.2.2025, environ":                     "2025-02-01T00:00:00+01:00",
		"en mars dernier":                               "",
		"de 10 à 2025 personnes":                        "",
		"Créé le 5 décembre 2025, modifié le 6 janvier": "2025-12-05T00:00:00+01:00",
	} {
		got, ok := readDate(in, zone)
		if s := got.at.Format(time.RFC3339); ok != (want != "") || ok && s != want {
			t.Errorf("%q: %s %v, want %q", in, s, ok, want)
		}
	}
}

func TestADateWithoutZoneIsReadInTheHintsZone(t *testing.T) {
	page := `<html lang="fr"><head><title>Un titre assez long</title></head><body><article><h1>Un titre assez long</h1><p>Publié le 14 mars 2025 à 08h06</p>` + sized("Le port a rouvert mardi après trois jours de tempête.", 5) + `</article></body></html>`
	a, err := Page([]byte(page), "https://gazette.example/x", Hint{Zone: paris(t)})
	if err != nil || a.Published.Format(time.RFC3339) != "2025-03-14T08:06:00+01:00" {
		t.Errorf("%v, %v", a.Published, err)
	}
	a, err = Page([]byte(page), "https://gazette.example/x", Hint{Zone: paris(t), Now: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || !a.Published.IsZero() {
		t.Errorf("a date that lies ahead is believed: %v, %v", a.Published, err)
	}
}

func TestTheTimeOfDayIsFoundWhereThePageHasIt(t *testing.T) {
	for name, c := range map[string]struct{ head, line, want string }{
		"a line":           {`<meta property="article:published_time" content="2025-03-14">`, "<div>Par Ada, publié le 14 mars 2025 à 18h06</div>", "2025-03-14T18:06:00+01:00"},
		"a time element":   {`<meta property="article:published_time" content="2025-03-14">`, `<time datetime="2025-03-14T07:06:00-05:00">vendredi</time>`, "2025-03-14T07:06:00-05:00"},
		"not another day":  {`<meta property="article:published_time" content="2025-03-14">`, "<div>Publié le 22 mars 2025 à 18h06</div>", "2025-03-14T00:00:00+01:00"},
		"not the change's": {`<meta property="article:published_time" content="2025-03-14">`, "<div>Mis à jour le 14 mars 2025 à 18h06</div>", "2025-03-14T00:00:00+01:00"},
	} {
		page := "<html><head><title>Un titre assez long</title>" + c.head + "</head><body>" + c.line + "<article><h1>Un titre assez long</h1>" + sized("Le port a rouvert mardi après trois jours de tempête.", 5) + "</article></body></html>"
		a, err := Page([]byte(page), "https://gazette.example/x", Hint{Zone: paris(t)})
		if got := a.Published.Format(time.RFC3339); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestARealWeekIsRead(t *testing.T) {
	dir := filepath.Dir(shared(t, "eval/corpus/week/orangesum/input.jsonl"))
	paths, err := filepath.Glob(filepath.Join(dir, "pages", "*.html"))
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d pages, %v", len(paths), err)
	}
	whole := 0
	for _, p := range paths[:60] {
		a, err := Page(readFile(t, p), "https://actu.example/"+filepath.Base(p), Hint{Zone: paris(t)})
		if err != nil {
			t.Error(err)
		}
		if a.Readable() && len(a.Text) > 300 && a.Title != "" && !a.Published.IsZero() && a.Language == digest.French {
			whole++
		}
	}
	if whole < 59 {
		t.Errorf("%d of 60 pages were read whole", whole)
	}
}

func TestCanonicalStaysOnItsSite(t *testing.T) {
	for _, c := range []struct{ own, canonical, want string }{
		{"https://m.gazette.example/a?utm_source=x&id=3#top", "", "https://m.gazette.example/a?id=3"},
		{"https://gazette.example/a?at_custom1=rss&pk_source=a&utm_source=b&smid=x&id=3", "", "https://gazette.example/a?id=3"},
		{"https://m.gazette.example/a", "https://www.gazette.example/a", "https://www.gazette.example/a"},
		{"https://evil.example/copy", "https://gazette.example/a", "https://evil.example/copy"},
		{"https://gazette.example/a/b", "https://gazette.example/", "https://gazette.example/a/b"},
		{"https://gazette.example/a/b", "/a/c", "https://gazette.example/a/c"},
		{"https://gazette.example/a", "javascript:alert(1)", "https://gazette.example/a"},
		{"http://GAZETTE.example:80/a", "::", "http://gazette.example/a"},
		{"http://127.0.0.1:4711/a", "http://127.0.0.1:4711/b", "http://127.0.0.1:4711/b"},
	} {
		own, _ := parseURL(c.own)
		if got := canonical(own, meta{canonical: c.canonical}); got != c.want {
			t.Errorf("%s as %s: %s, want %s", c.own, c.canonical, got, c.want)
		}
	}
}

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct{ body, header, want string }{
		"valid UTF-8 beats what is declared": {`<meta charset="iso-8859-1">é`, "text/html; charset=iso-8859-1", `<meta charset="iso-8859-1">é`},
		"header":                             {"caf\xe9 \x9c", "text/html; charset=ISO-8859-1", "café œ"},
		"meta":                               {"<meta http-equiv=Content-Type content='text/html; charset=iso-8859-15'>\xa4", "text/html", "<meta http-equiv=Content-Type content='text/html; charset=iso-8859-15'>€"},
		"nothing":                            {"caf\xe9", "", "café"},
		"calls itself UTF-8 and is not":      {"caf\xe9", "text/html; charset=utf-8", "café"},
		"UTF-8 with one broken byte":         {"été à \xff là", "text/html; charset=utf-8", "été à \ufffd là"},
		"an unknown name":                    {"caf\xe9", "text/html; charset=klingon", "café"},
		"UTF-16":                             {"\xff\xfee\x00\xe9\x00", "", "eé"},
	} {
		if got := decode([]byte(c.body), c.header); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAPageTooLargeNamesItsURL(t *testing.T) {
	for name, body := range map[string]string{
		"bytes": strings.Repeat("x", MaxPage+1),
		"nodes": strings.Repeat("<i>x</i>", maxNodes),
		"depth": strings.Repeat("<div>", 5000),
	} {
		a, err := Page([]byte(body), "https://news.example/huge", Hint{})
		if err == nil || !strings.Contains(err.Error(), "https://news.example/huge") || a.Text != "" {
			t.Errorf("%s: %v", name, err)
		}
		if name != "depth" && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWorkGrowsWithAPageOfNothingButBylines(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	work := func(lines int) time.Duration {
		page := []byte(`<meta name=author content="Ada Lovelace"><title>A title of some words</title>` +
			strings.Repeat("<p>Ada Lovelace</p><p>Ada Lovelace is a writer, and this is said again.</p>", lines))
		begun := worked(t)
		if _, err := Page(page, "https://news.example/x", Hint{}); err != nil {
			t.Error(err)
		}
		return worked(t) - begun
	}
	work(200) // what is made once is made now
	// Were each line held against all others, ten times the lines would be a hundred times the work.
	small, large := work(200), work(2000)
	if large > 30*small {
		t.Errorf("%v for 200 lines, %v for 2,000", small, large)
	}
}

// worked is the processor time this thread has had: on a machine with other
// work, more time passes.
func worked(t *testing.T) time.Duration {
	const thisThread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(thisThread, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestBlocksOfATree(t *testing.T) {
	in := `<div>One <b>bold</b> line<br>goes on<br><br>Two<script>no()</script> <p>Three</p><ul><li><p>Four</p><li>Five</ul><h2> Six </h2><table><tr><td>Se</td><td>ven</td></tr></table><blockquote><p>Eight</p></blockquote>…</div>`
	doc, err := html.Parse(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range read(doc) {
		got = append(got, fmt.Sprintf("%d %s", b.kind, b.text))
	}
	want := []string{"0 One bold line goes on", "0 Two", "0 Three", "2 Four", "2 Five", "1 Six", "0 Se ven", "3 Eight"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzPage(f *testing.F) {
	f.Add(readFile(f, "testdata/paper.huggingface.html"), "https://huggingface.co/papers/2602.00417")
	f.Add(readFile(f, "testdata/page.fr.html"), "https://a.example/x")
	f.Add(readFile(f, "testdata/page.en.html"), "")
	f.Add([]byte(`<script type="application/ld+json">[{"@graph":{"@type":["Article"],"author":{"name":[{}]}}}]</script>`), "::")
	f.Add([]byte("<title>404</title><table><tr><td>\xff\xfe"), "https://a.example/?utm_x=1")
	f.Add([]byte(`<div itemscope itemtype=http://schema.org/Article><h1 itemprop=headline>A</h1><i itemprop="image author" itemscope><b itemprop="url name width" content=9>x<p itemscope itemprop=author itemtype=//schema.org/Article>`), "https://arxiv.org/abs/1")
	f.Add([]byte(`<meta name=citation_title content=t><meta name=citation_date content=2026/02/30><h2>Abstract</h2><p>AI-generated summary</p><p class=authors>A1,*B`), "https://huggingface.co/papers/2602.00001")
	now := time.Date(2026, 2, 11, 16, 40, 20, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte, address string) {
		r, err := Read(body, address, Hint{Now: now})
		a := r.Article
		if a.Published.After(now.Add(48*time.Hour)) || a.Modified.After(now.Add(48*time.Hour)) {
			t.Fatalf("published %v, modified %v: later than %v", a.Published, a.Modified, now)
		}
		if a.Image == "" && a.Picture != (digest.Picture{}) {
			t.Fatalf("%+v of no picture", a.Picture)
		}
		if err != nil {
			if a.Text != "" {
				t.Fatalf("an error and a text: %v", err)
			}
			return
		}
		if (a.Kind == digest.KindWall || a.Kind == digest.KindError) && a.Text != "" {
			t.Fatalf("a %s with a text", a.Kind)
		}
		if strings.Contains(a.Text, "\n\n\n") || strings.TrimSpace(a.Text) != a.Text {
			t.Fatalf("%q", a.Text)
		}
	})
}

func FuzzPlainText(f *testing.F) {
	f.Add(readFile(f, "testdata/pasted.fr.txt"))
	f.Add(readFile(f, "testdata/pasted.en.txt"))
	f.Add([]byte("---\ntitle: x\n---\n# x\n- a\n> b"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, a := range []digest.Article{PlainText(body, Hint{}), Markdown(body, Hint{}), Fragment(body, "", Hint{})} {
			if strings.Contains(a.Text, "\n\n\n") || strings.TrimSpace(a.Text) != a.Text {
				t.Fatalf("%q", a.Text)
			}
		}
	})
}

func TestARubricInTheOnlyH1IsNotTheHeadline(t *testing.T) {
	page := `<html lang="fr"><head><title>Le pont rouvre lundi matin | Carnet | Brest</title></head><body><header><h1>Bonjour, je suis Maël.</h1></header><main><article><h2><a href="/pont">Le pont rouvre lundi matin</a></h2>` + prose(6) + `</article></main></body></html>`
	a, err := Page([]byte(page), "https://gazette.example/pont", Hint{})
	if err != nil || a.Title != "Le pont rouvre lundi matin" {
		t.Errorf("%q, %v", a.Title, err)
	}
}
