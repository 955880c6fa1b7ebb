package extract

import (
	"regexp"
	"strings"
)

// Titles that only pages have which stand in an article's way.
var (
	missingTitle = regexp.MustCompile(`(?i)^[\W_]*(?:(?:error|erreur|http)?\W*(?:404|410)\b|(?:page|article|contenu|document|content|story)\s+(?:(?:introuvable|non trouvée?|supprimée?|manquante?|not found|unavailable|missing|removed|deleted)|(?:n[’']existe (?:pas|plus)|n[’']est plus disponible|(?:no longer|does not|doesn[’']t) exists?))|(?:oups|oops|désolée?|sorry)(?:\W|$)|not found$|(?:we (?:can[’']t|couldn[’']t|could not)|nous n[’']avons pas pu) (?:find|trouver)|gone$|(?:50[0234]|40[013])\b.{0,40}(?:error|erreur|gateway|unavailable|forbidden|bad)|forbidden$|service unavailable|internal server error|(?:(?:le |ce |notre )?site (?:est )?(?:actuellement )?|mode )?en maintenance\b|(?:le )?site (?:est )?(?:momentanément|temporairement) (?:indisponible|fermé)|maintenance(?: mode| en cours)?$|(?:(?:this |our )?(?:web)?site is |we(?:[’']re| are) )?(?:currently )?(?:(?:down for|under) (?:scheduled )?maintenance|(?:temporarily )?(?:offline|unavailable)$))`)
	wallTitle    = regexp.MustCompile(`(?i)^[\W_]*(?:just a moment|un instant|attention required|access (?:denied|to this page)|accès (?:refusé|interdit)|are you (?:a )?(?:human|robot)|êtes-vous (?:un )?(?:humain|robot)|vérification|verify(?:ing)? (?:you|that)|security check|captcha|(?:please )?enable (?:javascript|cookies)|javascript (?:is )?(?:required|disabled|requis|désactivé)|(?:se |sign |log ?)(?:connecter|in|on)\b|login|connexion|identification|(?:before you continue|avant de continuer|avant d[’']accéder)|(?:gestion|gérer|paramètres|consent|politique).{0,20}(?:consentement|cookies|confidentialité)|(?:your|vos|votre) (?:privacy|choix|vie privée|consentement)|(?:nous|we) (?:respectons|value|care about)|pardon our interruption|bot (?:or not|verification)|ddos)`)

	missingWords = regexp.MustCompile(`(?i)(?:(?:la )?page (?:que vous (?:cherchez|recherchez|demandez)|demandée|you(?:[’']re| are| were)? (?:looking for|requested)|requested)|(?:n[’']existe (?:pas|plus)|a été (?:supprimée?|déplacée?|retirée?)|est introuvable|(?:could|can) ?not be found|can[’']t be found|no longer (?:exists|available)|does(?:n[’']t| not) exist|(?:has been|was) (?:removed|deleted|moved)))`)
	consentWords = regexp.MustCompile(`(?i)\b(?:cookies?|traceurs?|consentements?|consent|partenaires|partners|vendors|données personnelles|personal data|vie privée|privacy|finalités|purposes|intérêt légitime|legitimate interest|tout accepter|tout refuser|accept all|reject all|accepter et continuer|continuer sans accepter|publicités? personnalisées?|personali[sz]ed ads?|paramétrer|preferences|préférences|gdpr|rgpd)\b`)
	scriptWords  = regexp.MustCompile(`(?i)(?:(?:enable|activer|activez|turn on|requires?|need|nécessite)\W+(?:\w+\W+){0,3}javascript|javascript (?:is|est|doit être|must be|seems|semble)\W+(?:\w+\W+){0,2}(?:disabled|désactivé|required|requis|activé|enabled)|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|vérifi(?:er|ons|ez) que vous (?:êtes|n[’']êtes pas)|unusual traffic|trafic inhabituel|completing the captcha|not a robot|pas un robot|ad ?blocker|bloqueur de (?:pub|publicité))`)
	payWords     = regexp.MustCompile(`(?i)(?:il vous reste [\d,. \x{a0}\x{202f}]+ ?%|(?:cet? |l[’'])?(?:article|contenu|suite|lecture)[^.]{0,40}(?:est |sont )?réservée?s? (?:à nos|aux|exclusivement aux) abonnés|pour lire (?:la suite|l[’']intégralité|cet article)|(?:abonnez-vous|inscrivez-vous|connectez-vous|identifiez-vous)[^.]{0,30} (?:pour|et) (?:lire|accéder|continuer|poursuivre|débloquer|profiter)|déjà abonné|(?:subscribe|sign ?up|log ?in|register|sign in|join)[^.]{0,40} to (?:continue|read|keep reading|unlock|access|view)|(?:this|the) (?:article|content|story|post)[^.]{0,25}(?:is )?(?:for|available to|reserved for|exclusive to) (?:our )?(?:paid |paying )?(?:subscribers|members)|(?:already|not yet) a (?:subscriber|member)|to (?:continue reading|(?:view|read|see|access) the (?:full|rest|whole|entire))|you[’']ve reached your|free articles? (?:left|remaining|this month)|unlock (?:this|the full)|subscribers? only|article premium|offre d[’']abonnement)`)
	loginWords   = regexp.MustCompile(`(?i)(?:mot de passe|password|forgot|oublié|se connecter|sign in|log in|identifiant|create an account|créer un compte)`)
)

