package fetch

import (
	"net/http"
	"testing"
	"time"
)

func TestHowLongAnAnswerIsSaidToStay(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		headers []string
		want    time.Duration
	}{
		{nil, 0},
		{[]string{"Cache-Control", "max-age=3600"}, time.Hour},
		{[]string{"Cache-Control", "public, Max-Age=3600, s-maxage=60"}, time.Hour},
		{[]string{"Cache-Control", "s-maxage=60"}, 0},
		{[]string{"Cache-Control", `max-age="90"`}, 90 * time.Second},
		{[]string{"Cache-Control", "max-age=3600", "Age", "600"}, 50 * time.Minute},
		{[]string{"Cache-Control", "max-age=3600", "Age", "6000"}, 0},
		{[]string{"Cache-Control", "max-age=60", "Cache-Control", "no-cache"}, 0},
		{[]string{"Cache-Control", "no-store, max-age=60"}, 0},
		{[]string{"Cache-Control", "max-age=-1"}, 0},
		{[]string{"Cache-Control", "max-age=99999999999"}, 0},
		{[]string{"Cache-Control", "max-age=2147483647"}, longestFresh},
		{[]string{"Cache-Control", "max-age=60", "Expires", "Mon, 23 Nov 2026 10:00:00 GMT"}, time.Minute},
		{[]string{"Expires", "Mon, 23 Nov 2026 10:00:00 GMT"}, 2 * time.Hour},
		{[]string{"Expires", "Mon, 23 Nov 2026 10:00:00 GMT", "Date", "Mon, 23 Nov 2026 09:30:00 GMT"}, 30 * time.Minute},
		{[]string{"Expires", "Mon, 23 Nov 2020 10:00:00 GMT"}, 0},
		{[]string{"Expires", "0"}, 0},
	} {
		h := http.Header{}
		for i := 0; i < len(c.headers); i += 2 {
			h.Add(c.headers[i], c.headers[i+1])
		}
		if got := fresh(h, now); got != c.want {
			t.Errorf("%q: %v, want %v", c.headers, got, c.want)
		}
	}
	s := newSite(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=120")
	}})
	page, err := client(t).Get(t.Context(), Request{URL: s.URL + "/"})
	if err != nil || page.Fresh != 2*time.Minute {
		t.Errorf("%+v, %v", page, err)
	}
}
