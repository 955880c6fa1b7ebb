package web

import (
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/render"
)

// samples are the views that every template is tried on at start. They are
// full: each branch that shows something is taken.
func samples() map[string]func(frame) any {
	return map[string]func(frame) any{
		"site/home.html":        func(f frame) any { return homeView{f, []letterhead{*f.Letter}} },
		"site/archive.html":     func(f frame) any { return archiveView{f, sampleForm(), []issueLine{sampleLine()}, "/?before=1", true} },
		"site/issue.html":       func(f frame) any { return sampleEdition(f) },
		"site/signup.html":      func(f frame) any { return signUpView{f, sampleForm()} },
		"site/subscribed.html":  func(f frame) any { return f },
		"site/confirm.html":     func(f frame) any { return sampleReader(f, digest.Pending) },
		"site/unsubscribe.html": func(f frame) any { return sampleReader(f, digest.Active) },
		"site/preferences.html": func(f frame) any { return sampleReader(f, digest.Resting) },
		"site/problem.html":     func(f frame) any { return problemView{f, 404, "Nothing here", "/", "Back"} },
		"desk/login.html":       func(f frame) any { return logInView{f, "editor@example.org", "/desk/", "Too long", true} },
		"desk/issues.html": func(f frame) any {
			return deskView{f, sampleFilters(), []deskList{{"waiting", "Waiting", []deskLine{sampleDeskLine()}}}, "/desk/?before=1", "None"}
		},
		"desk/issue.html": func(f frame) any { return sampleIssue(f) },
		"desk/deliveries.html": func(f frame) any {
			line := deliveryLine{"r@example.org", "450 4.2.0 later", digest.Deferred, 2, sampleTime(), sampleTime()}
			return deliveriesView{f, sampleDeskLine(), "waiting", sampleFilters(), []deliveryLine{line}, 2, true, "It is paused.", "/desk/?after=1"}
		},
		"desk/words.html": func(f frame) any {
			words := digest.Words{Headline: "Headline", Summary: "A sentence."}
			return wordsView{
				frame: f, Action: "/desk/issues/1/stories/s/words", Back: "/desk/issues/1#story-s", Version: 3, Edition: "fr/full", Late: true, Outrun: true,
				Tongues: []wordingView{{digest.French, "French", words, &words, "editor@example.org", "Too long"}}, Sources: sampleThemes()[0].Stories[0].Sources,
				MaxHeadline: digest.MaxHeadline, MaxSummary: digest.MaxSummary,
			}
		},
		"desk/sources.html": func(f frame) any { return sampleSources(f) },
		"desk/suppressed.html": func(f frame) any {
			line := suppressedLine{"id", "r@example.org", "550 5.1.1 unknown", digest.Complained, sampleTime()}
			return suppressedView{f, "r@", []suppressedLine{line}, "id", barring}
		},
	}
}

func sampleForm() signUpForm { return signUpForm{"/letter/subscribe", "nobody", true, "You agree."} }

func sampleLine() issueLine {
	return issueLine{"/letter/2", 2, sampleTime(), "Subject", "Preheader", 7, 12}
}

func sampleTime() time.Time { return time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC) }

func sampleReader(f frame, state digest.SubscriptionState) readerView {
	line := sampleLine()
	return readerView{f, "r…@example.org", state, false, digest.French, true, []themeChoice{{"models", "Models", true}, {"law", "Law", false}}, true, true, "/p/token", "/u/token", &line}
}

func sampleThemes() []themeView {
	return []themeView{{ID: "models", Label: "Models", First: true, Stories: []storyView{{
		ID: "s", Headline: "Headline", Lang: digest.English, URL: "https://example.org/1", Image: &pictureView{"https://example.org/1.png", "A picture"},
		Editor:   "editor@example.org",
		Summary:  []passage{{"A sentence.", digest.English, "Outlet"}},
		Sources:  []sourceView{{"a", "Outlet", "Title", "https://example.org/1", digest.English, "in English", 4, sampleTime(), "Site", "Ada Lovelace"}, {"b", "Other", "Titre", "", digest.French, "in French", 3, sampleTime(), "", ""}},
		Why:      []reasonView{{"Outlet", "Other", []string{"model", "open"}, 62}},
		Evidence: []evidenceView{{"sources", .4}},
	}}}}
}

