package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/track"
)

func TestFromSignUpToOneClickDeparture(t *testing.T) {
	h, l := furnished(t), links(t)
	b := open(t, h)

	form := b.get("/semaine-ia/subscribe?lang=en")
	form.want(t, http.StatusOK, `action="/semaine-ia/subscribe"`, "you agree that Éditions du Canal sends you")
	b.post("/semaine-ia/subscribe", "address", "rosa@example.net", "language", "fr", "page", "en", "website", "").
		wantGone(t, "/semaine-ia/subscribed?lang=en")
	want := audience.Request{
		Newsletter: h.letters[0], Address: "rosa@example.net", Language: "fr", Length: digest.Full, IP: "127.0.0.1",
		Page:  "https://news.example.org/semaine-ia/subscribe",
		Shown: "By subscribing you agree that Éditions du Canal sends you “La Semaine IA” by e-mail and keeps your address for that purpose only. One click in any issue ends it.",
	}
	if diff := cmp.Diff([]audience.Request{want}, h.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if !strings.Contains(form.body, want.Shown) {
		t.Error("the consent kept is not the one that was shown")
	}

	confirm := "/c/" + l.Token(track.Confirm, reader)
	b.get(confirm).want(t, http.StatusOK, "<form method=\"post\">", "Oui, je m’abonne")
	if s := h.subs[reader].State; s != digest.Pending {
		t.Fatalf("looking at the page made the subscription %s", s)
	}
	b.post(confirm).want(t, http.StatusOK, "Vous êtes abonné")
	b.get(confirm).want(t, http.StatusOK, "Vous êtes abonné")
	if s := h.subs[reader].State; s != digest.Active {
		t.Fatalf("confirmed, yet %s", s)
	}

	a := mailProgram(t, b).do("POST", "/u/"+l.Token(track.Unsubscribe, reader), "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click")
	a.want(t, http.StatusOK)
	if s := h.subs[reader].State; s != digest.Unsubscribed {
		t.Fatalf("one click, yet %s", s)
	}
	b.post(confirm).want(t, http.StatusOK, "Cet abonnement a pris fin")
}

// mailProgram sends what the server of a mailbox provider sends: no cookie, no
// origin, no word of where it comes from.
func mailProgram(t *testing.T, b *browser) *browser {
	t.Helper()
	return &browser{t: t, client: &http.Client{CheckRedirect: b.client.CheckRedirect}, base: b.base, header: http.Header{}}
}

func TestOneClickWorksInEveryFormAndAsOftenAsItComes(t *testing.T) {
	h, l := furnished(t), links(t)
	b := open(t, h)
	path := "/u/" + l.Token(track.Unsubscribe, reader)
	var multi bytes.Buffer
	w := multipart.NewWriter(&multi)
	if err := w.WriteField("List-Unsubscribe", "One-Click"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	webmail := mailProgram(t, b)
	webmail.header = http.Header{"Origin": {"https://mail.example.com"}, "Sec-Fetch-Site": {"cross-site"}}
	for name, send := range map[string]func() answer{
		"urlencoded": func() answer {
			return mailProgram(t, b).do("POST", path, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click")
		},
		"multipart":           func() answer { return mailProgram(t, b).do("POST", path, w.FormDataContentType(), multi.String()) },
		"the page's button":   func() answer { return b.post(path) },
		"a page of a webmail": func() answer { return webmail.do("POST", path, "text/plain", "List-Unsubscribe=One-Click") },
	} {
		for range 2 {
			a := send()
			a.want(t, http.StatusOK)
			if a.header.Get("Set-Cookie") != "" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: headers %v", name, a.header)
			}
			if s := h.subs[reader].State; s != digest.Unsubscribed {
				t.Errorf("%s: %s", name, s)
			}
		}
		sub := h.subs[reader]
		sub.State = digest.Active
		h.subs[reader] = sub
	}
}

func TestLinkScannersChangeNothing(t *testing.T) {
	h := furnished(t)
	b := open(t, h).logIn()
	for path := range everyPage(t, h) {
		for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
			b.do(method, path, "", "")
		}
	}
	for _, id := range []string{h.in(digest.InReview).ID, h.in(digest.Sending).ID} {
		for _, act := range []string{"approve", "reject", "test", "pause", "resume", "cancel"} {
			if a := b.get("/desk/issues/" + id + "/" + act); a.status < 400 {
				t.Errorf("GET %s: %d", act, a.status)
			}
		}
	}
	b.get("/desk/logout")
	b.get("/desk/").want(t, http.StatusOK)
	if h.writes != 0 {
		t.Errorf("%d changes made by looking", h.writes)
	}
}

func TestTheAnswerToASignUpTellsNothingOfTheAddress(t *testing.T) {
	h := furnished(t)
	b := open(t, h, func(o *Options) { o.Now = minuteByMinute() })
	for _, address := range []string{"rosa@example.net", "new@example.net", "RoSa@EXAMPLE.net"} {
		b.post("/semaine-ia/subscribe", "address", address, "page", "fr").wantGone(t, "/semaine-ia/subscribed?lang=fr")
	}
	b.post("/semaine-ia/subscribe", "address", "robot@example.net", "page", "fr", "website", "http://buy.example").wantGone(t, "/semaine-ia/subscribed?lang=fr")
	if len(h.asked) != 3 {
		t.Errorf("%d asked for, want 3: a robot fills the field that nobody sees", len(h.asked))
	}
	b.post("/semaine-ia/subscribe", "address", "no address", "page", "en").
		want(t, http.StatusUnprocessableEntity, `value="no address"`, "not a complete e-mail address", `aria-invalid="true"`, " autofocus")
}

// minuteByMinute is a clock that no limit bites on.
func minuteByMinute() func() time.Time {
	now := monday
	return func() time.Time { now = now.Add(time.Minute); return now }
}

func TestSignUpsOfOneClientAreLimited(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	for range 5 {
		b.post("/semaine-ia/subscribe", "address", "a@example.net").wantGone(t, "/semaine-ia/subscribed?lang=fr")
	}
	a := b.post("/semaine-ia/subscribe", "address", "a@example.net")
	a.want(t, http.StatusTooManyRequests, "Trop d’essais")
	if a.header.Get("Retry-After") == "" || len(h.asked) != 5 {
		t.Errorf("Retry-After %q, %d asked", a.header.Get("Retry-After"), len(h.asked))
	}
}

// A form without the themes, of a page opened before there were any, changes
// nothing of them.
func TestAReaderLeavesThemesOut(t *testing.T) {
	h, l := furnished(t), links(t)
	themes := []digest.Theme{themed("models", "Modèles"), themed("law", "Droit"), {ID: digest.OtherTheme}}
	sub := h.subs[reader]
	sub.State = digest.Active
	h.subs[reader] = sub
	b := open(t, h, func(o *Options) { o.Themes = func(digest.Newsletter) []digest.Theme { return themes } })
	path := "/p/" + l.Token(track.Preferences, reader)
	shown := b.get(path)
	if shown.want(t, http.StatusOK, "Modèles", `value="models" checked`, `value="law" checked`); strings.Contains(shown.body, `value="`+digest.OtherTheme+`"`) {
		t.Error("what fits no theme can be left out")
	}
	b.post(path, "length", "full", "themes", "shown", "theme", "law").want(t, http.StatusOK, `value="models">`, `value="law" checked`)
	if got := h.subs[reader].Without; got != "models" {
		t.Errorf("left out: %q", got)
	}
	b.post(path, "length", "short", "themes", "shown").want(t, http.StatusOK, "gardez au moins un thème", `value="law" checked`)
	b.post(path, "length", "full").want(t, http.StatusOK)
	if s := h.subs[reader]; s.Without != "models" || s.Length != digest.Full {
		t.Errorf("kept %+v", s)
	}
	b.post(path, "themes", "shown", "theme", "law", "theme", "models").want(t, http.StatusOK)
	if got := h.subs[reader].Without; got != "" {
		t.Errorf("left out: %q", got)
	}
}

func themed(id, label string) digest.Theme {
	return digest.Theme{ID: id, Words: map[digest.Language]digest.ThemeWords{digest.French: {Label: label}}}
}

func TestPreferencesAreKept(t *testing.T) {
	h, l := furnished(t), links(t)
	sub := h.subs[reader]
	sub.State = digest.Active
	h.subs[reader] = sub
	b := open(t, h)
	path := "/p/" + l.Token(track.Preferences, reader)
	b.get(path).want(t, http.StatusOK, `value="full" checked`, "r…", "@example.net")
	b.post(path, "language", "en", "length", "short", "paused", "yes").want(t, http.StatusOK, "Saved", `value="short" checked`, `value="yes" checked`)
	if s := h.subs[reader]; s.Language != "en" || s.Length != digest.Short || s.State != digest.Resting {
		t.Errorf("kept %+v", s)
	}
	b.post(path, "language", "de", "length", "endless").want(t, http.StatusOK)
	if s := h.subs[reader]; s.Language != "en" || s.Length != digest.Full || s.State != digest.Active {
		t.Errorf("kept %+v", s)
	}
}

func TestNothingIsSavedForOneWhoHasLeft(t *testing.T) {
	h, l := furnished(t), links(t)
	sub := h.subs[reader]
	sub.State = digest.Unsubscribed
	h.subs[reader] = sub
	a := open(t, h).post("/p/"+l.Token(track.Preferences, reader), "language", "fr", "length", "short")
	a.want(t, http.StatusOK, "Vous vous êtes désabonné")
	if strings.Contains(a.body, "C’est enregistré") {
		t.Error("the page says that it counts for the next issue, which does not come")
	}
}

func TestALetterOfTheMainLanguageLeadsToItWhateverTheBrowserSpeaks(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	b.lang = "en"
	b.get("/semaine-ia/42").want(t, http.StatusOK, `<html lang="fr">`, `id="models"`, `href="#models"`, `hreflang="en"`, `<link rel="canonical" href="https://news.example.org/semaine-ia/42">`)
	b.get("/semaine-ia/42?lang=en").want(t, http.StatusOK, `<html lang="en">`, `href="https://news.example.org/semaine-ia/42?lang=en"`, `href="/semaine-ia/41?lang=en"`)
	b.get("/semaine-ia/").want(t, http.StatusOK, `<html lang="en">`, `href="/semaine-ia/43?lang=en"`)
	b.get("/semaine-ia/?lang=fr").want(t, http.StatusOK, `<html lang="fr">`, `href="/semaine-ia/43"`)
	b.get("/semaine-ia/?lang=xx").want(t, http.StatusOK, `<html lang="en">`)
}

// Who read French on an English browser once came to an English form by the
// next link: the main language was left out of it.
func TestTheLanguageOfAPageIsKeptOnTheWayToTheNext(t *testing.T) {
	h, l := furnished(t), links(t)
	b := open(t, h)
	b.lang = "en"
	b.get("/semaine-ia/?lang=fr").want(t, http.StatusOK, `href="/semaine-ia/subscribe?lang=fr"`, `href="/semaine-ia/feed.atom"`)
	b.get("/semaine-ia/subscribe?lang=fr").want(t, http.StatusOK, `<html lang="fr">`, `href="/semaine-ia/?lang=fr"`)
	b.get("/semaine-ia/42").want(t, http.StatusOK, `<html lang="fr">`, `href="/semaine-ia/?lang=fr"`,
		`<link rel="canonical" href="https://news.example.org/semaine-ia/42">`)
	b.get("/p/"+l.Token(track.Preferences, reader)).want(t, http.StatusOK, `<html lang="fr">`, `href="/semaine-ia/subscribe?lang=fr"`)
	a := b.get("/semaine-ia?lang=fr")
	if to := a.header.Get("Location"); to != "/semaine-ia/?lang=fr" {
		t.Errorf("the address without its slash leads to %s", to)
	}
	b.get("/semaine-ia/?lang=en").want(t, http.StatusOK, `href="/semaine-ia/feed.atom?lang=en"`)
	for _, browser := range []string{"fr", ""} { // and search engines, which name no language, find one address a page
		b.lang = browser
		for _, path := range []string{"/semaine-ia/", "/semaine-ia/?lang=fr", "/semaine-ia/42"} {
			a := b.get(path)
			a.want(t, http.StatusOK, `<html lang="fr">`, `href="/semaine-ia/subscribe"`, `href="/semaine-ia/43"`)
			if a.header.Get("Vary") != "Accept-Language" {
				t.Errorf("%s varies with %q, and its links with the language", path, a.header.Get("Vary"))
			}
		}
	}
}

func TestOnlyWhatReadersMayHaveIsOnTheWeb(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	a := b.get("/semaine-ia/")
	for _, state := range digest.States() {
		number := h.in(state).Number
		if number == 0 {
			continue
		}
		path := "/semaine-ia/" + string(rune('0'+number/10)) + string(rune('0'+number%10))
		seen := state == digest.Sent || state == digest.Sending || state == digest.Paused
		if got := b.get(path).status == http.StatusOK; got != seen {
			t.Errorf("%s: an issue that is %s can be read: %v", path, state, got)
		}
		if got := strings.Contains(a.body, `href="`+path+`"`); got != seen {
			t.Errorf("%s: an issue that is %s is listed: %v", path, state, got)
		}
	}
}

// Who got the letter before its sending was cancelled follows its link to the
// web: the page once said that the address may have been cut short.
func TestAnIssueCancelledHalfSentIsSaidToBeWithdrawn(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	number := h.in(digest.Cancelled).Number
	path := fmt.Sprintf("/semaine-ia/%d", number)
	a := b.get(path)
	a.want(t, http.StatusGone, "Ce numéro a été retiré")
	if strings.Contains(a.body, "Ondine") {
		t.Error("what was taken back is shown")
	}
	b.lang = "en"
	b.get(path).want(t, http.StatusGone, "This issue was withdrawn")
	next := h.in(digest.Sent)
	next.Number = number + 1
	h.issues[next.ID] = next
	if a := b.get(fmt.Sprintf("/semaine-ia/%d", number+1)); a.status != http.StatusOK || strings.Contains(a.body, `href="`+path) {
		t.Errorf("%d: its neighbour leads to it", a.status)
	}
}

func TestTheFeedIsWellFormedAndAskedForOnce(t *testing.T) {
	b := open(t, furnished(t))
	a := b.get("/semaine-ia/feed.atom")
	a.want(t, http.StatusOK, "https://news.example.org/semaine-ia/42")
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(a.body), &feed); err != nil || len(feed.Entries) != 3 {
		t.Errorf("%d entries, %v", len(feed.Entries), err)
	}
	if got := a.header.Get("Content-Type"); got != "application/atom+xml; charset=utf-8" {
		t.Errorf("type %q", got)
	}
	b.header.Set("If-None-Match", a.header.Get("ETag"))
	b.get("/semaine-ia/feed.atom").want(t, http.StatusNotModified)
}

