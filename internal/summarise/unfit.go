package summarise

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// What a summary's sentence must not be. A sentence of a page is hostile until
// it looks like prose about something: pages ask readers to subscribe, caption
// their pictures, and may hold orders for a machine.
const (
	fewestWords = 6
	mostWords   = 75
)

// dangling openings lean on a sentence that the summary may not hold. An answer
// leans on its question; "Non loin de", "No one" and "Yes Bank" are none.
var dangling = regexp.MustCompile(`(?i)^["“«‘'\s\x{a0}\x{202f}]*(` +
	`(il|ils|elle|elles|lui|eux|celui-ci|celle-ci|ceux-ci|celles-ci|celui-là|celle-là|cela|ça|ceci|ce (dernier|que|qui|sont|fut|sera|n['’])|cette dernière|ces derni(ers|ères)|` +
	`mais|or|donc|car|et|ou|ainsi|aussi|puis|ensuite|enfin|alors|toutefois|cependant|pourtant|néanmoins|en effet|en revanche|par ailleurs|de plus|de même|en outre|au contraire|à l['’]inverse|du coup|bref|pour (cela|ce faire)|en (résumé|somme|clair|définitive|conséquence)|par (conséquent|exemple)|autrement dit|selon (lui|elle|eux)|de (son|leur) côté|` +
	`he|she|it|they|but|and|or|so|yet|however|moreover|furthermore|also|then|therefore|thus|instead|meanwhile|besides|still|nevertheless|nonetheless|in addition|in fact|indeed|as a result|for example|for instance|on the other hand|by contrast|in contrast|similarly|likewise|in (short|sum|other words)|that said|even so|according to (him|her|them)|his|her|their|its)([\s,:\x{a0}]|$)|` +
	`(oui|non|si|tout à fait|absolument|exactement|pas du tout|pas vraiment|yes|no|absolutely|exactly|not really|not at all)[\s\x{a0}\x{202f}]*[,;:!…–—]|` +
	`(oui|non|yes|no)[\s\x{a0}]+(mais|et|car|parce|but|and|because)\b|not (really|at all)\b|` +
	`(d['’]ailleurs|c['’](est|était|en))\b|(voici|voilà)[\s\x{a0}]|here (is|are)\b|here['’]s\b|it['’]s\b|they['’]re\b|he['’]s\b|she['’]s\b|that['’]s\b)`)

// opensPointing: the first word points to something said before it, unless it
// points to a time.
var opensPointing = regexp.MustCompile(`(?i)^["“«‘'\s\x{a0}\x{202f}]*(ce|cet|cette|ces|this|that|these|those)(?:,|[\s\x{a0}]+([\p{L}-]+)?)`)

// subordinate: "Alors que" and its like open a sentence that stands alone, as
// "Ces derniers jours" does.
var subordinate = regexp.MustCompile(`(?i)^["“«‘'\s\x{a0}\x{202f}]*((alors|ainsi|aussi (bien|longtemps|vite))[\s\x{a0}]+qu|ces derni(ers|ères) (jours|mois|semaines|années|temps|heures)\b)|^so far\b|^(yet|still) another\b`)

// leans tells whether a sentence opens in a way that needs the one before it.
func leans(s string) bool {
	if m := dangling.FindStringIndex(s); m != nil {
		return !subordinate.MatchString(s[m[0]:])
	}
	m := opensPointing.FindStringSubmatch(s)
	return m != nil && !moment.MatchString(m[2])
}

// pointing words refer back as well, unless they point to a time.
var (
	moment   = regexp.MustCompile(`(?i)^(semaine|année|été|hiver|automne|nuit|matin|matinée|soir|week-end|mois|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|week|weekend|month|year|summer|winter|autumn|spring|fall|morning|afternoon|evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$`)
	pointing = regexp.MustCompile(`(?i)\b(cet|cette|ces|this|these|those) [\p{L}-]+`)
	when     = regexp.MustCompile(`(?i)^(cet|cette|ces|this|these|those) (semaine|année|été|hiver|automne|nuit|matinée|fois|derni\p{L}+|jours|week|month|year|summer|winter|autumn|spring|fall|morning|afternoon|evening|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday|who)`)
)

// pointers are the words that may open what pointing finds; looking for them
// first spares most sentences the slow way.
var pointers = map[string]bool{"cet": true, "cette": true, "ces": true, "this": true, "these": true, "those": true}

