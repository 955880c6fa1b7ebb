package summarise

import "testing"

func TestOnlyASourceSaysWhyItMatters(t *testing.T) {
	for _, c := range []struct {
		s    string
		says bool
	}{
		{"L’annonce est importante, car les tribunaux exigent des preuves.", true},
		{"Pour les citoyens, cela change tout : un refus pourra être contesté.", true},
		{"Cette décision est la première à appliquer le règlement européen.", true},
		{"L’arrêt pourrait contraindre d’autres éditeurs à ouvrir leurs listes.", true},
		{"The release matters because no other open model may be sold freely.", true},
		{"The order could force other chatbot makers to do the same.", true},
		{"The ruling means that every stadium will have to ask first.", true},
		{"Le modèle compte 24 milliards de paramètres et onze langues.", false},
		{"La première livraison est attendue en septembre.", false},
		{"The company could sell its first chips in September.", false},
		{"It matters to nobody that the office has moved.", false},
	} {
		if says := significance.MatchString(c.s); says != c.says {
			t.Errorf("%q: %v", c.s, says)
		}
	}
}

func TestOpeningsThatDangle(t *testing.T) {
	for s, lean := range map[string]bool{
		"Il a aussi annoncé un second modèle.":                     true,
		"« Elle ne suffit pas », dit la juge.":                     true,
		"However, this is not the end of it.":                      true,
		"Cette puce consomme 75 watts.":                            true,
		"Cette semaine, trois modèles ont paru.":                   false,
		"Ce mardi, le laboratoire a publié son modèle.":            false,
		"C’est une surprise pour tout le secteur.":                 true,
		"Alors que les députés débattaient, le modèle est sorti.":  false,
		"Alors, le modèle est sorti sans bruit.":                   true,
		"Mais personne ne l’a vu venir.":                           true,
		"Maisons Vertes publie un modèle de langage.":              false,
		"Iliad a présenté ses résultats.":                          false,
		"They expect to pay more by the autumn.":                   true,
		"Theory and practice differ in machine learning.":          false,
		"This week three models came out.":                         false,
		"En effet, la puce chauffe.":                               true,
		"Or, le contrat prévoyait le contraire.":                   true,
		"Orange a signé l’accord.":                                 false,
		"Its makers say that the weights stay closed.":             true,
		"It's the third fine this year for the company.":           true,
		"The company says that it's the third fine this year.":     false,
		"Then came the second model, with fewer parameters.":       true,
		"Celui-ci compte trois milliards de paramètres.":           true,
		"Ces derniers jours, deux laboratoires ont fermé.":         false,
		"Ces derniers ont fermé.":                                  true,
		"Ainsi que le rapport le montre, les prix montent.":        false,
		"Aussi a-t-il fallu tout refaire.":                         true,
		"Pourtant, le prix n’a pas bougé.":                         true,
		"Yet another laboratory has opened its weights this week.": false,
		"Fondée à Lille en 2021, elle compte 62 salariés.":         true,
		"Interrogé par un sénateur, il a refusé de répondre.":      true,
		"Mercredi soir, ils ont publié les poids du modèle.":       true,
		"Jeudi, il faudra compter avec les grèves du réseau.":      false,
		"Fondée à Lille, la jeune pousse compte 62 salariés.":      false,
		"On Friday, he will visit the data centre in Narvik.":      true,
		"Geared towards clinics, it runs on a single processor.":   true,
		"Today, it is cheaper to train a model than to store it.":  false,
		"Founded in Lille, the company has 62 employees.":          false,

		"Ouverte en mai, près de la gare, elle compte 62 salariés.":              true,
		"Provenant d’un hangar de Lille, elle porte un numéro de série.":         true,
		"Selon les relevés de trois instituts, elle gagne deux millions.":        true,
		"En 2018, ils ont quitté le laboratoire pour une banque.":                true,
		"Au premier essai, le 15 mars, elle avait manqué la cible.":              true,
		"After the vote in March, he left the laboratory for a bank.":            true,
		"Pour Pélican, il s’agit du troisième rachat.":                           false,
		"Selon la juge, il faudra trois mois pour lire le dossier.":              false,
		"Après le départ de Maud Keravel, elle-même remplacée, Pélican vacille.": false,
		"Avec Maud Keravel, elle dirige le laboratoire depuis mai.":              false,
		"In April, it took a week to train the model.":                           false,

		"This, the minister claimed, is the fault of the county.":   true,
		"In short, the model costs more than a nurse.":              true,
		"En résumé, le modèle coûte plus cher qu’une infirmière.":   true,
		"Voici les trois modèles que le laboratoire a publiés.":     true,
		"Here are the three models that the laboratory released.":   true,
		"Here’s what the laboratory released on Monday.":            true,
		"Hereford has three models that judge the soil of a field.": false,
		"In Shortlands, the model costs more than a nurse.":         false,
	} {
		if dangles(s) != lean {
			t.Errorf("%q: %v", s, !lean)
		}
	}
}

// A quotation is somebody's: who says it has to stand in the sentence.
func TestAQuotationLeansOnTheNameOfItsSpeaker(t *testing.T) {
	for s, lean := range map[string]bool{
		"« Avec plus d’essais, nous trouvons plus de fautes », a-t-il souligné.":             true,
		"« Avec plus d’essais, nous trouvons plus de fautes », explique-t-elle à la presse.": true,
		"\"Avec plus d'essais, nous trouvons plus de fautes\", disent-ils.":                  true,
		"Le budget sera voté en mai, a-t-elle ajouté.":                                       true,
		"« Nous sommes dans l’hôtellerie et pas dans la santé. »":                            true,
		"“We have seen far fewer of them along the route,” he said.":                         true,
		"“We have seen far fewer of them along the route,” said he.":                         true,
		"“We need the numbers before we decide.”":                                            true,
		"“We need the numbers before we decide,” said Ann Roe.":                              false,
		"“We need the numbers before we decide,” the judge said.":                            false,
		"Ann Roe of Harrowby wants the numbers, “and soon,” she said.":                       false,
		"« Avec plus d’essais, nous trouvons plus de fautes », dit la juge.":                 false,
		"Le ministre Jean Orvane veut des essais, « et vite », a-t-il souligné.":             false,
		"Le modèle « Orion » est ouvert, peut-être trop, juge Maud Keravel.":                 false,
		"Le budget, dit-on à Nantes, sera voté en mai.":                                      false,
	} {
		if dangles(s) != lean {
			t.Errorf("%q: %v", s, !lean)
		}
	}
}
