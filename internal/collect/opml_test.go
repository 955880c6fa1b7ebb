package collect

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

func TestOPMLThatWasWrittenReadsBack(t *testing.T) {
	want := []digest.Source{
		{Kind: digest.SourceFeed, URL: "https://a.example/feed?x=1&y=2", Name: `Le "Phare" & Cie`, Language: "fr", Weight: 1.5, Images: true},
		{Kind: digest.SourcePage, URL: "https://b.example/news", Name: "B", Links: "/news/* /blog/*"},
		{Kind: digest.SourceSitemap, URL: "https://c.example/map.xml", Name: "C", Language: "en"},
		{Kind: digest.SourceFolder, URL: "/srv/articles", Name: "Textes"},
		{Kind: digest.SourceMailbox, URL: "imaps://lettres%40example.org@mail.example.org/INBOX", Name: "Lettres"},
	}
	got, err := ReadOPML(WriteOPML("La Lettre <1>", want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOPMLOfOtherReaders(t *testing.T) {
	got, err := ReadOPML([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- made by hand --><opml version="1.0"><head><title>x</title></head><body>
<outline text="IA &amp; co"><outline text="Caf` + "\xe9" + ` IA" xmlUrl="https://a.example/feed" type="rss" htmlUrl="https://a.example/"/>
<outline title="Deux" text="2" xmlURL=" feed://b.example/rss " />
<outline text="again" xmlUrl="https://a.example/feed"/><outline text="no feed" htmlUrl="https://c.example/"/>
<outline text="script" xmlUrl="javascript:alert(1)"/></outline>
<outline text="cut" xmlUrl="https://d.example/f`))
	want := []digest.Source{
		{Kind: digest.SourceFeed, URL: "https://a.example/feed", Name: "Café IA"},
		{Kind: digest.SourceFeed, URL: "https://b.example/rss", Name: "Deux"},
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := ReadOPML([]byte("<html>")); !errors.Is(err, ErrNotOPML) {
		t.Errorf("%v", err)
	}
}

func TestTheStarterListIsSoundAndSpeaksBothLanguages(t *testing.T) {
	for lang, least := range map[digest.Language]int{"fr": 14, "en": 26} {
		got, err := Starter(lang)
		if err != nil || len(got) < least {
			t.Errorf("%s: %d sources, %v", lang, len(got), err)
		}
	}
	both, _ := Starter("fr", "en")
	nl := digest.Newsletter{Sources: both}
	for _, f := range nl.Faults() {
		if len(f.Field) > 7 && f.Field[:7] == "sources" {
			t.Error(f)
		}
	}
	names := map[string]bool{}
	for _, s := range both {
		if s.Name == "" || names[s.Name] {
			t.Errorf("the name %q of %s", s.Name, s.URL)
		}
		names[s.Name] = true
	}
	if none, _ := Starter("de"); len(none) != 0 {
		t.Errorf("%d German sources", len(none))
	}
}
