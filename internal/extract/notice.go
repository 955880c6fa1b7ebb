package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A notice is a line in which a text or its site speaks of itself: that it was
// updated, what rules the house keeps, where else it can be read or heard.
// Such lines stand at the ends of a text; in its midst the same words may be
// the author's.

const (
	longestNotice = 350 // in characters
	headReach     = 2   // paragraphs of the article that may stand above one at its beginning
	tailReach     = 3   // and below one at its end
)

// ofItself: "This story has been updated to include a comment", "Cet article a
// été publié pour la première fois le 3 mars". A tribune or an inquiry may be
// what the article is about; an article of a law is one.
var ofItself = regexp.MustCompile(`(?i)^[^\pL]*(?:(?:an? |une )?(?:earlier |previous |longer |shorter |first )?version (?:antérieure |précédente )?(?:of |de )?)?(?:` +
	`(?:this|the above) (?:news |feature |sponsored |guest |blog )?(?:story|article|post|piece|page|essay|column|interview|transcript|content|review|list|guide|report|episode|newsletter|commentary|op-ed|explainer)(?: (?:by|from|on|about) [^.,;]{2,60}?)?,? ` +
	`(?:(?:has|have) (?:since |now )?been|was|is|were)? ?(?:also |since |last |lightly |slightly )*` +
	`(?:(?:updated|corrected|edited|amended|clarified|republished|reprinted|syndicated|translated|reviewed|sponsored)\b|(?:originally|first|initially|previously) (?:published|appeared|posted|ran|written|produced)\b|appeared (?:on|in|at) \p{Lu}|(?:may )?contains? affiliate links)|` +
	`(?:cet article|ce contenu|ce billet|cette dépêche|ce papier|cet épisode) ` +
	`(?:a (?:depuis |d[’']abord |initialement |également )*(?:été (?:initialement |légèrement |automatiquement |d[’']abord )*(?:mis à jour|mise à jour|actualisée?|modifiée?|corrigée?|publiée?|mis en ligne|traduite?|généré|relue?)|paru)|` +
	`est (?:initialement |d[’']abord |également )*(?:parue?|réservée?|issue?|extraite?|tirée? d|reprise?|publiée?|une (?:traduction|version)|traduite?|sponsorisée?|proposée? (?:par|en partenariat))|(?:peut contenir|contient) des liens)|` +
	`(?:cette tribune|cet entretien|cette interview|cette chronique|cette enquête|ce reportage|ce texte|cette page) (?:a (?:été )?(?:initialement|d[’']abord)|est (?:initialement|d[’']abord) paru|a été (?:mise? à jour|éditée?|condensée?)))`)

// policy names what a house lays down or owns to. What a disclosure owns to is
// an interest; "Disclaimer: results differ" is the author's.
var (
	policy   = regexp.MustCompile(`(?i)^[^\pL]*(?:our standards|editor(?:s|[’']s)?[’']? note|corrections?|clarifications?|note (?:de la rédaction|de l[’']éditeur|des éditeurs|aux lecteurs)|ndlr|rectificatif|erratum)\s*:`)
	interest = regexp.MustCompile(`(?i)^[^\pL]*(?:(?:full )?disclosures?|disclaimer|conflicts? of interests?|avertissement|transparence|conflits? d[’']intérêts?|déclaration d[’']intérêts|liens d[’']intérêts?)\s*:.*\b(?:owns?|owned|stakes?|shares|shareholders?|invest\p{L}*|partner\p{L}*|licens\p{L}*|sponsor\p{L}*|affiliat\p{L}*|commissions?|employ\p{L}*|parent company|subsidiary|opinions?|views|advice|responsib\p{L}*|receives?|funding|authors?|` +
		`détien\p{L}*|action(?:s|naires?)|partenariats?|affili\p{L}*|avis|conseils?|responsab\p{L}*|auteurs?|rédaction|finance\p{L}*|rémunér\p{L}*)\b`)
)

// opinions: "The views expressed here are the author’s own and do not reflect
// those of the house."
var opinions = regexp.MustCompile(`(?i)\b(?:views|opinions?|statements|propos|points de vue|contenus?)\b.{0,120}(?:\bdo(?:es)? not (?:necessarily )?(?:reflect|represent)|(?:is|are) (?:solely )?(?:those of the|the) (?:author|writer|contributor)s?|n[’']engagent? (?:que|pas|en rien|en aucun cas)|ne (?:reflètent?|représentent?) pas)|\bis not (?:responsible|liable) for (?:the |any )?(?:opinions|views|statements|content)\b`)

// rights says whose a text is, and by whose leave it is printed.
var rights = regexp.MustCompile(`(?i)^\W*(?:©|\(c\) ?\d|copyright (?:©|\(c\)|\d{4}|by ))[^.!?]{2,120}$|\b(?:all rights reserved|tous droits réservés|re(?:printed|published|produced) (?:by|with) (?:the )?permission|re(?:produit|publié)e?s? avec l[’'](?:aimable )?autorisation)\b`)

