package story_test

import (
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

// chapters are one affair over three weeks, and another event with some of its words.
func chapters() (first, copied, second, other digest.Article) {
	first = digest.Article{
		ID: "w1", Key: "https://a.example/1", URL: "https://a.example/1", Kind: digest.KindArticle, Language: "fr", Published: monday.AddDate(0, 0, -14),
		Title: "Visagel écope d’une amende de 12 millions d’euros",
		Text:  "La CNIL inflige une amende de 12 millions d’euros à Visagel pour son logiciel de reconnaissance faciale. Les visages de 300 000 candidats à la location avaient été traités sans leur consentement. Visagel a trois mois pour effacer les données.",
	}
	copied = first
	copied.ID, copied.Key, copied.URL = "w3", "https://b.example/9", "https://b.example/9"
	copied.Published = monday
	second = digest.Article{
		ID: "w3n", Key: "https://c.example/4", URL: "https://c.example/4", Kind: digest.KindArticle, Language: "fr", Published: monday,
		Title: "Visagel saisit le Conseil d’État contre l’amende de la CNIL",
		Text:  "Visagel conteste devant le Conseil d’État l’amende de 12 millions d’euros de la CNIL. Les avocats de la société demandent un sursis, l’audience aura lieu en mai, et deux associations de locataires se joignent à l’instance. Le fondateur, Hugo Tarnier, quitte ses fonctions de président et cède ses parts à un fonds belge.",
	}
	other = digest.Article{
		ID: "o", Key: "https://c.example/5", URL: "https://c.example/5", Kind: digest.KindArticle, Language: "fr", Published: monday,
		Title: "Une école de Brest forme des ingénieurs à la robotique marine",
		Text:  "À Brest, une école ouvre une formation de robotique marine pour quarante étudiants, avec des bassins d’essai et deux bourses offertes par le port.",
	}
	return first, copied, second, other
}

func past() []story.Past {
	first, _, _, _ := chapters()
	return []story.Past{{Earlier: digest.Earlier{Issue: "i7", Number: 7, Date: monday.Add(-12 * 24 * time.Hour), Story: "s7", Headline: first.Title}, Articles: []digest.Article{first}}}
}

func TestRememberKnowsWhatAnEarlierIssueTold(t *testing.T) {
	_, copied, second, other := chapters()
	clustered := story.Cluster([]digest.Article{copied, second, other}, nil, story.Options{})
	of := byArticle(story.Remember(clustered, past(), story.Options{}))
	s := of["w3n"]
	if s.Earlier == nil || s.Earlier.Issue != "i7" || s.Earlier.Number != 7 {
		t.Fatalf("the next chapter does not know the first: %+v", s.Earlier)
	}
	if len(s.Articles) != 1 || s.Articles[0].ID != "w3n" || s.LeftOut != "" {
		t.Errorf("what was told is still there: %d articles, left out %q", len(s.Articles), s.LeftOut)
	}
	if o := of["o"]; o.Earlier != nil || o.LeftOut != "" {
		t.Errorf("another event is taken for a chapter: %+v", o)
	}
}

func TestRememberHoldsAPlainRepeatBack(t *testing.T) {
	_, copied, _, other := chapters()
	clustered := story.Cluster([]digest.Article{copied, other}, nil, story.Options{})
	s := byArticle(story.Remember(clustered, past(), story.Options{}))["w3"]
	if s.LeftOut != story.Repeat || s.Earlier == nil {
		t.Errorf("left out %q, earlier %+v", s.LeftOut, s.Earlier)
	}
}

func TestRememberWithoutAPastChangesNothing(t *testing.T) {
	_, copied, second, _ := chapters()
	for _, s := range story.Remember(story.Cluster([]digest.Article{copied, second}, nil, story.Options{}), nil, story.Options{}) {
		if s.Earlier != nil || s.LeftOut != "" {
			t.Errorf("%+v", s)
		}
	}
}
