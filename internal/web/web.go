// Package web is what a browser sees: the editors' desk below /desk/, the
// readers' pages and feeds below each newsletter's name, and the links of the
// letters (/c/, /u/, /p/).
//
// It holds handlers, not rules. Nothing changes by GET or HEAD: programs that
// follow every link of a mail must not confirm, unsubscribe or approve.
package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// Options is what the pages need besides the people they serve.
type Options struct {
	PublicURL *url.URL     // where readers find the installation: a scheme and a host, no path
	Links     *track.Links // checks the links of letters
	Views     Views        // of issues: a *render.Renderer
	Control   Control      // nil: the desk cannot send, pause, resume or cancel
	Sorting   Sorting      // nil: the desk cannot join, part, place and order stories
	Revising  Revising     // nil: the desk cannot rewrite stories and undo edits
	Sessions  scs.Store    // of editors; nil: kept in memory, lost at a restart. A store with contexts (scs.CtxStore) is used as one
	Templates fs.FS        // replaces single built-in files by path, such as site/issue.html; may be nil
	Now       func() time.Time
	Logger    *slog.Logger // nil: silent
	// SecureCookies keeps session cookies off plain HTTP. Off only for work on
	// one's own machine.
	SecureCookies bool
	// TrustedProxies are believed about the client's address (X-Forwarded-For);
	// nobody else is.
	TrustedProxies []netip.Prefix
	Hooks          Hooks // of the relays
	// Themes gives those of a newsletter, in the order of its letter; nil: those
	// that it names.
	Themes func(digest.Newsletter) []digest.Theme
	// Sources knows how sources do; nil: the desk has no page of them.
	Sources Sources
	// Suppressions are the addresses that get nothing; nil: no page of them.
	Suppressions Suppressions
	// Deliveries are what became of each letter; nil: no page of them.
	Deliveries Deliveries
	// Ready answers /readyz; nil: always ready.
	Ready func(context.Context) error
	Roles string // of this process, told by /healthz and /readyz
}

// site is the whole of it; every page is one of its methods.
type site struct {
	Options
	shelf    Shelf
	desk     Desk
	readers  Readers
	editors  Editors
	pages    pages
	assets   assets
	sessions *scs.SessionManager

	signUps   *limiter      // by client
	logInsBy  *limiter      // by client
	logInsFor *limiter      // by address
	trials    *limiter      // test letters, by editor
	hashing   chan struct{} // passwords checked at the same time: each takes 64 MiB
	streams   chan struct{} // open progress streams
	verify    func(phc, password string) (bool, error)
	beat      time.Duration // between two looks at the progress of a delivery
}

// New reads and tries every template and returns the handler of all pages. A
// broken template is an error that names file and line.
//
// Timeouts belong to the http.Server. Its BaseContext must end with it: progress
// streams live as long as their requests.
func New(shelf Shelf, desk Desk, readers Readers, editors Editors, o Options) (http.Handler, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Themes == nil {
		o.Themes = func(n digest.Newsletter) []digest.Theme { return n.Themes }
	}
	s := &site{
		Options: o, shelf: shelf, desk: desk, readers: readers, editors: editors,
		signUps:   newLimiter(5, time.Minute),
		logInsBy:  newLimiter(10, 20*time.Second),
		logInsFor: newLimiter(10, 30*time.Second),
		trials:    newLimiter(10, 30*time.Second),
		hashing:   make(chan struct{}, 2),
		streams:   make(chan struct{}, 64),
		verify:    CheckPassword,
		beat:      time.Second,
	}
	s.sessions = newSessions(o)
	var err error
	if s.assets, err = loadAssets(o.Templates); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(o.Templates, s.assets); err != nil {
		return nil, err
	}
	return s.routes()
}

func (o Options) check() error {
	switch {
	case o.PublicURL == nil || o.PublicURL.Host == "":
		return errors.New("web: the public URL is missing: give a scheme and a host, such as https://news.example.org")
	case o.PublicURL.Path != "" && o.PublicURL.Path != "/":
		return fmt.Errorf("web: the public URL %s has a path: give the installation a host name of its own", o.PublicURL)
	case o.Links == nil:
		return errors.New("web: Options.Links is missing")
	case o.Views == nil:
		return errors.New("web: Options.Views is missing")
	case o.Now == nil:
		return errors.New("web: Options.Now is missing")
	}
	return nil
}

// Reserved tells whether a newsletter's slug would hide behind a page of the
// program.
func Reserved(slug string) bool {
	return slices.Contains([]string{"assets", "api", "c", "desk", "healthz", "hooks", "metrics", "p", "readyz", "u"}, slug)
}

