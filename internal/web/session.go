package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"hebdo/internal/digest"
)

// What a session holds.
const (
	whoKey    = "editor" // address
	proofKey  = "proof"  // of the password at log-in: a new password ends old sessions
	saidKey   = "said"   // shown once
	failedKey = "failed" // shown once
	noteKey   = "note "  // and the page it was written on: what could not be taken, shown there once
)

type editorKey struct{}

// newSessions keeps an editor logged in for a week of work, a day of rest. The
// store gets a hash of the cookie, never the cookie.
func newSessions(o Options) *scs.SessionManager {
	m := scs.New()
	m.Store = o.Sessions
	if m.Store == nil {
		m.Store = memstore.NewWithCleanupInterval(0)
	}
	m.Lifetime, m.IdleTimeout = 7*24*time.Hour, 24*time.Hour
	m.HashTokenInStore = true
	m.Cookie.Name, m.Cookie.Path = "hebdo_desk", "/desk/"
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Secure = true, http.SameSiteLaxMode, o.SecureCookies
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		o.Logger.ErrorContext(r.Context(), "session not read or kept", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
	return m
}

// editorsOnly lets those through who are logged in and still are editors.
func (s *site) editorsOnly(next http.Handler) http.Handler {
	return s.page(func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		address := s.sessions.GetString(ctx, whoKey)
		if address == "" {
			s.sendToLogIn(w, r)
			return nil
		}
		e, err := s.editors.Editor(ctx, address)
		if err != nil && !errors.Is(err, digest.ErrNotFound) {
			return err
		}
		if err != nil || s.sessions.GetString(ctx, proofKey) != proof(e) {
			if err := s.sessions.Destroy(ctx); err != nil {
				return err
			}
			s.sendToLogIn(w, r)
			return nil
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, editorKey{}, e)))
		return nil
	})
}

// sendToLogIn leads to the log-in page. A note that was sent with the form comes
// along: whoever wrote it for an hour while the session ended does not lose it.
func (s *site) sendToLogIn(w http.ResponseWriter, r *http.Request) {
	to := backTo(r)
	note := r.PostFormValue("remark")
	if written(r) {
		note = r.PostForm.Encode()
	}
	if note != "" {
		s.showLogInForm(w, r, http.StatusForbidden, logInView{Next: cmp.Or(to, "/desk/"), Note: note})
		return
	}
	if to != "" {
		to = "?next=" + url.QueryEscape(to)
	}
	http.Redirect(w, r, "/desk/login"+to, http.StatusSeeOther)
}

// backTo is where to go after log-in: to the same page, or, from an action, to
// the page that it was on; empty: to the first.
func backTo(r *http.Request) string {
	parts := strings.Split(r.URL.EscapedPath(), "/") // "", "desk", …
	if len(parts) < 3 || !slices.Contains([]string{"issues", "sources", "suppressed"}, parts[2]) {
		return ""
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	if written(r) {
		return r.URL.EscapedPath()
	}
	if parts[2] == "issues" {
		return strings.Join(parts[:min(4, len(parts))], "/")
	}
	return "/desk/" + parts[2]
}

// written tells whether a request brings a story's words, all of which are kept.
func written(r *http.Request) bool {
	return r.Method == http.MethodPost && path.Base(r.URL.Path) == "words"
}

// maxKept is the most that is kept of what an editor wrote, in bytes.
const maxKept = 32 << 10

// keepNote keeps what an editor wrote on a page for the next look at it.
func (s *site) keepNote(r *http.Request, page, note string) {
	if note != "" && len(note) <= maxKept {
		s.sessions.Put(r.Context(), noteKey+page, note)
	}
}

func proof(e digest.Editor) string {
	sum := sha256.Sum256([]byte(e.ID + e.Password))
	return hex.EncodeToString(sum[:16])
}

func editorOf(r *http.Request) digest.Editor {
	e, _ := r.Context().Value(editorKey{}).(digest.Editor)
	return e
}

// deskFrame is the frame of a page at the desk: in the editor's language, with
// what the last action has to say.
func (s *site) deskFrame(r *http.Request) frame {
	e := editorOf(r)
	f := s.frame(r, nil, e.Language)
	f.Editor = e.Address
	f.Said = s.sessions.PopString(r.Context(), saidKey)
	f.Failed = s.sessions.PopString(r.Context(), failedKey)
	return f
}

// say leaves a line for the next page and goes there.
func (s *site) say(w http.ResponseWriter, r *http.Request, key, text, to string) {
	s.sessions.Put(r.Context(), key, text)
	http.Redirect(w, r, to, http.StatusSeeOther)
}
