package collect

import "testing"

func TestWhatPeoplePasteInIsAnAddress(t *testing.T) {
	for given, want := range map[string]string{
		"https://lab.example/blog#top":   "https://lab.example/blog",
		" lab.example/blog ":             "https://lab.example/blog",
		"<https://lab.example/blog>":     "https://lab.example/blog",
		"« https://lab.example/blog »":   "https://lab.example/blog",
		"feed:https://lab.example/feed":  "https://lab.example/feed",
		"feed://lab.example/feed":        "https://lab.example/feed",
		"127.0.0.1:8080/blog":            "https://127.0.0.1:8080/blog",
		"@LaQuadrature@mamot.fr":         "https://mamot.fr/@LaQuadrature",
		"@first.last@social.lab.example": "https://social.lab.example/@first.last",
		"@labo.bsky.social":              "https://bsky.app/profile/labo.bsky.social",
		"r/LocalLLaMA":                   "https://www.reddit.com/r/LocalLLaMA",
		"/r/LocalLLaMA/":                 "https://www.reddit.com/r/LocalLLaMA",
		"git@github.com:labo/moteur.git": "https://github.com/labo/moteur.git",
		"":                               "",
		"a blog":                         "",
		"someone@lab.example":            "https://someone@lab.example",
		"ftp://lab.example/":             "",
		"javascript:alert(1)":            "",
		"file:///etc/passwd":             "",
		"@nobody":                        "",
	} {
		got := ""
		if u, err := addressed(given); err == nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
