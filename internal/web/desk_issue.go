package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/render"
)

// clipped is the size of decoded HTML, in bytes, from which a letter is at
// risk: Gmail hides what comes after about 102 kB, the footer first.
const clipped = 90_000

type issueView struct {
	frame
	Head     deskLine
	Version  int
	From, To time.Time
	Slug     string // of the newsletter
	Decided  string // who approved or rejected it, and when; empty: nobody has
	Sent     time.Time
	Remark   string
	Edit     string   // the last edit, where it can be undone
	Lost     []string // what editors did that a draft made anew would not have; of a rejected issue
	Note     string   // that the editor wrote and that could not be taken
	Minutes  int
	Blockers []noteView
	Warnings []noteView
	Infos    []noteView
	LeftOut  []leftOutView
	Themes   []themeView
	Others   []otherView  // stories that can be joined; none where nothing may be sorted
	Choices  []choiceView // themes that stories can be placed under; likewise
	Preview  previewView
	May      allowed
	Alone    string        // that it goes out by itself, and when
	Awaited  string        // what an approved issue waits for; empty: it is not approved
	Readers  int           // who would get it, where it may be sent
	Delivery *deliveryView // nil: nothing is or was delivered
}

// allowed is what an editor can do to the issue as it stands.
type allowed struct{ Approve, Reject, Send, Pause, Resume, Cancel, Sort, Revise bool }

// noteView is trouble in the editor's words; Facts are what they leave out.
type noteView struct{ Text, Facts string }

type leftOutView struct{ Title, URL, Source, Reason string }

// showIssue is the page on which an issue is judged.
func (s *site) showIssue(w http.ResponseWriter, r *http.Request) error {
	issue, n, err := s.issue(r)
	if err != nil {
		return err
	}
	f := s.deskFrame(r)
	f.zone = zoneOf(n)
	v := issueView{
		frame: f, Head: deskLineOf(issue, n, true), Slug: n.Slug, Version: issue.Version,
		From: issue.From, To: issue.To, Decided: f.verdict(issue), Sent: issue.Sent, Remark: issue.Remark,
		Preview: s.preview(r, issue, n, f), May: s.allowed(issue),
	}
	v.Edit = s.lastEdit(issue, f)
	if issue.State == digest.Rejected {
		v.Lost = f.lost(issue)
	}
	v.Note = s.sessions.PopString(r.Context(), noteKey+deskPage(r))
	v.Title = cmp.Or(render.Typeset(v.Preview.Subject, v.Preview.Variant.Language), v.Head.Subject, n.Name)
	if issue.State == digest.InReview && n.Review.Mode == digest.ReviewAuto {
		v.Alone = f.T("desk.decide.alone", "Hours", hours(n.Review.After, f.Language))
	}
	if issue.State == digest.Approved {
		v.Awaited = f.awaited(issue, s.Now())
	}
	if v.May.Send {
		if v.Readers, err = s.Control.Readers(r.Context(), n.Slug); err != nil {
			return err
		}
	}
	told := f
	told.Lang = v.Preview.Variant.Language
	v.Themes = themesOf(issue, told)
	if v.May.Sort {
		v.Others = others(v.Themes)
		v.Choices = s.choices(n, f.Language)
	}
	v.Minutes = frontOf(issue, told.Lang).Minutes
	v.sortNotes(issue.Notes)
	for _, l := range issue.LeftOut {
		v.LeftOut = append(v.LeftOut, leftOutView{cmp.Or(l.Title, l.URL), l.URL, l.Source, f.Or("leftout."+l.Reason, l.Reason)})
	}
	if v.Delivery, err = s.delivery(r, issue); err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "desk/issue.html", v)
	return nil
}

// lost says what a draft made anew loses of an issue.
func (f frame) lost(i digest.Issue) (all []string) {
	if n := i.Rewritten(); n > 0 {
		all = append(all, f.T("desk.lost.words", "Count", n))
	}
	if i.Ordered() {
		all = append(all, f.T("desk.lost.order"))
	}
	return all
}

