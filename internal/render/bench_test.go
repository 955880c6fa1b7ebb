package render

import (
	"net/url"
	"testing"

	"hebdo/internal/digest"
)

func BenchmarkEmail(b *testing.B) {
	r, issue, nl := renderer(b), number47(), bulletin("fr")
	for b.Loop() {
		if _, err := r.Email(issue, nl, digest.Variant{Language: "fr", Length: digest.Full}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Options{PublicURL: &url.URL{Scheme: "https", Host: "lettre.example.org"}}); err != nil {
			b.Fatal(err)
		}
	}
}
