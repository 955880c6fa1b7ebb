package demo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reader stands for the real web server: it remembers what it is asked.
type reader struct {
	*httptest.Server
	asked  []string
	status int
}

func newReader(t *testing.T) *reader {
	t.Helper()
	rd := &reader{status: http.StatusOK}
	rd.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rd.asked = append(rd.asked, strings.Join([]string{r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("Cookie"), string(body)}, "|"))
		w.WriteHeader(rd.status)
	}))
	t.Cleanup(rd.Close)
	return rd
}

// mounted serves the inbox below /inbox, as the command does.
func mounted(t *testing.T, w *World, base string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/inbox/", http.StripPrefix("/inbox", w.Inbox(base)))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + "/inbox/"
}

func deliver(t *testing.T, w *World, file string) {
	t.Helper()
	body, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := post(w, "lucie.amblard@courrier.example", string(body)); err != nil {
		t.Fatal(err)
	}
}

func has(t *testing.T, page string, wanted ...string) {
	t.Helper()
	for _, s := range wanted {
		if !strings.Contains(page, s) {
			t.Errorf("the page lacks %q:\n%s", s, page)
		}
	}
}

func hasNot(t *testing.T, page string, unwanted ...string) {
	t.Helper()
	for _, s := range unwanted {
		if strings.Contains(page, s) {
			t.Errorf("the page holds %q:\n%s", s, page)
		}
	}
}

func TestTheListShowsWhatCameInNewestFirstInTheReadersLanguage(t *testing.T) {
	w := start(t)
	at := mounted(t, w, "http://127.0.0.1:8080/")
	empty := get(t, nil, at, "Accept-Language", "fr-FR,fr;q=0.9")
	has(t, empty.body, "0 lettre reçue", "Rien pour l’instant", `<html lang="fr">`)
	deliver(t, w, "letter.eml")
	if err := post(w, "nora.whitcombe@mailhouse.example", "From: Une autre <x@y.example>\nTo: nora.whitcombe@mailhouse.example\nSubject: Second\n\nText\n"); err != nil {
		t.Fatal(err)
	}
	fr := get(t, nil, at, "Accept-Language", "fr-FR,fr;q=0.9").body
	has(t, fr, "2 lettres reçues", "Corvus 3, modèle ouvert · Héliade lève 320 M€", "La Semaine IA", "lucie.amblard@courrier.example", "vendredi 20 novembre 2026 à 16\u00a0h\u00a000", "1,5\u00a0ko", `href="letters/1"`)
	if strings.Index(fr, "Second") > strings.Index(fr, "Corvus 3") {
		t.Error("the newest letter should come first")
	}
	has(t, get(t, nil, at, "Accept-Language", "en-GB").body, `<html lang="en">`, "2 letters received")
	has(t, get(t, nil, at+"?lang=en", "Accept-Language", "fr").body, `<html lang="en">`, `href="letters/1?lang=en"`)
	has(t, get(t, nil, at, "Accept-Language", "de").body, `<html lang="fr">`)
}