func TestTheArchiveTurnsItsPages(t *testing.T) {
	h := furnished(t)
	for n := range 25 {
		i := madeIssue("019abc00-0000-7000-8000-0000000002"+string(rune('0'+n/10))+string(rune('0'+n%10)), digest.Sent, monday.AddDate(0, -3, -7*n))
		i.Number = 30 - n
		h.issues[i.ID] = i
	}
	b := open(t, h)
	first := b.get("/semaine-ia/")
	if n := strings.Count(first.body, "<h3>"); n != perPage {
		t.Errorf("%d issues on the first page", n)
	}
	_, rest, _ := strings.Cut(first.body, `rel="next" href="`)
	next, _, _ := strings.Cut(rest, `"`)
	second := b.get(strings.ReplaceAll(next, "&amp;", "&"))
	if n := strings.Count(second.body, "<h3>"); n != 8 || strings.Contains(second.body, `rel="next"`) || strings.Contains(second.body, `id="address"`) {
		t.Errorf("%d issues on the second page", n)
	}
}

func TestHomeGoesOnToTheOnlyNewsletter(t *testing.T) {
	h := furnished(t)
	a := open(t, h).get("/")
	if a.status != http.StatusFound || a.header.Get("Location") != "/semaine-ia/" {
		t.Errorf("%d to %s", a.status, a.header.Get("Location"))
	}
	a = open(t, h).get("/semaine-ia")
	if a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/semaine-ia/" {
		t.Errorf("%d to %s", a.status, a.header.Get("Location"))
	}
	if a = open(t, h).get("/desk"); a.status/100 != 3 || a.header.Get("Location") != "/desk/" {
		t.Errorf("/desk: %d to %s", a.status, a.header.Get("Location"))
	}
	h.letters = nil
	open(t, h).get("/").want(t, http.StatusOK, "Il n’y a pas encore de lettre ici.")
}

func TestMasking(t *testing.T) {
	for in, want := range map[string]string{"rosa@example.net": "r…\u2060@example.net", "é@x.org": "é…\u2060@x.org", "": "", "@x.org": ""} {
		if got := masked(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