// A wall says what it has to say in less than this; a cut-off article may be
// longer and then still tells its story.
const (
	wallLength = 900
	paidLength = 1800
)

// gateWords are what only the gate of this very page says.
var gateWords = regexp.MustCompile(`(?i)(?:il vous reste [\d,. \x{a0}\x{202f}]+ ?%|(?:cet article|ce contenu|la suite(?: de (?:cet|l[’'])\s?article)?|la lecture)[^.]{0,40}(?:est |sont )?réservée?s? (?:à nos|aux|exclusivement aux) abonnés|pour lire (?:la suite|l[’']intégralité)|(?:subscribe|sign ?up|log ?in|register|sign in|join)[^.]{0,40} to (?:continue|keep) reading|(?:this|the) (?:article|story|post)[^.]{0,25}is (?:for|available to|reserved for|exclusive to) (?:our )?(?:paid |paying )?(?:subscribers|members)|to continue reading this|you[’']ve reached your)`)

// emptyPage is how little a page says that scripts have yet to write.
const emptyPage = 80

// A gate ends a text: what follows it in this many letters is no offer of
// subscription but the article going on.
const goesOn = 600

// wallText tells by what it says whether a page whose article has n
// characters is a gate, and which gate; it is empty for none.
func wallText(s sight, text string, n int) string {
	if n < wallLength {
		// Every thirtieth word about consent: no article on cookies has so many.
		if hits := len(consentWords.FindAllStringIndex(text, -1)); hits >= 4 && hits*30 >= len(strings.Fields(text)) {
			return "it says little, and speaks of consent"
		}
		if gates(s.found, scriptWords) {
			return "it says little, and asks for scripts or for a proof of being human"
		}
		if s.meta.password && loginWords.MatchString(text) {
			return "it says little, and asks for a password"
		}
	}
	if gates(s.found, payWords) {
		return "its text ends with an offer of subscription"
	}
	if n < wallLength {
		for _, l := range s.lines {
			if !l.place.aside && l.size <= 300 && gateWords.MatchString(l.text) {
				return "it says little, and that the rest is for subscribers: " + l.text
			}
		}
	}
	if s.meta.paid && (n < enough || payWords.MatchString(s.visible())) {
		return "its fields say that it is not free, and it offers a subscription"
	}
	if n >= enough {
		return ""
	}
	switch all := s.visible(); {
	case length(all) >= 2*wallLength:
	case n < emptyPage && scriptWords.MatchString(s.meta.noscript), length(all) <= length(s.meta.title) && s.meta.scripts > 0:
		return "it says nothing without its scripts"
	case scriptWords.MatchString(all):
		return "it says nothing but that it needs scripts or a proof of being human"
	case s.meta.password && loginWords.MatchString(all):
		return "it says nothing but that it needs a password"
	}
	return ""
}

// gates tells whether a text ends at words like these: they stand in one of
// its blocks, and little comes after it.
func gates(blocks []block, words *regexp.Regexp) bool {
	after := 0
	for i := len(blocks) - 1; i >= 0; i-- {
		if words.MatchString(blocks[i].text) {
			return true
		}
		if after += length(blocks[i].text); after > goesOn {
			return false
		}
	}
	return false
}
