package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hebdo/internal/audience"
)

// slowList writes new addresses down, which takes its time.
type slowList struct{ *house }

func (slowList) Subscribe(_ context.Context, r audience.Request) error {
	if strings.HasPrefix(r.Address, "new") {
		time.Sleep(60 * time.Millisecond)
	}
	return nil
}

// Whoever measured the answers could tell which addresses are on the list.
func TestASignUpTakesAsLongForAKnownAddressAsForANewOne(t *testing.T) {
	h := furnished(t)
	handler, err := New(h, h, slowList{h}, h, Options{PublicURL: public, Links: links(t), Views: h.renderer, Control: h, Now: func() time.Time { return monday }})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		took := func(form url.Values) time.Duration {
			begun := time.Now()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/semaine-ia/subscribe", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != http.StatusSeeOther {
				t.Errorf("%v is answered with %d", form, w.Code)
			}
			return time.Since(begun)
		}
		known, fresh := took(url.Values{"address": {"known@example.net"}}), took(url.Values{"address": {"new@example.net"}})
		robot := took(url.Values{"address": {"new@example.net"}, "website": {"https://buy.example"}})
		if known != fresh || robot != fresh {
			t.Errorf("a known address takes %v, a new one %v, a robot's %v", known, fresh, robot)
		}
	})
}
