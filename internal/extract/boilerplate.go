package extract

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Lines that sites put into or under articles. They are matched against whole
// blocks and only against short ones, so that a sentence of the article that
// begins likewise is not lost.
const maxBoilerplate = 140

var openings = regexp.MustCompile(`(?i)^[\s\W]*(?:` + strings.Join([]string{
	// French
	`(?:à|a) (?:lire|voir|écouter|découvrir) (?:aussi|également|ailleurs|en ce moment)`, `(?:lire|voir|écouter) (?:aussi|également|la suite|l[’']article)`, `à lire\s*:`, `(?:lire|relire)\s*:`,
	`sur le même (?:sujet|thème)`, `(?:articles?|contenus?|sujets?|billets?|actualités) (?:similaires?|liés?|liées?|connexes?|recommandée?s?|associée?s?|récente?s?|populaires?)`, `(?:derniers|dernières|autres) (?:articles|actus|actualités|billets|publications)\b`, `dans la même (?:rubrique|catégorie)`, `(?:vous aimerez|ça pourrait|cela pourrait|ces articles (?:pourraient|peuvent)|ceci pourrait)`,
	`(?:abonnez|inscrivez|connectez|identifiez)[- ]vous\b`, `(?:s[’']abonner|je m[’'](?:abonne|inscris)|(?:vous êtes )?déjà abonné|(?:vous avez )?déjà un compte|already have an account)`, `recevez (?:chaque|notre|nos|la|le meilleur|tou[st]|gratuitement)`, `(?:notre|la|nos) (?:newsletter|infolettre)s?\b`, `newsletters?\b`, `infolettres?\b`,
	`suivez[- ](?:nous|moi)\b`, `suivez .{1,50} sur (?:facebook|twitter|x|instagram|linkedin|google|whatsapp|telegram|youtube|bluesky)`, `(?:retrouvez|rejoignez)[- ]nous\b`, `rejoignez (?:notre|la) (?:communauté|chaîne)`,
	`partage[rz] (?:sur|cet?|l[’']article|cette|par|via)`, `partager\s*:?$`, `laisser un commentaire`, `(?:ajouter|poster|écrire|voir les) commentaires?`, `réagir à`, `signaler (?:une erreur|un abus|un contenu)`,
	`(?:contenu|article|post) sponsorisé`, `crédits?(?: photos?)?\s*:`, `(?:image|photo) (?:illustrative|d[’']illustration)\s*:`, `tous droits (?:réservés|de reproduction)`, `toute reproduction`, `(?:temps|durée) de lecture`, `\d+ ?min(?:utes?)? de lecture`, `(?:publiée?|mise? à jour|modifiée?|mise? en ligne|postée?|créée?)(?: (?:le|à|il y a) |\s*:)`,
	`(?:mots[- ]clés|étiquettes|thèmes|catégories|rubriques|sujets|tags)\s*:`, `télécharge[rz] (?:l[’']|notre |votre )appli`, `(?:soutenez|faites un don)`, `article (?:précédent|suivant)`, `(?:cet article|ce contenu|la suite|la lecture).{0,20} (?:est |sont )?réservée?s? aux abonnés`, `nos derni[eè]r(?:e?s) (?:articles|actus|actualités)`,
	// English
	`read (?:more|also|next|the (?:full|rest)|full)\b`, `(?:see|also) (?:also|read)\b`, `continue reading`, `(?:related|recommended|similar|popular|trending|latest|recent) (?:articles?|stories|posts?|content|reading|news|topics|links|coverage|videos?)\b`, `related\s*:`, `more (?:from|on|stories|like this|about)\b`, `you (?:may|might) (?:also )?(?:like|enjoy|be interested)`,
	`(?:sign|log) (?:up|in) (?:for|to|now|here)`, `sign up$`, `subscribe\b`, `(?:get|join|receive) (?:our|the|more|a|free|daily|weekly) .{0,60}(?:newsletter|inbox|e-?mails?|updates)`, `follow (?:us|me|@|.{1,40} on (?:facebook|twitter|x|instagram|linkedin|mastodon|bluesky|threads|youtube))`,
	`share (?:this|on|via|the|your)\b`, `share\s*:?$`, `(?:tweet|pin|e-?mail|print) this\b`, `click here\b`, `leave a (?:comment|reply)`, `(?:post|add|view|read) (?:a |all |\d+ )?comments?\b`, `comments? (?:are closed|\(\d+\)|off)`, `\d+ (?:comments?|replies|responses|commentaires?|Kommentare)\b`,
	`advertisement`, `sponsored (?:content|post|by)`, `(?:(?:top|cover|header|featured?|main|lead|hero|banner) )?(?:photo|image|picture)(?: credits?| by| via| courtesy(?: of)?)?\s*:`, `all rights reserved`, `(?:filed under|tagged(?: with)?|posted (?:in|on|by)|categor(?:y|ies|ized))\b\s*:?`, `tags?\s*:`, `\d+[- ]min(?:ute)?s? read`, `(?:reading time|estimated reading)`, `(?:last |originally )?(?:updated|published|modified)(?: on| at|:)`,
	`(?:previous|next) (?:post|article|story)`, `(?:skip|jump|back) to (?:main |content|top|the top)`, `download (?:our|the) .{0,30}app\b`, `(?:support|donate to) (?:us|our)\b`, `don[’']t miss\b`, `enter your e-?mail`, `your e-?mail address will not`, `(?:accept|manage|we use|this (?:site|website) uses) .{0,20}cookies`, `notify me of`, `like this:`, `thanks for reading`, `this is a modal window`, `(?:beginning|end) of dialog window`, `(?:chapters)?(?:descriptions|captions|subtitles) off`,
	// German, Spanish: among what French and English sites link and quote
	`(?:lesen sie|mehr) (?:auch|mehr|zum thema|dazu|lesen)`, `das könnte (?:sie|dich)`, `(?:schreiben sie|schreibe) einen kommentar`, `(?:artikel|beitrag) (?:teilen|drucken|merken)`, `(?:schlagwörter|schlagworte|kategorien?|veröffentlicht (?:in|am)|foto|fotos|bild|quelle)\s*:`, `(?:jetzt |newsletter )?abonnieren`, `weiterlesen`, `anzeige$`, `teilen\s*:?$`, `folgen sie`, `deine e-mail`,
	`(?:lee|leer|ver) (?:también|más)`, `(?:suscríbete|síguenos|compartir|te puede interesar|etiquetas)\b`,
}, "|") + `)`)

