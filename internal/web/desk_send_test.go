package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// byHand makes the issue in a state one that has no time to go out at.
func (h *house) byHand(state digest.State) digest.Issue {
	issue := h.in(state)
	issue.Slot = "2026-11-23#2"
	h.issues[issue.ID] = issue
	return issue
}

// The desk once promised of an issue made by hand that it would go out at its
// time, which it has not, and had no way to send it.
func TestAnIssueMadeByHandIsSentFromTheDesk(t *testing.T) {
	h := furnished(t)
	h.readers = 1234
	b := open(t, h).logIn()
	issue := h.byHand(digest.InReview)
	page := "/desk/issues/" + issue.ID
	b.post(page+"/send", "version", "3").want(t, http.StatusConflict)
	b.post(page+"/approve", "version", "3").wantGone(t, page)
	a := b.get(page)
	a.want(t, http.StatusOK, "Approuvé. Ce numéro, fait à la main, n’a pas d’heure d’envoi", "avec «\u00a0hebdo send ",
		`action="`+page+`/send"`, `name="version" value="4"`, "Envoyer à 1234\u00a0lecteurs")
	if strings.Contains(a.body, "à son heure") {
		t.Error("the page promises a sending that never comes")
	}
	b.post(page+"/send", "version", "3").want(t, http.StatusConflict, "Quelqu’un a été plus rapide")
	b.post(page+"/send").want(t, http.StatusBadRequest)
	b.get(page+"/send").want(t, http.StatusNotFound)
	if got := h.issues[issue.ID].State; got != digest.Approved {
		t.Fatalf("it is %s", got)
	}
	b.post(page+"/send", "version", "4").wantGone(t, page+"#delivery")
	if got := h.issues[issue.ID].State; got != digest.Sending {
		t.Fatalf("it is %s", got)
	}
	if a := b.get(page); strings.Contains(a.body, page+"/send") || !strings.Contains(a.body, "L’envoi commence.") {
		t.Error("the page offers to send what is being sent, or does not say that it is")
	}
	b.post(page+"/send", "version", "5").want(t, http.StatusConflict)
}

func TestAnApprovedIssueSaysWhenItGoesOut(t *testing.T) {
	for name, c := range map[string]struct{ slot, said, stands string }{
		"ahead":   {monday.Add(time.Hour).Format(time.RFC3339), "Approuvé. Le numéro partira à son heure.", "Il part de lui-même\u00a0: lundi 23 novembre 2026 à 7\u00a0h\u00a000."},
		"past":    {monday.Add(-time.Hour).Format(time.RFC3339), "Approuvé. Son heure est venue\u00a0: l’envoi commence.", "Son heure est venue. S’il ne part pas"},
		"by hand": {"2026-11-23#1", "", "Il part quand vous l’envoyez"},
	} {
		h := furnished(t)
		b := open(t, h).logIn()
		issue := h.in(digest.InReview)
		issue.Slot = c.slot
		h.issues[issue.ID] = issue
		page := "/desk/issues/" + issue.ID
		if a := b.get(page); strings.Contains(a.body, "de lui-même") || strings.Contains(a.body, page+"/send") {
			t.Errorf("%s: an issue in review goes out", name)
		}
		b.post(page+"/approve", "version", strconv.Itoa(issue.Version)).wantGone(t, page)
		a := b.get(page)
		a.want(t, http.StatusOK, c.said, c.stands, page+"/send")
	}
}

func TestWithoutControlNothingIsSentFromTheDesk(t *testing.T) {
	h := furnished(t)
	b := open(t, h, func(o *Options) { o.Control = nil }).logIn()
	page := "/desk/issues/" + h.byHand(digest.Approved).ID
	if a := b.get(page); strings.Contains(a.body, page+"/send") {
		t.Error("the page offers what cannot be done")
	}
	b.post(page+"/send", "version", "3").want(t, http.StatusNotFound)
}
