package extract

import (
	"testing"

	"hebdo/internal/digest"
)

func TestThePictureOfAPageWhoseFieldsNameNone(t *testing.T) {
	for name, c := range map[string]struct {
		head, body, url string
		picture         digest.Picture
	}{
		"a figure, in its best size": {"", `<figure><img src="/b-400.jpg" srcset="/b-400.jpg 400w, /b-1200.jpg 1200w" width="1200" height="800" alt="Le quai"></figure>`, "https://gazette.example/b-1200.jpg", digest.Picture{Alt: "Le quai", Width: 1200, Height: 800}},
		"one that scripts load":      {"", `<figure><img src="data:image/gif;base64,R0" data-src="/c.jpg" alt="Le quai"></figure>`, "https://gazette.example/c.jpg", digest.Picture{Alt: "Le quai"}},
		"rather than the site's":     {`<meta property="og:image" content="/img/logo-gazette.png">`, `<figure><img src="/e.jpg" width="640" height="480" alt="Le quai"></figure>`, "https://gazette.example/e.jpg", digest.Picture{Alt: "Le quai", Width: 640, Height: 480}},
		"the site's, if all else":    {`<meta property="og:image" content="/img/logo-gazette.png">`, "", "https://gazette.example/img/logo-gazette.png", digest.Picture{}},
		"no logo, no portrait":       {"", `<figure><img src="/logo.png"></figure><img src="/ines.jpg" width="80" height="80"><figure><img src="/avatar/1.jpg" alt="Inès"></figure>`, "", digest.Picture{}},
		"none of other articles":     {"", `<aside><figure><img src="/d.jpg" width="600"></figure></aside>`, "", digest.Picture{}},
	} {
		page := `<html lang="fr"><head><title>Le pont rouvre lundi</title>` + c.head + `</head><body><header><img src="/bandeau.jpg" width="900"></header><article><h1>Le pont rouvre lundi</h1>` + c.body + prose(4) + `</article></body></html>`
		a, err := Page([]byte(page), "https://gazette.example/pont", Hint{})
		if err != nil || a.Image != c.url || a.Picture != c.picture {
			t.Errorf("%s: %q %+v (%v)", name, a.Image, a.Picture, err)
		}
	}
}
