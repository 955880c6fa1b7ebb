package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
)

// Suppressions are the addresses that get nothing any more.
type Suppressions interface {
	// SearchSuppressed lists those that have like in them, the latest first, those
	// before the given ID, at most limit.
	SearchSuppressed(ctx context.Context, like, before string, limit int) ([]digest.Subscriber, error)
	// SaveSuppressed adds some and returns how many it changed.
	SaveSuppressed(ctx context.Context, all []digest.Subscriber) (int, error)
	// LiftFor lets one get letters again and keeps why. It tells whether it was
	// suppressed, and fails with digest.ErrNotFound.
	LiftFor(ctx context.Context, subscriberID, why string) (bool, error)
}

type suppressedView struct {
	frame
	Search string
	Lines  []suppressedLine
	Older  string // ID to go on before; empty: there are no more
	Kinds  []digest.SuppressionKind
}

// suppressedLine is an address and why it gets nothing.
type suppressedLine struct {
	ID, Address, Text string
	Kind              digest.SuppressionKind
	Since             time.Time
}

// barring are the reasons that an editor may give.
var barring = []digest.SuppressionKind{digest.Barred, digest.Complained, digest.Bounced}

// maxReason is how long an editor's reason may be, in characters.
const maxReason = 300

// listSuppressed shows the list. What is searched for comes as a form: it is an
// address, which no log of a proxy should keep.
func (s *site) listSuppressed(w http.ResponseWriter, r *http.Request) error {
	if s.Suppressions == nil {
		return digest.ErrNotFound
	}
	v := suppressedView{frame: s.deskFrame(r), Kinds: barring}
	v.Title = v.T("desk.suppressed.title")
	before := r.URL.Query().Get("before")
	if r.Method == http.MethodPost {
		v.Languages = nil // the address is that of an action
		v.Search, before = strings.TrimSpace(r.PostFormValue("search")), r.PostFormValue("before")
	}
	all, err := s.Suppressions.SearchSuppressed(r.Context(), v.Search, before, perPage+1)
	if err != nil {
		return err
	}
	if len(all) > perPage {
		all = all[:perPage]
		v.Older = all[perPage-1].ID
	}
	for _, who := range all {
		v.Lines = append(v.Lines, suppressedLine{who.ID, who.Address, who.Suppression.Text, who.Suppression.Kind, who.Suppression.Since})
	}
	s.show(w, r, http.StatusOK, "desk/suppressed.html", v)
	return nil
}

const suppressedPage = "/desk/suppressed"

// suppress takes an address off every list.
func (s *site) suppress(w http.ResponseWriter, r *http.Request) error {
	if s.Suppressions == nil {
		return digest.ErrNotFound
	}
	f, e := s.frame(r, nil, editorOf(r).Language), editorOf(r)
	address, err := audience.ParseAddress(r.PostFormValue("address"))
	kind := digest.SuppressionKind(r.PostFormValue("reason"))
	if err != nil || !slices.Contains(barring, kind) {
		s.say(w, r, failedKey, f.T("desk.suppressed.bad"), suppressedPage)
		return nil
	}
	n, err := s.Suppressions.SaveSuppressed(r.Context(), []digest.Subscriber{{
		Address: address.Typed, Match: address.Match,
		Suppression: digest.Suppression{Kind: kind, Since: s.Now(), Text: reasonOf(r, e)},
	}})
	if err != nil {
		return err
	}
	s.Logger.InfoContext(r.Context(), "address suppressed", "editor", e.ID, "reason", kind, "changed", n)
	key := "desk.said.suppressed"
	if n == 0 {
		key = "desk.said.suppressed.before"
	}
	s.say(w, r, saidKey, f.T(key, "Address", address.Typed), suppressedPage)
	return nil
}

// lift lets an address get letters again; the editor has to say why.
func (s *site) lift(w http.ResponseWriter, r *http.Request) error {
	if s.Suppressions == nil {
		return digest.ErrNotFound
	}
	f, e := s.frame(r, nil, editorOf(r).Language), editorOf(r)
	if strings.TrimSpace(r.PostFormValue("why")) == "" {
		s.say(w, r, failedKey, f.T("desk.suppressed.why.missing"), suppressedPage)
		return nil
	}
	lifted, err := s.Suppressions.LiftFor(r.Context(), r.PathValue("id"), reasonOf(r, e))
	if err != nil {
		return err
	}
	key := "desk.said.lifted"
	if !lifted { // somebody else was faster, and wanted the same
		key = "desk.said.lifted.before"
	}
	s.Logger.InfoContext(r.Context(), "suppression lifted", "editor", e.ID, "subscriber", r.PathValue("id"), "changed", lifted)
	s.say(w, r, saidKey, f.T(key), suppressedPage)
	return nil
}

// reasonOf is what an editor says, on one line, and who that is.
func reasonOf(r *http.Request, e digest.Editor) string {
	why := []rune(strings.Join(strings.Fields(r.PostFormValue("why")), " "))
	return strings.TrimSpace(string(why[:min(len(why), maxReason)]) + " (" + e.Address + ")")
}

// Further is where the older ones are; empty: in a search, they come by a form.
func (v suppressedView) Further() string {
	if v.Older == "" || v.Search != "" {
		return ""
	}
	return suppressedPage + "?before=" + url.QueryEscape(v.Older)
}
