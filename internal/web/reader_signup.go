package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
)

// signUpForm is the form, alone or above the archive.
type signUpForm struct {
	Action  string
	Address string
	Wrong   bool   // the address is none
	Consent string // what the reader agrees to by sending the form
}

type signUpView struct {
	frame
	Form signUpForm
}

func formOf(f frame) signUpForm {
	return signUpForm{Action: "/" + f.Letter.Slug + "/subscribe", Consent: consent(f)}
}

// consent is the text that a reader sees beside the button and that is kept as
// the proof of what he agreed to.
func consent(f frame) string {
	publisher := f.Letter.Publisher
	if publisher == "" {
		publisher = f.Letter.Name
	}
	return f.T("site.signup.consent", "Publisher", publisher, "Name", f.Letter.Name)
}

// showSignUp is the form on a page of its own.
func (s *site) showSignUp(w http.ResponseWriter, r *http.Request) error {
	n, err := s.newsletter(r)
	if err != nil {
		return err
	}
	f := s.frame(r, &n, "")
	s.showForm(w, r, http.StatusOK, f, formOf(f))
	return nil
}

func (s *site) showForm(w http.ResponseWriter, r *http.Request, status int, f frame, form signUpForm) {
	f.Title = f.T("site.signup.title", "Name", f.Letter.Name)
	s.show(w, r, status, "site/signup.html", signUpView{f, form})
}

// even is how long a sign-up takes at least. A new address is written down,
// which lasts several times as long as to find one that is on the list: without
// a wait, the time of the answer would tell who reads the letter.
const even = 300 * time.Millisecond

// signUp takes a wish to subscribe. Whatever the address, the answer is the
// same page, after the same time. A filled field that no person sees means a robot: it gets that
// page too, and nothing else happens.
func (s *site) signUp(w http.ResponseWriter, r *http.Request) error {
	n, err := s.newsletter(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ip := s.client(r)
	if !s.signUps.allow(household(ip), s.Now()) {
		return problem{http.StatusTooManyRequests, "toomany"}
	}
	f := s.frame(r, &n, digest.ParseLanguage(r.PostFormValue("page")))
	wanted := digest.ParseLanguage(r.PostFormValue("language"))
	answer := time.NewTimer(even)
	defer answer.Stop()
	if !slices.Contains(n.Languages, wanted) {
		wanted = f.Lang
	}
	if r.PostFormValue("website") == "" {
		err = s.readers.Subscribe(r.Context(), audience.Request{
			Newsletter: n, Address: r.PostFormValue("address"), Language: wanted, Length: digest.Full,
			IP: ip.String(), Page: s.absolute(n.Slug, "subscribe"), Shown: consent(f),
		})
	}
	if errors.Is(err, audience.ErrAddress) {
		form := formOf(f)
		form.Address, form.Wrong = r.PostFormValue("address"), true
		s.showForm(w, r, http.StatusUnprocessableEntity, f, form)
		return nil
	}
	if err != nil {
		return err
	}
	select {
	case <-answer.C:
	case <-r.Context().Done():
		return r.Context().Err()
	}
	http.Redirect(w, r, "/"+n.Slug+"/subscribed?lang="+string(f.Lang), http.StatusSeeOther)
	return nil
}

// checkInbox is the page after every sign-up.
func (s *site) checkInbox(w http.ResponseWriter, r *http.Request) error {
	n, err := s.newsletter(r)
	if err != nil {
		return err
	}
	f := s.frame(r, &n, "")
	f.Title = f.T("site.subscribed.title")
	s.show(w, r, http.StatusOK, "site/subscribed.html", f)
	return nil
}

// badForm is the answer to a body that cannot be read; one too big keeps its own.
func badForm(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return err
	}
	return problem{http.StatusBadRequest, "form"}
}
