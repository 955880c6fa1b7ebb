package main

import (
	"database/sql"
	"strings"
	"testing"
)

// loseArticles takes the articles away from under a server.
func (p *press) loseArticles() {
	p.t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(p.env["HEBDO_DATABASE_URL"], "sqlite:")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("ALTER TABLE articles RENAME TO lost"); err != nil {
		p.t.Fatal(err)
	}
}

// A draft that failed was never made: the log alone told of it, and the editor
// waited for a mail that did not come.
func TestTheEditorIsToldOfADraftThatCannotBeMade(t *testing.T) {
	p, clock := week(t, "review: required")
	p.said = new(transcript)
	s := p.ready(clock)
	s.trouble = "articles"
	p.loseArticles()
	clock.set(friday)
	eventually(t, "the editor's mail", func() bool { return len(p.mailTo(editorsMail)) == 1 })
	if told := p.mailTo(editorsMail)[0]; !strings.Contains(told, "brouillon n’a pas pu") || !strings.Contains(told, "hebdo draft") {
		t.Errorf("the editor is told\n%s", told)
	}
	if n := strings.Count(p.said.String(), "is tried again"); n != 2 {
		t.Errorf("it was tried again %d times", n)
	}
}
