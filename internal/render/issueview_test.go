package render

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func view(t *testing.T, lang digest.Language, change func(*digest.Issue, *digest.Newsletter)) IssueView {
	t.Helper()
	issue, nl := number47(), bulletin(digest.French, digest.English)
	if change != nil {
		change(&issue, &nl)
	}
	return renderer(t).View(issue, nl, digest.Variant{Language: lang, Length: digest.Full})
}

func TestViewSpeaksTheReadersLanguage(t *testing.T) {
	french, english := view(t, "fr", nil), view(t, "en", nil)
	for _, c := range []struct{ got, want string }{
		{french.Title, "La Semaine des machines, nᵒ\u00a047"},
		{french.Label, "Nᵒ\u00a047"},
		{french.Day, "lundi 23 novembre 2026"},
		{french.Lang, "fr"},
		{french.Sections[0].Label, "Modèles et open source"},
		{french.Sections[0].URL, "https://lettre.example.org/semaine/47#models"},
		{french.Sections[0].Stories[1].Meta, "Harbour Review · 9\u00a0min · en anglais"},
		{french.Sections[0].Stories[1].HeadlineLang, "en"},
		{french.Sections[0].Stories[0].HeadlineLang, ""},
		{french.Unsubscribe, ""},
		{english.Title, "La Semaine des machines, no.\u00a047"},
		{english.Day, "Monday 23 November 2026"},
		{english.Online, "https://lettre.example.org/semaine/47?lang=en"},
		{english.Archive, "https://lettre.example.org/semaine/?lang=en"},
		{english.Newsletter.Feed, "https://lettre.example.org/semaine/feed.atom?lang=en"},
		{english.Sections[0].URL, "https://lettre.example.org/semaine/47?lang=en#models"},
		{english.Sections[0].Stories[3].InLanguage, "in French"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTheHeadlineLinksToTheArticleItCameFrom(t *testing.T) {
	french, english := view(t, "fr", nil).Sections[0].Stories[0], view(t, "en", nil).Sections[0].Stories[0]
	if french.Source != "La Gazette du calcul" || english.Source != "Northern Ledger" {
		t.Errorf("sources %q and %q", french.Source, english.Source)
	}
	var also []string
	for _, c := range english.Also {
		also = append(also, c.Source+" "+c.InLanguage)
	}
	if diff := cmp.Diff([]string{"La Gazette du calcul in French", "L’Atelier des données in French"}, also); diff != "" {
		t.Error(diff)
	}
}

func TestAnIssueInOneLanguageIsReadInTheOther(t *testing.T) {
	v := view(t, "en", func(i *digest.Issue, nl *digest.Newsletter) {
		delete(i.Fronts, digest.English)
		for s := range i.Sections {
			for k := range i.Sections[s].Items {
				delete(i.Sections[s].Items[k].Wordings, digest.English)
			}
		}
	})
	story := v.Sections[0].Stories[0]
	if story.HeadlineLang != "fr" || story.Sentences[0].Lang != "fr" || v.Essentials[0].Lang != "fr" || v.Day != "Monday 23 November 2026" {
		t.Errorf("got %+v", story)
	}
}

func TestTheDayIsTheNewslettersOwn(t *testing.T) {
	late := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC) // Monday, half past midnight in Paris
	for zone, want := range map[string]string{"Europe/Paris": "lundi 23 novembre 2026", "": "dimanche 22 novembre 2026", "Mars/Olympus": "dimanche 22 novembre 2026"} {
		v := view(t, "fr", func(i *digest.Issue, nl *digest.Newsletter) { i.Date, nl.Zone = late, zone })
		if v.Day != want {
			t.Errorf("%q: %s, want %s", zone, v.Day, want)
		}
	}
}

func TestADraftSaysSoAndLinksToTheArchive(t *testing.T) {
	v := view(t, "fr", func(i *digest.Issue, _ *digest.Newsletter) { i.Number = 0 })
	if v.Label != "Brouillon" || v.Online != "https://lettre.example.org/semaine/" || v.Number != 0 {
		t.Errorf("%q, %q", v.Label, v.Online)
	}
}

func TestTheShortEditionHasOneSentenceAStory(t *testing.T) {
	r := renderer(t)
	v := r.View(number47(), bulletin("fr"), digest.Variant{Language: "fr", Length: digest.Short})
	for _, s := range v.Sections {
		for _, story := range s.Stories {
			if len(story.Sentences) != 1 || len(story.Also) != 0 || story.Summary != story.Sentences[0].Text {
				t.Errorf("%s: %d sentences, %d other sources", story.Headline, len(story.Sentences), len(story.Also))
			}
		}
	}
	if len(v.Essentials) != 3 {
		t.Errorf("%d essentials", len(v.Essentials))
	}
	if v.Minutes != 4 {
		t.Errorf("it is said to take %d minutes, as long as the full one does", v.Minutes)
	}
}

func TestAnEmptyIssueStillMakesALetter(t *testing.T) {
	r := renderer(t)
	l, err := r.Email(digest.Issue{ID: "x", Date: monday}, bulletin("fr"), digest.Variant{Language: "fr", Length: digest.Full})
	l = letter(t, l, err)
	if l.Subject == "" || !strings.Contains(l.HTML, "0\u00a0actualité") {
		t.Errorf("subject %q", l.Subject)
	}
}

func TestThePreheaderHasItsLength(t *testing.T) {
	for _, given := range []string{"", "Court", strings.Repeat("Très long aperçu. ", 30), "Un aperçu qui a juste la longueur qu’il faut avoir."} {
		v := view(t, "fr", func(i *digest.Issue, _ *digest.Newsletter) {
			f := i.Fronts["fr"]
			f.Preheader = given
			i.Fronts["fr"] = f
		})
		if n := len([]rune(v.Preheader)); n < minPreheader || n > maxPreheader || !strings.HasPrefix(v.Preheader, strings.TrimSpace(given[:min(5, len(given))])) {
			t.Errorf("%d characters: %q", n, v.Preheader)
		}
	}
}

func TestAPictureNeedsHTTPS(t *testing.T) {
	for address, want := range map[string]bool{"": false, "https://example.org/a.jpg": true, "http://127.0.0.1:80/a.jpg": true, "http://127.0.0.1:8080/a.jpg": false, "data:image/png;base64,AA": false} {
		v := view(t, "fr", func(i *digest.Issue, _ *digest.Newsletter) { i.Sections[0].Items[0].Citations[0].Image = address })
		if got := v.Sections[0].Stories[0].Image; (got != nil) != want {
			t.Errorf("%q: %+v", address, got)
		}
	}
}

// A square picture was flattened by Outlook, and a small one blown up by all others.
func TestAPictureKeepsItsShape(t *testing.T) {
	for _, c := range []struct{ width, height, wide, high int }{
		{0, 0, 560, 315}, {1200, 630, 560, 294}, {800, 800, 560, 560}, {300, 200, 300, 200}, {900, 1800, 280, 560}, {40000, 2, 560, 1},
	} {
		v := view(t, "fr", func(i *digest.Issue, _ *digest.Newsletter) {
			of := &i.Sections[0].Items[0].Citations[0]
			of.Image, of.ImageWidth, of.ImageHeight = "https://example.org/a.jpg", c.width, c.height
		})
		if got := v.Sections[0].Stories[0].Image; got.Width != c.wide || got.Height != c.high {
			t.Errorf("%d × %d is laid out as %d × %d", c.width, c.height, got.Width, got.Height)
		}
	}
}

func TestAPictureIsDescribedInItsPagesWords(t *testing.T) {
	issue := number47()
	for i := range 3 { // the second story is English
		of := &issue.Sections[0].Items[i].Citations[0]
		of.Image, of.ImageAlt = "https://example.org/a.jpg", []string{"", "A lab at night", "Un serveur"}[i]
	}
	nl := bulletin("fr")
	stories := renderer(t).View(issue, nl, digest.Variant{Language: "fr", Length: digest.Full}).Sections[0].Stories
	for i, want := range []struct{ alt, lang string }{{"Illustration\u00a0: " + stories[0].Headline, ""}, {"A lab at night", "en"}, {"Un serveur", ""}} {
		if got := stories[i].Image; got.Alt != want.alt || got.AltLang != want.lang {
			t.Errorf("%q in %q", got.Alt, got.AltLang)
		}
	}
}

// Twenty pictures made a letter of a phone's thirty screens.
func TestOnlyTheLeadOfAThemeShowsItsPicture(t *testing.T) {
	issue := number47()
	for i := range issue.Sections[0].Items {
		issue.Sections[0].Items[i].Citations[0].Image = "https://example.org/a.jpg"
	}
	for length, want := range map[digest.Length]int{digest.Full: 1, digest.Short: 0} {
		l, err := renderer(t).Email(issue, bulletin("fr"), digest.Variant{Language: "fr", Length: length})
		if n := strings.Count(letter(t, l, err).HTML, "<img "); n != want {
			t.Errorf("%s: %d pictures", length, n)
		}
	}
}

func TestReviewSaysWhenItGoesOut(t *testing.T) {
	r := renderer(t)
	for _, c := range []struct {
		review digest.Review
		due    time.Time
		want   string
	}{
		{digest.Review{Mode: digest.ReviewRequired}, time.Time{}, "Nothing goes out without your approval."},
		{digest.Review{}, monday, "Nothing goes out without your approval."},
		{digest.Review{Mode: digest.ReviewAuto, After: 4 * time.Hour}, time.Time{}, "Nothing goes out without your approval."}, // drafted by hand
		{digest.Review{Mode: digest.ReviewAuto, After: 4 * time.Hour}, monday, "Unless you object within 4\u00a0hours, it will go out by itself. It is due on Monday 23 November 2026 at 06:00, at the earliest."},
		{digest.Review{Mode: digest.ReviewAuto, After: 90 * time.Minute}, monday, "Unless you object within 1\u00a0hour 30\u00a0minutes, it will go out by itself. It is due on Monday 23 November 2026 at 06:00, at the earliest."},
	} {
		nl := bulletin("en")
		nl.Review = c.review
		if got := r.viewer(nl, "en").fate(c.due); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestNotesSayBlockersFirstAndNotEndlessly(t *testing.T) {
	notes := []digest.Note{{Level: digest.Info, Code: "no.such.code", Where: "here", Detail: "fact"}}
	for range 30 {
		notes = append(notes, digest.Note{Level: digest.Warning, Code: "letter.big", Detail: "95"})
	}
	notes = append(notes, digest.Note{Level: digest.Blocker, Code: "letter.unsubscribe", Where: "fr/full", Detail: "HTML"})
	got := renderer(t).viewer(bulletin("en"), "en").notes(notes)
	if len(got) != maxNotes+1 || got[0] != "fr/full: the link to unsubscribe is missing (HTML)." || got[maxNotes] != "and 17\u00a0more notes, on the review page" {
		t.Errorf("got %d: %q … %q", len(got), got[0], got[len(got)-1])
	}
	if got := renderer(t).viewer(bulletin("en"), "en").notes(notes[:1]); got[0] != "no.such.code: here (fact)" {
		t.Errorf("got %q", got)
	}
}

// Only where a source says why the news matters does a letter have that line.
func TestWhyItMattersIsASourcesSentence(t *testing.T) {
	const why = "L’annonce est importante, car les hôpitaux exigent des réponses vérifiables."
	for _, said := range []string{"", why} {
		french := view(t, "fr", func(i *digest.Issue, _ *digest.Newsletter) {
			for l, w := range i.Sections[0].Items[0].Wordings {
				w.Matters = digest.Sentence{Text: said, Language: "fr"}
				i.Sections[0].Items[0].Wordings[l] = w
			}
		})
		m := french.Sections[0].Stories[0].Matters
		if said == "" != (m == nil) || m != nil && m.Text != why {
			t.Errorf("%q gives %+v", said, m)
		}
	}
}

// The letter says of itself that each sentence is an article's, word for word.
// Where an editor has rewritten a story that is not so, and it says so.
func TestALetterSaysWhichStoriesAnEditorRewrote(t *testing.T) {
	rewrite := func(i *digest.Issue, _ *digest.Newsletter) {
		it := i.Sections[0].Items[0]
		it.Wordings[digest.French] = digest.Wording{
			Headline: "À <b>nous</b>", HeadlineLanguage: digest.French, Editor: "ada@example.org",
			Sentences: []digest.Sentence{{Text: "Nos mots & <i>les nôtres</i>.", Language: digest.French}},
		}
	}
	plain, french, english := view(t, "fr", nil), view(t, "fr", rewrite), view(t, "en", rewrite)
	story := french.Sections[0].Stories[0]
	if !story.Rewritten || !strings.HasSuffix(story.Meta, " · texte de la rédaction") || story.URL == "" || len(story.Also) == 0 {
		t.Errorf("%+v", story)
	}
	if french.Sections[0].Stories[1].Rewritten || english.Sections[0].Stories[0].Rewritten {
		t.Error("what nobody rewrote is said to be")
	}
	if !strings.Contains(french.Made, "sauf dans les sujets marqués") || strings.Contains(plain.Made, "sauf") || english.Made == "" || strings.Contains(english.Made, "except") {
		t.Errorf("made: %q, %q, %q", plain.Made, french.Made, english.Made)
	}
	issue, nl := number47(), bulletin(digest.French, digest.English)
	rewrite(&issue, &nl)
	letter, err := renderer(t).Email(issue, nl, digest.Variant{Language: digest.French, Length: digest.Full})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"À &lt;b&gt;nous&lt;/b&gt;", "Nos mots &amp; &lt;i&gt;les nôtres&lt;/i&gt;.", "sauf dans les sujets marqués"} {
		if !strings.Contains(strings.ReplaceAll(letter.HTML, "\u00a0", " "), want) {
			t.Errorf("the letter lacks %s", want)
		}
	}
	if !strings.Contains(letter.Text, "Nos mots & <i>les nôtres</i>.") || !strings.Contains(letter.Text, "texte de la rédaction") {
		t.Error(letter.Text)
	}
}
