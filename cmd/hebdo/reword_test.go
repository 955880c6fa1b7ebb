package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

func TestAnEditorRewritesAStory(t *testing.T) {
	s, issue, desk := review(t)
	it := issue.Sections[0].Items[0]
	words := "/stories/" + it.Story + "/words"
	quoted := it.Wordings["fr"].Sentences[0]
	if page := s.browser.get(desk + words); page.status != 200 || !strings.Contains(page.body, "</textarea>") {
		t.Fatalf("the page answers %d\n%s", page.status, page.body)
	}
	seen := issue.Version
	issue = s.does(words, "headline-fr", "Un titre de la maison", "summary-fr", "Nous l’avons <i>vu</i>. "+quoted.Text)
	w := issue.Sections[0].Items[0].Wordings["fr"]
	if w.Headline != "Un titre de la maison" || w.Editor != editorsMail || len(w.Sentences) != 2 || w.Sentences[0].Article != "" || w.Sentences[1] != quoted {
		t.Errorf("%+v", w)
	}
	if len(issue.Sections[0].Items[0].Citations) != len(it.Citations) || !strings.HasPrefix(issue.Fronts["fr"].Subject, "Un titre de la maison") {
		t.Errorf("subject %q, sources %+v", issue.Fronts["fr"].Subject, issue.Sections[0].Items[0].Citations)
	}
	letter, err := s.letter(t.Context(), newsletterOf(s), issue, digest.Variant{Language: "fr", Length: digest.Full})
	if err != nil || !strings.Contains(letter.HTML, "Nous l’avons &lt;i&gt;vu&lt;/i&gt;.") || !strings.Contains(letter.HTML, it.Citations[0].URL) {
		t.Errorf("%v\n%s", err, letter.HTML)
	}
	if page := s.browser.post(desk+words, "version", fmt.Sprint(seen), "headline-fr", "Autre titre", "summary-fr", "Autres mots."); page.status != 409 || !strings.Contains(page.body, "Autres mots.</textarea>") {
		t.Errorf("an editor who has not seen the change: %d", page.status)
	}
	// What says nothing new changes nothing.
	if after := s.does(words, "headline-fr", w.Headline, "summary-fr", w.Words().Summary); after.Version != issue.Version {
		t.Error("nothing new made a new version")
	}
	for _, bad := range []map[digest.Language]digest.Words{{"fr": {Headline: "x"}}, {"de": {Headline: "x", Summary: "y"}}} {
		_, err := s.pipeline.Reword(t.Context(), newsletterOf(s), issue.ID, issue.Version, it.Story, bad, "ada")
		if !errors.Is(err, digest.ErrNoWords) && !errors.Is(err, digest.ErrNotFound) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	// The words outlive that the issue is made again; an approved one goes back to review.
	s.does("/approve")
	parted := told(issue)[slices.IndexFunc(told(issue), func(it digest.Item) bool { return len(it.Citations) > 1 })]
	issue = s.does("/stories/part", "story", parted.Story, "article", parted.Citations[1].Article)
	if now := storyOf(issue, it.Story); now == nil || now.Wordings["fr"].Editor != editorsMail || issue.State != digest.InReview {
		t.Errorf("the issue is %s, and the story is told %+v", issue.State, now)
	}
	s.does("/approve")
	issue = s.does(words, "headline-fr", "Un titre enfin", "summary-fr", quoted.Text)
	if issue.State != digest.InReview || issue.Rewritten() != 1 {
		t.Errorf("the issue is %s, with %d stories rewritten", issue.State, issue.Rewritten())
	}
	// Joined to a story that stands before it, its words have no place: a note says so.
	last := told(issue)[len(told(issue))-1]
	issue = s.does("/stories/"+last.Story+"/words", "headline-fr", "Ce titre se perd", "summary-fr", "Et ces mots.")
	issue = s.does("/stories/join", "story", last.Story, "with", it.Story)
	if !slices.ContainsFunc(issue.Notes, func(n digest.Note) bool { return n.Code == "words.lost" && n.Where == "Ce titre se perd" }) || storyOf(issue, last.Story) != nil {
		t.Errorf("notes %+v", issue.Notes)
	}
}

// A draft made anew would lose what editors did: the command says so, and asks.
func TestADraftMadeAnewSaysWhatItLoses(t *testing.T) {
	p := newPress(t, "")
	p.newsletter("review: required")
	config, _, err := newConsole(nil, io.Discard, io.Discard, func(name string) string { return p.env[name] }).configure()
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStore(t.Context(), config, theWorld(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nl, err := s.Newsletter(t.Context(), "lettre")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := zoneOf(nl)
	if err != nil {
		t.Fatal(err)
	}
	wording := digest.Wording{Headline: "Titre", HeadlineLanguage: "fr", Editor: "ada", Sentences: []digest.Sentence{{Text: "Mots.", Language: "fr"}}}
	for n := range 2 { // the day may end meanwhile
		if _, err := s.SaveIssue(t.Context(), digest.Issue{
			Newsletter: "lettre", Slot: time.Now().In(zone).AddDate(0, 0, n).Format("2006-01-02") + "#1", State: digest.InReview,
			Sections: []digest.Section{{Moved: true, Items: []digest.Item{{Story: "s", Wordings: map[digest.Language]digest.Wording{"fr": wording}}}}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	said := p.complaint(exitRefused, "draft")
	for _, want := range []string{"the words of 1 story", "the order of stories and themes", "--yes", "--new"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	p.hebdo(exitNothing, "draft", "--yes") // a week without articles
	p.hebdo(exitNothing, "draft")
}

func storyOf(issue digest.Issue, id string) *digest.Item {
	for _, it := range told(issue) {
		if it.Story == id {
			return &it
		}
	}
	return nil
}

func newsletterOf(s *server) digest.Newsletter {
	s.t.Helper()
	nl, err := s.store.Newsletter(s.t.Context(), "lettre")
	if err != nil {
		s.t.Fatal(err)
	}
	return nl
}
