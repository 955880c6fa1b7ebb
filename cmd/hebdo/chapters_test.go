package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// chapters is one affair in two weeks, with other news beside it.
func chapters(first, second time.Time) (before, after []page) {
	before = []page{
		{Slug: "visagel-amende", Title: "Visagel écope d’une amende de 12 millions d’euros", Published: first, Paragraphs: []string{
			"La CNIL inflige une amende de 12 millions d’euros à Visagel pour son logiciel de reconnaissance faciale. Les visages de 300 000 candidats à la location avaient été traités sans leur consentement.",
			"Visagel a trois mois pour effacer les données. L’entreprise de Reims emploie 80 personnes et vend son logiciel d’intelligence artificielle à 400 agences immobilières.",
		}},
		{Slug: "brest-robotique", Title: "Une école de Brest forme des ingénieurs à la robotique marine", Published: first, Paragraphs: []string{
			"À Brest, une école ouvre une formation de robotique marine pour quarante étudiants, avec des bassins d’essai et deux bourses offertes par le port.",
			"Les premiers cours d’apprentissage automatique commencent en septembre. L’école cherche encore six enseignants.",
		}},
	}
	after = []page{
		{Slug: "visagel-recours", Title: "Visagel saisit le Conseil d’État contre l’amende de la CNIL", Published: second, Paragraphs: []string{
			"La CNIL avait infligé une amende de 12 millions d’euros à Visagel pour son logiciel de reconnaissance faciale. Visagel conteste devant le Conseil d’État cette décision et demande un sursis jusqu’à l’audience de mai.",
			"Les visages de 300 000 candidats à la location avaient été traités sans leur consentement. Deux associations de locataires se joignent à l’instance, et réclament chacune un euro symbolique.",
			"Le fondateur, Hugo Tarnier, quitte ses fonctions de président et cède ses parts à un fonds belge.",
		}},
		{Slug: "brest-encore", Title: "Brest : une école pour la robotique marine", Published: second, Paragraphs: before[1].Paragraphs},
		{Slug: "lyon-traduction", Title: "À Lyon, un modèle de traduction apprend l’arpitan", Published: second, Paragraphs: []string{
			"Un modèle de traduction entraîné à Lyon sur 3 000 pages de contes traduit l’arpitan vers le français. Des bénévoles ont relu chaque page.",
			"Les poids du modèle seront publiés en juin. La région a payé la moitié des heures de calcul.",
		}},
	}
	return before, after
}