// hours writes a time span: "4", "1,5" in French.
func hours(d time.Duration, lang digest.Language) string {
	text := strconv.FormatFloat(d.Hours(), 'g', 3, 64)
	if lang == digest.French {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

func (s *site) issue(r *http.Request) (digest.Issue, digest.Newsletter, error) {
	i, err := s.shelf.Issue(r.Context(), r.PathValue("id"))
	if err != nil {
		return i, digest.Newsletter{}, err
	}
	n, err := s.shelf.Newsletter(r.Context(), i.Newsletter)
	return i, n, err
}

func (s *site) allowed(i digest.Issue) allowed {
	_, blocked := i.Blocked()
	open := i.State == digest.InReview || i.State == digest.Approved
	return allowed{
		Approve: i.State.May(digest.Approved) && !blocked,
		Reject:  i.State.May(digest.Rejected) || i.State == digest.Approved,
		Send:    s.Control != nil && i.State == digest.Approved,
		Pause:   s.Control != nil && i.State.May(digest.Paused),
		Resume:  s.Control != nil && i.State == digest.Paused,
		Cancel:  s.Control != nil && i.State.May(digest.Cancelled),
		Sort:    s.Sorting != nil && open,
		Revise:  s.Revising != nil && open,
	}
}

func (v *issueView) sortNotes(notes []digest.Note) {
	for _, note := range notes {
		line := noteOf(note, v.frame)
		switch note.Level {
		case digest.Blocker:
			v.Blockers = append(v.Blockers, line)
		case digest.Warning:
			v.Warnings = append(v.Warnings, line)
		default:
			v.Infos = append(v.Infos, line)
		}
	}
}

func noteOf(note digest.Note, f frame) noteView {
	line := noteView{Text: note.Code}
	if key := "note." + note.Code; f.Has(key) {
		line.Text = f.T(key, "Where", note.Where, "Detail", note.Detail)
	}
	var facts []string
	for _, fact := range []string{note.Where, note.Detail} {
		if fact != "" && !strings.Contains(line.Text, fact) {
			facts = append(facts, fact)
		}
	}
	line.Facts = strings.Join(facts, " · ")
	return line
}

// previewView is the letter in one of its editions, in one of three forms.
type previewView struct {
	Variant   digest.Variant
	Edition   string // its name
	Form      string // "html", "text", "raw"
	Phone     bool
	Subject   string
	Preheader string
	Body      string // of the forms text and raw
	Kilobytes int
	TooBig    bool   // some mail programs will cut it
	Failed    string // why there is no letter
	Letter    string // URL of the letter for the frame
	Forms     []filter
	Variants  []filter
	Widths    []filter
}

// preview is what ?edition, ?form and ?width ask for, each with its default.
func (s *site) preview(r *http.Request, i digest.Issue, n digest.Newsletter, f frame) previewView {
	p := previewView{Variant: variantOf(r, n), Form: "html", Phone: r.URL.Query().Get("width") == "phone"}
	if form := r.URL.Query().Get("form"); form == "text" || form == "raw" {
		p.Form = form
	}
	p.Letter = "/desk/issues/" + url.PathEscape(i.ID) + "/letter?edition=" + url.QueryEscape(p.Variant.String())
	p.choices("/desk/issues/"+url.PathEscape(i.ID), n, f)
	letter, err := s.desk.Preview(r.Context(), i.ID, p.Variant)
	if err != nil {
		p.Failed = err.Error()
		return p
	}
	p.Subject, p.Preheader = letter.Subject, letter.Preheader
	p.Kilobytes, p.TooBig = (len(letter.HTML)+999)/1000, len(letter.HTML) > clipped
	switch p.Form {
	case "text":
		p.Body = letter.Text
	case "raw":
		p.Body = letter.HTML
	}
	return p
}

func (p *previewView) choices(page string, n digest.Newsletter, f frame) {
	link := func(v digest.Variant, form string, phone bool) string {
		q := url.Values{"edition": {v.String()}, "form": {form}}
		if phone {
			q.Set("width", "phone")
		}
		return page + "?" + q.Encode() + "#preview"
	}
	for _, v := range variants(n) {
		name := f.Or("site.language."+string(v.Language), string(v.Language)) + " · " + f.T("site.length."+string(v.Length))
		if v == p.Variant {
			p.Edition = name
		}
		p.Variants = append(p.Variants, filter{name, link(v, p.Form, p.Phone), v == p.Variant})
	}
	for _, form := range []string{"html", "text", "raw"} {
		p.Forms = append(p.Forms, filter{f.T("desk.preview." + form), link(p.Variant, form, p.Phone), form == p.Form})
	}
	p.Widths = []filter{
		{f.T("desk.preview.desktop"), link(p.Variant, "html", false), !p.Phone},
		{f.T("desk.preview.phone"), link(p.Variant, "html", true), p.Phone},
	}
}

func variants(n digest.Newsletter) []digest.Variant {
	var all []digest.Variant
	for _, l := range languagesOf(n) {
		all = append(all, digest.Variant{Language: l, Length: digest.Full}, digest.Variant{Language: l, Length: digest.Short})
	}
	return all
}

func languagesOf(n digest.Newsletter) []digest.Language {
	if len(n.Languages) == 0 {
		return []digest.Language{n.MainLanguage()}
	}
	return n.Languages
}

// variantOf is the edition a request names, "fr/short", else the first.
func variantOf(r *http.Request, n digest.Newsletter) digest.Variant {
	all := variants(n)
	i := slices.IndexFunc(all, func(v digest.Variant) bool { return v.String() == r.FormValue("edition") })
	return all[max(i, 0)]
}
