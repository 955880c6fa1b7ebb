package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"hebdo/internal/web"
)

// hooks is what relays may tell, as configured.
func (h *house) hooks() web.Hooks {
	return web.Hooks{
		Returns: h.store, Secret: h.config.Hooks.Secret, SESTopics: h.config.Hooks.SESTopics,
		Mailgun: h.config.Hooks.Mailgun, SendGrid: h.config.Hooks.SendGrid, Get: getPinned,
	}
}

// getPinned fetches a certificate, or confirms a subscription, at a host that
// was checked before; so it follows nowhere else.
func getPinned(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", request.URL.Host, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, 64<<10))
}