// alone are lines that are nothing but furniture.
var alone = regexp.MustCompile(`(?i)^[\s\W]*(?:` + strings.Join([]string{
	`publicité`, `annonces?`, `image (?:illustrative|d[’']illustration)`, `photo d[’']illustration`, `commentaires?`, `commenter`, `imprimer`, `partages?`, `écouter`, `copier le lien`, `lien copié`, `en savoir plus`, `lire plus`, `plus d[’']infos`, `vidéos?`, `sommaire`, `retour en haut`, `la rédaction`, `réagissez`, `à la une`, `les plus lus`,
	`ads?`, `comments?`, `print`, `listen`, `loading`, `menu`, `search`, `home`, `reply`, `replies`, `see more`, `learn more`, `show more`, `view all`, `copy link`, `link copied`, `save`, `follow`, `trending`, `top stories`, `most read`, `table of contents`, `contents`, `share`, `facebook`, `twitter`, `linkedin`, `whatsapp`, `instagram`, `pinterest`, `e-?mail`,
	`kommentare?`, `drucken`, `werbung`, `antworten`, `suche`, `inhalt`,
}, "|") + `)[\s\W\d]*$`)

// bareDate is a line that holds a date and nothing else to speak of; "Il ouvre
// le 12 mars 2026." says more.
func bareDate(s string) bool {
	rest := 14
	if sentence(s) {
		rest = 3
	}
	if utf8.RuneCountInString(s) > 60 {
		return false
	}
	for _, form := range dateForms {
		if at := form.re.FindStringIndex(s); at != nil && length(s[:at[0]]+s[at[1]:]) <= rest {
			return true
		}
	}
	return false
}

