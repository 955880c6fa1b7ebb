package render

import (
	"net/url"
	"testing"

	"hebdo/internal/digest"
)

// BenchmarkEmail is one edition of an issue; compare its ns/op before and
// after a change:
//
//	go test ./internal/render -run '^$' -bench 'Email$' -count 6
func BenchmarkEmail(b *testing.B) {
	r, issue, nl := renderer(b), number47(), bulletin("fr")
	for b.Loop() {
		if _, err := r.Email(issue, nl, digest.Variant{Language: "fr", Length: digest.Full}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNew is the reading of all templates; compare its ns/op before and
// after a change:
//
//	go test ./internal/render -run '^$' -bench 'New$' -count 6
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Options{PublicURL: &url.URL{Scheme: "https", Host: "lettre.example.org"}}); err != nil {
			b.Fatal(err)
		}
	}
}