// refers tells whether a sentence points to something said before it.
func refers(s string, words []text.Word) bool {
	if !slices.ContainsFunc(words, func(w text.Word) bool { return pointers[w.Fold] }) {
		return false
	}
	for _, p := range pointing.FindAllString(s, -1) {
		if !when.MatchString(p) {
			return true
		}
	}
	return false
}

// orders address a machine, or a reader as if he were one.
var orders = anyOf{
	regexp.MustCompile(`(?i)((ignore|disregard|forget|override|oublie[zr]?|ignore[zr]|ne tiens pas compte|ne tenez pas compte)\b.{0,40}\b(instruction|consigne|prompt|previous|above|précédent|rules|règles|ci-dessus)|` +
		`\b(you are|tu es|vous êtes) (now|maintenant|désormais|a helpful|an ai|une ia|un assistant)|\bas an? (ai|language) (model|assistant)|en tant qu['’](ia|assistant|modèle))`),
	regexp.MustCompile(`(?i)(^[^\p{L}]*(system|user|assistant|système)\s*(prompt|message)?\s*:|(?-i:\b(SYSTEM|USER|ASSISTANT|SYSTÈME)\s*(PROMPT|MESSAGE)?\s*:)|<\|?(im_start|im_end|system|endoftext)|\[/?(inst|system)\]|###\s*(instruction|system|response)|` +
		`\b(in|to|dans|à) (your|ta|votre|tes|vos) (response|answer|reply|output|summary|réponse|réponses|sortie|résumé)\b)`),
	regexp.MustCompile(`(?i)(\b(reply|respond|answer|réponds|répondez) (only |uniquement |with|by|avec|par|en)\b|` +
		`\b(do not|don['’]t|never|ne) (mention|reveal|summari[sz]e|résume[zr]?|mentionne[zr]?|révèle[zr]?)\b|jailbreak mode|developer mode|mode développeur)`),
}

// machinery is what orders to a machine speak of. So does news of machines:
// only where the sentence bids somebody do something is it an order.
var (
	machinery = regexp.MustCompile(`(?i)\b((system|user|assistant)\s+(prompt|message)|(in|to) the (response|answer|reply|output|summary)|dans (la (réponse|sortie)|le résumé)|the (above|following) (text|article|content|passage|email))`)
	bids      = regexp.MustCompile(`(?i)\b(you|your|vous|votre|vos|tu|ta|tes|please|veuillez|must)\b|` +
		`(^|[,;:.!])[^\p{L}]*((and|then|now|et|puis) )*(add|append|augment|begin|change|conclude|copy|create|do|don['’]t|embed|end|enhance|ensure|explain|finish|follow|give|hide|include|insert|integrate|make|mention|modify|never|obey|output|place|praise|print|provide|put|quote|recommend|remove|repeat|replace|return|reveal|rewrite|say|send|show|start|state|substitute|summari[sz]e|tell|translate|use|write|` +
		`ajoute[zr]?|affiche[zr]?|écri(s|re|vez)|inclu(s|re|ez)|insère|insére[zr]|mentionne[zr]?|place[zr]?|recopie[zr]?|répète|répéte[zr]|résume[zr]?|révèle|révéle[zr]|tradui(s|re|sez)|utilise[zr]?)\b`)
)

// instructs tells whether a sentence or a title gives orders to a machine.
func instructs(s string) bool {
	return orders.MatchString(s) || machinery.MatchString(s) && bids.MatchString(s)
}

