package web

import (
	"net/http"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

const note = "Le deuxième sujet répète le premier <b>, et il manque l’entretien."

// shownNote is what the note's field on an issue's page holds.
func shownNote(t *testing.T, b *browser, page string) string {
	t.Helper()
	a := b.get(page)
	a.want(t, http.StatusOK, "<textarea")
	_, rest, _ := strings.Cut(a.body, "<textarea")
	_, rest, _ = strings.Cut(rest, ">")
	text, _, _ := strings.Cut(rest, "</textarea>")
	return strings.ReplaceAll(strings.ReplaceAll(text, "&lt;", "<"), "&gt;", ">")
}

func TestANoteOutlivesTheSessionItWasWrittenIn(t *testing.T) {
	h := furnished(t)
	b := open(t, h).logIn()
	page := "/desk/issues/" + h.in(digest.InReview).ID
	b.post("/desk/logout")
	a := b.post(page+"/reject", "version", "3", "remark", note)
	a.want(t, http.StatusForbidden, "Votre note est conservée", `name="next" value="`+page+`"`, `name="note" value="Le deuxième sujet répète le premier &lt;b&gt;`)
	a = b.post("/desk/login", "address", "ada@example.org", "password", "wrong", "next", page, "note", note)
	a.want(t, http.StatusUnprocessableEntity, `name="note" value="Le deuxième`)
	b.post("/desk/login", "address", "ada@example.org", "password", password, "next", page, "note", note).wantGone(t, page)
	if got := shownNote(t, b, page); got != note {
		t.Errorf("the note is now %q", got)
	}
	if got := shownNote(t, b, page); got != "" {
		t.Errorf("the note comes back for ever: %q", got)
	}
	if h.writes != 0 {
		t.Error("what was sent without a session was done")
	}
}

func TestANoteOutlivesTheVersionItWasWrittenFor(t *testing.T) {
	h := furnished(t)
	b := open(t, h).logIn()
	issue := h.in(digest.InReview)
	page := "/desk/issues/" + issue.ID
	for _, act := range []string{"approve", "reject"} {
		b.post(page+"/"+act, "version", "2", "remark", note).want(t, http.StatusConflict, `href="`+page+`"`)
		if got := shownNote(t, b, "/desk/issues/"+h.in(digest.InReview).ID); got != note {
			t.Errorf("%s: the note is now %q", act, got)
		}
	}
	issue.Notes = []digest.Note{{Level: digest.Blocker, Code: "letter.clipped"}}
	h.issues[issue.ID] = issue
	b.post(page+"/approve", "version", "3", "remark", note).want(t, http.StatusConflict)
	if got := shownNote(t, b, page); got != note {
		t.Errorf("of a blocked issue the note is now %q", got)
	}
}

// After one of these the way back led to a page that is none.
func TestLogInLeadsFromAnActionToItsPage(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	issue := "%2Fdesk%2Fissues%2F" + h.in(digest.InReview).ID
	for act, next := range map[string]string{
		"/desk/issues/" + h.in(digest.InReview).ID + "/stories/join":     "?next=" + issue,
		"/desk/issues/" + h.in(digest.InReview).ID + "/deliveries/again": "?next=" + issue,
		"/desk/suppressed":           "?next=%2Fdesk%2Fsuppressed",
		"/desk/suppressed/search":    "?next=%2Fdesk%2Fsuppressed",
		"/desk/suppressed/some/lift": "?next=%2Fdesk%2Fsuppressed",
		"/desk/logout":               "",
	} {
		b.post(act, "version", "3").wantGone(t, "/desk/login"+next)
	}
	b.get("/desk/sources?newsletter=a").wantGone(t, "/desk/login?next=%2Fdesk%2Fsources%3Fnewsletter%3Da")
	b.get("/desk/logout").wantGone(t, "/desk/login")
}
