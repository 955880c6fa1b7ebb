package render

import (
	"fmt"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// told is a made-up story in both languages; "|" parts its sentences.
type told struct {
	fr, frText, en, enText string
	sources                string // "Outlet fr 4": name, language, minutes; parted by ","
}

var themes = []digest.Theme{
	theme("models", "Modèles et open source", "Models and open source"),
	theme("products", "Produits et outils", "Products and tools"),
	theme("companies", "Entreprises et financement", "Companies and funding"),
	theme("society", "Régulation, éthique et société", "Regulation, ethics and society"),
	theme("hardware", "Matériel et calcul", "Hardware and compute"),
}

func theme(id, fr, en string) digest.Theme {
	return digest.Theme{ID: id, Words: map[digest.Language]digest.ThemeWords{
		digest.French: {Label: fr}, digest.English: {Label: en},
	}}
}

var week = [][]told{{
	{"Brume 3 : un modèle ouvert de 30 milliards de paramètres sous licence libre",
		"Le laboratoire lillois publie les poids, les données d’évaluation et le code d’entraînement de son nouveau modèle.|Sur les bancs d’essai publics, Brume 3 dépasse les versions précédentes de même taille, mais reste derrière les meilleurs systèmes fermés en mathématiques.",
		"Brume 3, an open model of 30 billion parameters, is released under a free licence",
		"The lab in Lille publishes the weights, the evaluation data and the training code of its new model.|On public benchmarks Brume 3 beats earlier versions of its size, but stays behind the best closed systems in mathematics.",
		"La Gazette du calcul fr 4,Northern Ledger en 3,L’Atelier des données fr 6"},
	{"Les tests de raisonnement sont-ils encore fiables ?",
		"Trois équipes montrent qu’une part des questions figure déjà dans les corpus d’entraînement.|Elles proposent un protocole renouvelé chaque mois, dont les réponses restent scellées jusqu’à la publication des scores.",
		"Can reasoning benchmarks still be trusted?",
		"Three teams show that a share of the questions already sits in the training data.|They propose a protocol renewed every month, whose answers stay sealed until the scores are out.",
		"Harbour Review en 9"},
	{"Une méthode divise par deux le coût d’inférence sur processeur",
		"En fusionnant deux étapes de calcul, les auteurs divisent par deux le temps de réponse sur un serveur ordinaire, sans perte mesurable de qualité.|Le code est disponible.",
		"A method halves the cost of inference on ordinary processors",
		"By fusing two steps, the authors halve the response time on an ordinary server with no measurable loss of quality.|The code is available.",
		"Carnets de recherche fr 5"},
	{"Un corpus francophone de débats publics ouvert aux chercheurs",
		"Douze ans de séances de conseils municipaux ont été transcrits, relus et anonymisés par un consortium d’universités.|L’accès est gratuit pour la recherche et soumis à une charte.",
		"Twelve years of French council debates opened to researchers",
		"A consortium of universities has transcribed, proofread and anonymised twelve years of council meetings.|Access is free for research and bound by a charter.",
		"Le Fil des lettres fr 3"},
}, {
	{"Traduction vocale : la latence passe sous les 300 millisecondes",
		"Le service traduit désormais une conversation à deux en continu, dans douze langues dont le français.|Les essais menés par la rédaction montrent une bonne tenue dans le bruit, mais encore des erreurs sur les noms propres.",
		"Live speech translation falls below 300 milliseconds",
		"The service now translates a two-way conversation without a pause, in twelve languages including French.|Trials by our staff show that it copes with noise, but still trips over proper names.",
		"Le Quotidien des machines fr 4,Harbour Review en 5"},
	{"Le tableur Grille intègre un assistant qui cite ses cellules",
		"Chaque réponse renvoie aux cellules dont elle est tirée, et refuse de conclure quand les données manquent.|La fonction reste désactivée par défaut.",
		"The spreadsheet Grille gains an assistant that cites its cells",
		"Each answer points to the cells it came from, and declines to conclude when data are missing.|The feature is off by default.",
		"Outils & Usages fr 2"},
	{"Un éditeur de code libre fonctionne entièrement hors ligne",
		"L’outil embarque un petit modèle de complétion qui tourne sur un portable de cinq ans.|Ses auteurs disent viser les écoles et les administrations.",
		"A free code editor works entirely offline",
		"The tool carries a small completion model that runs on a five-year-old laptop.|Its authors say that they aim at schools and public offices.",
		"Northern Ledger en 3"},
	{"Messageries : le résumé des conversations arrive, sur l’appareil",
		"Les messages ne quittent pas le téléphone et le résumé s’efface au bout d’un jour.|Les appareils de plus de trois ans en sont privés.",
		"Chat summaries arrive, computed on the phone",
		"Messages do not leave the phone, and the summary is erased after a day.|Devices older than three years go without.",
		"Le Quotidien des machines fr 2"},
}, {
	{"Atelier Nord lève 120 millions d’euros pour des robots d’entrepôt",
		"Le tour de table est mené par un fonds néerlandais ; la banque publique française y participe.|L’entreprise de Roubaix emploie 340 personnes et compte doubler ses effectifs d’ici à la fin de 2027.",
		"Atelier Nord raises 120 million euros for warehouse robots",
		"A Dutch fund leads the round, and the French public bank takes part.|The company in Roubaix employs 340 people and expects to double that by the end of 2027.",
		"L’Écho des comptes fr 3,La Gazette du calcul fr 2"},
	{"Deux éditeurs de logiciels juridiques fusionnent",
		"Le nouvel ensemble servirait la moitié des cabinets français de plus de cinquante avocats.|L’Autorité de la concurrence doit encore se prononcer.",
		"Two makers of legal software merge",
		"Together they would serve half of the French firms of more than fifty lawyers.|The competition authority has yet to rule.",
		"L’Écho des comptes fr 2"},
	{"Les factures d’électricité pèsent sur les hébergeurs indépendants",
		"Quatre hébergeurs sur dix disent avoir reporté un achat de serveurs cette année, selon une enquête de leur syndicat.|Les plus petits s’associent pour négocier leur contrat.",
		"Power bills weigh on independent hosting companies",
		"Four hosts in ten say that they put off buying servers this year, according to a survey by their trade body.|The smallest join forces to negotiate their contract.",
		"Northern Ledger en 6"},
	{"Une coopérative d’annotateurs s’installe à Limoges",
		"Ses quarante membres fixent eux-mêmes leurs tarifs et refusent les contenus violents.|Trois laboratoires publics en sont les premiers clients.",
		"A cooperative of annotators settles in Limoges",
		"Its forty members set their own rates and turn down violent content.|Three public labs are its first customers.",
		"Le Fil des lettres fr 7"},
}, {
	{"Bruxelles précise ce que doit dire une étiquette « généré par une machine »",
		"La ligne directrice demande une mention visible dès le premier écran, et non dans les conditions d’utilisation.|Les médias qui relisent chaque texte et nomment un responsable en sont dispensés.",
		"Brussels spells out what a “made by a machine” label must say",
		"The guideline asks for a notice on the first screen, not in the terms of use.|Media that review each text and name a person in charge are exempt.",
		"La Gazette du calcul fr 5,Harbour Review en 4,Le Fil des lettres fr 3"},
	{"Écoles : un moratoire de six mois sur la notation automatique",
		"Le ministère veut d’abord mesurer les écarts entre correcteurs et logiciels dans cinq académies.|Les enseignants gardent l’usage des outils de préparation.",
		"Schools: a six-month pause for automatic marking",
		"The ministry first wants to measure how far markers and software differ in five districts.|Teachers keep the use of preparation tools.",
		"Le Quotidien des machines fr 3"},
	{"Droit d’auteur : les traducteurs obtiennent un registre d’opposition",
		"Une œuvre inscrite ne pourra plus servir à l’entraînement, avec effet trente jours après le dépôt.|Les éditeurs demandent que la règle vaille aussi pour les corpus déjà constitués.",
		"Copyright: translators win an opt-out register",
		"A registered work may no longer be used for training, thirty days after filing.|Publishers ask that the rule hold for existing corpora too.",
		"Le Fil des lettres fr 4"},
	{"Un audit trouve des biais dans le tri des demandes de logement",
		"À dossier égal, les ménages sans adresse stable étaient classés en moyenne douze rangs plus bas.|La ville a suspendu l’outil.",
		"An audit finds bias in the sorting of housing requests",
		"With equal files, households without a stable address were ranked twelve places lower on average.|The city has suspended the tool.",
		"Harbour Review en 8"},
}, {
	{"Une puce française promet l’inférence à dix watts",
		"Le prototype, gravé à Grenoble, tient un modèle de trois milliards de paramètres dans sa mémoire.|Les premiers exemplaires partent en mars chez quatre industriels.",
		"A French chip promises inference at ten watts",
		"The prototype, etched in Grenoble, holds a model of three billion parameters in its memory.|The first copies leave for four manufacturers in March.",
		"L’Atelier des données fr 4,Northern Ledger en 2"},
	{"Le calcul public ouvre une file courte pour les petites équipes",
		"Vingt pour cent des heures leur sont réservées, avec une réponse en dix jours.|Les dossiers tiennent sur deux pages.",
		"Public computing opens a fast lane for small teams",
		"A fifth of the hours is set aside for them, with an answer within ten days.|Applications fit on two pages.",
		"Carnets de recherche fr 2"},
	{"Refroidissement : un centre de données chauffe mille logements",
		"La chaleur est vendue au réseau urbain à un prix fixé pour vingt ans.|Le chantier aura duré quatre ans.",
		"Cooling: a data centre heats a thousand homes",
		"The heat is sold to the city network at a price fixed for twenty years.|Building took four years.",
		"L’Écho des comptes fr 3"},
	{"La mémoire rapide manquera encore en 2027, préviennent les fabricants",
		"Les trois principaux producteurs ont vendu leur capacité de l’an prochain.|Les délais de livraison passent à quarante semaines.",
		"Fast memory will stay scarce in 2027, makers warn",
		"The three main producers have sold next year’s capacity.|Delivery times grow to forty weeks.",
		"Northern Ledger en 4"},
}}

var monday = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)