// imperative openings of English orders; news does not begin so.
var imperative = regexp.MustCompile(`^(?:Please\s+)?(Add|Advise|Analy[sz]e|Answer|Append|Ask|Assist|Attach|Avoid|Brainstorm|Build|Calculate|Change|Check|Choose|Cite|Classify|Click|Compare|Compile|Compose|Compute|Conclude|Consider|Construct|Convert|Copy|Count|Craft|Create|Define|Delete|Demonstrate|Describe|Design|Detail|Determine|Develop|Discuss|Display|Draft|Edit|Elaborate|Embed|Encrypt|Enumerate|Ensure|Estimate|Evaluate|Examine|Execute|Explain|Explore|Extract|Fabricate|Fetch|Fill|Find|Finish|Follow|Format|Formulate|Generate|Give|Guide|Help|Highlight|Identify|Illustrate|Imagine|Implement|Include|Incorporate|Infer|Inform|Insert|Instruct|Integrate|Interpret|Introduce|Invent|Jot|Justify|Label|List|Locate|Look|Make|Match|Mention|Modify|Name|Narrate|Note|Offer|Open|Organi[sz]e|Outline|Output|Paraphrase|Perform|Pick|Plan|Pose|Predict|Prepare|Present|Print|Produce|Promote|Propose|Provide|Publish|Rank|Read|Rearrange|Recite|Recommend|Record|Rephrase|Replace|Reply|Report|Research|Respond|Return|Reverse|Review|Rewrite|Run|Save|Say|Scan|Search|Select|Send|Share|Show|Simplify|Solve|Sort|Specify|Spread|State|Subscribe|Suggest|Summari[sz]e|Supply|Switch|Tell|Think|Transcribe|Transform|Translate|Try|Turn|Understand|Update|Use|Utili[sz]e|Verify|Visit|Watch|Weave|Write)\s+(a|an|the|this|that|these|those|your|their|its|his|her|my|our|me|us|it|them|any|all|each|every|some|one|two|three|and|in|with|for|from|to|on|of|by|as|about|if|how|why|what|whether|who|which|at|between|up|out|down|through|into|only|no|not|[a-z]+)\b`)

// nouns that also begin so ("Name of the", "Design is", "Research from Stanford …").
var nounish = regexp.MustCompile(`^(Research|Report|Design|Record|Help|Share|State|Search|Plan|Offer|Review|Check|List|Note|Show|Run|Look|Think|Try|Use|Change|Update|Turn|Switch|Open|Estimate|Guide|Watch|Print|Match|Count|Sort|Present|Produce|Label|Rank|Name|Follow)\s+(of|is|was|has|had|by|from|at|said|says|in|and|published|shows|found|suggests|costs|prices|tanks?|owners?|teams?|labs?|makers?|source|sales|profits?|revenues?)\b`)

// told is the opening clause of a sentence whose first word is a noun, up to the
// verb of what happened: "Research firm Lumenor said", "State media have".
var told = regexp.MustCompile(`^(?:Research|Report|Design|Record|Help|Share|State|Search|Plan|Offer|Review|Check|List|Note|Show|Run|Look|Think|Try|Use|Change|Update|Turn|Switch|Open|Estimate|Guide|Watch|Print|Match|Count|Sort|Present|Produce|Label|Rank|Name|Follow|Build|Click|Copy|Detail|Display|Draft|Edit|Format|Highlight|Return|Reverse|Visit)\s+([^.,;:"“«]{3,80}?)\s(?:said|says|told|announced|expects?|will|would|has|had|was|were)\b`)

// within opens a clause within an order ("Report that it has"), or gives the order
// what it is about ("Search the pages it has").
var within = regexp.MustCompile(`(?i)^(a|an|the|your|their|its|his|her|my|our|me|us|it|them|any|all|each|every)\b|\b(that|which|what|who|whom|how|why|when|where|whether|if|you|your|they|we|it)\b`)

// commands tells whether a sentence opens as English orders do. In a text of
// another language it may have the same first word and be none: "Plan social".
func commands(s string, lang digest.Language) bool {
	if !imperative.MatchString(s) || nounish.MatchString(s) {
		return false
	}
	if m := told.FindStringSubmatch(s); m != nil && !within.MatchString(m[1]) {
		return false
	}
	return lang == "" || lang == digest.English || text.Language(s) != lang
}

// selling asks for something instead of telling.
var selling = anyOf{
	regexp.MustCompile(`(?i)(abonne(z|-toi)\b|inscri(vez|s)-|suivez[- ]nous|partage(z|r) (cet|sur)|lire aussi|à lire (aussi|également)|voir aussi|cliquez|découvrez|retrouvez|téléchargez|en savoir plus|pour aller plus loin|tous droits réservés|crédits? (photo|image|d['’]image)|^(publié|mis à jour) le|article réservé|lire la suite)`),
	regexp.MustCompile(`(?i)(\bsubscribe (to|now|today|here|for)\b|(^|, )(please )?sign up\b|follow us|share this|read more|read also|related:|see also|click here|learn more|download (the|our)|all rights reserved|image credit|photo credit|photo(graph)? by|^updated on|^advertisement|^sponsored by|sponsored (content|post)|afp photo|join our|affiliate links?)`),
}

