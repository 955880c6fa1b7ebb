package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// blacklist is what the store knows of suppressed addresses.
type blacklist struct {
	all    []digest.Subscriber
	lifted map[string]string // why, by ID
}

func (b *blacklist) SearchSuppressed(_ context.Context, like, before string, limit int) ([]digest.Subscriber, error) {
	var out []digest.Subscriber
	for _, who := range b.all {
		if strings.Contains(who.Match, like) && (before == "" || who.ID < before) && len(out) < limit {
			out = append(out, who)
		}
	}
	return out, nil
}

func (b *blacklist) SaveSuppressed(_ context.Context, all []digest.Subscriber) (int, error) {
	for _, who := range b.all {
		if who.Match == all[0].Match {
			return 0, nil
		}
	}
	b.all = append(all, b.all...)
	return 1, nil
}

func (b *blacklist) LiftFor(_ context.Context, id, why string) (bool, error) {
	if id != "s1" {
		return false, digest.ErrNotFound
	}
	_, before := b.lifted[id]
	b.lifted[id] = why
	return !before, nil
}

func suppressing(t *testing.T) (*blacklist, *browser) {
	list := &blacklist{lifted: map[string]string{}, all: []digest.Subscriber{
		{ID: "s2", Address: "<b>@example.net", Match: "<b>@example.net", Suppression: digest.Suppression{Kind: digest.Complained, Since: monday}},
		{ID: "s1", Address: "rosa@example.net", Match: "rosa@example.net", Suppression: digest.Suppression{Kind: digest.Bounced, Since: monday, Text: "550 5.1.1 inconnu"}},
	}}
	return list, open(t, furnished(t), func(o *Options) { o.Suppressions = list }).logIn()
}

func TestTheDeskShowsAndSearchesWhoIsSuppressed(t *testing.T) {
	_, b := suppressing(t)
	a := b.get("/desk/suppressed")
	sound(t, "/desk/suppressed", a.body, digest.French)
	a.want(t, http.StatusOK, "Adresses exclues", "rosa@example.net", "550 5.1.1 inconnu", "boîte disparue",
		"&lt;b&gt;@example.net", "a signalé une lettre comme indésirable", `action="/desk/suppressed/s1/lift"`)
	b.get("/desk/nothing").want(t, http.StatusNotFound, `href="/desk/">Retour à la rédaction`)
	b.get("/desk/suppressed?lang=en").want(t, http.StatusOK, "Suppressed addresses", "mailbox gone", "Let in again")
	found := b.post("/desk/suppressed/search", "search", " rosa ")
	if found.want(t, http.StatusOK, "rosa@example.net", `value="rosa"`); strings.Contains(found.body, "&lt;b&gt;") {
		t.Error("the search finds what was not searched for")
	}
	b.post("/desk/suppressed/search", "search", "nobody").want(t, http.StatusOK, "Aucune adresse exclue ne ressemble")
	open(t, furnished(t)).get("/desk/suppressed").wantGone(t, "/desk/login?next=%2Fdesk%2Fsuppressed")
	open(t, furnished(t)).logIn().get("/desk/suppressed").want(t, http.StatusNotFound)
}

func TestAnEditorSuppressesAnAddressAndLetsItInAgain(t *testing.T) {
	list, b := suppressing(t)
	b.post("/desk/suppressed", "address", "Eve@Example.NET", "reason", "barred", "why", "asked\r\nby phone").wantGone(t, "/desk/suppressed")
	if got := list.all[0]; got.Match != "eve@example.net" || got.Suppression.Kind != digest.Barred || got.Suppression.Text != "asked by phone (ada@example.org)" || !got.Suppression.Since.Equal(monday) {
		t.Errorf("kept is %+v", got)
	}
	b.get("/desk/suppressed").want(t, http.StatusOK, "Eve@example.net ne reçoit plus aucune lettre")
	b.post("/desk/suppressed", "address", "eve@example.net", "reason", "barred")
	b.get("/desk/suppressed").want(t, http.StatusOK, "était déjà exclue")
	for _, bad := range [][2]string{{"nobody", "barred"}, {"a@example.net", "erased"}, {"a@example.net", ""}} {
		b.post("/desk/suppressed", "address", bad[0], "reason", bad[1])
		b.get("/desk/suppressed").want(t, http.StatusOK, "pas une adresse électronique")
	}
	if len(list.all) != 3 {
		t.Errorf("%d are on the list", len(list.all))
	}

	b.post("/desk/suppressed/s1/lift", "why", "  ").wantGone(t, "/desk/suppressed")
	b.get("/desk/suppressed").want(t, http.StatusOK, "Dites pourquoi")
	if a := b.get("/desk/suppressed/s1/lift"); a.status == http.StatusOK || len(list.lifted) > 0 {
		t.Errorf("a look answers %d and lifts %v", a.status, list.lifted)
	}
	b.post("/desk/suppressed/s1/lift", "why", "wrote to us").wantGone(t, "/desk/suppressed")
	if list.lifted["s1"] != "wrote to us (ada@example.org)" {
		t.Errorf("kept is %q", list.lifted["s1"])
	}
	b.get("/desk/suppressed").want(t, http.StatusOK, "peut de nouveau recevoir")
	// In a tab that another editor overtook, this once spoke of an issue, and led to one that is none.
	b.post("/desk/suppressed/s1/lift", "why", "again").wantGone(t, "/desk/suppressed")
	b.get("/desk/suppressed").want(t, http.StatusOK, "n’était plus exclue")
	b.post("/desk/suppressed/s9/lift", "why", "who").want(t, http.StatusNotFound)
}
