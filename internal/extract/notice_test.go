package extract

import (
	"slices"
	"strings"
	"testing"
)

// story is a text of a few paragraphs, to stand between what sites put about it.
var story = []string{
	"Le port du Havre confie quatre portiques à un modèle ouvert, qui décide de l’ordre des manœuvres.",
	"Les grutiers gardent la main : chacun valide le geste avant qu’il ne commence, dit la capitainerie.",
	"L’essai doit durer six mois, et un syndicat en publiera le bilan chaque lundi.",
	"Les assureurs attendent ces chiffres avant de revoir leurs primes.",
	"Deux autres ports de la Manche se disent prêts à suivre.",
}

func paragraphs(lines ...string) []block {
	var out []block
	for _, l := range lines {
		out = append(out, block{kind: para, text: l})
	}
	return out
}

func TestLinesThatSitesPutAtTheEndsOfTheirArticlesGo(t *testing.T) {
	for _, line := range []string{
		"Our Standards: The Harbour Wire Trust Principles.",
		"Reporting by Ada Lovelace; Editing by Tom Okafor",
		"(Reporting by Ada Lovelace in Paris and Maël Quéré in Le Havre; additional reporting by Inès Daoud; Writing by Jean-Pierre O’Neill; Editing by Tom Okafor and Rosa de la Cruz)",
		"Additional reporting by Inès Daoud.",
		"Inès Daoud contributed reporting from Brest.",
		"Inès Daoud and Tom Okafor contributed to this report.",
		"Inès Daoud a contribué à cet article.",
		"Inès Daoud reported from Brest, and Maël Quéré from Caen.",
		"Top photo by Maël Quéré",
		"Featured image: Maël Quéré via Harbour Wire",
		"© 2026 Harbour Wire",
		"From the book The Quiet Quays by Inès Daoud. Copyright © 2026 by Inès Daoud. Reprinted by permission of Harbour Books. All rights reserved.",
		"Créé : 12.12.2025, 07h36",
		"12.12.2025",
		"Vous avez déjà un compte ?",
		"Traduit de l’anglais par Inès Daoud",
		"Propos recueillis par Inès Daoud et Maël Quéré",
		"Texte : Inès Daoud – Photos : Maël Quéré",
		"Avec AFP",
		"(avec AFP)",
		"Avec Reuters et l’AFP",
		"La Gazette avec AFP",
		"Source : AFP",
		"Maël Quéré / Getty Images",
		"© Maël Quéré/AFP",
		"Image credit: Maël Quéré",
		"Photo by Maël Quéré on Unsplash",
		"Crédit photo : Maël Quéré",
		"Disclosure: the author owns shares in a crane maker.",
		"Full disclosure: Harbour Wire has a licensing partnership with the maker of the model.",
		"Transparence : l’auteur détient des actions de ce fabricant.",
		"Note de la rédaction : une première version donnait un autre chiffre.",
		"This story has been updated to include a comment from the union.",
		"This article was originally published on Harbour Wire.",
		"A version of this article first appeared in print.",
		"Cet article a été mis à jour le 3 mars à 14 h 32 avec la réaction du syndicat.",
		"Cet article est réservé aux abonnés.",
		"Cet article est initialement paru dans la lettre du port.",
		"Cet article peut contenir des liens affiliés.",
		"Listen on Apple Podcasts",
		"Listen to this episode on Apple Podcasts, Spotify, or wherever you get your podcasts",
		"À écouter sur Deezer et Spotify",
		"Follow us on Bluesky and LinkedIn.",
		"Suivez-nous sur Facebook et Instagram",
		"Download our free app for iOS and Android to get alerts.",
		"For the latest news from the quays, follow Harbour Wire on Facebook.",
		"Pour ne rien manquer, rejoignez notre chaîne WhatsApp.",
		"Got a tip? Email us at quay@wire.example.",
		"Une information à nous transmettre ? Écrivez-nous par e-mail ou par ce formulaire.",
		"Temps de lecture : 4 min",
		"Image illustrative : un portique, par Maël Quéré, en licence libre",
		"The views expressed in this article are the author’s own and do not necessarily reflect those of Harbour Wire.",
		"Harbour Wire is not responsible for the opinions of its contributors.",
		"Les propos tenus dans cette tribune n’engagent que leur auteur.",
		"Pour lire la suite et accéder gratuitement à trois articles par mois, créez votre compte",
		"To view the full story, please subscribe to Harbour Wire. You can choose a yearly subscription or a weekly pass, and you may cancel it whenever you like.",
		"Lire aussi : les remorqueurs en grève",
		"14:32", "14h32", "2:45 PM ET", "il y a 5 min", "5 minutes ago",
	} {
		for _, at := range []int{0, 1, len(story) - 1, len(story)} {
			blocks := paragraphs(slices.Insert(slices.Clone(story), at, line)...)
			if got, _ := tidy(blocks, about{houses: []string{"Harbour Wire"}}); len(got) != len(story) {
				t.Errorf("%q at %d stays:\n%s", line, at, join(got))
			}
		}
	}
}

