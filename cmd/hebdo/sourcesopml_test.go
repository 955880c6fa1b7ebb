package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func TestASourcesPasswordIsNotHandedOn(t *testing.T) {
	sources := []digest.Source{
		{Kind: digest.SourceFeed, URL: "https://anna:s3cret@a.example/feed?x=1", Name: "A"},
		{Kind: digest.SourcePage, URL: "http://token@b.example/news"},
		{Kind: digest.SourceFeed, URL: "https://c.example/@anna"},
		{Kind: digest.SourceMailbox, URL: "imaps://anna@d.example/INBOX"},
		{Kind: digest.SourceFolder, URL: "/srv/anna@home"},
	}
	want := append([]digest.Source{
		{Kind: digest.SourceFeed, URL: "https://a.example/feed?x=1", Name: "A"},
		{Kind: digest.SourcePage, URL: "http://b.example/news"},
	}, sources[2:]...)
	got, hidden := public(sources)
	if diff := cmp.Diff(want, got); diff != "" || hidden != 2 {
		t.Errorf("%d hidden: %s", hidden, diff)
	}
	if sources[0].Name != "A" || sources[0].URL == got[0].URL {
		t.Errorf("the source itself was changed: %+v", sources[0])
	}
}
