package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// health is `hebdo health`: whether the server of this configuration answers.
// It is what a container's health check runs.
func (c *console) health() *cobra.Command {
	return &cobra.Command{
		Use: "health", Short: c.t("health.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, _, err := c.configure()
			if err != nil {
				return err
			}
			host, port, err := net.SplitHostPort(config.Listen)
			if err != nil {
				return err
			}
			if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
				host = "127.0.0.1"
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 4*time.Second)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
			if err != nil {
				return err
			}
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				return fmt.Errorf("no server answers at %s: %w", net.JoinHostPort(host, port), err)
			}
			defer answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				return fmt.Errorf("the server says %s", answer.Status)
			}
			said, err := io.ReadAll(io.LimitReader(answer.Body, 1000))
			if err != nil {
				return err
			}
			c.say("health.fine", "Roles", strings.Join(strings.Fields(strings.TrimPrefix(string(said), "ready")), ", "))
			return nil
		},
	}
}
