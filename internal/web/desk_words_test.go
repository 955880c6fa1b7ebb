package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// reviser rewrites as the contract says.
type reviser struct{ *house }

func (v reviser) Reword(_ context.Context, id string, version int, story string, words map[digest.Language]digest.Words, editor string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	issue := v.issues[id]
	if issue.Version != version || issue.State != digest.InReview && issue.State != digest.Approved {
		return digest.ErrConflict
	}
	it := issue.Item(story)
	if it == nil {
		return digest.ErrNotFound
	}
	for lang, w := range words {
		if w == it.Wordings[lang].Words() {
			continue
		}
		if err := w.Check(); err != nil {
			return err
		}
		it.Wordings[lang] = digest.Wording{Headline: w.Headline, HeadlineLanguage: lang, Editor: editor, Sentences: []digest.Sentence{{Text: w.Summary, Language: lang}}}
	}
	issue.State = digest.InReview
	issue.Version++
	v.issues[id] = issue
	v.writes++
	return nil
}

// rewriting is the desk with an issue in review, and the page of one of its stories.
func rewriting(t *testing.T) (h *house, b *browser, issue digest.Issue, page string) {
	t.Helper()
	h = furnished(t)
	b = open(t, h, func(o *Options) { o.Revising = reviser{h} }).logIn()
	issue = h.in(digest.InReview)
	return h, b, issue, "/desk/issues/" + issue.ID + "/stories/" + issue.Sections[0].Items[0].Story + "/words"
}

func TestAStoryIsRewrittenInEachLanguage(t *testing.T) {
	h, b, issue, page := rewriting(t)
	desk := "/desk/issues/" + issue.ID
	b.get(desk).want(t, http.StatusOK, `href="`+page+`?edition=fr%2ffull"`, `aria-label="Réécrire`)
	it := issue.Sections[0].Items[0]
	b.get(page+"?edition=en/short").want(t, http.StatusOK, `name="version" value="3"`, `name="edition" value="en/short"`,
		`<textarea class="short" id="headline-fr" name="headline-fr" lang="fr" rows="2" maxlength="200"`, it.Wordings["fr"].Headline+"</textarea>", it.Wordings["en"].Headline+"</textarea>",
		"200\u00a0caractères au plus", "1200\u00a0caractères au plus", it.Citations[0].Title+"</a>", it.Citations[1].Title+"</a>")
	english := it.Wordings["en"].Words()
	b.post(page, "version", "3", "edition", "en/short", "headline-fr", " Un <b>autre</b>\r\ntitre ", "summary-fr", "Nos mots <script>.",
		"headline-en", english.Headline, "summary-en", english.Summary).wantGone(t, desk+"?edition=en%2Fshort#story-"+it.Story)
	got := h.issues[issue.ID].Sections[0].Items[0].Wordings
	if got["fr"].Headline != "Un <b>autre</b> titre" || got["fr"].Editor != "ada@example.org" || got["en"].Editor != "" {
		t.Errorf("%+v", got)
	}
	b.get(desk).want(t, http.StatusOK, "Le sujet est dans vos mots", "Un &lt;b&gt;autre&lt;/b&gt; titre", "Nos mots &lt;script&gt;.", "[rédaction]", "Réécrit par ada@example.org")
	b.get(page).want(t, http.StatusOK, "Nos mots &lt;script&gt;.</textarea>", "Réécrit par ada@example.org")
}

