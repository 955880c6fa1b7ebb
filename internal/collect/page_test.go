package collect

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

const frontPage = `<!doctype html><html lang="fr"><head><title>La Gazette des modèles</title></head><body>
<header><a href="/"><h1>La Gazette des modèles</h1></a><nav><a href="/rubrique/tout-sur-les-grands-modeles">Tout sur les grands modèles</a></nav></header>
<main>
<article><a href="/2026/11/20/mistral-leve-des-fonds?utm_source=une"><img src="x.jpg"></a>
 <h2><a href="/2026/11/20/mistral-leve-des-fonds">Mistral lève des fonds</a></h2><time datetime="2026-11-20T08:30:00+01:00">vendredi</time>
 <p>Un tour de table. <a href="/2026/11/20/mistral-leve-des-fonds#suite">Lire la suite</a> <a href="/auteur/ana-roca-et-luc-bel">par Ana Roca et Luc Bel</a></p></article>
<a class="card" href="/articles/une-loi-pour-les-robots"><h3>Une loi pour les robots</h3><p>Le Parlement vote.</p></a>
<ul><li><time datetime="2026-11-19">hier</time> <a href="/articles/les-puces-manquent-encore">Les puces manquent encore en Europe</a></li>
<li><a href="/tag/intelligence-artificielle-generative">Tout sur intelligence artificielle générative</a></li>
<li><a href="https://ailleurs.example/articles/un-autre-site-du-web">Un article sur un autre site</a></li>
<li><a href="/documents/rapport-annuel-de-la-gazette.pdf">Le rapport annuel de la Gazette</a></li>
<li><a href="javascript:void(0)">Ouvrir le menu de partage ici</a></li>
<li><a href="mailto:a@x.example">Écrire à toute la rédaction ici</a></li>
<li><a href="/?p=1234">Un billet de blog sans jolie adresse</a></li>
<li><a href="/abo">Abonnez-vous</a></li></ul>
</main>
<aside><a href="/articles/le-plus-lu-de-la-semaine">Le plus lu de la semaine passée</a></aside>
<footer><a href="/pages/nous-sommes-la-gazette">Qui sommes-nous à la Gazette</a></footer></body></html>`

func TestAPageWithoutAFeedGivesItsArticles(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/{$}": text("text/html; charset=utf-8", frontPage)})
	articles, notes, err := newCollector(t, newLedger()).Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourcePage, URL: url}})
	if err != nil || len(notes) != 0 {
		t.Fatal(notes, err)
	}
	var got []string
	for _, a := range articles {
		day := ""
		if !a.Published.IsZero() {
			day = a.Published.Format(" 2006-01-02T15:04")
		}
		got = append(got, strings.TrimPrefix(a.URL, url)+" "+a.Title+day)
	}
	want := []string{
		"/2026/11/20/mistral-leve-des-fonds Mistral lève des fonds 2026-11-20T07:30",
		"/articles/une-loi-pour-les-robots Une loi pour les robots",
		"/articles/les-puces-manquent-encore Les puces manquent encore en Europe 2026-11-19T12:00",
		"/?p=1234 Un billet de blog sans jolie adresse",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if articles[0].SourceName != "La Gazette des modèles" {
		t.Errorf("source %q", articles[0].SourceName)
	}
}

func TestACardTellsTheDayOfItsArticle(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/": text("text/html; charset=utf-8", `<html><body><main>
<a href="/news/a-model-for-all"><h3>A model for all</h3><p>Announcements</p><p>Nov 20, 2026</p></a>
<ul><li><a href="/news/un-modele-pour-tous">Un modèle pour tous les usages</a> <span> vendredi 20 novembre 2026 </span></li>
<li><a href="/news/a-talk-to-come-soon">A talk that is to come soon</a> <span>20 December 2026</span></li>
<li><a href="/news/what-may-2026-brought">What we saw of it</a> <span>Seen in May 2026 in 3 places</span></li></ul></main></body></html>`)})
	articles, notes, err := newCollector(t, newLedger()).Articles(t.Context(), []digest.Source{{ID: "s", Kind: digest.SourcePage, URL: url + "/news"}})
	if err != nil || len(notes) > 0 {
		t.Fatal(notes, err)
	}
	var got []string
	for _, a := range articles {
		got = append(got, a.Published.Format(time.DateTime))
	}
	if diff := cmp.Diff([]string{"2026-11-20 12:00:00", "2026-11-20 12:00:00", "0001-01-01 00:00:00", "0001-01-01 00:00:00"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPagesBaseAndCharacterSetAreRespected(t *testing.T) {
	page := "<html><head><meta charset=iso-8859-1><base href='/actu/'></head><body><h2><a href='ete-a-orleans-2026'>L'\xe9t\xe9 \xe0 Orl\xe9ans</a></h2></body></html>"
	url := serve(t, map[string]http.HandlerFunc{"/": text("text/html", page)})
	articles, _, err := newCollector(t, newLedger()).Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourcePage, URL: url + "/une"}})
	if err != nil || len(articles) != 1 || articles[0].Title != "L'été à Orléans" || articles[0].URL != url+"/actu/ete-a-orleans-2026" {
		t.Errorf("got %+v, %v", articles, err)
	}
}

const newsSitemap = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>/old</loc><lastmod>2026-11-01T10:00:00Z</lastmod></url>
<url><loc>/news?utm_source=map</loc><news:news><news:publication><news:name>X</news:name><news:language>fr</news:language></news:publication>
<news:publication_date>2026-11-20T10:00:00+01:00</news:publication_date><news:title>L&apos;actu</news:title></news:news></url>
<url><loc>https://ailleurs.example/x</loc></url><url><loc>/undated</loc></url></urlset>`

func TestASitemapGivesItsYoungestPages(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/packed</loc><lastmod>2026-11-18</lastmod></url></urlset>`)
	z.Close()
	url := serve(t, map[string]http.HandlerFunc{
		"/index.xml": text("text/xml", `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/missing.xml</loc></sitemap><sitemap><loc>/news.xml</loc></sitemap><sitemap><loc>/packed.xml.gz</loc></sitemap></sitemapindex>`),
		"/news.xml":  text("text/xml", newsSitemap), "/packed.xml.gz": text("application/gzip", packed.String()),
	})
	articles, notes, err := newCollector(t, newLedger()).Articles(context.Background(), []digest.Source{{ID: "s", Kind: digest.SourceSitemap, URL: url + "/index.xml"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"source.part"}, codes(notes)); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, a := range articles {
		got = append(got, fmt.Sprint(strings.TrimPrefix(a.URL, url), " ", a.Title, " ", a.Language, " ", a.Published.Format(time.DateOnly), " ", a.Modified.Format(time.DateOnly)))
	}
	want := []string{"/news L'actu fr 2026-11-20 0001-01-01", "/packed   0001-01-01 2026-11-18", "/old   0001-01-01 2026-11-01", "/undated   0001-01-01 0001-01-01"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatElseStandsInASitemapDoesNotEndIt(t *testing.T) {
	m, err := parseSitemap([]byte(`<urlset><url><loc>/a</loc></url><xhtml:note>x</xhtml:note><url><loc>/b</loc></url>`))
	if err != nil || len(m.pages) != 2 {
		t.Errorf("%d pages, %v", len(m.pages), err)
	}
}
