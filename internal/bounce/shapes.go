package bounce

import (
	"regexp"
	"slices"
	"strings"

	"hebdo/internal/digest"
)

// shape is how a mail server writes a bounce in words. A message has the shape
// when it comes from a mail system and one of the phrases stands in it.
type shape struct {
	phrases []string // lower case, one space for any space
	kind    digest.ReturnKind
}

// shapes in the order in which they are tried: what is still being tried comes
// first, because such a warning quotes the words of a failure.
var shapes = []shape{
	{[]string{ // Exim, Postfix, Gmail, Exchange: not yet
		"you do not need to resend your message", "this is a warning message only", "this is a warning only",
		"delivery incomplete", "has not yet been delivered", "will be retried", "delivery attempts will continue to be made",
		"gmail will retry", "this message hasn't been delivered yet", "delivery will continue to be attempted", "no action is required on your part",
	}, digest.ReturnDelayed},
	{[]string{"i'm afraid i wasn't able to deliver your message to the following addresses"}, digest.ReturnFailed}, // qmail
	{[]string{ // Exim
		"a message that you sent could not be delivered to one or more of its recipients",
		"could not be delivered to all of its recipients",
	}, digest.ReturnFailed},
	{[]string{ // Postfix
		"could not be delivered to one or more recipients", "your message could not be delivered",
	}, digest.ReturnFailed},
	{[]string{ // Gmail
		"delivery to the following recipient failed permanently", "your message wasn't delivered to",
		"votre message n'a pas été remis", "votre message n'est pas parvenu",
	}, digest.ReturnFailed},
	{[]string{ // Exchange
		"delivery has failed to these recipients or groups", "your message did not reach some or all of the intended recipients",
		"échec de la remise pour ces destinataires ou groupes", "votre message n'a pas été transmis", "couldn't be delivered to",
		"the following recipient(s) cannot be reached", "the following recipient(s) could not be reached",
	}, digest.ReturnFailed},
	{[]string{ // Sendmail and others
		"the following addresses had permanent fatal errors", "the following address failed", "the following addresses failed",
		"this is a permanent error", "permanent failure for one or more recipients", "undeliverable message returned to sender",
	}, digest.ReturnFailed},
}

var (
	atLine  = regexp.MustCompile(`(?m)^[ \t]*<?([^\s<>:;,"'()]+@[^\s<>:;,"'()]+?)>?:?(?:[ \t(].*)?$`)
	atQuote = regexp.MustCompile(`[<'"(]([^\s<>:;,"'()]+@[^\s<>:;,"'()]+)[>'")]`)
	inWords = regexp.MustCompile(`(?i)(?:delivered to|remis (?:à|a)|reach) ([^\s<>:;,"'()]+@[^\s<>:;,"'()]+[a-z0-9])`)
)

// shaped reads a bounce that is written for people. False: it is none of the
// known shapes, or not from a mail system.
func (m *letter) shaped() (digest.Returned, bool) {
	failed := m.header.Get("X-Failed-Recipients")
	if failed == "" && !m.fromSystem() {
		return digest.Returned{}, false
	}
	own := m.text
	for _, mark := range marks {
		own, _, _ = strings.Cut(own, mark)
	}
	words := strings.ToLower(strings.ReplaceAll(strings.Join(strings.Fields(own), " "), "’", "'"))
	for _, s := range shapes {
		for _, phrase := range s.phrases {
			if strings.Contains(words, phrase) {
				return m.asShaped(s.kind, failed, own), true
			}
		}
	}
	return digest.Returned{}, false
}

func (m *letter) asShaped(kind digest.ReturnKind, failed, own string) digest.Returned {
	out := digest.Returned{Kind: kind, MessageID: m.messageID()}
	first, _, _ := strings.Cut(failed, ",")
	out.Address = bare(first)
	if out.Address == "" {
		out.Address = bare(field(m.returnedHeader, "To"))
	}
	for _, pattern := range []*regexp.Regexp{atLine, inWords, atQuote} {
		if found := pattern.FindStringSubmatch(own); out.Address == "" && found != nil {
			out.Address = bare(found[1])
		}
	}
	if kind == digest.ReturnFailed {
		out.Refusal = digest.ReadRefusal("", said(own))
		out.Refusal.Domain = domain(out.Address)
	}
	return out
}