// routes is the map of the whole site. What stands under a prefix has a mux of
// its own: ServeMux refuses patterns of which neither is the narrower, such as
// /c/{token} and /{newsletter}/feed.atom.
func (s *site) routes() (http.Handler, error) {
	reader, letter := s.readersPages(), s.letterPages()
	root := http.NewServeMux()
	root.Handle("/desk/", private(s.sessions.LoadAndSave(s.deskPages())))
	for _, prefix := range []string{"/c/", "/u/", "/p/"} {
		root.Handle(prefix, private(letter))
	}
	root.Handle("GET /assets/", s.assets)
	health := Health(s.Ready, s.Roles, s.Logger)
	root.Handle("GET /healthz", health)
	root.Handle("GET /readyz", health)
	root.HandleFunc("GET /robots.txt", robots)
	root.Handle("/", reader)

	guard, err := s.guard(root)
	if err != nil {
		return nil, err
	}
	// What relays tell comes from no page, and is larger than any form.
	relays, visitors := http.MaxBytesHandler(s.hooks(), maxHook), s.hardened(guard)
	return s.recovering(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/hooks/") {
			relays.ServeHTTP(w, r)
			return
		}
		visitors.ServeHTTP(w, r)
	})), nil
}

// deskPages are the editors' pages, and the door before them.
func (s *site) deskPages() http.Handler {
	desk := http.NewServeMux()
	desk.Handle("GET /desk/{$}", s.page(s.listIssues))
	desk.Handle("GET /desk/sources", s.page(s.listSources))
	desk.Handle("GET /desk/suppressed", s.page(s.listSuppressed))
	desk.Handle("POST /desk/suppressed", s.page(s.suppress))
	desk.Handle("POST /desk/suppressed/search", s.page(s.listSuppressed))
	desk.Handle("POST /desk/suppressed/{id}/lift", s.page(s.lift))
	desk.Handle("GET /desk/issues/{id}", s.page(s.showIssue))
	desk.Handle("GET /desk/issues/{id}/letter", s.page(s.showLetter))
	desk.Handle("GET /desk/issues/{id}/progress", s.page(s.streamProgress))
	desk.Handle("GET /desk/issues/{id}/deliveries", s.page(s.listDeliveries))
	desk.Handle("POST /desk/issues/{id}/deliveries/again", s.page(s.sendAgain))
	desk.Handle("POST /desk/issues/{id}/approve", s.page(s.approve))
	desk.Handle("POST /desk/issues/{id}/reject", s.page(s.reject))
	desk.Handle("POST /desk/issues/{id}/send", s.page(s.send))
	desk.Handle("POST /desk/issues/{id}/test", s.page(s.sendTrial))
	desk.Handle("POST /desk/issues/{id}/stories/join", s.page(s.joinStories))
	desk.Handle("POST /desk/issues/{id}/stories/part", s.page(s.partStory))
	desk.Handle("POST /desk/issues/{id}/stories/place", s.page(s.placeStory))
	desk.Handle("POST /desk/issues/{id}/stories/order", s.page(s.orderStories))
	desk.Handle("GET /desk/issues/{id}/stories/{story}/words", s.page(s.showWords))
	desk.Handle("POST /desk/issues/{id}/stories/{story}/words", s.page(s.reword))
	desk.Handle("POST /desk/issues/{id}/undo", s.page(s.undo))
	desk.Handle("POST /desk/issues/{id}/{move}", s.page(s.move))
	desk.Handle("POST /desk/logout", s.page(s.logOut))
	desk.Handle("/desk/", s.page(s.nothingHere))

	door := http.NewServeMux()
	door.Handle("GET /desk/login", s.page(s.showLogIn))
	door.Handle("POST /desk/login", s.page(s.logIn))
	door.Handle("/desk/", s.editorsOnly(desk))
	return door
}

// readersPages are below each newsletter's name.
func (s *site) readersPages() http.Handler {
	reader := http.NewServeMux()
	reader.Handle("GET /{$}", s.page(s.home))
	reader.Handle("GET /{newsletter}", s.page(s.addSlash))
	reader.Handle("GET /{newsletter}/{$}", s.page(s.archive))
	reader.Handle("GET /{newsletter}/feed.atom", s.page(s.feed))
	reader.Handle("GET /{newsletter}/subscribe", s.page(s.showSignUp))
	reader.Handle("POST /{newsletter}/subscribe", s.page(s.signUp))
	reader.Handle("GET /{newsletter}/subscribed", s.page(s.checkInbox))
	reader.Handle("GET /{newsletter}/{number}", s.page(s.webEdition))
	reader.Handle("/", s.page(s.nothingHere))
	return reader
}

// letterPages are where the links of letters lead.
func (s *site) letterPages() http.Handler {
	letter := http.NewServeMux()
	letter.Handle("GET /c/{token}", s.page(s.askConfirm))
	letter.Handle("POST /c/{token}", s.page(s.confirm))
	letter.Handle("GET /u/{token}", s.page(s.askUnsubscribe))
	letter.Handle("POST /u/{token}", s.page(s.unsubscribe))
	letter.Handle("GET /p/{token}", s.page(s.showPreferences))
	letter.Handle("POST /p/{token}", s.page(s.savePreferences))
	letter.Handle("/", s.page(s.nothingHere))
	return letter
}
