package llm_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hebdo/internal/llm"
)

// endpoint answers with vectors of the length of each text, in reverse order.
func endpoint(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer secret" {
			http.Error(w, "no such key", http.StatusUnauthorized)
			return
		}
		var q struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Model != "small" || len(q.Input) > 64 {
			t.Errorf("asked for %q with %d texts: %v", q.Model, len(q.Input), err)
		}
		var data []string
		for i := len(q.Input) - 1; i >= 0; i-- {
			data = append(data, fmt.Sprintf(`{"index":%d,"embedding":[%d,1]}`, i, len(q.Input[i])))
		}
		fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(data, ","))
	}))
	t.Cleanup(s.Close)
	return s
}

func TestEmbedKeepsTheOrderOverManyRequests(t *testing.T) {
	s := endpoint(t)
	var texts []string
	for i := range 150 {
		texts = append(texts, strings.Repeat("x", i))
	}
	got, err := llm.New(s.Client(), s.URL+"/v1/", "secret", "small").Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		if len(v) != 2 || v[0] != float32(i) {
			t.Fatalf("vector %d is %v", i, v)
		}
	}
}

func TestAnErrorNamesTheAddressAndNotTheKey(t *testing.T) {
	s := endpoint(t)
	_, err := llm.New(s.Client(), s.URL+"/v1", "wrong-key", "small").Embed(t.Context(), []string{"a"})
	if err == nil || !strings.Contains(err.Error(), "401") || !strings.Contains(err.Error(), s.URL) || strings.Contains(err.Error(), "wrong-key") {
		t.Errorf("error = %v", err)
	}
}

// Errors become notes that every editor reads.
func TestAnErrorTellsNoSecret(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "this key is not known: "+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), http.StatusUnauthorized)
	}))
	address := strings.Replace(s.URL, "http://", "http://user:password@", 1)
	ask := func() string {
		_, err := llm.New(s.Client(), address, "the-key", "small").Embed(t.Context(), []string{"a"})
		return fmt.Sprint(err)
	}
	refused := ask()
	s.Close()
	unreached := ask()
	for _, told := range []string{refused, unreached} {
		if !strings.Contains(told, strings.TrimPrefix(s.URL, "http://")) || strings.Contains(told, "password") || strings.Contains(told, "the-key") {
			t.Error(told)
		}
	}
}

func TestAVectorThatIsMissingIsAnError(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":[{"index":0,"embedding":[1]}]}`)
	}))
	t.Cleanup(s.Close)
	if _, err := llm.New(s.Client(), s.URL, "", "m").Embed(t.Context(), []string{"a", "b"}); err == nil {
		t.Error("one vector for two texts passes")
	}
}