func TestWhatAnAuthorWroteStaysAtTheEndsOfATextToo(t *testing.T) {
	for _, line := range []string{
		"Reporting by the newspaper showed that the cranes had stopped twice.",
		"Editing by hand is slow, the translators say.",
		"Photos of the damaged crane were shown to the court on Monday.",
		"Avec Reuters, l’AFP a signé lundi un accord de licence.",
		"This story has been told many times along the quays.",
		"This report was published on Tuesday by the ministry.",
		"This article was written by a model, and no reader noticed.",
		"Cet article de loi a été voté mardi.",
		"Cet article du code est cité par les deux parties.",
		"Cet article de loi a été modifié mardi par les sénateurs.",
		"L’article 49 a été modifié en 2008.",
		"Ce texte a été publié mardi au Journal officiel.",
		"Cette enquête a été publiée mardi par l’institut.",
		"Contact with the US embassy is by e-mail only.",
		"Disclosure: what the bill asks of companies",
		"Disclaimer: results differ from one crane to the next.",
		"Listen to the harbour at night and you hear the model at work.",
		"Follow the money, the union says.",
		"The opinions of the dockers are split on the trial.",
		"To read the cranes’ logs, the union had to sign in at the port’s office.",
		"Les propos du ministre n’ont convaincu personne.",
		"Users will soon be able to follow each other on Mastodon.",
		"The union told its members to join the channel on Telegram.",
		"Suivez le fil de l’eau jusqu’au port.",
		"Le modèle est disponible sur iOS et Android.",
		"The application can be downloaded for iOS and Android from Monday.",
		"À 14h32, le portique s’arrête.",
		"Il y a cinq minutes de marche jusqu’au quai.",
		"Tom Okafor, Inès Daoud and Maël Quéré were on the quay.",
		"Le port a ouvert (avec deux heures de retard).",
		"Harbour Wire reported that the cranes had stopped.",
		"Inès Daoud reported from Brest that the cranes had stopped.",
		"Harbour Books contributed to the fund.",
		"The Harbour Wire reported in 1973.",
		"Il ouvre le 12 mars 2026.",
		"Copyright law says nothing of cranes.",
		"Créée en 2019, la société emploie vingt grutiers.",
	} {
		for _, at := range []int{0, len(story)} {
			blocks := paragraphs(slices.Insert(slices.Clone(story), at, line)...)
			if got, _ := tidy(blocks, about{houses: []string{"Harbour Wire"}}); len(got) != len(story)+1 || !strings.Contains(join(got), line) {
				t.Errorf("%q is lost:\n%s", line, join(got))
			}
		}
	}
}

func TestWhatSpeaksOfTheTextInItsMidstIsTheAuthors(t *testing.T) {
	for _, line := range []string{
		"Correction: the ports, not the ministry, pay for the trial, the union’s leaflet says.",
		"This article was originally published on paper, the exhibition’s first label says.",
		"Production: Harbour Films",
	} {
		blocks := paragraphs(slices.Concat(story, []string{line}, story)...)
		if got, _ := tidy(blocks, about{}); !strings.Contains(join(got), line) {
			t.Errorf("%q is lost", line)
		}
	}
}

func TestACreditAfterTheLastWordsGoesAlone(t *testing.T) {
	for _, credit := range []string{" (Reporting by Ada Lovelace; Editing by Tom Okafor)", " (avec AFP)", " (AP)"} {
		blocks := paragraphs(story...)
		blocks[len(blocks)-1].text += credit
		if got, _ := tidy(blocks, about{}); join(got) != join(paragraphs(story...)) {
			t.Errorf("%q: %q", credit, got[len(got)-1].text)
		}
	}
}

func TestWhoEditedOrTookPicturesIsNotTheAuthor(t *testing.T) {
	for line, want := range map[string][]string{
		"Reporting by Ada Lovelace in Paris; Editing by Tom Okafor":                  {"Ada Lovelace"},
		"(Additional reporting by Ada Lovelace and Maël Quéré; Editing by T Okafor)": {"Ada Lovelace", "Maël Quéré"},
		"Texte : Inès Daoud – Photos : Maël Quéré":                                   {"Inès Daoud"},
		"Edited by Tom Okafor":                   nil,
		"Photo by Maël Quéré/AFP":                nil,
		"Traduit par Inès Daoud":                 nil,
		"Avec AFP":                               nil,
		"Inès Daoud contributed to this report.": nil,
	} {
		page := "<html><head><title>The port of Brest opens a quay</title></head><body><article><h1>The port of Brest opens a quay</h1>" +
			sized("The port of Brest has opened a second quay for the ferries that come from the north.", 3) + "<p>" + line + "</p></article></body></html>"
		a, err := Page([]byte(page), "https://wire.example/brest", Hint{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Authors, want) || strings.Contains(a.Text, line) {
			t.Errorf("%q: by %q\n%s", line, a.Authors, a.Text)
		}
	}
}

func TestATagBelowTheLastParagraphGoes(t *testing.T) {
	blocks := append(paragraphs(story...), block{kind: item, text: "Grues et portiques"})
	if got, _ := tidy(blocks, about{}); len(got) != len(story) {
		t.Errorf("it stays: %s", join(got))
	}
	for _, end := range [][]block{
		{{text: "Il ne reste à régler que ceci :"}, {kind: item, text: "le prix"}},
		{{kind: item, text: "le prix"}, {kind: item, text: "le délai"}},
	} {
		if got, _ := tidy(append(paragraphs(story...), end...), about{}); len(got) != len(story)+2 {
			t.Errorf("%d blocks are left of the list: %s", len(got)-len(story), join(got))
		}
	}
}
