package extract

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// Titles that only pages have which stand in an article's way.
var (
	missingTitle = regexp.MustCompile(`(?i)^[\W_]*(?:(?:error|erreur|http)?\W*(?:404|410)\b|(?:page|article|contenu|document|content|story)\s+(?:(?:introuvable|non trouvée?|supprimée?|manquante?|not found|unavailable|missing|removed|deleted)|(?:n[’']existe (?:pas|plus)|n[’']est plus disponible|(?:no longer|does not|doesn[’']t) exists?))|(?:oups|oops|désolée?|sorry)(?:\W|$)|not found$|(?:we (?:can[’']t|couldn[’']t|could not)|nous n[’']avons pas pu) (?:find|trouver)|gone$|(?:50[0234]|40[013])\b.{0,40}(?:error|erreur|gateway|unavailable|forbidden|bad)|forbidden$|service unavailable|internal server error)`)
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

// kindOf says what a page is, from its fields, the text found in it and all that
// stands on it, and what told it.
func kindOf(m meta, u *url.URL, title string, found []block, visible func() string) (digest.ArticleKind, string) {
	text := join(found)
	n := utf8.RuneCountInString(text)
	headlines := append([]string{m.title, title}, m.h1...)
	if n < wallLength {
		for _, t := range headlines {
			switch {
			case missingTitle.MatchString(t):
				return digest.KindError, "its title says that it is not there: " + t
			case wallTitle.MatchString(t) && utf8.RuneCountInString(t) < 80:
				return digest.KindWall, "its title is a gate's: " + t
			}
		}
	}
	if n < paidLength && wallText(m, text, visible, n) {
		return digest.KindWall, "it says little, and speaks of subscribing, consent, logging in or scripts"
	}
	if n < 300 && missingWords.MatchString(text) {
		return digest.KindError, "it says that what was asked for is not there"
	}
	if listing(found) {
		return digest.KindListing, "hardly one of its lines is a sentence"
	}
	return byAddress(m, u)
}

func wallText(m meta, text string, visible func() string, n int) bool {
	if n < wallLength {
		// Every thirtieth word about consent: no article on cookies has so many.
		if hits := len(consentWords.FindAllStringIndex(text, -1)); hits >= 4 && hits*30 >= len(strings.Fields(text)) {
			return true
		}
		if scriptWords.MatchString(text) {
			return true
		}
		if m.password && loginWords.MatchString(text) {
			return true
		}
	}
	if payWords.MatchString(text) {
		return true
	}
	if n >= wallLength && !m.paid {
		return false
	}
	all := visible()
	switch {
	case m.paid:
		return payWords.MatchString(all)
	case n < enough:
		return scriptWords.MatchString(all) && length(all) < 2*wallLength || m.password && loginWords.MatchString(all) && length(all) < 2*wallLength
	}
	return false
}

// listing tells a page of links from an article: many short lines, hardly a
// sentence.
func listing(blocks []block) bool {
	short := 0
	for _, b := range blocks {
		if !sentence(b.text) && utf8.RuneCountInString(b.text) < 120 {
			short++
		}
	}
	return len(blocks) >= 15 && short*10 >= len(blocks)*9
}

// byAddress knows a few kinds of pages by where they stand and by the fields
// that only they have.
func byAddress(m meta, u *url.URL) (digest.ArticleKind, string) {
	if m.paper.title != "" {
		return digest.KindPaper, "it has the citation fields of a paper"
	}
	if strings.HasPrefix(m.kind, "video") {
		return digest.KindVideo, "its og:type is " + m.kind
	}
	if u == nil {
		return digest.KindArticle, ""
	}
	host, path := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), u.Path
	kind := digest.KindArticle
	switch {
	case host == "arxiv.org", host == "openreview.net", host == "hal.science", host == "huggingface.co" && strings.HasPrefix(path, "/papers/"), host == "aclanthology.org":
		kind = digest.KindPaper
	case host == "youtube.com" || host == "youtu.be" || host == "vimeo.com" || host == "dailymotion.com":
		kind = digest.KindVideo
	case host == "news.ycombinator.com" || host == "lobste.rs" || strings.HasSuffix(host, "reddit.com") && strings.Contains(path, "/comments/"):
		kind = digest.KindThread
	case (host == "github.com" || host == "gitlab.com" || host == "codeberg.org") && strings.Contains(path, "/releases/"):
		kind = digest.KindRelease
	default:
		return kind, ""
	}
	return kind, "its address is one of " + host
}
