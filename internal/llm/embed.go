// Package llm speaks to a language-model endpoint over HTTP, in the form of
// OpenAI's API, which most servers of models understand. Nothing needs it: it
// is used where an operator names an endpoint.
package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Client is one endpoint. It is safe for concurrent use.
type Client struct {
	http       *http.Client
	url        string // without the slash at the end
	shown      string // the same without its password
	key        string
	embedModel string
}

// New names an endpoint by its base URL (https://host/v1), the key it wants
// (empty: none) and the model that embeds. Time limits are those of the HTTP client.
func New(client *http.Client, address, key, embedModel string) *Client {
	address = strings.TrimRight(address, "/")
	c := &Client{http: client, url: address, shown: address, key: key, embedModel: embedModel}
	if u, err := url.Parse(address); err == nil {
		c.shown = u.Redacted()
	}
	return c
}

const (
	batch    = 64       // texts in one request
	maxReply = 64 << 20 // bytes of one reply
	maxTrace = 300      // bytes of a refusal that an error repeats
)

// Embed gives one vector for each text, in order, all of one length.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, 0, len(texts))
	for from := 0; from < len(texts); from += batch {
		part, err := c.embed(ctx, texts[from:min(from+batch, len(texts))])
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	for _, v := range out {
		if len(v) == 0 || len(v) != len(out[0]) {
			return nil, fmt.Errorf("%s/embeddings: vectors of %d and %d numbers", c.shown, len(out[0]), len(v))
		}
	}
	return out, nil
}

func (c *Client) embed(ctx context.Context, texts []string) ([][]float32, error) {
	var reply struct {
		Data []struct {
			Index     int
			Embedding []float32
		}
	}
	question := map[string]any{"model": c.embedModel, "input": texts, "encoding_format": "float"}
	if err := c.post(ctx, "/embeddings", question, &reply); err != nil {
		return nil, err
	}
	out := make([][]float32, len(texts))
	for _, d := range reply.Data {
		if d.Index < 0 || d.Index >= len(out) {
			return nil, fmt.Errorf("%s/embeddings: a vector for text %d of %d", c.shown, d.Index, len(out))
		}
		out[d.Index] = d.Embedding
	}
	return out, nil
}

// post asks one question; its errors name the address, and neither the key nor a
// password.
func (c *Client) post(ctx context.Context, path string, question, reply any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("asking %s%s: %w", c.shown, path, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("asking %s%s: %w", c.shown, path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("asking %s%s: %w", c.shown, path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	switch {
	case err != nil:
		return fmt.Errorf("reading the reply of %s%s: %w", c.shown, path, err)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("%s%s answers %s: %s", c.shown, path, resp.Status, c.trace(raw))
	}
	if err := json.Unmarshal(raw, reply); err != nil {
		return fmt.Errorf("reading the reply of %s%s: %w", c.shown, path, err)
	}
	return nil
}

// trace is the beginning of a refusal. Some repeat the key that they refuse.
func (c *Client) trace(raw []byte) string {
	text := string(raw)
	if c.key != "" {
		text = strings.ReplaceAll(text, c.key, "***")
	}
	return strings.ToValidUTF8(text[:min(len(text), maxTrace)], "")
}
