package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

//go:embed inbox
var inboxFiles embed.FS

// oneClick is the body of the request with which a mail client unsubscribes
// its reader (RFC 8058, 3.2), and the value of the field that allows it.
const oneClick = "List-Unsubscribe=One-Click"

// Inbox is the web page of the local mail server: the letters that came in,
// each as HTML, text and source. base is where the reader's pages really
// answer (http://127.0.0.1:8080): links to PublicURL lead there. Mount it below
// any prefix, with the prefix stripped:
//
//	mux.Handle("/inbox/", http.StripPrefix("/inbox", inbox))
//
// A letter's HTML is not cleaned but locked in: its page carries
// `Content-Security-Policy: sandbox` without scripts, forms or a way to fetch
// anything, and is shown in a sandboxed frame.
func (w *World) Inbox(base string) http.Handler {
	base = strings.TrimSuffix(base, "/")
	in := &inbox{
		world: w, base: base, links: links{base: base, local: w.Local},
		client: &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", in.list)
	mux.HandleFunc("GET /style.css", in.style)
	mux.HandleFunc("GET /letters/{number}", in.letter)
	mux.HandleFunc("GET /letters/{number}/html", in.html)
	mux.HandleFunc("GET /letters/{number}/letter.eml", in.source)
	mux.HandleFunc("POST /letters/{number}/unsubscribe", in.unsubscribe)
	return http.NewCrossOriginProtection().Handler(mux)
}

type inbox struct {
	world  *World
	base   string
	links  links
	client *http.Client
}

// view is what a template of the inbox sees.
type view struct {
	words   *locale.Words
	Root    string // relative way to the list
	Lang    digest.Language
	Chosen  bool // the language was asked for by ?lang=
	Letters []letter
	Letter  letter
	Mode    string        // "html", "text" or "source"
	Body    template.HTML // of the text mode
	Status  int           // what the server answered to one click; 0: not asked
	Site    string
	Reader  string
}

// T gives a text of the interface.
func (v view) T(key string, pairs ...any) string { return v.words.T("inbox."+key, pairs...) }

// When writes a time in the reader's language, in the newsroom's zone.
func (v view) When(t time.Time) string { return v.words.DateTime(t) }

// Kilobytes are decimal, as mail clients count them.
func (v view) Kilobytes(size int) string {
	s := fmt.Sprintf("%.1f", float64(size)/1000)
	if v.Lang == digest.French {
		s = strings.Replace(s, ".", ",", 1) + "\u00a0ko"
	} else {
		s += " kB"
	}
	return s
}

// Query keeps a chosen language from page to page.
func (v view) Query(mode string) string {
	var q []string
	if mode != "" {
		q = append(q, "as="+mode)
	}
	if v.Chosen {
		q = append(q, "lang="+string(v.Lang))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.Join(q, "&")
}

func (in *inbox) view(r *http.Request, root string) view {
	lang, chosen := digest.ParseLanguage(r.URL.Query().Get("lang")), true
	if !slices.Contains(locale.Languages(), lang) {
		lang, chosen = preferred(r.Header.Get("Accept-Language")), false
	}
	return view{words: locale.For(lang), Root: root, Lang: lang, Chosen: chosen, Site: in.world.SiteURL() + "/", Reader: in.base + "/"}
}

// preferred is the language of the interface that a browser likes best.
func preferred(accept string) digest.Language {
	m := language.NewMatcher([]language.Tag{language.French, language.English})
	_, i := language.MatchStrings(m, accept)
	return []digest.Language{digest.French, digest.English}[i]
}

func (in *inbox) all() []letter {
	var ls []letter
	for i, r := range in.world.Mail() {
		l := readLetter(i+1, r)
		l.Date = l.Date.In(in.world.now.Location())
		ls = append(ls, l)
	}
	return ls
}

// one finds the letter a request names, or answers 404.
func (in *inbox) one(w http.ResponseWriter, r *http.Request) (letter, bool) {
	n, err := strconv.Atoi(r.PathValue("number"))
	mail := in.world.Mail()
	if err != nil || n < 1 || n > len(mail) {
		http.NotFound(w, r)
		return letter{}, false
	}
	l := readLetter(n, mail[n-1])
	l.Date = l.Date.In(in.world.now.Location())
	return l, true
}

func (in *inbox) list(w http.ResponseWriter, r *http.Request) {
	v := in.view(r, "./")
	v.Letters = in.all()
	slices.Reverse(v.Letters)
	in.write(w, "list", v)
}

func (in *inbox) letter(w http.ResponseWriter, r *http.Request) {
	l, ok := in.one(w, r)
	if !ok {
		return
	}
	v := in.view(r, "../")
	v.Letter, v.Mode = l, r.URL.Query().Get("as")
	v.Status, _ = strconv.Atoi(r.URL.Query().Get("answer"))
	switch {
	case v.Mode == "source":
	case v.Mode == "text" || l.HTML == "":
		v.Mode, v.Body = "text", in.links.text(l.Text)
	default:
		v.Mode = "html"
	}
	in.write(w, "letter", v)
}

// locked is the policy of a letter's page. It may open links in new tabs and
// show pictures of this machine, and nothing else: no script, form or plug-in,
// and nothing fetched from outside.
const locked = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: "

func (in *inbox) html(w http.ResponseWriter, r *http.Request) {
	l, ok := in.one(w, r)
	if !ok {
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", locked+in.base+" "+in.world.SiteURL())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	_ = in.links.page(w, l.HTML) // the browser went away
}

func (in *inbox) source(w http.ResponseWriter, r *http.Request) {
	l, ok := in.one(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "message/rfc822")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%d.eml", l.Number))
	_, _ = w.Write(in.world.Mail()[l.Number-1].Data)
}

// unsubscribe does what a mail client does when its button is pressed: one
// POST from its own machine, without cookies (RFC 8058, 3.2).
func (in *inbox) unsubscribe(w http.ResponseWriter, r *http.Request) {
	l, ok := in.one(w, r)
	if !ok {
		return
	}
	address := in.links.to(l.OneClick)
	if l.OneClick == "" || !strings.HasPrefix(address, in.base+"/") {
		http.Error(w, "the letter has no one-click address of this newsletter", http.StatusBadRequest)
		return
	}
	status, err := in.post(r.Context(), address)
	if err != nil {
		http.Error(w, "the newsletter's server did not answer", http.StatusBadGateway)
		return
	}
	query := url.Values{"answer": {strconv.Itoa(status)}}
	if v := in.view(r, "../"); v.Chosen {
		query.Set("lang", string(v.Lang))
	}
	// Relative to where the request came in: the handler does not know its prefix.
	w.Header().Set("Location", fmt.Sprintf("../%d?%s", l.Number, query.Encode()))
	w.WriteHeader(http.StatusSeeOther)
}

func (in *inbox) post(ctx context.Context, address string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(oneClick))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := in.client.Do(req)
	if err != nil {
		return 0, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // only the status counts
	return resp.StatusCode, resp.Body.Close()
}

func (in *inbox) style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeFileFS(w, r, inboxFiles, "inbox/style.css")
}

func (in *inbox) write(w http.ResponseWriter, name string, v view) {
	var b bytes.Buffer
	if err := in.world.pages.ExecuteTemplate(&b, name, v); err != nil {
		in.world.log.Error("demo: a page of the inbox cannot be made", "page", name, "error", err)
		http.Error(w, "the page cannot be made", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Language")
	_, _ = w.Write(b.Bytes())
}