// What an issue told is not told again: a story that goes on says what is new
// and where it began, and a plain repeat is held back.
func TestTheNextIssueTellsOnlyWhatIsNew(t *testing.T) {
	first := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	second := first.AddDate(0, 0, 7)
	before, after := chapters(first, second)
	shown := before
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, p := range slices.Concat(before, after) {
		p.Language, p.Author = "fr", "Rédaction"
		mux.HandleFunc("/"+p.Slug, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_ = pageLook.Execute(w, p)
		})
	}
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(rss("Le Phare", server.URL, "", shown))
	})
	p := newPress(t, "")
	config, _, err := newConsole(nil, io.Discard, io.Discard, func(name string) string { return p.env[name] }).configure()
	if err != nil {
		t.Fatal(err)
	}
	now := first
	world := fixed(first)
	world.now = func() time.Time { return now }
	h, err := build(t.Context(), config, world, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	err = h.store.SaveNewsletter(t.Context(), digest.Newsletter{
		Slug: "lettre", Name: "La Lettre", Publisher: "Association Exemple", PostalAddress: "1 rue du Port, 44000 Nantes",
		PrivacyURL: "https://example.org/privacy", Sender: "La Lettre <lettre@news.example.org>", ReplyTo: "redaction@example.org",
		Languages: []digest.Language{digest.French}, Zone: "Europe/Paris", Review: digest.Review{Mode: digest.ReviewRequired}, MinStories: 1,
		Budget: digest.DefaultBudget, Sources: []digest.Source{{Newsletter: "lettre", Kind: digest.SourceFeed, URL: server.URL + "/feed.xml", Language: digest.French}},
	})
	if err != nil {
		t.Fatal(err)
	}
	issue := func(slot string) (digest.Newsletter, digest.Issue) {
		t.Helper()
		nl, err := h.store.Newsletter(t.Context(), "lettre")
		if err != nil {
			t.Fatal(err)
		}
		harvest, err := h.pipeline.Collect(t.Context(), nl)
		if err != nil {
			t.Fatal(err)
		}
		drafted, err := h.pipeline.Draft(t.Context(), nl, slot, harvest.Notes)
		if err != nil {
			t.Fatal(err)
		}
		approved, err := h.pipeline.Approve(t.Context(), nl, drafted.ID, drafted.Version, "redaction@example.org", "")
		if err != nil {
			t.Fatal(err)
		}
		return nl, approved
	}

	now = first.AddDate(0, 0, 1)
	_, one := issue("one")
	if one.Stories() != 2 || one.Number != 1 {
		t.Fatalf("number %d with %d stories, left out %+v", one.Number, one.Stories(), one.LeftOut)
	}
	now, shown = second.AddDate(0, 0, 1), after
	nl, two := issue("two")

	i := slices.IndexFunc(told(two), func(it digest.Item) bool { return strings.HasSuffix(it.Citations[0].URL, "visagel-recours") })
	if i < 0 {
		t.Fatalf("the affair does not go on: %+v, left out %+v", told(two), two.LeftOut)
	}
	it := told(two)[i]
	if it.Earlier == nil || it.Earlier.Issue != one.ID || it.Earlier.Number != 1 || !strings.HasPrefix(it.Earlier.Headline, "Visagel écope") {
		t.Fatalf("earlier: %+v", it.Earlier)
	}
	for _, s := range it.Wordings[digest.French].Sentences {
		if strings.Contains(s.Text, "300 000") || strings.Contains(s.Text, "avait infligé") {
			t.Errorf("told again: %q", s.Text)
		}
	}
	if len(it.Wordings[digest.French].Sentences) == 0 {
		t.Error("nothing is told")
	}
	if !slices.ContainsFunc(two.LeftOut, func(l digest.LeftOut) bool {
		return strings.HasSuffix(l.URL, "brest-encore") && l.Reason == story.Repeat
	}) {
		t.Errorf("the repeat is not held back: %+v", two.LeftOut)
	}

	online := "" // where the first issue told it
	body, err := h.renderer.JSON(two, nl)
	if err != nil {
		t.Fatal(err)
	}
	var written struct {
		Sections []struct {
			Items []struct {
				Earlier *struct {
					Issue, URL string
					Number     int
				}
			}
		}
	}
	if err := json.Unmarshal(body, &written); err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, s := range written.Sections {
		for _, x := range s.Items {
			if x.Earlier != nil {
				links++
				online = x.Earlier.URL
				if x.Earlier.Issue != one.ID || x.Earlier.Number != 1 || !strings.HasPrefix(online, "https://news.example.org/lettre/1#") || !strings.HasSuffix(online, it.Earlier.Story) {
					t.Errorf("in the JSON: %+v", x.Earlier)
				}
			}
		}
	}
	if links != 1 {
		t.Errorf("%d stories of the JSON go on", links)
	}
	editions, err := h.store.Editions(t.Context(), two.ID)
	if err != nil || len(editions) == 0 {
		t.Fatalf("%d editions, %v", len(editions), err)
	}
	for _, e := range editions {
		if !strings.Contains(e.Letter.HTML, online) || !strings.Contains(e.Letter.Text, "Suite de notre nᵒ 1 : "+online) {
			t.Errorf("the letter does not link to the first issue:\n%s", e.Letter.Text)
		}
	}
}
