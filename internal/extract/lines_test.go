package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

// prose are paragraphs that no rule takes for anything else.
func prose(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<p>Le %de portique du terminal reçoit depuis lundi ses ordres d’un modèle dont le code est public, et les grutiers du quai %d valident chaque manœuvre depuis leur cabine.</p>\n", i+2, i+7)
	}
	return b.String()
}

func TestAPageSetInTablesHasParagraphsAndAnAuthor(t *testing.T) {
	page := `<html lang="fr"><head><title>Revue des quais : Les grues du port obéissent à un modèle</title></head><body><table class="cadre"><tr><td colspan="2"><a href="/">Revue des quais</a><br>Mensuel des ports</td></tr>
<tr><td><b>Rubriques</b><br><a href="#a">Grues</a><br><a href="#b">Quais</a><br><a href="#c">Annuaire des fournisseurs</a></td><td>
<h1>Les grues du port obéissent à un modèle</h1><p class="date">Publié le 10 février 2026, par Maël Quéré</p>` + prose(5) + `<h2>Un bilan en juin</h2>` + prose(2)[200:] + `
<table><tr><td>Grues</td><td>4</td></tr><tr><td>Grutiers</td><td>31</td></tr></table>
</td></tr><tr><td colspan="2">Revue des quais, dépôt légal à parution.</td></tr></table></body></html>`
	a, err := Page([]byte(page), "https://quais.example/revue/grues.html", Hint{Zone: paris(t)})
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, a.Text)
	if cmp.Diff([]string{"Maël Quéré"}, a.Authors) != "" || a.Title != "Les grues du port obéissent à un modèle" || a.Published.Day() != 10 {
		t.Errorf("%q %q %v", a.Authors, a.Title, a.Published)
	}
	must(t, a.Text, "quai 11 valident", "\n\n## Un bilan en juin\n\n")
	mustNot(t, a.Text, "Rubriques", "Annuaire", "dépôt légal", "Maël Quéré")
	if n := strings.Count(a.Text, "\n\n"); n < 6 {
		t.Errorf("%d breaks: %s", n, a.Text)
	}
}

func TestWhatReadersAndAdvertisersWriteIsNotTheArticle(t *testing.T) {
	page := `<html lang="fr"><head><title>Les grues du port obéissent à un modèle</title></head><body><main><h1>Les grues du port obéissent à un modèle</h1>` + prose(4) + `
<div class="sponsored"><span>Offre</span><p>Ce serrurier de la ville déteste cette astuce : voyez pourquoi en trois minutes, sans rien payer.</p></div>` + prose(6)[600:] + `
<section id="comments" class="comments-area"><h2>2 avis</h2><ol><li><b>Goéland_76</b> <time>il y a 2 heures</time><p>Encore une machine qui promet la lune, on en reparle dans six mois quand il faudra payer.</p></li></ol></section></main></body></html>`
	a, err := Page([]byte(page), "https://quais.example/revue/grues.html", Hint{Zone: paris(t), Now: time.Date(2026, 2, 11, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	must(t, a.Text, "quai 9 valident")
	mustNot(t, a.Text, "serrurier", "promet la lune", "Goéland")
	if !a.Published.IsZero() {
		t.Errorf("a comment's date is the article's: %v", a.Published)
	}
}

func TestAPaperIsItsAbstract(t *testing.T) {
	abstract := strings.Repeat("We let a public model drive harbour cranes and ask operators to confirm each move. ", 5)
	for name, page := range map[string]string{
		"fields": `<html><head><title>[2602.1] Cranes</title><meta name="citation_title" content="Cranes That Ask First"><meta name="citation_author" content="Quéré, Maël"><meta name="citation_author" content="Daoud, Inès"><meta name="citation_date" content="2026/02/10"><meta name="citation_abstract" content="` + abstract + `"></head><body><h1>Cranes</h1><ul><li><a href="/pdf">View PDF</a></li></ul></body></html>`,
		"shown":  `<html><head><title>[2602.1] Cranes</title><meta name="citation_title" content="Cranes That Ask First"><meta name="citation_author" content="Quéré, Maël"><meta name="citation_author" content="Daoud, Inès"></head><body><h1>Cranes</h1><blockquote class="abstract mathjax"><span>Abstract:</span>` + abstract + `</blockquote><p>Comments: 12 pages</p></body></html>`,
	} {
		a, err := Page([]byte(page), "https://arxiv.org/abs/2602.1", Hint{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Kind != digest.KindPaper || a.Title != "Cranes That Ask First" || cmp.Diff([]string{"Maël Quéré", "Inès Daoud"}, a.Authors) != "" || a.Text != strings.TrimSpace(abstract) {
			t.Errorf("%s: %s %q %q %q", name, a.Kind, a.Title, a.Authors, a.Text)
		}
	}
	page := `<html><head><title>Paper page - Cranes</title></head><body><main><h1>Cranes That Ask First</h1><h2>Abstract</h2><p>` + abstract + `</p><h2>Community</h2><p>Nice work on the cranes, congratulations.</p></main></body></html>`
	if a, err := Page([]byte(page), "https://huggingface.co/papers/2602.00001", Hint{}); err != nil || a.Kind != digest.KindPaper || a.Text != strings.TrimSpace(abstract) {
		t.Errorf("%v %s %q", err, a.Kind, a.Text)
	}
	if a, err := Page([]byte("%PDF-1.7\n%âãÏÓ"), "https://arxiv.org/pdf/2602.1", Hint{}); err == nil || !strings.Contains(err.Error(), "application/pdf") || a.Text != "" {
		t.Errorf("a bare PDF: %v %q", err, a.Text)
	}
}

func TestAReadingTellsSitePictureAndReasons(t *testing.T) {
	page := strings.Replace(string(readFile(t, "testdata/page.fr.html")), "<p class=\"byline\">", `<figure><img src="/images/grues.jpg?w=800" alt="Quatre grues" width="800" height="450"></figure><p class="byline">`, 1)
	page = strings.ReplaceAll(page, `property="og:image:`, `property="x:`) // else these would be believed
	r, err := Read([]byte(page), gazette, Hint{Zone: paris(t)})
	if err != nil {
		t.Fatal(err)
	}
	a, want := r.Article, digest.Picture{Alt: "Quatre grues", Width: 800, Height: 450}
	if a.Site != "La Gazette des Quais" || a.Picture != want || len(r.Reasons) < 3 {
		t.Errorf("%q %+v %q", a.Site, a.Picture, r.Reasons)
	}
}

func TestAnInterviewNamesWhoLedItInItsLastLine(t *testing.T) {
	page := `<html lang="fr"><head><title>« Nous jugerons sur pièces »</title></head><body><article><h1>« Nous jugerons sur pièces »</h1>` + prose(5) + `<p>Propos recueillis par Inès Daoud</p></article></body></html>`
	a, err := Page([]byte(page), "https://quais.example/entretien", Hint{})
	if err != nil || cmp.Diff([]string{"Inès Daoud"}, a.Authors) != "" || strings.Contains(a.Text, "Propos") {
		t.Errorf("%v %q %q", err, a.Authors, a.Text)
	}
}