// bulletin is the newsletter of the made-up week.
func bulletin(langs ...digest.Language) digest.Newsletter {
	return digest.Newsletter{
		Slug: "semaine", Name: "La Semaine des machines", Description: "L’actualité de l’intelligence artificielle, chaque lundi matin.",
		Publisher: "Les Éditions du Lundi, association loi 1901", PostalAddress: "12 rue des Exemples, 59000 Lille, France",
		PrivacyURL: "https://lettre.example.org/semaine/privacy", Sender: `"La Semaine des machines" <lettre@lettre.example.org>`,
		ReplyTo: "Rédaction <redaction@lettre.example.org>", Languages: langs, Zone: "Europe/Paris", MinStories: 6,
		Review: digest.Review{Mode: digest.ReviewAuto, After: 4 * time.Hour},
	}
}

// number47 is its issue: twenty stories, of which some have sources in one
// language only and are told in it to all readers.
func number47() digest.Issue {
	issue := digest.Issue{
		ID: "0192f7a0-0000-7000-8000-000000000047", Newsletter: "semaine", Slot: "2026-11-23T04:00:00Z",
		Number: 47, State: digest.InReview, Date: monday, From: monday.AddDate(0, 0, -7), To: monday,
		Fronts: map[digest.Language]digest.Front{
			digest.French: {
				Subject:    "Brume 3 s’ouvre, la traduction vocale accélère, Bruxelles étiquette",
				Preheader:  "Aussi : 120 millions pour des robots d’entrepôt, une puce à dix watts et quinze autres nouvelles.",
				Essentials: essentials(digest.French), Minutes: 8, ShortMinutes: 4,
			},
			digest.English: {
				Subject:    "Brume 3 opens up, speech translation speeds up, Brussels labels",
				Preheader:  "Also: 120 million for warehouse robots, a ten-watt chip and fifteen other stories.",
				Essentials: essentials(digest.English), Minutes: 8, ShortMinutes: 4,
			},
		},
		Notes: []digest.Note{
			{Level: digest.Warning, Stage: "render", Code: "letter.big", Where: "fr/full", Detail: "94"},
			{Level: digest.Info, Stage: "render", Code: "letter.link", Where: "fr/full", Detail: "http://abonnes.example.com/2026/11/une-adresse-si-longue-que-la-ligne-d-un-telephone-ne-peut-pas-la-porter.html"},
		},
		LeftOut: []digest.LeftOut{{Title: "Un article hors sujet", Reason: "offtopic"}, {Title: "Un doublon", Reason: "budget"}},
	}
	for i, stories := range week {
		section := digest.Section{Theme: themes[i]}
		for j, s := range stories {
			section.Items = append(section.Items, s.item(i, j))
		}
		issue.Sections = append(issue.Sections, section)
	}
	return issue
}