func TestEveryLinkOfALetterLeadsToThisMachine(t *testing.T) {
	w := start(t)
	base := "http://127.0.0.1:8080"
	at := mounted(t, w, base)
	deliver(t, w, "letter.eml")
	body := get(t, nil, at+"letters/1/html").body
	has(t, body,
		`href="`+base+`/semaine-ia/12"`,
		`href="`+base+`/u/TOKEN"`,
		`href="`+w.SiteURL()+`/fil/depeches/heliade-leve-320-millions.html"`,
		`href="`+w.SiteURL()+`/confidentialite"`,
		`href="mailto:redaction@news.semaine-ia.example"`,
		`href="https://elsewhere.example/"`,
		`target="_blank" rel="noopener noreferrer"`,
		"<!--[if mso]><p>Outlook</p><![endif]-->",
	)
	hasNot(t, body, `href="https://news.semaine-ia.example`, `href="https://fil-orvane`)

	text := get(t, nil, at+"letters/1?as=text&lang=fr").body
	has(t, text, `href="`+base+`/semaine-ia/12">https://news.semaine-ia.example/semaine-ia/12</a>.`, `aria-current="page">Texte</a>`)
	source := get(t, nil, at+"letters/1?as=source").body
	has(t, source, "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "=?utf-8?q?Corvus_3")
	if a := get(t, nil, at+"letters/1/letter.eml"); a.body != string(w.Mail()[0].Data) || a.header.Get("Content-Type") != "message/rfc822" {
		t.Error("the file differs from what came in")
	}
}

func TestALetterIsShownInAFrameThatCanDoNothing(t *testing.T) {
	w := start(t)
	at := mounted(t, w, "http://127.0.0.1:8080")
	deliver(t, w, "hostile.eml")
	page := get(t, nil, at+"letters/1")
	has(t, page.body, `<iframe class="paper" src="1/html" sandbox="allow-popups allow-popups-to-escape-sandbox"`,
		"&lt;script&gt;alert(1)&lt;/script&gt;") // the subject
	hasNot(t, page.body, "<script")
	has(t, page.header.Get("Content-Security-Policy"), "default-src 'none'", "form-action 'self'", "frame-src 'self'")

	frame := get(t, nil, at+"letters/1/html")
	policy := frame.header.Get("Content-Security-Policy")
	has(t, policy, "sandbox allow-popups allow-popups-to-escape-sandbox;", "default-src 'none'", "img-src data: http://127.0.0.1:8080 "+w.SiteURL())
	hasNot(t, policy, "allow-scripts", "allow-same-origin", "allow-forms", "allow-top-navigation")
	hasNot(t, frame.body, "javascript:", "data:text/html", "vbscript:")

	hasNot(t, get(t, nil, at+"letters/1?as=text").body, "<script")
	hasNot(t, get(t, nil, at+"letters/1?as=source").body, "<script")
	hasNot(t, get(t, nil, at).body, "<script")
}

func TestTheButtonUnsubscribesAsAMailClientDoes(t *testing.T) {
	w, rd := start(t), newReader(t)
	at := mounted(t, w, rd.URL)
	deliver(t, w, "letter.eml")
	has(t, get(t, nil, at+"letters/1?lang=fr").body, `<form method="post" action="1/unsubscribe?lang=fr"><button type="submit"`, "Se désabonner")

	resp, err := http.PostForm(at+"letters/1/unsubscribe?lang=fr", url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Request.URL.RequestURI(); got != "/inbox/letters/1?answer=200&lang=fr" {
		t.Errorf("led to %s", got)
	}
	if diff := cmp.Diff([]string{"POST|/u/TOKEN|application/x-www-form-urlencoded||List-Unsubscribe=One-Click"}, rd.asked); diff != "" {
		t.Error(diff)
	}
	body, _ := io.ReadAll(resp.Body)
	has(t, string(body), "Désabonnement pris en compte")

	rd.status = http.StatusNotFound
	if resp, err = http.PostForm(at+"letters/1/unsubscribe?lang=en", url.Values{}); err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ = io.ReadAll(resp.Body)
	has(t, string(body), "The server answered 404")
}

func TestTheButtonPostsToNobodyElse(t *testing.T) {
	w, rd := start(t), newReader(t)
	at := mounted(t, w, rd.URL)
	deliver(t, w, "hostile.eml") // its one-click address is another host's
	resp, err := http.PostForm(at+"letters/1/unsubscribe", url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", resp.StatusCode)
	}
	req, err := http.NewRequest(http.MethodPost, at+"letters/1/unsubscribe", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://evil.example")
	if resp, err = http.DefaultClient.Do(req); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form is answered with %d", resp.StatusCode)
	}
}

func TestALetterWithoutOneClickHasNoButton(t *testing.T) {
	w := start(t)
	at := mounted(t, w, "http://127.0.0.1:8080")
	if err := post(w, "a@b.example", "From: a@b.example\nList-Unsubscribe: <https://news.semaine-ia.example/u/x>\n\nOnly text, at https://news.semaine-ia.example/c/x.\n"); err != nil {
		t.Fatal(err)
	}
	page := get(t, nil, at+"letters/1?lang=en").body
	hasNot(t, page, "<form", "<iframe", ">Layout<")
	has(t, page, "(no subject)", `href="http://127.0.0.1:8080/c/x">https://news.semaine-ia.example/c/x</a>.`)
}

func TestALetterThatIsNotThereIsNotFound(t *testing.T) {
	w := start(t)
	at := mounted(t, w, "http://127.0.0.1:8080")
	for _, path := range []string{"letters/1", "letters/0", "letters/-1", "letters/x", "letters/1/html", "letters/1/letter.eml", "nothing"} {
		if a := get(t, nil, at+path); a.status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
	if a := get(t, nil, at+"style.css"); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") {
		t.Errorf("style.css: %d %s", a.status, a.header.Get("Content-Type"))
	}
}

func FuzzReadLetter(f *testing.F) {
	for _, name := range []string{"letter.eml", "hostile.eml"} {
		body, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n--x"))
	f.Fuzz(func(_ *testing.T, body []byte) {
		l := readLetter(1, Received{Data: body})
		in := links{base: "http://127.0.0.1:8080", local: func(s string) string { return s }}
		in.text(l.Text)
		_ = in.page(io.Discard, l.HTML)
	})
}