// datedLine is a short line that says when the text was published, by whom
// and where from: "AFP, publié le mardi 23 juin 2020 à 14h37".
func datedLine(s string) bool {
	if utf8.RuneCountInString(s) > 110 {
		return false
	}
	at := publishedWords.FindStringIndex(s)
	if by := byPrefix.FindStringIndex(s); at == nil && by != nil && !sentence(s) {
		at = []int{0, by[1]}
	}
	if at == nil || length(s[:at[0]]) > 40 {
		return false
	}
	for _, form := range dateForms {
		if d := form.re.FindStringIndex(s[at[1]:]); d != nil && d[0] < 40 {
			return true
		}
	}
	return false
}

// signedDate is a line of a name or a place, a date, and nothing else: "La
// Rédaction, le vendredi 14 mars 2025 à 8 h 06".
func signedDate(s string) bool {
	if utf8.RuneCountInString(s) > 80 || sentence(s) {
		return false
	}
	for _, form := range dateForms {
		at := form.re.FindStringIndex(s)
		if at == nil {
			continue
		}
		before := weekdayWord.ReplaceAllString(s[:at[0]], "")
		return length(s[at[1]:]) <= 8 && length(before) <= 40 && beforeDay.MatchString(before)
	}
	return false
}

// beforeDay is how a name is set apart from a date.
var beforeDay = regexp.MustCompile(`(?i)^\PN*[,|–—·•-]\s*(?:le|on|am)?\s*$`)

// countedLine is a short line that says how long ago the text was published.
func countedLine(s string) bool {
	if utf8.RuneCountInString(s) > 60 || sentence(s) {
		return false
	}
	if agoAlone.MatchString(s) {
		return true
	}
	_, counted := ago(s, time.Unix(1e9, 0))
	return counted && (publishedWords.MatchString(s) || modifiedWords.MatchString(s))
}

// onClock is a line that is a time of day, as those of live blogs are.
var onClock = regexp.MustCompile(`(?i)^\W*(?:[01]?\d|2[0-3])(?:\s?[:h]\s?[0-5]\d|\.[0-5]\d\s?[ap]\.?m)(?::[0-5]\d)?\s?(?:[ap]\.?m\.?)?\s?(?:GMT|UTC|[A-Z]{1,3}S?T|heure de paris)?\W*$`)

// listens is a line that offers the text, or a broadcast, at a house that
// carries such.
var listens = regexp.MustCompile(`(?i)^\W*(?:listen|watch|subscribe|follow|stream|find us|écoute[rz]|regarde[rz]|abonnez-vous|s[’']abonner|suivre|à (?:écouter|retrouver))\b[^.!?]{0,60}\b(?:on|via|in|at|sur|avec|dans)\s+(?:apple podcasts?|itunes|spotify|deezer|google podcasts?|amazon music|soundcloud|overcast|pocket casts|podcast addict|castbox|youtube|twitch)\b[^.!?]{0,80}\W*$`)

// furniture tells whether a block is the site's and not the article's.
func furniture(b block) bool {
	n := utf8.RuneCountInString(b.text)
	if n > maxBoilerplate {
		return n <= longestNotice && behindGate.MatchString(b.text)
	}
	return behindGate.MatchString(b.text) || alone.MatchString(b.text) || openings.MatchString(b.text) || listens.MatchString(b.text) ||
		b.kind != item && (onClock.MatchString(b.text) || agoAlone.MatchString(b.text)) ||
		b.kind == para && creditsPicture(b.text)
}