// behindGate offers the rest of this very text to who has an account.
var behindGate = regexp.MustCompile(`(?i)^[^\pL]*(?:to|pour) (?:view|read|see|continue|keep|unlock|access|lire|accéder|poursuivre|continuer|débloquer)\b.{0,40}\b(?:story|article|content|contenu|la suite|lecture|l[’']intégralité|reading)\b.{0,80}\b(?:subscri\p{L}*|sign (?:up|in)|log ?in|register|account|abonn\p{L}*|compte|inscri\p{L}*|connect\p{L}*|identifi\p{L}*)`)

// A call bids readers go somewhere of the house's: to its page in a network, its
// application, its letter, its form.
var (
	calls = regexp.MustCompile(`(?i)(?:^[^\pL]*|[.!?:]\s+|^for (?:the )?(?:latest|more|all)\b.{0,50}\b|^pour .{0,60}[, ]|\bplease )(?:follow|like|join|find|listen|watch|stream|download|get|sign up|sign in|log in|register|send|submit|e-?mail|contact|write to|reach|visit|support|donate|share|tell|let us know|click|tap|stay (?:up|in touch|tuned|informed|connected|updated)|keep up|become an? |(?:have|got) (?:an? |any )|check out|subscribe|` +
		`suivez|abonnez|retrouvez|rejoignez|écoutez|regardez|téléchargez|inscrivez|recevez|écrivez|envoyez|contactez|cliquez|soutenez|faites|partagez|dites|visitez|restez|connectez|devenez|découvrez|consultez)\b`)
	channel = regexp.MustCompile(`(?i)\b(?:apple podcasts?|spotify|deezer|google (?:news|play|actualités)|app store|soundcloud|youtube|facebook|instagram|twitter|linkedin|whatsapp|telegram|threads|bluesky|mastodon|tiktok|discord|flipboard|(?:sur|on) x|newsletters?|infolettres?|inbox|boîte mail|rss|ios|android|apps?|applications?|applis?|channel|chaîne|(?:our|notre) (?:community|communauté)|form|formulaire|account|compte|members?|membres|subscribers?|subscription|abonnés?|abonnements?|e-?mails?|alerts?|alertes|réseaux sociaux|social (?:media|networks)|notifications|at \S+@\S+)\b`)
	ours    = regexp.MustCompile(`\b(?:us|[Oo]ur|me|[Mm]y|[Nn]ous|[Nn]otre|[Nn]os|moi|your inbox|votre boîte mail)\b|(?:^|\s)@\w{3}`)
)

// isNotice tells whether a line at either end of a text is not the author's.
func (a about) isNotice(b block) bool {
	if b.kind == heading || utf8.RuneCountInString(b.text) > longestNotice {
		return false
	}
	if _, ok := credits(b.text); ok && b.kind == para {
		return true
	}
	return ofItself.MatchString(b.text) || opinions.MatchString(b.text) || rights.MatchString(b.text) || bareDate(b.text) || b.kind == para && (policy.MatchString(b.text) || interest.MatchString(b.text)) || a.isCall(b.text)
}

// isCall wants a call, where it leads to, and whose that is, in a sentence or two.
func (a about) isCall(s string) bool {
	at := calls.FindStringIndex(s)
	return at != nil && at[0] <= 80 && utf8.RuneCountInString(s) <= 240 && channel.MatchString(s[at[0]:]) && (ours.MatchString(s) || a.namesHouse(s))
}

func (a about) namesHouse(s string) bool {
	said := letters(s)
	return slices.ContainsFunc(a.houses, func(house string) bool { return len(letters(house)) >= 4 && strings.Contains(said, letters(house)) })
}

// withoutNotices takes such lines off both ends of a text, and the credit that
// its last words are followed by.
func (a about) withoutNotices(blocks []block) []block {
	drop := make([]bool, len(blocks))
	look := func(from, step, reach int) {
		for i := from; i >= 0 && i < len(blocks) && reach > 0; i += step {
			switch {
			case a.isNotice(blocks[i]):
				drop[i] = true
			case blocks[i].kind != heading:
				reach--
			}
		}
	}
	look(0, 1, headReach)
	look(len(blocks)-1, -1, tailReach)
	var out []block
	for i, b := range blocks {
		if !drop[i] {
			out = append(out, b)
		}
	}
	if n := len(out); n > 0 {
		out[n-1].text = withoutCredit(out[n-1].text)
	}
	return out
}

// closing is a remark in brackets at the end of a paragraph.
var closing = regexp.MustCompile(`\s*\(([^()]+)\)[\s.]*$`)

// withoutCredit takes a credit in brackets off the end of a text's last words.
func withoutCredit(s string) string {
	at := closing.FindStringSubmatchIndex(s)
	if at == nil || at[0] == 0 {
		return s
	}
	if _, ok := credits(s[at[2]:at[3]]); !ok {
		return s
	}
	return strings.TrimRight(s[:at[0]], " ")
}
