package summarise

import "regexp"

// What a page says of itself: who wrote and translated it, where it stood before,
// what was put right, how it is read and who may. A person's trade is told so of
// journalists only; of others it is news.
var (
	imprintOpens = regexp.MustCompile(`(?i)^[(\[\s]*(our standards|((additional |with )?(reporting|editing|research|translation)|written|compiled|edited|translated|reviewed) by (?-i:\p{Lu})|` +
		`(editor['’]s note|correction|clarification|disclosure|warning|note)[\s\x{a0}\x{202f}]*:|listen to (this|the) |écoute[rz] (cet|l['’])article\b|` +
		`(?-i:\p{Lu}[\p{L}’'-]+([\s\x{a0}]\p{Lu}[\p{L}’'.-]*){1,3})[\s\x{a0}](reports from|has more)\b|propos recueillis|(traduit|adapté) (de|par|du)\b|(texte|reportage|traduction|adaptation|édité|rédigé) (de|par)\b|(note de la rédaction|ndlr|rectificatif|erratum|avertissement|temps de lecture)\b|` +
		`(?-i:\p{Lu}[\p{L}’'-]+([\s\x{a0}]\p{Lu}[\p{L}’'.-]*){1,3})[\s\x{a0}](is|est)[\s\x{a0}](an?[\s\x{a0}]|the[\s\x{a0}]|une?[\s\x{a0}])?([\p{L}-]+[\s\x{a0}]){0,2}(reporter|journalist|columnist|correspondent|staff writer|journaliste|chroniqueu(r|se)|correspondante?)\b)`)
	imprint = anyOf{
		regexp.MustCompile(`(?i)([;(][\s\x{a0}]*(editing|reporting|writing) by (?-i:\p{Lu})|` +
			`\bthis (article|story|post|piece|report|essay|interview) (was|is|has been|first|originally|also)\b.{0,24}\b(published|appeared|posted|produced|written|translated|updated|corrected|amended|edited|adapted|republished|syndicated|part of)\b|` +
			`\bwarning: this (article|story|video)\b|\bthe (article|story|post|piece|essay|interview) ((was )?(first|originally)|has been (updated|corrected|amended))\b)`),
		regexp.MustCompile(`(?i)(\b(cet|cette|ce) (article|billet|texte|entretien|tribune) (a|est|fait|avait)\b.{0,24}\b(publi|paru|tradui|écri|rédig|corrig|modifi|mise? à jour|partie d['’]un)|` +
			`\b(article|billet|texte|entretien|tribune) (a été )?(initialement|d['’]abord|préalablement) (publi|paru)|\bn['’]engagent que (leur|son)s? auteur|\b(views|opinions) expressed\b)`),
		regexp.MustCompile(`(?i)(\b(enable|activer) javascript\b|\b(sign|log)[ -]in (with|to your)\b|\bconnectez-vous\b|\bto continue (reading|viewing|watching)\b|\bpour (continuer|poursuivre) (la|votre) lecture\b|` +
			`\b(complimentary access|free articles?)\b.{0,24}\b(month|week|left)\b|\barticles? gratuits? (ce|restants?|par)\b|\b(reste|suite) de (cet|l['’])article\b|\bde cet article à lire\b)`),
	}
)
