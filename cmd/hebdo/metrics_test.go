package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"hebdo/internal/mail/smtptest"
)

const (
	metricsToken = "metrics-token-0123456789"
	hookSecret   = "hook-secret-0123456789"
	smtpPassword = "relay-password-0123456789"
)

// scraped is what Prometheus reads at an address, by its own parser.
func scraped(t *testing.T, address, token string) (int, map[string]*dto.MetricFamily) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, answer.Body)
		return answer.StatusCode, nil
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	all, err := parser.TextToMetricFamilies(answer.Body)
	if err != nil {
		t.Fatalf("what %s answers cannot be read: %v", address, err)
	}
	return answer.StatusCode, all
}

// sum adds up a family's values that have all the labels: name=value.
func sum(all map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	total := 0.0
	for _, m := range all[name].GetMetric() {
		have := map[string]bool{}
		for _, l := range m.GetLabel() {
			have[l.GetName()+"="+l.GetValue()] = true
		}
		fits := true
		for _, l := range labels {
			fits = fits && have[l]
		}
		if fits {
			total += m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return total
}

// A whole run, from the sign-up to what comes back, is told by the metrics and
// by the log, and neither tells an address, a token or a secret.
func TestAWholeRunIsMeasuredAndLoggedWithoutAnyAddress(t *testing.T) {
	p, clock := week(t, "review: required")
	p.said = &transcript{}
	p.env["HEBDO_METRICS_TOKEN"], p.env["HEBDO_METRICS_LISTEN"] = metricsToken, "127.0.0.1:0"
	p.env["HEBDO_HOOK_SECRET"], p.env["HEBDO_SMTP_PASSWORD"] = hookSecret, smtpPassword
	p.mail.Answer(smtptest.Answer{To: reader(1), Code: 550, Enhanced: "5.1.1", Text: "no mailbox <" + reader(1) + ">"})
	p.mail.Answer(smtptest.Answer{To: reader(2), Code: 450, Enhanced: "4.2.2", Text: reader(2) + " is full"})
	s := p.ready(clock)
	s.browser.post("/lettre/subscribe", "address", "zoe@example.net", "language", "fr")
	eventually(t, "the confirmation mail", func() bool { return len(p.mailTo("zoe@example.net")) == 1 })
	confirm := regexp.MustCompile(regexp.QuoteMeta(s.browser.base) + `(/c/\S+)`).FindStringSubmatch(p.mailTo("zoe@example.net")[0])[1]
	s.browser.post(confirm)
	clock.set(friday)
	eventually(t, "the draft, and the editor's mail", s.told)
	p.hebdo(exitDone, "approve")
	clock.set(sendTime.Add(time.Second))
	issue, _ := s.theIssue()
	eventually(t, "all letters but one that waits", func() bool {
		tally, err := s.store.Tally(t.Context(), issue.ID)
		return err == nil && tally.Delivered == 5 && tally.Refused == 1 && tally.Deferred == 1
	})
	s.browser.post("/hooks/postmark/" + hookSecret)
	s.browser.post("/hooks/postmark/another-secret-0123456789")
	sub, err := s.store.SubscriptionOf(t.Context(), "lettre", reader(3))
	if err != nil {
		t.Fatal(err)
	}
	leave := strings.TrimPrefix(s.links.URL("u", sub.ID), s.browser.base)
	s.browser.post(leave, "List-Unsubscribe", "One-Click")
	s.browser.get("/u/forged-token")

	site := s.browser.base + "/metrics"
	if code, _ := scraped(t, site, ""); code != http.StatusUnauthorized {
		t.Errorf("without a token the metrics answer %d", code)
	}
	if code, _ := scraped(t, site, "wrong-token-0123456789"); code != http.StatusUnauthorized {
		t.Errorf("with a wrong token the metrics answer %d", code)
	}
	own := regexp.MustCompile(`metrics are served" address=(\S+)`).FindStringSubmatch(p.said.String())
	if own == nil {
		t.Fatalf("the log does not tell where the metrics are:\n%s", p.said.String())
	}
	if code, _ := scraped(t, "http://"+own[1]+"/", metricsToken); code != http.StatusNotFound {
		t.Errorf("the metrics' own address answers / with %d", code)
	}
	clock.set(sendTime.Add(time.Hour / 2)) // what was read of the database before is old
	for _, address := range []string{site, "http://" + own[1] + "/metrics"} {
		code, all := scraped(t, address, metricsToken)
		if code != http.StatusOK {
			t.Fatalf("%s answers %d", address, code)
		}
		for _, want := range []struct {
			n      float64
			name   string
			labels []string
		}{
			{5, "hebdo_letters_total", []string{"newsletter=lettre", "result=sent"}},
			{1, "hebdo_letters_total", []string{"newsletter=lettre", "result=refused"}},
			{5, "hebdo_deliveries", []string{"newsletter=lettre", "issue=" + issue.Slot, "state=sent"}},
			{1, "hebdo_deliveries", []string{"state=refused"}},
			{0, "hebdo_deliveries", []string{"state=unsure"}},
			{5, "hebdo_smtp_replies_total", []string{"code=250", "provider=other"}},
			{1, "hebdo_smtp_replies_total", []string{"code=550"}},
			{5, "hebdo_smtp_seconds", []string{"result=sent"}},
			{2, "hebdo_sources", []string{"newsletter=lettre"}},
			{1, "hebdo_database_up", nil},
			{1, "hebdo_build_info", nil},
			{1, "hebdo_http_requests_total", []string{"part=c", "method=POST", "code=200"}},
			{2, "hebdo_http_requests_total", []string{"part=hooks", "code=406"}},
			{1, "hebdo_http_requests_total", []string{"part=u", "code=404"}},
		} {
			if got := sum(all, want.name, want.labels...); got != want.n {
				t.Errorf("%s %v is %g, want %g", want.name, want.labels, got, want.n)
			}
		}
		if got := sum(all, "hebdo_smtp_replies_total", "code=450"); got < 1 {
			t.Errorf("a full mailbox was counted %g times", got)
		}
		for name, family := range all {
			for _, m := range family.GetMetric() {
				for _, l := range m.GetLabel() {
					if strings.Contains(l.GetValue(), "@") || strings.Contains(l.GetValue(), "example.net") {
						t.Errorf("%s has a label %s=%q", name, l.GetName(), l.GetValue())
					}
				}
			}
		}
	}
	s.trouble = "relay's message was not taken"
	s.stop()
	log := p.said.String()
	if !strings.Contains(log, `msg="batch sent"`) || !strings.Contains(log, "waiting=") {
		t.Errorf("no batch is in the log:\n%s", log)
	}
	for _, secret := range []string{
		"@", "reader00", "zoe", "example.net", metricsToken, hookSecret, "another-secret", smtpPassword, "forged-token",
		strings.TrimPrefix(confirm, "/c/"), strings.TrimPrefix(leave, "/u/"),
	} {
		for line := range strings.Lines(log) {
			if strings.Contains(line, secret) {
				t.Errorf("%q is in the log: %s", secret, line)
			}
		}
	}
}
