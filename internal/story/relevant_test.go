package story_test

import (
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

func TestRelevanceOfShortNews(t *testing.T) {
	for _, c := range []struct {
		title, text string
		about       bool
	}{
		{"Orvane shrinks its model for phones", "A three-billion-parameter model runs on phones, and the weights may be had for free.", true},
		{"Orvane, un petit modèle pour téléphones", "Le modèle compte trois milliards de paramètres et répond sans réseau.", true},
		{"Quatre armées renoncent aux armes autonomes", "Le texte impose qu’un être humain décide de tout tir.", true},
		{"Un centre de données sera refroidi à l’eau de mer", "Le centre de données de 40 mégawatts chauffera la piscine.", true},
		{"Painters sue an image generator", "They say it was trained on their pictures without leave.", true},
		{"The model walked for a new house", "A model of nineteen opened the show in a coat of straw.", false},
		{"Word processor gets a new version", "The software opens older files, has a new browser and costs users nothing.", false},
		{"Le robot de cuisine de la semaine", "Un appareil qui pèse, coupe et cuit, vendu 200 euros.", false},
		{"Ferry returns", "The boat goes back into service on Friday, and its agents sell tickets in port.", false},
	} {
		got := story.Relevance(digest.Article{Title: c.title, Text: c.text, Kind: digest.KindArticle})
		if got >= 1 != c.about {
			t.Errorf("%q: relevance %.2f, about AI: %v", c.title, got, c.about)
		}
	}
}

// In a letter about AI a few words of the field are enough; a newspaper that
// tells of everything is asked for more.
func TestASourceAboutAIIsBelievedSooner(t *testing.T) {
	faint := digest.Article{ID: "x", Title: "Quire searches your notes", Text: "The model runs on the laptop, and the notes stay there.", Kind: digest.KindArticle, SourceID: "s"}
	kept := func(title string) bool {
		in := []digest.Story{{ID: "x", Articles: []digest.Article{faint}}}
		for i := range 8 {
			a := digest.Article{ID: string(rune('a' + i)), Title: title, Text: strings.Repeat("So it was. ", 20), Kind: digest.KindArticle, SourceID: "s"}
			in = append(in, digest.Story{ID: a.ID, Articles: []digest.Article{a}})
		}
		return story.Relevant(in)[0].LeftOut == ""
	}
	if !kept("OpenAI releases a language model") {
		t.Error("left out of a source about AI")
	}
	if kept("Rain on the coast") {
		t.Error("kept from a source about everything")
	}
}

// The general news of the kit has next to nothing about AI, and the kit's
// letters about AI nothing else.
func TestRelevanceOverTheKit(t *testing.T) {
	for _, set := range []struct {
		name   string
		about  bool
		source string
		wrong  float64 // at most this share
	}{{"ecbplus", false, "paper", .01}, {"orangesum-copies", false, "paper", .02}, {"dair-en-fr", true, "letter", .05}} {
		var in []digest.Story
		for _, a := range kitArticles(t, set.name) {
			a.SourceID = set.source
			in = append(in, digest.Story{Articles: []digest.Article{a}})
		}
		wrong := 0.0
		for _, s := range story.Relevant(in) {
			if (s.LeftOut == "") != set.about {
				wrong++
			}
		}
		t.Logf("%s: %.4f wrong", set.name, wrong/float64(len(in)))
		if wrong/float64(len(in)) > set.wrong {
			t.Errorf("%s: %.0f of %d wrong", set.name, wrong, len(in))
		}
	}
}
