package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// dawdler answers after a while, and leads on to another host.
type dawdler struct {
	pause time.Duration
	hops  int
}

func (d *dawdler) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-time.After(d.pause):
	case <-r.Context().Done():
		return nil, context.Cause(r.Context())
	}
	d.hops--
	answer := &http.Response{StatusCode: http.StatusFound, Header: http.Header{}, Body: http.NoBody}
	if d.hops == 0 {
		answer.StatusCode = http.StatusOK
	}
	answer.Header.Set("Location", fmt.Sprintf("https://%d.example/", d.hops))
	return answer, nil
}

// Each redirect had all of the time anew: nine of them took three minutes of a
// try, and a sitemap that lists ten others so far away half an hour of a round.
func TestRedirectsHaveTheTimeOfOneTryBetweenThem(t *testing.T) {
	for pause, want := range map[time.Duration]Kind{19 * time.Second: KindTimeout, 2 * time.Second: ""} {
		synctest.Test(t, func(t *testing.T) {
			client := New(Options{Now: time.Now, Transport: &dawdler{pause, 9}, Timeout: 20 * time.Second, Retries: -1})
			begun := time.Now()
			_, err := client.Get(t.Context(), Request{URL: "https://start.example/"})
			var f Failure
			if errors.As(err, &f); f.Kind != want || want == "" && err != nil {
				t.Errorf("pauses of %v: %v", pause, err)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("pauses of %v: it took %v", pause, took)
			}
		})
	}
}