func essentials(lang digest.Language) []digest.Sentence {
	var all []digest.Sentence
	for _, i := range []int{0, 1, 3} {
		w := week[i][0].item(i, 0).Wordings[lang]
		all = append(all, w.Sentences[0])
	}
	return all
}

func (s told) item(section, place int) digest.Item {
	item := digest.Item{Story: fmt.Sprintf("story-%d-%d", section, place), Lead: place == 0, Wordings: map[digest.Language]digest.Wording{}}
	if section == 3 && place == 2 { // the register was asked for a month before
		item.Earlier = &digest.Earlier{Issue: "issue-8", Number: 8, Date: monday.AddDate(0, 0, -28), Story: "story-2-1", Headline: "Les traducteurs demandent un registre d’opposition"}
	}
	has := map[digest.Language]bool{}
	for i, source := range strings.Split(s.sources, ",") {
		words := strings.Fields(source)
		n := len(words)
		lang := digest.Language(words[n-2])
		has[lang] = true
		c := digest.Citation{
			Article: fmt.Sprintf("article-%d-%d-%d", section, place, i), Source: strings.Join(words[:n-2], " "), Language: lang,
			Title: s.words(lang).Headline, Published: monday.AddDate(0, 0, -section-1),
			URL: fmt.Sprintf("https://%s.example.com/2026/11/%s-%d%d", []string{"www", "news", "actu"}[i], []string{"a-la-une", "tech", "recherche"}[i], section, place),
		}
		fmt.Sscan(words[n-1], &c.Minutes)
		item.Citations = append(item.Citations, c)
	}
	for _, lang := range []digest.Language{digest.French, digest.English} {
		from := lang
		if !has[lang] {
			from = item.Citations[0].Language
		}
		item.Wordings[lang] = s.words(from)
	}
	return item
}

func (s told) words(lang digest.Language) digest.Wording {
	title, text := s.fr, s.frText
	if lang == digest.English {
		title, text = s.en, s.enText
	}
	w := digest.Wording{Headline: title, HeadlineLanguage: lang}
	for _, sentence := range strings.Split(text, "|") {
		w.Sentences = append(w.Sentences, digest.Sentence{Text: sentence, Language: lang})
	}
	return w
}
