package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

func cookieOf(a answer) *http.Cookie {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "hebdo_desk" {
			return c
		}
	}
	return nil
}

func TestLogInGoesBackToWhereItWasAskedFor(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	page := "/desk/issues/" + h.in(digest.InReview).ID
	a := b.get(page + "?form=text")
	a.wantGone(t, "/desk/login?next="+strings.ReplaceAll(page, "/", "%2F")+"%3Fform%3Dtext")
	b.get(a.header.Get("Location")).want(t, http.StatusOK, `value="`+page+`?form=text"`)
	a = b.post("/desk/login", "address", " Ada@Example.org ", "password", password, "next", page)
	a.wantGone(t, page)
	c := cookieOf(a)
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/desk/" || c.Secure {
		t.Errorf("cookie %+v", c)
	}
	b.get("/desk/login").wantGone(t, "/desk/")
	b.post("/desk/logout").wantGone(t, "/desk/login")
	b.get("/desk/").wantGone(t, "/desk/login")
}

func TestASessionIsMadeAnewAtLogIn(t *testing.T) {
	b := open(t, furnished(t), func(o *Options) { o.SecureCookies = false })
	first := cookieOf(b.post("/desk/login", "address", "ada@example.org", "password", password))
	second := cookieOf(b.post("/desk/login", "address", "ada@example.org", "password", password))
	if first == nil || second == nil || first.Value == second.Value {
		t.Errorf("the session's cookie stayed the same: %v, %v", first, second)
	}
}

func TestSecureCookiesStayOffPlainHTTP(t *testing.T) {
	b := open(t, furnished(t), func(o *Options) { o.SecureCookies = true })
	a := b.post("/desk/login", "address", "ada@example.org", "password", password)
	if c := cookieOf(a); c == nil || !c.Secure || a.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("cookie %+v, headers %v", c, a.header)
	}
}

func TestLogInLeadsNowhereElse(t *testing.T) {
	for next, want := range map[string]string{
		"": "/desk/", "/desk/issues/1?form=text": "/desk/issues/1?form=text", "https://evil.example/": "/desk/", "//evil.example": "/desk/",
		"/desk/../u/x": "/desk/", "/desk/\\evil": "/desk/", "/desk/login": "/desk/", "/desk/login/": "/desk/", "/desk/login?next=/": "/desk/", "/semaine-ia/": "/desk/", "/desk/a\r\nb": "/desk/",
	} {
		if got := local(next); got != want {
			t.Errorf("%q: got %q, want %q", next, got, want)
		}
	}
}

func TestAnUnknownAddressCostsAsMuchAsAWrongPassword(t *testing.T) {
	h := furnished(t)
	var checked []string
	s := &site{Options: Options{Now: func() time.Time { return monday }}, editors: h, hashing: make(chan struct{}, 1)}
	s.verify = func(phc, _ string) (bool, error) { checked = append(checked, phc); return true, nil }
	if _, ok, err := s.identify(t.Context(), "nobody@example.org", password); ok || err != nil {
		t.Errorf("an unknown address was let in: %v, %v", ok, err)
	}
	if _, ok, err := s.identify(t.Context(), "ada@example.org", password); !ok || err != nil {
		t.Errorf("a known address was not let in: %v, %v", ok, err)
	}
	if len(checked) != 2 || checked[0] != nobody {
		t.Errorf("checked %q, want a hash each time", checked)
	}
	b := open(t, h)
	wrong := b.post("/desk/login", "address", "ada@example.org", "password", "wrong")
	unknown := b.post("/desk/login", "address", "ida@example.org", "password", "wrong")
	wrong.want(t, http.StatusUnprocessableEntity, "ne correspondent pas", " autofocus")
	if got := strings.ReplaceAll(unknown.body, "ida@", "ada@"); unknown.status != wrong.status || got != wrong.body {
		t.Errorf("the two answers differ")
	}
}

func TestLogInsAreLimitedByClientAndByAddress(t *testing.T) {
	h := furnished(t)
	b := open(t, h)
	for range 10 {
		b.post("/desk/login", "address", "ada@example.org", "password", "wrong").want(t, http.StatusUnprocessableEntity)
	}
	b.post("/desk/login", "address", "ada@example.org", "password", password).want(t, http.StatusTooManyRequests)

	// From everywhere at once: the address is what is guarded.
	b = open(t, h, func(o *Options) { o.TrustedProxies = prefixes("127.0.0.1/32") })
	for n := range 12 {
		b.header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n))
		a := b.post("/desk/login", "address", "ada@example.org", "password", "wrong")
		if want := map[bool]int{true: 422, false: 429}[n < 10]; a.status != want {
			t.Errorf("attempt %d: %d, want %d", n, a.status, want)
		}
	}
	b.post("/desk/login", "address", "bea@example.org", "password", "wrong").want(t, http.StatusUnprocessableEntity)
}

func TestANewPasswordAndADeletedEditorEndTheSession(t *testing.T) {
	h := furnished(t)
	b := open(t, h).logIn()
	b.get("/desk/").want(t, http.StatusOK)
	e := h.editors["ada@example.org"]
	kept := e
	e.Password = strings.Replace(e.Password, "$c2Fsd", "$c2Fsc", 1)
	if e == kept {
		t.Fatal("the password did not change")
	}
	h.editors[e.Address] = e
	b.get("/desk/").wantGone(t, "/desk/login")
	h.editors[e.Address] = kept
	b.get("/desk/").wantGone(t, "/desk/login") // gone for good

	b.logIn().get("/desk/").want(t, http.StatusOK)
	delete(h.editors, e.Address)
	b.get("/desk/").wantGone(t, "/desk/login")
}