// Whatever keeps the words from being kept, they are on the page that says so.
func TestWhatAnEditorWroteIsNeverLost(t *testing.T) {
	h, b, issue, page := rewriting(t)
	it := issue.Sections[0].Items[0]
	words := func(version, headline, summary string) answer {
		return b.post(page, "version", version, "headline-fr", headline, "summary-fr", summary)
	}
	words("3", "Titre", "").want(t, http.StatusUnprocessableEntity, ">Titre</textarea>", "écrivez un titre et un résumé", `name="version" value="3"`)
	words("3", strings.Repeat("é", 201), "Mots").want(t, http.StatusUnprocessableEntity, ">Mots</textarea>", "le titre peut avoir 200\u00a0caractères, le résumé 1200")
	a := words("2", "Titre", "Mes mots")
	a.want(t, http.StatusConflict, ">Mes mots</textarea>", "pendant que vous écriviez", "Tel qu’il est maintenant", it.Wordings["fr"].Headline, `name="version" value="3"`, "Garder ce texte")
	if h.writes != 0 {
		t.Errorf("%d changes", h.writes)
	}
	b.post("/desk/logout")
	a = words("3", "Titre", "Mes mots & autres")
	kept := url.Values{"version": {"3"}, "headline-fr": {"Titre"}, "summary-fr": {"Mes mots & autres"}}.Encode()
	a.want(t, http.StatusForbidden, `name="next" value="`+page+`"`, "est conservée")
	b.post("/desk/login", "address", "ada@example.org", "password", password, "next", page, "note", kept).wantGone(t, page)
	b.get(page).want(t, http.StatusOK, ">Titre</textarea>", ">Mes mots &amp; autres</textarea>", `name="version" value="3"`)
	if a := b.get(page); strings.Contains(a.body, "Mes mots") {
		t.Error("the words come back for ever")
	}
	issue.State = digest.Sending
	h.issues[issue.ID] = issue
	a = words("3", "Titre", "Mes mots")
	a.want(t, http.StatusConflict, ">Mes mots</textarea>", "ne peut plus être changé", "readonly")
	if strings.Contains(a.body, "Garder ce texte") {
		t.Error("the desk offers to keep what cannot be kept")
	}
	b.get(page).want(t, http.StatusNotFound)
	if h.writes != 0 {
		t.Errorf("%d changes", h.writes)
	}
}

func TestARejectedIssueSaysWhatANewDraftLoses(t *testing.T) {
	h, b, _, _ := rewriting(t)
	issue := h.in(digest.Rejected)
	desk := "/desk/issues/" + issue.ID
	if a := b.get(desk); strings.Contains(a.body, "refait perd") {
		t.Error("it would lose nothing")
	}
	w := issue.Sections[0].Items[0].Wordings["fr"]
	w.Editor = "ada@example.org"
	issue.Sections[0].Items[0].Wordings["fr"], issue.Sections[0].Moved = w, true
	b.get(desk).want(t, http.StatusOK, "Un brouillon refait perd", "le texte de 1\u00a0sujet", "l’ordre des sujets")
}

func (v reviser) Undo(_ context.Context, id string, version int, editor string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	issue := v.issues[id]
	switch {
	case issue.Version != version:
		return digest.ErrConflict
	case issue.Last == nil:
		return digest.ErrNotFound
	}
	now := digest.Edit{Editor: editor, At: monday, What: "undo", Sections: issue.Sections}
	issue.Sections, issue.Last = issue.Last.Sections, &now
	issue.Version++
	v.issues[id] = issue
	v.writes++
	return nil
}

// The button says whose change it would take back, and of when.
func TestTheLastChangeIsToldAndUndone(t *testing.T) {
	h, b, issue, _ := rewriting(t)
	desk := "/desk/issues/" + issue.ID
	if a := b.get(desk); strings.Contains(a.body, desk+"/undo") {
		t.Error("nobody has changed anything, and the desk offers to undo it")
	}
	b.post(desk+"/undo", "version", "3").want(t, http.StatusNotFound)
	issue.Last = &digest.Edit{Editor: "<grace>@example.org", At: monday, What: "order", Sections: issue.Sections[1:]}
	h.issues[issue.ID] = issue
	b.get(desk).want(t, http.StatusOK, "Dernier changement\u00a0: l’ordre, par &lt;grace&gt;@example.org, lundi 23 novembre 2026", "Annuler ce changement", `action="`+desk+`/undo"`)
	b.post(desk+"/undo", "version", "2").want(t, http.StatusConflict, `href="`+desk+`"`)
	b.post(desk+"/undo", "version", "x").want(t, http.StatusBadRequest)
	if a := b.get(desk + "/undo"); a.status == http.StatusOK || h.writes != 0 {
		t.Errorf("a look undoes: %d", a.status)
	}
	b.post(desk+"/undo", "version", "3", "edition", "en/short").wantGone(t, desk+"?edition=en%2Fshort#contents")
	b.get(desk).want(t, http.StatusOK, "C’est annulé", "un changement annulé, par ada@example.org")
	sending := h.in(digest.Sending)
	sending.Last = issue.Last
	h.issues[sending.ID] = sending
	if a := b.get("/desk/issues/" + sending.ID); strings.Contains(a.body, "Annuler ce changement") {
		t.Error("an issue that is being sent offers to undo its last change")
	}
}