// said is the part of a bounce that holds the server's reply: from the first
// line with a reply code, else from the first with an enhanced one, else from
// the line after the address.
func said(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for _, want := range []func(string) bool{
		func(l string) bool {
			return digest.ReplyCode(l) && !strings.Contains(l, "@") || digest.ReplyCode(l) && digest.EnhancedCode(l) != ""
		},
		digest.ReplyCode,
		func(l string) bool { return digest.EnhancedCode(l) != "" },
		atLine.MatchString,
	} {
		for i, line := range lines {
			if want(line) {
				return paragraph(lines[i:])
			}
		}
	}
	return summary(text)
}

// paragraph joins lines up to the first empty one.
func paragraph(lines []string) string {
	var out []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		out = append(out, line)
	}
	return strings.Join(out, " ")
}

// summary is the beginning of a text on one line.
func summary(text string) string { return digest.Clip(strings.Join(strings.Fields(text), " ")) }

// systems are what mail systems call themselves in From. "System Administrator"
// is Exchange until 2003, "Microsoft Outlook" since.
var systems = []string{
	"mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "postmaster", "mail delivery s",
	"system administrator", "microsoft outlook <", "microsoftexchange",
}

// fromSystem tells whether a mail system wrote the message, by its name or by
// its having none. The empty return address (RFC 5321, 4.5.5) is no sign:
// automatic replies come from there too (RFC 3834, 3.3).
func (m *letter) fromSystem() bool {
	from := strings.ToLower(strings.TrimSpace(m.header.Get("From")))
	return from == "" || from == "<>" || slices.ContainsFunc(systems, func(name string) bool { return strings.Contains(from, name) })
}

// reply tells whether a mailbox answered by itself, by what no bounce has:
// fields of the programs that answer, and the subject that mail programs give
// an absence. Auto-Submitted says "auto-replied" of the bounces of Postfix, Exim
// and Gmail too, X-Auto-Response-Suppress stands in Exchange's, and its
// X-MS-Exchange-Inbox-Rules-Loop in a bounce that a rule passed on.
func (m *letter) reply() bool {
	if strings.Contains(strings.ToLower(m.header.Get("Auto-Submitted")), "vacation") || m.marked("X-Autoreply", "X-Autorespond", "X-Autoresponder") {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(m.header.Get("Precedence"))) {
	case "auto_reply", "auto-reply":
		return true
	}
	subject, err := m.header.Text("Subject")
	if err != nil {
		subject = m.header.Get("Subject")
	}
	subject = strings.ToLower(strings.TrimSpace(subject))
	return slices.ContainsFunc(absences, func(start string) bool { return strings.HasPrefix(subject, start) })
}

// absences are the beginnings of subjects that mail programs give an absence.
var absences = []string{
	"automatic reply", "réponse automatique", "reponse automatique", "out of office", "out of the office", "autoreply", "auto-reply",
	"auto:", "absence du bureau", "message d'absence", "abwesenheitsnotiz", "automatische antwort", "respuesta automática", "risposta automatica",
}

// automatic tells whether no person wrote the message: it is a reply, or has
// the marks that bounces share with replies, Auto-Submitted (RFC 3834, 5) and what
// was used before it. Receipts that a letter was read (RFC 8098) are too.
func (m *letter) automatic() bool {
	if m.reply() || m.marked("Auto-Submitted", "X-Autogenerated", "X-MS-Exchange-Inbox-Rules-Loop") ||
		strings.EqualFold(strings.TrimSpace(m.header.Get("Precedence")), "junk") {
		return true
	}
	return m.kind == "multipart/report" && strings.EqualFold(m.params["report-type"], "disposition-notification")
}

// marked tells whether one of the fields is there and does not say "no".
func (m *letter) marked(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		v := strings.TrimSpace(m.header.Get(name))
		return v != "" && !strings.EqualFold(v, "no")
	})
}