func sampleEdition(f frame) editionView {
	line, said := sampleLine(), []render.SentenceView{{Text: "A sentence.", Lang: "en"}}
	story := render.StoryView{
		ID: "s", Lead: true, Headline: "Headline", HeadlineLang: "en", URL: "https://example.org/1", Source: "Outlet", Minutes: 4,
		InLanguage: "in English", Meta: "Outlet · 4 min", Sentences: said, Summary: "A sentence.",
		Also:  []render.CitationView{{Source: "Other", Title: "Titre", Lang: "fr", URL: "https://example.org/2", InLanguage: "in French"}},
		Image: &render.ImageView{URL: "https://example.org/1.jpg", Width: 560, Height: 315, Alt: "Picture"},
	}
	return editionView{
		frame: f, Sources: 2, Canonical: "https://news.example.org/letter/2", Alternates: f.Languages, Previous: &line, Next: &line,
		Issue: render.IssueView{
			Frame: render.Frame{Lang: string(f.Lang), Subject: "Subject", Preheader: "Preheader"}, Number: 2, Label: "No 2", Day: "Monday",
			Date: sampleTime(), Count: 1, Minutes: 7, Essentials: said,
			Sections: []render.SectionView{{ID: "models", Label: "Models", Top: "Headline", TopLang: "en", Stories: []render.StoryView{story}}},
		},
	}
}

func sampleDeskLine() deskLine {
	return deskLine{
		ID: "1", Newsletter: "Letter", Subject: "Subject", State: digest.InReview, Number: 2, Stories: 12,
		Date: sampleTime(), Created: sampleTime(), Warnings: 2, Blockers: 1, Several: true,
	}
}

func sampleFilters() []filter {
	return []filter{{"All", "/desk/", true}, {"Letter", "/desk/?newsletter=letter", false}}
}

func sampleSources(f frame) sourcesView {
	line := sourceEntry{
		Name: "Outlet", URL: "https://example.org/feed", Link: "https://example.org/feed", Kind: digest.SourceFeed, Condition: digest.SourceFailing,
		State: "failing", Trouble: "it does not answer", Visited: sampleTime(), Next: sampleTime(),
		Cover: digest.Coverage{Found: 12, Read: 9, Chosen: 3}, Found: 100, Read: 75, Picked: 25,
	}
	return sourcesView{f, sampleFilters(), "Letter", []sourceList{{"ill", "To look after", []sourceEntry{line}}}, 2, line.Cover, "None"}
}

func sampleIssue(f frame) issueView {
	note := []noteView{{"A source could not be reached", "https://example.org/feed"}}
	return issueView{
		frame: f, Head: sampleDeskLine(), Slug: "letter", Version: 3, From: sampleTime(), To: sampleTime(), Decided: "Approved by editor@example.org", Sent: sampleTime(),
		Remark: "Well done", Minutes: 7, Blockers: note, Warnings: note, Infos: note,
		LeftOut: []leftOutView{{"Title", "https://example.org/2", "Outlet", "not about AI"}}, Themes: sampleThemes(),
		Preview: previewView{
			Variant: digest.Variant{Language: digest.French, Length: digest.Full}, Edition: "French", Form: "html", Subject: "Subject", Preheader: "Preheader",
			Kilobytes: 95, TooBig: true, Letter: "/desk/issues/1/letter", Forms: sampleFilters(), Variants: sampleFilters(), Widths: sampleFilters(),
		},
		Alone: "It goes out by itself.", Awaited: "It waits for its time.", Readers: 10,
		May: allowed{Approve: true, Reject: true, Send: true, Pause: true, Resume: true, Cancel: true, Sort: true, Revise: true}, Lost: []string{"the order"}, Edit: "Last change: the order", Others: []otherView{{"s", "Headline"}, {"t", "Another"}}, Choices: []choiceView{{"models", "Models"}, {"other", "Also this week"}},
		Delivery: &deliveryView{All: 10, Done: 6, Sent: 5, Open: 4, Deferred: 1, Refused: 1, Live: true, Listed: true},
	}
}
