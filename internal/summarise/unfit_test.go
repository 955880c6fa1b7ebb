package summarise

import "testing"

// "Abonnement", "publié le", "affiliate" and "sponsored" once cost every
// sentence that held them, and news is full of them.
func TestNewsThatNamesASubscriptionIsNoCallToSubscribe(t *testing.T) {
	for s, want := range map[string]string{
		"Lumenor fixe le prix de son abonnement à 20 euros par mois pour les particuliers.": "",
		"Selon un rapport publié le 12 mars, la consommation des serveurs a doublé.":        "",
		"The bill was sponsored by two senators, and an affiliate of Optivox opposed it.":   "",
		"Harrowby Labs and an affiliate of Optivox train the model on licensed news.":       "",
		"Users who subscribe pay twenty dollars a month for the larger model.":              "",
		"Abonnez-vous à notre lettre pour ne rien manquer de la semaine.":                   "call",
		"Publié le 12 mars 2026 par la rédaction du Fil Orvane.":                            "call",
		"Subscribe to our letter and get the week in your mailbox.":                         "order",
		"This article holds affiliate links, for which we may be paid.":                     "call",
	} {
		if got := unfit(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
