package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Whoever reads the token in the log can confirm the subscription.
func TestNoTokenIsInTheLogWhenAHostDoesNotAnswer(t *testing.T) {
	r := newRelay(t)
	unplugged := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no way there")
	}}}
	r.get = func(ctx context.Context, address string) ([]byte, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		answer, err := unplugged.Do(request)
		if err == nil {
			answer.Body.Close()
		}
		return nil, err
	}
	confirmation := `{"Type":"SubscriptionConfirmation","TopicArn":"t","SubscribeURL":"https://sns.mnq.fr-par.scaleway.com/?Action=ConfirmSubscription&TopicArn=t&Token=s3cret"}`
	for path, body := range map[string][]byte{
		"/hooks/scaleway/a-long-secret-in-the-path": []byte(confirmation),
		"/hooks/ses": r.notify("2", "", nil), // its certificate is fetched first
	} {
		r.lines.Reset()
		r.want(r.post(path, body), 500)
		if said := r.lines.String(); strings.Contains(said, "https:") || strings.Contains(said, "oken") || !strings.Contains(said, "no way there") {
			t.Errorf("%s: the log says %s", path, said)
		}
	}
}