// furniture is what a page has about it. News tells of it too, so it makes a
// call only where the sentence speaks to a reader, of its own page, or is a credit.
var (
	furniture = regexp.MustCompile(`(?i)\b(newsletters?|infolettres?|cookies|getty images|terms of service|privacy policy)\b`)
	speaksTo  = regexp.MustCompile(`(?i)\b(vous|votre|vos|nous|notre|nos|you|your|we|our)\b|` +
		`\b(this|ce|cet|cette) (web ?)?(site|page|article|story|newsletter|infolettre)\b|^(get|join|receive|manage|accept|recevez|recevoir|gérer|acceptez|accepter)\b|` +
		`^photo\b|([/(©][\s\x{a0}]*|\bvia )getty\b`)
)

// caption of a picture or credit line.
var caption = regexp.MustCompile(`(?i)^((file )?photo|photo d['’]archives|image|crédit|source|illustration|légende|figure|fig\.|vidéo|video|©|\(c\))\s*[:.©\d]|©`)

// anyOf are patterns one of which is enough. Go looks for one quickly as long as it
// is small (500 instructions), so long lists are cut.
type anyOf []*regexp.Regexp

func (a anyOf) MatchString(s string) bool {
	return slices.ContainsFunc(a, func(r *regexp.Regexp) bool { return r.MatchString(s) })
}

// unfit says why a sentence of a text in lang cannot stand in a summary; empty: it can.
func unfit(s string, lang digest.Language) string {
	trimmed := strings.TrimSpace(s)
	n := text.Count(trimmed)
	switch {
	case n < fewestWords:
		return "short"
	case n > mostWords:
		return "long"
	case !finished(trimmed):
		return "unfinished"
	case strings.Contains(trimmed, "?"):
		return "question"
	case instructs(trimmed):
		return "order"
	case commands(trimmed, lang):
		return "order"
	case selling.MatchString(trimmed), furniture.MatchString(trimmed) && speaksTo.MatchString(trimmed):
		return "call"
	case imprintOpens.MatchString(trimmed), imprint.MatchString(trimmed):
		return "imprint"
	case caption.MatchString(trimmed):
		return "caption"
	case !quotesWhole(trimmed):
		return "half a quotation"
	case listItem(trimmed):
		return "list"
	case noisy(trimmed):
		return "not prose"
	}
	return ""
}

// finished: begins like a sentence and ends like one. What trails off was cut, or
// leaves the reader to guess.
func finished(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "«“\"‘'( \u00a0\u202f"))
	if unicode.IsLower(first) && !strings.ContainsFunc(s[:min(len(s), 4)], unicode.IsUpper) {
		return false
	}
	const closing = "»”\"’') \u00a0\u202f"
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, closing))
	return last == '!' || last == '.' && !strings.HasSuffix(strings.TrimRight(s, closing), "..")
}

// quotesWhole: every quotation mark and bracket that opens is closed.
func quotesWhole(s string) bool {
	return strings.Count(s, "«") == strings.Count(s, "»") &&
		strings.Count(s, "“") == strings.Count(s, "”") &&
		strings.Count(s, "\"")%2 == 0 &&
		strings.Count(s, "(") == strings.Count(s, ")") &&
		strings.Count(s, "[") == strings.Count(s, "]")
}

func listItem(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("•►▶▪–—-*⁃→✅#|{<", first) || text.Count(s) > 0 && first >= '0' && first <= '9' && len(s) > 1 && (s[1] == '.' || s[1] == ')')
}

// noisy: code, tables, lines in capitals, links, encoded text.
func noisy(s string) bool {
	letters, capitals, odd, longest, run := 0, 0, 0, 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				capitals++
			}
		case strings.ContainsRune("{}<>=\\|_^~`#*@", r):
			odd++
		case r < ' ' && r != '\n' && r != '\t', r >= 0xE000 && r <= 0xF8FF, r >= 0xE0000 && r <= 0xE007F, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r == 0xFFFD:
			odd += 5
		}
		if unicode.IsSpace(r) {
			run = 0
		} else if run++; run > longest {
			longest = run
		}
	}
	return letters == 0 || capitals*2 > letters || odd*20 > letters || longest > 45 || strings.Contains(s, "http://") || strings.Contains(s, "https://")
}
